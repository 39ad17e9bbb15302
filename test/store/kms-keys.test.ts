import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { crc32c } from '../../backend/src/store/crc32c.ts';
import { keyFile } from '../../backend/src/store/key-file.ts';
import { KeyServiceFailed } from '../../backend/src/store/key-service-failed.ts';
import { openKmsClient } from '../../backend/src/store/kms-client.ts';
import { kmsKeys } from '../../backend/src/store/kms-keys.ts';
import { movedKeys } from '../../backend/src/store/moved-keys.ts';
import { postgresWrappedKeys } from '../../backend/src/store/postgres-wrapped-keys.ts';
import { rewrapKeys } from '../../backend/src/store/rewrap-keys.ts';
import { envelopeSecrets, SecretUnreadable } from '../../backend/src/store/secrets.ts';
import fc from '../property.ts';
import { checksum } from '../simulators/kms/checksum.ts';
import { startKmsServer } from '../simulators/kms/server.ts';
import { testDatabase } from './postgres.ts';
import { describeSecretStore } from './secrets.contract.ts';

const { tenants } = await testDatabase();
const kms = await startKmsServer();
const client = openKmsClient(kms.address);
afterAll(async () => {
  await client.close();
  await kms.close();
});

const waits: number[] = [];
const keys = kmsKeys({ client, keyName: kms.keyName, pause: async (ms) => waits.push(ms) });
const wrapped = postgresWrappedKeys(tenants);
const dataKey = Buffer.alloc(32, 7);

const failureOf = async (work: Promise<unknown>): Promise<KeyServiceFailed> => {
  const error = await work.catch((thrown: unknown) => thrown);
  if (!(error instanceof KeyServiceFailed)) throw new Error(`not a failure of the key service: ${String(error)}`);
  return error;
};

describeSecretStore('Cloud KMS with PostgreSQL', async () => ({
  store: envelopeSecrets(keys, wrapped),
  other: envelopeSecrets(keys, wrapped),
  wrapped,
  rotate: async () => {
    kms.rotate();
    return keys;
  },
}));

describe('the checksum', () => {
  test('is CRC-32C: the check value of the standard, and the same as another way of counting it', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    fc.assert(fc.property(fc.uint8Array(), (bytes) => String(crc32c(bytes)) === checksum(bytes)));
  });
});

describe('Cloud KMS as the key-encryption key', () => {
  beforeEach(() => {
    waits.length = 0;
  });
  afterEach(() => kms.grantAll());

  test('wraps under its primary version, which the wrapped key names, and shows nothing of the data key', async () => {
    const text = await keys.wrap('i1', dataKey);
    expect(text).toMatch(/^kms\.\d+\.[\w-]+$/);
    expect(Buffer.from(text.split('.')[2] ?? '', 'base64url').includes(dataKey)).toBe(false);
    expect(await keys.unwrap('i1', text)).toEqual(dataKey);
  });

  test('does not unwrap one installation’s data key as another’s, nor one that was changed or is a key file’s', async () => {
    const text = await keys.wrap('i1', dataKey);
    await expect(keys.unwrap('i2', text)).rejects.toThrow('the ciphertext is invalid');
    await expect(keys.unwrap('i1', `${text.slice(0, -6)}AAAAAA`)).rejects.toThrow('the ciphertext is invalid');
    await expect(keys.unwrap('i1', 'kms.1.AAAA')).rejects.toThrow('refers to the correct CryptoKey');
    await expect(keys.unwrap('i1', 'v1.AAAA')).rejects.toThrow('not one that Cloud KMS wrapped');
  });

  test.each(['unavailable', 'internal', 'exhausted'] as const)(
    'asks again when it is %s for a moment',
    async (fault) => {
      kms.fault('Encrypt', fault, 2);
      const text = await keys.wrap('i1', dataKey);
      kms.fault('Decrypt', fault, 2);
      expect(await keys.unwrap('i1', text)).toEqual(dataKey);
      expect(waits).toEqual([100, 400, 100, 400]);
    },
  );

  test('takes no answer whose checksums don’t hold, and no ciphertext of an unchecked request', async () => {
    kms.fault('Encrypt', 'corrupt');
    kms.fault('Encrypt', 'unchecked');
    const text = await keys.wrap('i1', dataKey);
    kms.fault('Decrypt', 'corrupt', 2);
    expect(await keys.unwrap('i1', text)).toEqual(dataKey);
    kms.fault('Decrypt', 'corrupt', 3);
    expect((await failureOf(keys.unwrap('i1', text))).reason).toBe('corrupted');
  });

  test('that stays away, is told as such, and a secret is not called unreadable for it', async () => {
    const scope = { installationId: 'away' };
    const sealed = await envelopeSecrets(keys, wrapped).seal(scope, 'connections.secret/1', 'pat');
    const fresh = envelopeSecrets(keys, wrapped);
    kms.fault('Decrypt', 'unavailable', 3);
    const error = await failureOf(fresh.open(scope, 'connections.secret/1', sealed));
    expect(error).toMatchObject({ reason: 'unavailable', code: 'kms-unavailable', passing: true });
    expect(await fresh.openText(scope, 'connections.secret/1', sealed)).toBe('pat');
  });

  test('without the right, says which role is missing, and does not ask again', async () => {
    kms.deny('cloudkms.cryptoKeyVersions.useToEncrypt');
    const before = kms.calls.length;
    const error = await failureOf(keys.wrap('i1', dataKey));
    expect(error.message).toContain('roles/cloudkms.cryptoKeyEncrypterDecrypter');
    expect(error.message).toContain(kms.keyName);
    expect(kms.calls.length).toBe(before + 1);
    kms.grantAll();
    kms.deny('cloudkms.cryptoKeyVersions.useToDecrypt', 'cloudkms.cryptoKeys.get');
    const text = await keys.wrap('i1', dataKey);
    expect((await failureOf(keys.unwrap('i1', text))).reason).toBe('denied');
    expect((await failureOf(keys.newest())).reason).toBe('denied');
  });

  test('of another region or name is refused', async () => {
    for (const keyName of [kms.keyName.replace('europe-west3', 'us-central1'), `${kms.keyName}-other`]) {
      const elsewhere = kmsKeys({ client, keyName, pause: async () => {} });
      expect((await failureOf(elsewhere.wrap('i1', dataKey))).reason).toBe('denied');
    }
  });

  test('with a disabled version opens nothing of it until it is enabled again; destroyed, never', async () => {
    const old = kms.rotate();
    const scope = { installationId: 'states' };
    const sealed = await envelopeSecrets(keys, wrapped).seal(scope, 'a', 'secret');
    kms.rotate();
    kms.setState(old, 'DISABLED');
    expect((await failureOf(envelopeSecrets(keys, wrapped).open(scope, 'a', sealed))).reason).toBe('unusable');
    kms.setState(old, 'ENABLED');
    expect(await envelopeSecrets(keys, wrapped).openText(scope, 'a', sealed)).toBe('secret');
    kms.setState(old, 'DESTROYED');
    expect((await failureOf(envelopeSecrets(keys, wrapped).open(scope, 'a', sealed))).reason).toBe('unusable');
  });
});

describe('a move from a key file to Cloud KMS', () => {
  test('opens what the file wrapped, until it is wrapped again and the file is no longer needed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tandem-move-'));
    const scope = { installationId: 'moved' };
    const file = await keyFile(join(folder, 'key'));
    const sealed = await envelopeSecrets(file, wrapped).seal(scope, 'a', 'secret of then');
    const moving = movedKeys(keys, await keyFile(join(folder, 'key'), { make: false }));
    expect(await envelopeSecrets(moving, wrapped).openText(scope, 'a', sealed)).toBe('secret of then');
    expect((await rewrapKeys(moving, wrapped)).rewrapped).toBeGreaterThan(0);
    await rm(folder, { recursive: true });
    expect(await envelopeSecrets(keys, wrapped).openText(scope, 'a', sealed)).toBe('secret of then');
    await expect(keyFile(join(folder, 'key'), { make: false })).rejects.toThrow('ENOENT');
  });
});

describe('data keys in memory', () => {
  test('are asked for once in five minutes', async () => {
    const scope = { installationId: 'cached' };
    let time = 0;
    const store = envelopeSecrets(keys, wrapped, () => time);
    const sealed = await store.seal(scope, 'a', 'secret');
    const decrypts = () => kms.calls.filter(({ method }) => method === 'Decrypt').length;
    const before = decrypts();
    for (let reads = 0; reads < 20; reads += 1) await store.openText(scope, 'a', sealed);
    time = 5 * 60_000 - 1;
    await store.openText(scope, 'a', sealed);
    expect(decrypts()).toBe(before);
    time += 1;
    await Promise.all([store.openText(scope, 'a', sealed), store.openText(scope, 'a', sealed)]);
    expect(decrypts()).toBe(before + 1);
  });
});

describe('wrapping again', () => {
  test('goes on past one installation whose key cannot be read', async () => {
    await wrapped.putIfAbsent('broken', 'kms.1.AAAA');
    const store = envelopeSecrets(keys, wrapped);
    const sealed = await store.seal({ installationId: 'whole' }, 'a', 'secret');
    const newest = kms.rotate();
    const { failed, rewrapped } = await rewrapKeys(keys, wrapped);
    expect(failed.map(({ installationId }) => installationId)).toContain('broken');
    expect(rewrapped).toBeGreaterThan(0);
    expect(await wrapped.get('whole')).toMatch(new RegExp(`^kms\\.${newest}\\.`));
    expect(await wrapped.get('broken')).toBe('kms.1.AAAA');
    await expect(store.open({ installationId: 'broken' }, 'a', sealed)).rejects.toBeInstanceOf(SecretUnreadable);
  });
});
