// Requests whose body is too large for memory: it lies in a file, which a header of our own names to the handlers.
import { open } from 'node:fs/promises';
import { type Content, fileContent } from './content.ts';

/** From this size on a body goes to disk, in bytes. */
export const largeFrom = 4 * 1024 * 1024;

/** Set by the kernel alone: what a client sends under this name is dropped. */
export const BODY_FILE_HEADER = 'x-simulator-body-file';

/** The body of a large request; undefined where it is in memory. */
export function largeBody(request: Request): Content | undefined {
  const [path, size] = (request.headers.get(BODY_FILE_HEADER) ?? '').split('|');
  return path === undefined || size === undefined ? undefined : fileContent(path, 0, Number(size));
}

export interface FilePart {
  readonly field: string;
  readonly filename: string;
  readonly type: string;
  readonly content: Content;
}

const headMax = 64 * 1024;

/**
 * The one file of a large multipart request, where it lies: https://www.rfc-editor.org/rfc/rfc7578. Undefined when the
 * request is not one that holds one part and ends as it should.
 */
export async function largeFilePart(request: Request): Promise<FilePart | undefined> {
  const [path = '', total = '0'] = (request.headers.get(BODY_FILE_HEADER) ?? '').split('|');
  const boundary = /boundary="?([^";]+)/i.exec(request.headers.get('content-type') ?? '')?.[1];
  if (boundary === undefined) return undefined;
  const size = Number(total);
  const [head, tail] = await ends(path, size);
  const start = head.indexOf('\r\n\r\n');
  const close = tail.lastIndexOf(`\r\n--${boundary}--`);
  if (start < 0 || close < 0 || !head.subarray(0, boundary.length + 2).equals(Buffer.from(`--${boundary}`)))
    return undefined;
  const headers = head.subarray(0, start).toString('utf8');
  const named = (name: string) => new RegExp(`;\\s*${name}="((?:[^"\\\\]|\\\\.)*)"`, 'i').exec(headers)?.[1];
  const from = start + 4;
  const length = size - tail.byteLength + close - from;
  if (await holds(fileContent(path, from, length), `\r\n--${boundary}`)) return undefined;
  const unescaped = (text: string) => text.replaceAll('%22', '"').replaceAll('%0D', '\r').replaceAll('%0A', '\n');
  return {
    field: unescaped(named('name') ?? ''),
    filename: unescaped(named('filename') ?? ''),
    type: /^content-type:\s*(\S+)/im.exec(headers)?.[1] ?? 'application/octet-stream',
    content: fileContent(path, from, length),
  };
}

async function ends(path: string, size: number): Promise<readonly [Buffer, Buffer]> {
  const file = await open(path);
  try {
    const read = async (position: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(headMax, size)), { position });
      return buffer.subarray(0, bytesRead);
    };
    return [await read(0), await read(Math.max(0, size - headMax))];
  } finally {
    await file.close();
  }
}

async function holds(content: Content, text: string): Promise<boolean> {
  let before = Buffer.alloc(0);
  for await (const part of content.stream() as unknown as AsyncIterable<Uint8Array>) {
    const window = Buffer.concat([before, part]);
    if (window.includes(text)) return true;
    before = window.subarray(Math.max(0, window.byteLength - text.length));
  }
  return false;
}
