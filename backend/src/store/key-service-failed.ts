// How a key service fails, told apart from a secret that can't be read: the secrets are well, only not at this moment or not
// for us.

/**
 * `unavailable` and `corrupted` pass by themselves. `denied`: our account lacks a right. `missing`: no such key. `unusable`: its
 * version is disabled or destroyed.
 */
export type KeyServiceReason = 'unavailable' | 'corrupted' | 'denied' | 'missing' | 'unusable';

const words: Readonly<Record<KeyServiceReason, string>> = {
  unavailable: 'does not answer now; it is asked again by the next job or request',
  corrupted: 'gave answers whose checksums do not hold, several times; something on the way changes them',
  denied:
    'refuses this account: grant it roles/cloudkms.cryptoKeyEncrypterDecrypter and cloudkms.cryptoKeys.get on the key',
  missing: 'knows no such key: look at the name, and at the region in it',
  unusable: 'has disabled or destroyed the version of the key that is needed: enable it, or make another one primary',
};

export class KeyServiceFailed extends Error {
  readonly reason: KeyServiceReason;
  /** What logs and answers tell it by. */
  readonly code: string;
  constructor(reason: KeyServiceReason, keyName: string, options?: ErrorOptions) {
    super(`Cloud KMS ${words[reason]} (${keyName})`, options);
    this.name = 'KeyServiceFailed';
    this.reason = reason;
    this.code = `kms-${reason}`;
  }
  /** A later attempt may go well without anybody's doing. */
  get passing(): boolean {
    return this.reason === 'unavailable' || this.reason === 'corrupted';
  }
}
