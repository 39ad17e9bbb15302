// Waits for what other processes bring about, by asking again and again.

import { setTimeout as delay } from 'node:timers/promises';

export interface Patience {
  readonly timeoutMs: number;
  readonly everyMs?: number;
}

/** Throws an Error that names what did not come, with what the last attempt threw. */
export async function until<T>(
  what: string,
  found: () => Promise<T | null | undefined | false>,
  { timeoutMs, everyMs = 25 }: Patience,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    try {
      const value = await found();
      if (value) return value;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > end) {
      const why = cause instanceof Error ? `: ${cause.message}` : '';
      throw new Error(`waited ${timeoutMs / 1000} s in vain until ${what}${why}`, { cause });
    }
    await delay(everyMs);
  }
}
