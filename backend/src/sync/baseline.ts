// What a pair remembers of the last agreement: keyed fingerprints, never values.

/** HMAC-SHA-256 (base64url) over side, item, field and normal form. */
export type Fingerprint = string;

/** Stands for a value that never agreed: differs from every real fingerprint, so the side counts as changed. */
export const neverAgreed: Fingerprint = '';

/** Ordered block fingerprints of each side and which block of one stands for which of the other. */
export interface RichTextBaseline {
  readonly jira: readonly Fingerprint[];
  readonly azure: readonly Fingerprint[];
  /** Index pairs [jira block, azure block], ascending in both. */
  readonly pairs: readonly (readonly [number, number])[];
  /** Names of the other side's items that stand on a side until they have a pair: keys of issues, numbers of work items. */
  readonly waits?: { readonly jira?: readonly string[]; readonly azure?: readonly string[] };
}

export interface FieldBaseline {
  /** Fingerprint of the mapping's own rule: an edited mapping makes the baseline incomparable. */
  readonly rule: Fingerprint;
  readonly jira: Fingerprint;
  readonly azure: Fingerprint;
  /** For set-like fields: the agreed elements as pairs; `null` for one that the other side cannot express. */
  readonly elements?: readonly (readonly [Fingerprint | null, Fingerprint | null])[];
  readonly richText?: RichTextBaseline;
}

export interface Baseline {
  /** Version of the normal forms; another one makes everything incomparable. */
  readonly normalizer: number;
  readonly keyId: string;
  /** By mapping id. */
  readonly fields: Readonly<Record<string, FieldBaseline>>;
}

/** The installation's fingerprint key. `id` names it in baselines; `secret` is 32 bytes. */
export interface FingerprintKey {
  readonly id: string;
  readonly secret: Uint8Array;
}

/** A write that was sent and not yet confirmed: its fingerprints tell our own change from a person's. */
export interface WriteIntent {
  readonly side: import('./model.ts').Side;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The target's fields version that was read before the write. */
  readonly base: import('./model.ts').Version;
  /** Fingerprints of what was sent, by mapping id. */
  readonly fields: Readonly<Record<string, Fingerprint>>;
}
