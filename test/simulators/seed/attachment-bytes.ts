// Makes the bytes of the seed's attachments, always the same ones, so that no binary lies in the repository.
import { crc32, deflateSync } from 'node:zlib';
import type { AttachmentContent } from './team.ts';

export function attachmentBytes(content: AttachmentContent): Uint8Array<ArrayBuffer> {
  switch (content.kind) {
    case 'text':
      return new TextEncoder().encode(content.text);
    case 'png':
      return png(content.width, content.height, content.seed);
    case 'bytes':
      return noise(content.size, content.seed);
    default:
      return content satisfies never;
  }
}

/** xorshift32, four bytes a step: does not compress, and 10 MB take some milliseconds. */
function noise(size: number, seed: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(size / 4));
  let state = seed | 0 || 1;
  for (let index = 0; index < words.length; index += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[index] = state >>> 0;
  }
  return new Uint8Array(words.buffer, 0, size);
}

/** An RGB picture of coloured tiles: PNG signature, IHDR, one IDAT, IEND (RFC 2083). */
function png(width: number, height: number, seed: number): Uint8Array<ArrayBuffer> {
  const tile = 16;
  const tiles = noise(3 * Math.ceil(width / tile) * Math.ceil(height / tile), seed);
  const perRow = Math.ceil(width / tile);
  const rows = new Uint8Array(height * (1 + 3 * width));
  for (let y = 0; y < height; y += 1) {
    const row = y * (1 + 3 * width) + 1;
    for (let x = 0; x < width; x += 1) {
      const from = 3 * (Math.floor(y / tile) * perRow + Math.floor(x / tile));
      rows.set(tiles.subarray(from, from + 3), row + 3 * x);
    }
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return join([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', new Uint8Array(0))]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = join([new TextEncoder().encode(type), data]);
  const frame = new Uint8Array(8);
  const view = new DataView(frame.buffer);
  view.setUint32(0, data.byteLength);
  view.setUint32(4, crc32(body));
  return join([frame.subarray(0, 4), body, frame.subarray(4)]);
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.byteLength;
  }
  return whole;
}
