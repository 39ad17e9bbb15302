// Brings a file's content to Azure DevOps in flat memory: in one request, or in pieces when it is large. Attaching it to a
// work item is the writer's.

import { setTimeout } from 'node:timers/promises';
import { SyncFailure, syncError } from '../sync/errors.ts';
import { type AzureClient, type Refused, refusedFailure } from './client.ts';
import { attachmentReferenceSchema } from './wire.ts';

export interface UploadLimits {
  /** Up to this size a file goes in one request, in bytes. */
  readonly simpleUpTo: number;
  /** The size of a piece of a larger one, in bytes: what is held in memory. */
  readonly chunk: number;
  /** How long to wait before a piece that broke is sent again, in ms; twice as long each time. */
  readonly retryMs: number;
}

/**
 * The service takes up to 130 MB in one request and asks for pieces above (learn.microsoft.com, "Attachments - Create").
 * Pieces are used before that: only they can be sent again one by one.
 */
export const defaultUpload: UploadLimits = { simpleUpTo: 32 * 1024 * 1024, chunk: 8 * 1024 * 1024, retryMs: 1_000 };

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
      : uploadPieces(client, project, file, content, limits));
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
  limits: UploadLimits,
) {
  const started = await client.answer({
    ...post(project, file, 'Chunked'),
    body: { kind: 'stream', stream: streamOf(new Uint8Array(0)), length: 0, contentType: 'application/octet-stream' },
  });
  if (started.kind === 'refused') throw refusedUpload(started, file);
  const reference = client.parse(attachmentReferenceSchema, started.http, 'POST attachments');
  let sent = 0;
  for await (const piece of pieces(content, limits.chunk)) {
    await putPiece(client, project, file, { id: reference.id, piece, from: sent }, limits);
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

interface Piece {
  /** Of the content that was begun. */
  readonly id: string;
  readonly piece: Uint8Array;
  /** Where it begins, in bytes. */
  readonly from: number;
}

/** How often a piece is sent before the upload counts as broken. */
const mostTries = 4;

/**
 * Sends one piece, and again where the connection broke or the service failed: the pieces before it are kept. The service
 * tells nowhere how far it has come, so a piece whose answer was lost is sent again as well; when it is refused then, as
 * it does not begin where the content ends, it was there already. The length of the whole proves it in the end.
 */
async function putPiece(
  client: AzureClient,
  project: string,
  file: UploadFile,
  { id, piece, from }: Piece,
  limits: UploadLimits,
): Promise<void> {
  let mayBeThere = false;
  for (let tries = 1; ; tries += 1) {
    try {
      const answer = await client.answer({
        operation: 'PUT attachments/{id}',
        method: 'PUT',
        path: ['wit', 'attachments', id],
        project,
        query: { fileName: file.name },
        headers: { 'content-range': `bytes ${from}-${from + piece.byteLength - 1}/${file.size}` },
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
      if (answer.kind === 'ok') return;
      if (mayBeThere && (answer.status === 400 || answer.status === 416)) return;
      throw refusedUpload(answer, file);
    } catch (error) {
      const broke = error instanceof SyncFailure && error.error.code === 'unavailable' && error.error.value !== 'size';
      if (!broke || tries === mostTries) throw error;
      mayBeThere ||= error.mayHaveLanded;
      await setTimeout(limits.retryMs * 2 ** (tries - 1));
    }
  }
}

/** The stream cut into pieces of exactly `size` bytes, the last one shorter. A piece holds until the next one is asked for. */
async function* pieces(content: ReadableStream<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(size);
  let filled = 0;
  for await (const part of content as unknown as AsyncIterable<Uint8Array>) {
    for (let from = 0; from < part.byteLength; ) {
      const taken = part.subarray(from, from + size - filled);
      buffer.set(taken, filled);
      filled += taken.byteLength;
      from += taken.byteLength;
      if (filled < size) continue;
      yield buffer;
      filled = 0;
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}

/** In parts that a socket takes one by one: a whole piece at once would be held there a second time. */
const partBytes = 128 * 1024;

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let from = 0;
  return new ReadableStream(
    {
      pull(controller) {
        if (from >= bytes.byteLength) return controller.close();
        controller.enqueue(bytes.subarray(from, from + partBytes));
        from += partBytes;
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * 60 MB in the cloud; 4 MB on a server, whose administrator may allow up to 2 GB (learn.microsoft.com, "Work tracking,
 * process, and project limits"). None of the described APIs tells which: the first request that is too large does.
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
