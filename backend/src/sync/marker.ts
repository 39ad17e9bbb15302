// The token that Tandem leaves on what it creates. It proves which installation and profile made the thing, and from
// which source; that a person's copy of an item carries it along is the engine's to tell.

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FingerprintKey } from './baseline.ts';
import type { Side } from './model.ts';

export interface TokenSubject {
  readonly installationId: string;
  readonly profileId: string;
  /** The side of the source, not of the created thing. */
  readonly side: Side;
  /** Item id; for a comment or an attachment `<item id>/<child id>`. */
  readonly sourceId: string;
  /** Letters, digits, `-` and `_`; random, from the caller. */
  readonly nonce: string;
}

const version = 'tandem1';
const noncePattern = /^[A-Za-z0-9_-]{1,64}$/;
const tokenPattern = /^tandem1\.([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{22})$/;

/** Finds a token inside a longer text, such as an address or a link's comment. */
export const tokenIn = (text: string): string | undefined =>
  /tandem1\.[A-Za-z0-9_-]{1,64}\.[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])/.exec(text)?.[0];

/** `tandem1.<nonce>.<mac>`, the mac cut to 128 bits. Throws a RangeError for a nonce of other characters. */
export function makeToken(key: FingerprintKey, subject: TokenSubject): string {
  if (!noncePattern.test(subject.nonce)) throw new RangeError('A nonce has 1 to 64 letters, digits, "-" or "_".');
  return `${version}.${subject.nonce}.${mac(key, subject)}`;
}

/** True only for a token that this installation's key made for exactly this source. Takes the same time either way. */
export function verifyToken(key: FingerprintKey, token: string, subject: Omit<TokenSubject, 'nonce'>): boolean {
  const parts = tokenPattern.exec(token);
  const [nonce, given] = [parts?.[1], parts?.[2]];
  if (nonce === undefined || given === undefined) return false;
  return timingSafeEqual(Buffer.from(given), Buffer.from(mac(key, { ...subject, nonce })));
}

function mac(key: FingerprintKey, subject: TokenSubject): string {
  const text = JSON.stringify([
    version,
    subject.installationId,
    subject.profileId,
    subject.side,
    subject.sourceId,
    subject.nonce,
  ]);
  return createHmac('sha256', key.secret).update(text).digest().subarray(0, 16).toString('base64url');
}
