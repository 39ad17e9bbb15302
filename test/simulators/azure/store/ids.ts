// Stable identifiers made from names, so that two starts of the simulator with the same data look alike.
import { createHash } from 'node:crypto';

/** A GUID that depends on `name` only. */
export function guidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The subject descriptor of a directory user, as in `aad.NzIy…`. */
export const descriptorOf = (personId: string): string => `aad.${Buffer.from(personId).toString('base64url')}`;

/** A personal access token in the form that the service gives out since 2024: 84 characters, `AZDO` near the end. */
export function tokenOf(name: string): string {
  const material = createHash('sha512').update(`pat:${name}`).digest('base64url').replaceAll(/[-_]/g, 'x');
  return `${material.slice(0, 76).padEnd(76, 'x')}AZDO${createHash('sha256').update(name).digest('hex').slice(0, 4)}`;
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isGuid = (text: string): boolean => GUID.test(text);
