// Ports: a free one, and a plain word when a wanted one is not to be had.

import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that systems give to whoever asks for any: a free one stays free until it is used. */
const lowest = 20_000;
const highest = 32_000;
const attempts = 50;

/** Throws an Error that says what would help when the port is taken. `port` 0 finds a free one. */
export async function claimPort(port: number, what: string): Promise<number> {
  if (port !== 0) {
    const refusal = await tryPort(port);
    if (refusal === null) return port;
    const why = refusal === 'EADDRINUSE' ? 'is taken' : 'may not be used';
    throw new Error(`port ${port}, for ${what}, ${why}: choose another with --port, or leave it out`);
  }
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const candidate = randomInt(lowest, highest);
    if ((await tryPort(candidate)) === null) return candidate;
  }
  throw new Error(`no free port was found for ${what}: name one with --port`);
}

/** The code of what stands in the way; null when nothing does. */
async function tryPort(port: number): Promise<string | null> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject);
      probe.listen(port, '127.0.0.1', resolve);
    });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'EADDRINUSE' || code === 'EACCES') return code;
    throw error;
  }
  await new Promise((resolve) => probe.close(resolve));
  return null;
}
