// The key-encryption key of one machine: a file that only its owner may read. In production a cloud's key service
// takes its place.

import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { decrypt, encrypt, type KeyEncryption } from './secrets.ts';

const keyBytes = 32;

/** Opens the key file, or makes it when it is absent. Refuses one that others may read or that is not a key. */
export async function keyFile(path: string): Promise<KeyEncryption> {
  await makeIfAbsent(path);
  const key = await readKey(path);
  const context = (installationId: string) => JSON.stringify(['data key', installationId]);
  return {
    wrap: async (installationId, dataKey) => encrypt(key, context(installationId), dataKey),
    unwrap: async (installationId, wrapped) => decrypt(key, context(installationId), wrapped),
  };
}

async function readKey(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const { mode } = await file.stat();
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      const found = (mode & 0o777).toString(8).padStart(4, '0');
      throw new Error(`the key file ${path} has mode ${found}: others may read it. It must be 0600 (chmod 600)`);
    }
    const key = Buffer.from((await file.readFile('utf8')).trim(), 'base64url');
    if (key.length !== keyBytes) throw new Error(`the key file ${path} does not hold a key of ${keyBytes} bytes`);
    return key;
  } finally {
    await file.close();
  }
}

/** Written beside and linked into place: of two processes that make it at once, one's key stays and is whole. */
async function makeIfAbsent(path: string): Promise<void> {
  const there = await stat(path).catch(() => null);
  if (there) return;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(fresh, randomBytes(keyBytes).toString('base64url'), { mode: 0o600, flag: 'wx' });
  try {
    await link(fresh, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(fresh, { force: true });
  }
}
