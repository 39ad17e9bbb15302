// What every store of secrets must do, whatever keeps its keys.

import { randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Scope } from '../../backend/src/reconcile/ports.ts';
import { rewrapKeys } from '../../backend/src/store/rewrap-keys.ts';
import {
  type KeyEncryption,
  type SecretStore,
  SecretUnreadable,
  type WrappedKeys,
} from '../../backend/src/store/secrets.ts';

export interface SecretStoreUnderTest {
  readonly store: SecretStore;
  /** Another instance on the same keys: what a second process would have. */
  readonly other: SecretStore;
  readonly wrapped: WrappedKeys;
  /** From now on another key is the newest; the older ones still open. Gives the keys as a process has them that starts now. */
  readonly rotate: () => Promise<KeyEncryption>;
}

export function describeSecretStore(name: string, factory: () => Promise<SecretStoreUnderTest>): void {
  describe(`${name} as a secret store`, () => {
    let store: SecretStore;
    let other: SecretStore;
    let under: SecretStoreUnderTest;
    beforeAll(async () => {
      under = await factory();
      ({ store, other } = under);
    });
    const newScope = (): Scope => ({ installationId: randomUUID() });

    test('opens what it sealed, text and bytes, empty and long', async () => {
      const scope = newScope();
      for (const text of ['', 'pat-123', 'Grüße 🚀\u0000', 'x'.repeat(100_000)]) {
        expect(await store.openText(scope, 'a', await store.seal(scope, 'a', text))).toBe(text);
      }
      const bytes = randomBytes(32);
      expect(Buffer.from(await store.open(scope, 'a', await store.seal(scope, 'a', bytes)))).toEqual(bytes);
    });

    test('shows nothing of the secret, and seals the same one differently each time', async () => {
      const scope = newScope();
      const [first, second] = [await store.seal(scope, 'a', 'pat-123'), await store.seal(scope, 'a', 'pat-123')];
      expect(first).not.toBe(second);
      expect(first).not.toContain('pat-123');
      expect(Buffer.from(first.split('.')[1] ?? '', 'base64url').toString('latin1')).not.toContain('pat-123');
    });

    test('does not open it in another place', async () => {
      const scope = newScope();
      const sealed = await store.seal(scope, 'connections.secret/1', 'pat');
      await expect(store.open(scope, 'connections.secret/2', sealed)).rejects.toBeInstanceOf(SecretUnreadable);
    });

    test('does not open it for another installation', async () => {
      const [owner, stranger] = [newScope(), newScope()];
      const sealed = await store.seal(owner, 'a', 'pat');
      await store.seal(stranger, 'a', 'own');
      await expect(store.open(stranger, 'a', sealed)).rejects.toBeInstanceOf(SecretUnreadable);
      await expect(store.open(newScope(), 'a', sealed)).rejects.toBeInstanceOf(SecretUnreadable);
    });

    test('does not open what was changed, cut or is something else', async () => {
      const scope = newScope();
      const sealed = await store.seal(scope, 'a', 'pat-123');
      const [format, body = ''] = sealed.split('.');
      const flipped = Buffer.from(body, 'base64url');
      flipped[14] = (flipped[14] ?? 0) ^ 1;
      for (const wrong of [
        `${format}.${flipped.toString('base64url')}`,
        sealed.slice(0, -4),
        '',
        'v1.',
        'v9.abcd',
        'plain',
      ]) {
        await expect(store.open(scope, 'a', wrong)).rejects.toBeInstanceOf(SecretUnreadable);
      }
    });

    test('says which place failed and nothing of the secret', async () => {
      const scope = newScope();
      const sealed = await store.seal(newScope(), 'a', 'pat-123');
      const error = await store.open(scope, 'connections.secret/7', sealed).catch((thrown: unknown) => thrown);
      expect(String(error)).toContain('connections.secret/7');
      expect(String(error)).not.toContain(sealed);
    });

    test('is the same for every instance, also when several make the first key at once', async () => {
      const scope = newScope();
      const sealed = await Promise.all([
        store.seal(scope, 'a', '1'),
        other.seal(scope, 'a', '2'),
        store.seal(scope, 'a', '3'),
      ]);
      expect(await Promise.all(sealed.map((one) => store.openText(scope, 'a', one)))).toEqual(['1', '2', '3']);
      expect(await Promise.all(sealed.map((one) => other.openText(scope, 'a', one)))).toEqual(['1', '2', '3']);
    });

    test('rotated, goes on with all that is sealed, before, while and after the data keys are wrapped again', async () => {
      const scopes = Array.from({ length: 3 }, newScope);
      const sealed = await Promise.all(scopes.map((scope) => store.seal(scope, 'a', 'before')));
      const keys = await under.rotate();
      const before = await Promise.all(scopes.map(({ installationId }) => under.wrapped.get(installationId)));
      const [done] = await Promise.all([
        rewrapKeys(keys, under.wrapped),
        ...scopes.map((scope, index) => store.openText(scope, 'a', sealed[index] ?? '')),
        ...scopes.map((scope) => other.seal(scope, 'b', 'meanwhile')),
      ]);
      expect(done.rewrapped).toBeGreaterThanOrEqual(scopes.length);
      for (const [index, scope] of scopes.entries()) {
        expect(await under.wrapped.get(scope.installationId)).not.toBe(before[index]);
        expect(await other.openText(scope, 'a', sealed[index] ?? '')).toBe('before');
      }
      expect(await rewrapKeys(keys, under.wrapped)).toMatchObject({ rewrapped: 0 });
      // Destroyed before its turn came: it must not come back.
      const [gone] = scopes;
      const old = before[0] ?? '';
      if (gone) {
        await store.destroy(gone);
        expect(await under.wrapped.replace(gone.installationId, old, 'again')).toBe(false);
        expect(await under.wrapped.get(gone.installationId)).toBeNull();
      }
    });

    test('destroyed, opens nothing that was sealed before; what is sealed afterwards opens', async () => {
      const [scope, neighbour] = [newScope(), newScope()];
      const [before, kept] = [await store.seal(scope, 'a', 'old'), await store.seal(neighbour, 'a', 'kept')];
      await store.destroy(scope);
      await expect(store.open(scope, 'a', before)).rejects.toBeInstanceOf(SecretUnreadable);
      const after = await store.seal(scope, 'a', 'new');
      await expect(store.open(scope, 'a', before)).rejects.toBeInstanceOf(SecretUnreadable);
      expect(await store.openText(scope, 'a', after)).toBe('new');
      expect(await store.openText(neighbour, 'a', kept)).toBe('kept');
    });

    test('destroyed by one instance, is never sealed under the old key by another', async () => {
      const scope = newScope();
      await other.seal(scope, 'a', 'old');
      await store.destroy(scope);
      const sealed = await other.seal(scope, 'a', 'new');
      expect(await store.openText(scope, 'a', sealed)).toBe('new');
    });
  });
}
