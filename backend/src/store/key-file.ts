// The key-encryption key of one machine: a file that only its owner may read. In production Cloud KMS takes its place
// (kms-keys.ts).

import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { decrypt, encrypt, type KeyEncryption } from './secrets.ts';

const keyBytes = 32;

/**
 * Opens the key file, or makes it when it is absent and `make` is not false. Refuses one that others may read or that is not a key. To rotate, put a
 * new key into the first line and leave the older ones below until all data keys are wrapped again (rewrap-keys.ts).
 */
export async function keyFile(path: string, { make = true } = {}): Promise<KeyEncryption> {
  if (make) await makeIfAbsent(path);
  const [newest, ...older] = await readKeys(path);
  const context = (installationId: string) => JSON.stringify(['data key', installationId]);
  const opens = (key: Uint8Array, installationId: string, wrapped: string): boolean => {
    try {
      decrypt(key, context(installationId), wrapped);
      return true;
    } catch {
      return false;
    }
  };
  return {
    wrap: async (installationId, dataKey) => encrypt(newest, context(installationId), dataKey),
    unwrap: async (installationId, wrapped) => {
      const key = [newest, ...older].find((one) => opens(one, installationId, wrapped)) ?? newest;
      return decrypt(key, context(installationId), wrapped);
    },
    newest: async () => (installationId, wrapped) => opens(newest, installationId, wrapped),
  };
}

/** One a line, the newest first. */
async function readKeys(path: string): Promise<readonly [Uint8Array, ...Uint8Array[]]> {
  const file = await open(path, 'r');
  try {
    const { mode } = await file.stat();
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      const found = (mode & 0o777).toString(8).padStart(4, '0');
      throw new Error(`the key file ${path} has mode ${found}: others may read it. It must be 0600 (chmod 600)`);
    }
    const lines = (await file.readFile('utf8')).trim().split(/\s+/);
    const [newest, ...older] = lines.map((line) => Buffer.from(line, 'base64url'));
    if (newest === undefined || [newest, ...older].some((key) => key.length !== keyBytes)) {
      throw new Error(`the key file ${path} does not hold a key of ${keyBytes} bytes`);
    }
    return [newest, ...older];
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
