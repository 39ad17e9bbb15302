// Contents of files as the simulators keep them: small ones in memory, large ones on disk, so that a file of a gigabyte
// costs a simulator none. What is on disk goes with the process.
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface Content {
  /** Bytes. */
  readonly size: number;
  /** Of what it was joined. */
  readonly parts?: readonly Content[];
  /** From the first byte to before the last. */
  stream(from?: number, to?: number): ReadableStream<Uint8Array>;
}

export function bytesContent(bytes: Uint8Array): Content {
  return {
    size: bytes.byteLength,
    stream: (from = 0, to = bytes.byteLength) =>
      new ReadableStream({
        start(controller) {
          if (to > from) controller.enqueue(new Uint8Array(bytes.subarray(from, to)));
          controller.close();
        },
      }),
  };
}

/** A part of a file on disk. */
export function fileContent(path: string, start: number, size: number): Content {
  return {
    size,
    stream(from = 0, to = size) {
      if (to <= from) return bytesContent(new Uint8Array()).stream();
      const source = createReadStream(path, { start: start + from, end: start + to - 1, highWaterMark: 64 * 1024 });
      return Readable.toWeb(source) as unknown as ReadableStream<Uint8Array>;
    },
  };
}

/** One after the other. */
export function joinedContent(contents: readonly Content[]): Content {
  const parts = contents.flatMap((content) => content.parts ?? [content]);
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  return {
    size,
    parts,
    stream(from = 0, to = size) {
      async function* all(): AsyncGenerator<Uint8Array> {
        let at = 0;
        for (const part of parts) {
          const [first, last] = [Math.max(0, from - at), Math.min(part.size, to - at)];
          if (last > first) yield* part.stream(first, last) as unknown as AsyncIterable<Uint8Array>;
          at += part.size;
        }
      }
      return Readable.toWeb(Readable.from(all(), { objectMode: false })) as unknown as ReadableStream<Uint8Array>;
    },
  };
}

let folder: string | undefined;

/** Writes a stream to a file that lives as long as the process. */
export async function toDisk(
  source: AsyncIterable<Uint8Array>,
): Promise<{ readonly path: string; readonly size: number }> {
  if (folder === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'simulator-files-'));
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  const path = join(folder, randomUUID());
  const target = createWriteStream(path);
  await pipeline(source, target);
  return { path, size: target.bytesWritten };
}
