// How secrets are kept: under a data key of the installation, which is itself kept only wrapped by a key-encryption key
// (envelope encryption). Destroying the data key makes all of the installation's secrets unreadable, in backups too.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Scope } from '../reconcile/ports.ts';
import { KeyServiceFailed } from './key-service-failed.ts';

/** Ciphertext in a text form that names its own format; safe to store, useless without the installation's data key. */
export type Sealed = string;

/**
 * The contract: test/store/secrets.contract.ts. `place` names where the secret is kept (column and row): what was sealed
 * for one place or installation cannot be opened as another's.
 */
export interface SecretStore {
  /** Throws KeyServiceFailed. */
  seal(scope: Scope, place: string, secret: string | Uint8Array): Promise<Sealed>;
  /** Throws SecretUnreadable, or KeyServiceFailed when the secret is well but its key can't be had now. */
  open(scope: Scope, place: string, sealed: Sealed): Promise<Uint8Array>;
  /** For secrets that are text. Throws as `open` does. */
  openText(scope: Scope, place: string, sealed: Sealed): Promise<string>;
  /** Destroys the installation's data key. What was sealed before stays unreadable, also after a new key is made. */
  destroy(scope: Scope): Promise<void>;
}

/** Wraps data keys: a key file (key-file.ts) or Cloud KMS (kms-keys.ts). All of it may throw KeyServiceFailed. */
export interface KeyEncryption {
  /** Under the newest key. */
  wrap(installationId: string, dataKey: Uint8Array): Promise<string>;
  /** Throws when the wrapped key is not this installation's or was changed. */
  unwrap(installationId: string, wrapped: string): Promise<Uint8Array>;
  /** Asks once which key is the newest; the answer tells of wrapped keys whether they lie under it. */
  newest(): Promise<(installationId: string, wrapped: string) => boolean>;
}

/** Where wrapped data keys lie: the first one put for an installation stays. */
export interface WrappedKeys {
  get(installationId: string): Promise<string | null>;
  /** Keeps `wrapped` unless there is one already; returns the one that is kept. */
  putIfAbsent(installationId: string, wrapped: string): Promise<string>;
  /** Puts `after` where `before` still lies; false where it doesn't. */
  replace(installationId: string, before: string, after: string): Promise<boolean>;
  /** In the order of the ids, those behind `after`; '' begins. */
  list(after: string, limit: number): Promise<readonly WrappedKey[]>;
  remove(installationId: string): Promise<void>;
}

export interface WrappedKey {
  readonly installationId: string;
  readonly wrapped: string;
}

export class SecretUnreadable extends Error {
  constructor(place: string, options?: ErrorOptions) {
    super(`the secret ${place} cannot be read: its key is gone or it was changed`, options);
    this.name = 'SecretUnreadable';
  }
}

const format = 'v1';
const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM; nonce, ciphertext and tag in one base64url text. */
export function encrypt(key: Uint8Array, context: string, plain: Uint8Array): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const body = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return `${format}.${body.toString('base64url')}`;
}

/** Throws when the text, the context or the key is not the one it was encrypted with. */
export function decrypt(key: Uint8Array, context: string, text: string): Uint8Array {
  const [name, encoded] = text.split('.');
  if (name !== format || encoded === undefined) throw new Error('an unknown format of ciphertext');
  const body = Buffer.from(encoded, 'base64url');
  if (body.length < nonceBytes + tagBytes) throw new Error('the ciphertext is too short');
  const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(0, nonceBytes), { authTagLength: tagBytes })
    .setAAD(Buffer.from(context))
    .setAuthTag(body.subarray(-tagBytes));
  return Buffer.concat([decipher.update(body.subarray(nonceBytes, -tagBytes)), decipher.final()]);
}

/** Installation and place, told apart whatever characters they hold. */
const contextOf = (scope: Scope, place: string) => JSON.stringify([scope.installationId, place]);

/**
 * Unwrapped data keys stay in memory this long, so that a destroyed one is not used by another instance for longer, and a key
 * service that is away for a moment is not noticed.
 */
const keyLifeMs = 5 * 60_000;

interface CachedKey {
  readonly wrapped: string;
  readonly key: Promise<Uint8Array>;
  readonly until: number;
}

export function envelopeSecrets(keys: KeyEncryption, wrapped: WrappedKeys, now: () => number = Date.now): SecretStore {
  const cache = new Map<string, CachedKey>();

  function unwrapped(installationId: string, text: string): Promise<Uint8Array> {
    const cached = cache.get(installationId);
    if (cached && cached.wrapped === text && cached.until > now()) return cached.key;
    forgetOld();
    const entry = { wrapped: text, key: keys.unwrap(installationId, text), until: now() + keyLifeMs };
    cache.set(installationId, entry);
    entry.key.catch(() => {
      if (cache.get(installationId) === entry) cache.delete(installationId);
    });
    return entry.key;
  }

  function forgetOld(): void {
    for (const [installationId, { until }] of cache) if (until <= now()) cache.delete(installationId);
  }

  /** Always asks which key is kept: what is sealed under one that another instance destroyed could never be read. */
  async function keyToSeal(installationId: string): Promise<Uint8Array> {
    const known = await wrapped.get(installationId);
    if (known !== null) return unwrapped(installationId, known);
    const made = await keys.wrap(installationId, randomBytes(32));
    return unwrapped(installationId, await wrapped.putIfAbsent(installationId, made));
  }

  async function keyToOpen(installationId: string): Promise<Uint8Array> {
    const cached = cache.get(installationId);
    if (cached && cached.until > now()) return cached.key;
    const known = await wrapped.get(installationId);
    if (known === null) throw new Error('the installation has no data key');
    return unwrapped(installationId, known);
  }

  const store: SecretStore = {
    async seal(scope, place, secret) {
      const plain = typeof secret === 'string' ? Buffer.from(secret, 'utf8') : secret;
      return encrypt(await keyToSeal(scope.installationId), contextOf(scope, place), plain);
    },
    async open(scope, place, sealed) {
      try {
        return decrypt(await keyToOpen(scope.installationId), contextOf(scope, place), sealed);
      } catch (cause) {
        if (cause instanceof KeyServiceFailed) throw cause;
        throw new SecretUnreadable(place, { cause });
      }
    },
    openText: async (scope, place, sealed) => Buffer.from(await store.open(scope, place, sealed)).toString('utf8'),
    async destroy(scope) {
      cache.delete(scope.installationId);
      await wrapped.remove(scope.installationId);
      cache.delete(scope.installationId);
    },
  };
  return store;
}
