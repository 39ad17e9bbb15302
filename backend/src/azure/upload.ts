// Brings a file's content to Azure DevOps in flat memory: in one request, or in pieces when it is large. Attaching it to a
// work item is the writer's.

import { SyncFailure, syncError } from '../sync/errors.ts';
import { type AzureClient, type Refused, refusedFailure } from './client.ts';
import { attachmentReferenceSchema } from './wire.ts';

export interface UploadLimits {
  /** Up to this size a file goes in one request, in bytes. */
  readonly simpleUpTo: number;
  /** The size of a piece of a larger one, in bytes: what is held in memory. */
  readonly chunk: number;
}

/** The service takes up to 130 MB in one request and asks for pieces above (learn.microsoft.com, "Attachments - Create"). */
export const defaultUpload: UploadLimits = { simpleUpTo: 32 * 1024 * 1024, chunk: 8 * 1024 * 1024 };

const uploadTimeoutMs = 5 * 60 * 1000;

export interface UploadFile {
  readonly name: string;
  /** Bytes; the content must have exactly as many. */
  readonly size: number;
}

/**
 * The address of the stored content, for a relation. Whatever fails here, nothing was attached: content without a relation
 * is seen by nobody.
 */
export async function uploadFile(
  client: AzureClient,
  project: string,
  file: UploadFile,
  content: ReadableStream<Uint8Array>,
  limits: UploadLimits = defaultUpload,
): Promise<string> {
  try {
    return await (file.size <= limits.simpleUpTo
      ? uploadWhole(client, project, file, content)
      : uploadPieces(client, project, file, content, limits.chunk));
  } catch (error) {
    if (!(error instanceof SyncFailure) || !error.mayHaveLanded) throw error;
    throw new SyncFailure(error.error, { cause: error, mayHaveLanded: false });
  }
}

const post = (project: string, file: UploadFile, uploadType: 'Simple' | 'Chunked') =>
  ({
    operation: `POST attachments (${uploadType.toLowerCase()})`,
    method: 'POST',
    path: ['wit', 'attachments'],
    project,
    query: { fileName: file.name, uploadType },
    endpoint: 'media',
    timeoutMs: uploadTimeoutMs,
    scope: 'Work Items (Read & write)',
  }) as const;

async function uploadWhole(
  client: AzureClient,
  project: string,
  file: UploadFile,
  content: ReadableStream<Uint8Array>,
) {
  const answer = await client.answer({
    ...post(project, file, 'Simple'),
    body: { kind: 'stream', stream: content, length: file.size, contentType: 'application/octet-stream' },
  });
  if (answer.kind === 'refused') throw refusedUpload(answer, file);
  return client.parse(attachmentReferenceSchema, answer.http, 'POST attachments').url;
}

async function uploadPieces(
  client: AzureClient,
  project: string,
  file: UploadFile,
  content: ReadableStream<Uint8Array>,
  chunk: number,
) {
  const started = await client.answer({
    ...post(project, file, 'Chunked'),
    body: { kind: 'stream', stream: streamOf(new Uint8Array(0)), length: 0, contentType: 'application/octet-stream' },
  });
  if (started.kind === 'refused') throw refusedUpload(started, file);
  const reference = client.parse(attachmentReferenceSchema, started.http, 'POST attachments');
  let sent = 0;
  for await (const piece of pieces(content, chunk)) {
    const answer = await client.answer({
      operation: 'PUT attachments/{id}',
      method: 'PUT',
      path: ['wit', 'attachments', reference.id],
      project,
      query: { fileName: file.name },
      headers: { 'content-range': `bytes ${sent}-${sent + piece.byteLength - 1}/${file.size}` },
      body: {
        kind: 'stream',
        stream: streamOf(piece),
        length: piece.byteLength,
        contentType: 'application/octet-stream',
      },
      endpoint: 'media',
      timeoutMs: uploadTimeoutMs,
      scope: 'Work Items (Read & write)',
    });
    if (answer.kind === 'refused') throw refusedUpload(answer, file);
    sent += piece.byteLength;
  }
  if (sent !== file.size) {
    throw new SyncFailure(
      syncError('unavailable', {
        level: 'child',
        value: 'size',
        detail: `The file has ${sent} bytes instead of ${file.size}.`,
      }),
    );
  }
  return reference.url;
}

/** The stream cut into pieces of exactly `size` bytes, the last one shorter. */
async function* pieces(content: ReadableStream<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let buffer = new Uint8Array(size);
  let filled = 0;
  for await (const part of content as unknown as AsyncIterable<Uint8Array>) {
    for (let from = 0; from < part.byteLength; ) {
      const taken = part.subarray(from, from + size - filled);
      buffer.set(taken, filled);
      filled += taken.byteLength;
      from += taken.byteLength;
      if (filled < size) continue;
      yield buffer;
      buffer = new Uint8Array(size);
      filled = 0;
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}

const streamOf = (bytes: Uint8Array): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      if (bytes.byteLength > 0) controller.enqueue(bytes);
      controller.close();
    },
  });

/**
 * 60 MB in the cloud; 4 MB on a server, whose administrator may allow up to 2 GB (learn.microsoft.com, "Work tracking,
 * process, and project limits"). No API tells which: the first request that is too large does.
 */
const azureLimit = '60 MB, on a server 4 MB, unless more was allowed';

/** TF237082 says that the file is above the organization's limit. */
function refusedUpload(refused: Refused, file: UploadFile): SyncFailure {
  const large = refused.status === 413 || /TF237082|exceeds the supported file upload size/i.test(refused.body.message);
  if (!large) return refusedFailure(refused, { level: 'child' });
  const detail = `${file.size} bytes: ${refused.detail}`;
  return new SyncFailure(syncError('too-large', { side: 'azure', value: azureLimit, detail }), {
    mayHaveLanded: false,
  });
}
