// Ports: a free one, and a plain word when a wanted one is not to be had.

import { createServer } from 'node:net';

/** Throws an Error that says what would help when the port is taken. `port` 0 finds a free one. */
export async function claimPort(port: number, what: string): Promise<number> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject);
      probe.listen(port, '127.0.0.1', resolve);
    });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    const why = code === 'EADDRINUSE' ? 'is taken' : 'may not be used';
    throw new Error(`port ${port}, for ${what}, ${why}: choose another with --port, or leave it out`, { cause: error });
  }
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port was found');
  return address.port;
}
