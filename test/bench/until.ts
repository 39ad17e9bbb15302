// Waits for what another process or the queue brings about.

/** Asks every `everyMs` until the answer is neither null nor false; throws after `timeoutMs`. */
export async function until<T>(
  found: () => Promise<T | null | false>,
  { everyMs = 5, timeoutMs = 60_000 } = {},
): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const value = await found();
    if (value !== null && value !== false) return value;
    if (performance.now() > end) throw new Error('what was waited for did not come');
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
