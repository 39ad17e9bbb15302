// The key-encryption key in Cloud KMS: data keys are wrapped and unwrapped by calls to it and the key itself never leaves it.
// One machine has a file instead (key-file.ts).

import { setTimeout as delay } from 'node:timers/promises';
import type { KeyManagementServiceClient } from '@google-cloud/kms';
import { crc32c } from './crc32c.ts';
import { statusOf } from './grpc-status.ts';
import { KeyServiceFailed, type KeyServiceReason } from './key-service-failed.ts';
import type { KeyEncryption } from './secrets.ts';

export interface KmsOptions {
  readonly client: Pick<KeyManagementServiceClient, 'encrypt' | 'decrypt' | 'getCryptoKey'>;
  /** `projects/…/locations/…/keyRings/…/cryptoKeys/…` */
  readonly keyName: string;
  /** Waits between attempts, ms. */
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** Of one attempt; a wrapped key is some hundred bytes. */
const attemptMs = 5_000;
const attempts = 3;
const firstPauseMs = 100;

/** gRPC's status codes: https://grpc.io/docs/guides/status-codes/ */
const status = { invalid: 3, late: 4, missing: 5, denied: 7, exhausted: 8, unusable: 9, internal: 13, unavailable: 14 };

/** https://cloud.google.com/kms/docs/reference/rpc/google.rpc#google.rpc.Code and docs/key-states for the precondition. */
const reasons: ReadonlyMap<unknown, KeyServiceReason> = new Map<unknown, KeyServiceReason>([
  [status.late, 'unavailable'],
  [status.unavailable, 'unavailable'],
  [status.internal, 'unavailable'],
  [status.exhausted, 'unavailable'],
  [status.denied, 'denied'],
  [16, 'denied'],
  [status.missing, 'missing'],
  [status.unusable, 'unusable'],
]);

/** Wrapped keys name their format and the key's version, so that those of an older version are found without a call. */
const format = 'kms';

export const wrappedByKms = (wrapped: string): boolean => wrapped.startsWith(`${format}.`);

/** What a checksum arrives as: 64 bits, in the form that the client's library chose. */
type Checksum = { readonly value?: unknown } | null | undefined;

const holds = (checksum: Checksum, bytes: Uint8Array): boolean => String(checksum?.value) === String(crc32c(bytes));

const bytesOf = (field: Uint8Array | string | null | undefined): Uint8Array =>
  typeof field === 'string' ? Buffer.from(field, 'base64') : (field ?? new Uint8Array());

/** Bound to the ciphertext: what was wrapped for one installation does not unwrap as another's. */
const contextOf = (installationId: string) => Buffer.from(JSON.stringify(['data key', installationId]));

export function kmsKeys({ client, keyName, pause = delay }: KmsOptions): KeyEncryption {
  const options = { timeout: attemptMs, retry: null };

  /**
   * Again after what passes by itself, and after an answer whose checksums don't hold: a limited number of times, as
   * https://cloud.google.com/kms/docs/data-integrity-guidelines asks. `call` gives null for such an answer.
   */
  async function asked<T>(call: () => Promise<T | null>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      let failure: KeyServiceFailed;
      try {
        const answer = await call();
        if (answer !== null) return answer;
        failure = new KeyServiceFailed('corrupted', keyName);
      } catch (cause) {
        const reason = reasons.get(statusOf(cause));
        if (reason === undefined) throw cause;
        failure = new KeyServiceFailed(reason, keyName, { cause });
      }
      if (attempt === attempts || !failure.passing) throw failure;
      await pause(firstPauseMs * 4 ** (attempt - 1));
    }
  }

  const versionOf = (name: string | null | undefined): string | null => {
    const version = name?.startsWith(`${keyName}/cryptoKeyVersions/`) ? name.split('/').at(-1) : undefined;
    return version === undefined || !/^\d+$/.test(version) ? null : version;
  };

  const parse = (wrapped: string): { readonly version: string; readonly ciphertext: Uint8Array } => {
    const [name, version, encoded, ...more] = wrapped.split('.');
    if (name !== format || version === undefined || encoded === undefined || more.length > 0) {
      throw new Error('the data key is not one that Cloud KMS wrapped');
    }
    return { version, ciphertext: Buffer.from(encoded, 'base64url') };
  };

  return {
    wrap(installationId, dataKey) {
      const context = contextOf(installationId);
      return asked(async () => {
        const [answer] = await client.encrypt(
          {
            name: keyName,
            plaintext: dataKey,
            plaintextCrc32c: { value: crc32c(dataKey) },
            additionalAuthenticatedData: context,
            additionalAuthenticatedDataCrc32c: { value: crc32c(context) },
          },
          options,
        );
        const ciphertext = bytesOf(answer.ciphertext);
        const version = versionOf(answer.name);
        const whole =
          answer.verifiedPlaintextCrc32c === true &&
          answer.verifiedAdditionalAuthenticatedDataCrc32c === true &&
          holds(answer.ciphertextCrc32c, ciphertext);
        return whole && version !== null && ciphertext.length > 0
          ? `${format}.${version}.${Buffer.from(ciphertext).toString('base64url')}`
          : null;
      });
    },

    async unwrap(installationId, wrapped) {
      const { ciphertext } = parse(wrapped);
      const context = contextOf(installationId);
      return asked(async () => {
        const [answer] = await client.decrypt(
          {
            name: keyName,
            ciphertext,
            ciphertextCrc32c: { value: crc32c(ciphertext) },
            additionalAuthenticatedData: context,
            additionalAuthenticatedDataCrc32c: { value: crc32c(context) },
          },
          options,
        );
        const plain = bytesOf(answer.plaintext);
        return holds(answer.plaintextCrc32c, plain) && plain.length > 0 ? plain : null;
      });
    },

    async newest() {
      const version = await asked(async () => {
        const [key] = await client.getCryptoKey({ name: keyName }, options);
        return versionOf(key.primary?.name);
      });
      return (_installationId, wrapped) => wrapped.startsWith(`${format}.${version}.`);
    },
  };
}
