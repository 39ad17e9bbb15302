// How a receiver knows that a webhook is Tandem's: docs/notifications.md tells it the same.

import { createHmac, randomBytes } from 'node:crypto';

/** 256 bits, shown to the admin once. */
export const newSigningKey = (): string => randomBytes(32).toString('base64url');

/** `seconds` since the epoch, as `X-Tandem-Timestamp` has it: an old message can't be sent again by others. */
export function signature(key: string, seconds: number, body: string): string {
  return `sha256=${createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex')}`;
}
