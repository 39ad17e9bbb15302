// One file as a multipart/form-data body of known length, streamed: the file is never held in memory as a whole (RFC 7578).

import { randomUUID } from 'node:crypto';
import type { RequestBody } from '../http/transport.ts';
import { SyncFailure, syncError } from '../sync/errors.ts';

export interface UploadFile {
  readonly name: string;
  /** Bytes; the stream must give exactly as many. */
  readonly size: number;
  readonly mediaType?: string;
}

/** Browsers' escaping of names (HTML standard, "multipart/form-data encoding algorithm"): no name can end the header. */
const escapeName = (name: string): string =>
  name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('\0', '');

const safeMediaType = (type: string | undefined): string =>
  type !== undefined && /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : 'application/octet-stream';

export function multipartFile(
  part: string,
  file: UploadFile,
  content: ReadableStream<Uint8Array>,
  boundary: string = `tandem-${randomUUID()}`,
): RequestBody & { readonly kind: 'stream' } {
  const encoder = new TextEncoder();
  const head = encoder.encode(
    `--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(part)}"; filename="${escapeName(file.name)}"\r\n` +
      `Content-Type: ${safeMediaType(file.mediaType)}\r\n\r\n`,
  );
  const tail = encoder.encode(`\r\n--${boundary}--\r\n`);
  return {
    kind: 'stream',
    stream: concat(head, content, tail, file),
    length: head.byteLength + file.size + tail.byteLength,
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}

function concat(
  head: Uint8Array,
  content: ReadableStream<Uint8Array>,
  tail: Uint8Array,
  file: UploadFile,
): ReadableStream<Uint8Array> {
  const reader = content.getReader();
  let sent = 0;
  let begun = false;
  const wrongSize = () =>
    new SyncFailure(
      syncError('unavailable', {
        side: 'jira',
        level: 'child',
        value: 'size',
        detail: `The attachment's content does not have the ${file.size} bytes that were announced.`,
      }),
    );
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (!begun) {
          begun = true;
          controller.enqueue(head);
          return;
        }
        const { done, value } = await reader.read();
        if (!done) {
          sent += value.byteLength;
          if (sent > file.size) {
            await reader.cancel().catch(() => undefined);
            controller.error(wrongSize());
          } else controller.enqueue(value);
          return;
        }
        if (sent !== file.size) controller.error(wrongSize());
        else {
          controller.enqueue(tail);
          controller.close();
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
