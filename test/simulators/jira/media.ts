// The media host: files and avatars, at another origin than the site, reached by redirects with a token in the address.
// It takes no credentials of the site: a client that sends them there leaks them, so such a request is refused and noted.
import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { VirtualClock } from '../kernel/clock.ts';
import { sendResponse } from '../kernel/http.ts';
import type { AttachmentRecord } from './model.ts';

export interface MediaHost {
  readonly url: string;
  /** An address for the file's bytes, good for some minutes. */
  linkTo(attachment: AttachmentRecord): string;
  /** Requests that came with credentials of the site. */
  leaks(): number;
  close(): Promise<void>;
}

export interface FileAnswer {
  readonly status: 200 | 206 | 416;
  readonly headers: Readonly<Record<string, string>>;
  /** Null for an answer without a body. */
  readonly body: ReadableStream<Uint8Array> | null;
}

/** A file, or the part that a Range header asks for: https://www.rfc-editor.org/rfc/rfc9110#name-range-requests */
export function fileAnswer(
  { content, filename, mimeType, created }: AttachmentRecord,
  range: string | undefined,
): FileAnswer {
  const { size } = content;
  const headers = {
    'content-type': mimeType,
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(filename)}`,
    'accept-ranges': 'bytes',
    'last-modified': new Date(created).toUTCString(),
  };
  const asked = /^bytes=(\d*)-(\d*)$/.exec(range ?? '');
  if (asked === null || (asked[1] === '' && asked[2] === ''))
    return { status: 200, headers: { ...headers, 'content-length': String(size) }, body: content.stream() };
  // Without a first byte, so many from the end.
  const start = asked[1] === '' ? Math.max(0, size - Number(asked[2])) : Number(asked[1]);
  const end = asked[1] === '' || asked[2] === '' ? size - 1 : Math.min(Number(asked[2]), size - 1);
  if (start > end) return { status: 416, headers: { 'content-range': `bytes */${size}` }, body: null };
  const length = { 'content-range': `bytes ${start}-${end}/${size}`, 'content-length': String(end - start + 1) };
  return { status: 206, headers: { ...headers, ...length }, body: content.stream(start, end + 1) };
}

const LINK_LIFE_MS = 10 * 60_000;

export async function startMediaHost(
  clock: VirtualClock,
  find: (mediaId: string) => AttachmentRecord | undefined,
): Promise<MediaHost> {
  const secret = randomBytes(16);
  let leaks = 0;
  const sign = (mediaId: string, expires: number): string =>
    createHmac('sha256', secret).update(`${mediaId} ${expires}`).digest('base64url');

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://media');
    if (request.headers.authorization !== undefined) {
      leaks += 1;
      response
        .writeHead(400, { 'content-type': 'application/json' })
        .end('{"error":{"title":"Credentials of the site are not accepted here"}}');
      return;
    }
    const mediaId = /^\/file\/([^/]+)\/binary$/.exec(url.pathname)?.[1];
    const attachment = mediaId === undefined ? undefined : find(mediaId);
    const expires = Number(url.searchParams.get('expires'));
    const allowed =
      mediaId !== undefined && url.searchParams.get('token') === sign(mediaId, expires) && expires > clock.now();
    if (url.pathname.startsWith('/avatar/') || url.pathname.startsWith('/project/')) {
      response
        .writeHead(200, { 'content-type': 'image/svg+xml' })
        .end('<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48"/>');
      return;
    }
    if (!allowed || attachment === undefined) {
      response
        .writeHead(allowed ? 404 : 403, { 'content-type': 'application/json' })
        .end('{"error":{"title":"Not found or not allowed"}}');
      return;
    }
    const { status, headers, body } = fileAnswer(attachment, request.headers.range);
    void sendResponse(new Response(body, { status, headers }), response);
  });
  const port = await listen(server);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    linkTo(attachment) {
      const expires = clock.now() + LINK_LIFE_MS;
      const query = new URLSearchParams({
        token: sign(attachment.mediaId, expires),
        expires: String(expires),
        client: 'c0b5f2f0-0000-4000-8000-5a0e6b1f0001',
        dl: 'true',
        name: attachment.filename,
      });
      return `${url}/file/${attachment.mediaId}/binary?${query}`;
    },
    leaks: () => leaks,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the media host has no port');
  return address.port;
}
