// Carries requests and answers between Node's HTTP server and fetch-style handlers. Requests are read whole, large ones to
// disk; answers are streamed.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { fileContent, toDisk } from './content.ts';
import { BODY_FILE_HEADER, largeFrom } from './large-body.ts';

/**
 * Reads the request to its end. Rejects when the client goes away before: a request that never arrived whole has no effect,
 * as behind the real services' gateways.
 */
export async function readRequest(incoming: IncomingMessage, origin: string): Promise<Request> {
  const headers = new Headers();
  for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2) {
    headers.append(incoming.rawHeaders[i] ?? '', incoming.rawHeaders[i + 1] ?? '');
  }
  headers.delete(BODY_FILE_HEADER);
  const method = incoming.method ?? 'GET';
  // An absolute target ("GET http://host/path") replaces the origin, as RFC 9112 section 3.2.2 wants.
  const url = new URL(incoming.url ?? '/', origin);
  if (Number(headers.get('content-length') ?? 0) >= largeFrom) {
    const { path, size } = await toDisk(incoming);
    headers.set(BODY_FILE_HEADER, `${path}|${size}`);
    return new Request(url, { method, headers, body: fileContent(path, 0, size).stream(), duplex: 'half' });
  }
  const body = await readBody(incoming);
  const takesBody = method !== 'GET' && method !== 'HEAD' && body.byteLength > 0;
  return new Request(url, { method, headers, ...(takesBody ? { body } : {}) });
}

async function readBody(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Uint8Array);
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}

/** Sends the answer; resolves when it is out, also when the client went away meanwhile. */
export async function sendResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of response.headers) if (name !== 'set-cookie') headers[name] = value;
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) headers['set-cookie'] = cookies;
  outgoing.writeHead(response.status, headers);
  if (response.body === null) {
    outgoing.end();
    return;
  }
  try {
    await pipeline(Readable.fromWeb(response.body as unknown as NodeReadableStream), outgoing);
  } catch {
    // The client left before the end: nobody to tell.
    outgoing.destroy();
  }
}

/** Reads an answer to its end and throws it away, so that its writer really finishes. */
export async function drain(response: Response): Promise<void> {
  if (response.body) await response.arrayBuffer();
}
