// Passes a content on unchanged and makes its hash on the way. Holds no more of it than the reader asks for.

import { createHash } from 'node:crypto';

export interface Hashed {
  readonly content: ReadableStream<Uint8Array>;
  /** SHA-256 of all that was passed on; to be asked once the content has ended. */
  readonly digest: () => Uint8Array;
}

export function hashed(source: ReadableStream<Uint8Array>): Hashed {
  const hash = createHash('sha256');
  const reader = source.getReader();
  const content = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        hash.update(value);
        controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return { content, digest: () => hash.digest() };
}
