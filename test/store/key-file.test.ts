import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { keyFile } from '../../backend/src/store/key-file.ts';
import { postgresWrappedKeys } from '../../backend/src/store/postgres-wrapped-keys.ts';
import { envelopeSecrets } from '../../backend/src/store/secrets.ts';
import { testDatabase } from './postgres.ts';
import { describeSecretStore } from './secrets.contract.ts';

const { tenants } = await testDatabase();
const folder = await mkdtemp(join(tmpdir(), 'tandem-key-'));
afterAll(() => rm(folder, { recursive: true }));

describeSecretStore('A key file with PostgreSQL', async () => {
  const path = join(folder, 'contract.key');
  const keys = await keyFile(path);
  const wrapped = postgresWrappedKeys(tenants);
  const rotate = async () => {
    await writeFile(path, `${randomBytes(32).toString('base64url')}\n${await readFile(path, 'utf8')}`);
    return keyFile(path);
  };
  // A process that runs while the file is changed goes on with the keys that it read; what is wrapped again it can't open, but
  // it has the data keys in memory and is started again in the meantime.
  return { store: envelopeSecrets(keys, wrapped), other: envelopeSecrets(keys, wrapped), wrapped, rotate };
});

describe('the key file', () => {
  test('is made once, for its owner only', async () => {
    const path = join(folder, 'new', 'tandem.key');
    const wrapped = await (await keyFile(path)).wrap('i1', Buffer.alloc(32, 7));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(Buffer.from(await (await keyFile(path)).unwrap('i1', wrapped))).toEqual(Buffer.alloc(32, 7));
  });

  test('made by several processes at once is one key, and leaves nothing beside it', async () => {
    const path = join(folder, 'race', 'tandem.key');
    const keys = await Promise.all(Array.from({ length: 5 }, () => keyFile(path)));
    const wrapped = await Promise.all(keys.map((key) => key.wrap('i1', Buffer.alloc(32, 1))));
    for (const key of keys) for (const one of wrapped) expect(await key.unwrap('i1', one)).toHaveLength(32);
    expect(await readdir(join(folder, 'race'))).toEqual(['tandem.key']);
  });

  test.each([0o644, 0o640, 0o604, 0o660])('is refused with mode %o, which it names', async (mode) => {
    const path = join(folder, `mode-${mode}.key`);
    await keyFile(path);
    await chmod(path, mode);
    await expect(keyFile(path)).rejects.toThrow(`mode 0${mode.toString(8)}`);
  });

  test('is refused when it holds no key', async () => {
    const path = join(folder, 'short.key');
    await writeFile(path, 'c2hvcnQ', { mode: 0o600 });
    await expect(keyFile(path)).rejects.toThrow('does not hold a key of 32 bytes');
  });

  test('does not unwrap one installation’s data key as another’s', async () => {
    const key = await keyFile(join(folder, 'tenant.key'));
    const wrapped = await key.wrap('i1', Buffer.alloc(32));
    await expect(key.unwrap('i2', wrapped)).rejects.toThrow();
  });
});
