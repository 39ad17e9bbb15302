// The keys of the Cloud KMS stand-in: key rings in regions, keys with versions and their states, and what a ciphertext holds.
// The calls are in service.ts.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** https://cloud.google.com/kms/docs/key-states */
export type VersionState = 'ENABLED' | 'DISABLED' | 'DESTROY_SCHEDULED' | 'DESTROYED';

interface Version {
  readonly id: number;
  state: VersionState;
  /** Gone with destruction. */
  material: Buffer | null;
}

export interface Key {
  readonly name: string;
  readonly versions: Version[];
  primary: number;
}

/** A ciphertext says which version made it, as the real ones do: https://cloud.google.com/kms/docs/key-states */
const header = Buffer.from([0x0a, 0x24, 0x00]);
const nonceBytes = 12;
const tagBytes = 16;

export function newKey(name: string): Key {
  const key: Key = { name, versions: [], primary: 0 };
  rotate(key);
  return key;
}

/** A new version, which is the primary from now on. */
export function rotate(key: Key): number {
  const id = key.versions.length + 1;
  key.versions.push({ id, state: 'ENABLED', material: randomBytes(32) });
  key.primary = id;
  return id;
}

export const versionOf = (key: Key, id: number): Version | undefined => key.versions.find((one) => one.id === id);

export const versionName = (key: Key, id: number): string => `${key.name}/cryptoKeyVersions/${id}`;

export function setState(key: Key, id: number, state: VersionState): void {
  const version = versionOf(key, id);
  if (!version) throw new Error(`${key.name} has no version ${id}`);
  if (version.state === 'DESTROYED') throw new Error('a destroyed version stays destroyed');
  version.state = state;
  if (state === 'DESTROYED') version.material = null;
}

export function encryptWith({ id, material }: Version, plain: Uint8Array, context: Uint8Array): Buffer {
  if (material === null) throw new Error('the material is gone');
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', material, nonce).setAAD(context);
  const number = Buffer.alloc(4);
  number.writeUInt32BE(id);
  return Buffer.concat([header, number, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** The version's number in a ciphertext; null when it is none of ours. */
export function versionIn(ciphertext: Uint8Array): number | null {
  const bytes = Buffer.from(ciphertext);
  const least = header.length + 4 + nonceBytes + tagBytes;
  if (bytes.length < least || !bytes.subarray(0, header.length).equals(header)) return null;
  return bytes.readUInt32BE(header.length);
}

/** Null when the ciphertext or the context is not the one that was encrypted. */
export function decryptWith({ material }: Version, ciphertext: Uint8Array, context: Uint8Array): Buffer | null {
  if (material === null) return null;
  const body = Buffer.from(ciphertext).subarray(header.length + 4);
  const decipher = createDecipheriv('aes-256-gcm', material, body.subarray(0, nonceBytes))
    .setAAD(context)
    .setAuthTag(body.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(body.subarray(nonceBytes, -tagBytes)), decipher.final()]);
  } catch {
    return null;
  }
}
