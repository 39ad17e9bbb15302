// Reads answers' bodies: whole ones up to a limit, streams with a limit on silence, contents of known length.

import { SyncFailure, syncError } from '../sync/errors.ts';
import type { Side } from '../sync/model.ts';

type Body = ReadableStream<Uint8Array> | import('node:stream/web').ReadableStream | null;

/** The body as text. Throws `unavailable` when it is larger than `maxBytes`. */
export async function readBounded(body: Body, maxBytes: number, side: Side): Promise<string> {
  if (body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) {
      throw new SyncFailure(
        syncError('unavailable', { side, value: 'size', detail: `The answer is larger than ${maxBytes} bytes.` }),
      );
    }
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks, size));
}

/** How long a stream may be silent before it counts as broken. */
const silenceMs = 60_000;

/** Passes the body on and fails with `unavailable` when it breaks or falls silent. */
export function timedStream(body: Body, side: Side): ReadableStream<Uint8Array> {
  if (body === null) return new ReadableStream({ start: (controller) => controller.close() });
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        let timer: NodeJS.Timeout | undefined;
        const silence = new Promise<never>((_, reject) => {
          timer = setTimeout(() => reject(new Error('silent')), silenceMs);
        });
        try {
          const { done, value } = await Promise.race([reader.read(), silence]);
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (cause) {
          void reader.cancel().catch(() => undefined);
          controller.error(
            new SyncFailure(
              syncError('unavailable', { side, value: 'socket', detail: 'The content broke off before its end.' }),
              { cause },
            ),
          );
        } finally {
          clearTimeout(timer);
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/** The body with its length, if the service told it and did not compress what it sent. */
export function contentOf({
  header,
  body,
}: {
  readonly header: (name: string) => string | null;
  readonly body: ReadableStream<Uint8Array>;
}): { readonly stream: ReadableStream<Uint8Array>; readonly size?: number } {
  const length = header('content-length');
  const plain = [null, '', 'identity'].includes(header('content-encoding'));
  return length !== null && /^\d{1,15}$/.test(length) && plain
    ? { stream: body, size: Number(length) }
    : { stream: body };
}
