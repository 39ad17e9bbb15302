// Rotation without a pause: data keys that lie under an older key-encryption key are wrapped again under the newest. The data
// keys stay what they are, so nothing that is sealed has to be touched and every instance goes on with what it has in memory.

import type { KeyEncryption, WrappedKeys } from './secrets.ts';

export interface Rewrapped {
  readonly checked: number;
  readonly rewrapped: number;
  /** Installations whose key could not be wrapped again, and by what kind of error. The old one stays as it was. */
  readonly failed: readonly { readonly installationId: string; readonly error: unknown }[];
}

const page = 200;

/** May run anywhere at any time, several at once too. Throws when the key service does not say which key is the newest. */
export async function rewrapKeys(keys: KeyEncryption, wrapped: WrappedKeys): Promise<Rewrapped> {
  const isNewest = await keys.newest();
  const failed: { installationId: string; error: unknown }[] = [];
  let [checked, rewrapped] = [0, 0];
  for (let after = ''; ; ) {
    const found = await wrapped.list(after, page);
    for (const { installationId, wrapped: before } of found) {
      checked += 1;
      if (isNewest(installationId, before)) continue;
      try {
        const dataKey = await keys.unwrap(installationId, before);
        const next = await keys.wrap(installationId, dataKey);
        dataKey.fill(0);
        // Destroyed or wrapped again by another instance in the meantime: theirs stays.
        if (await wrapped.replace(installationId, before, next)) rewrapped += 1;
      } catch (error) {
        failed.push({ installationId, error });
      }
    }
    const last = found.at(-1);
    if (last === undefined || found.length < page) return { checked, rewrapped, failed };
    after = last.installationId;
  }
}
