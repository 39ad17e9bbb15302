// What the backend answers of how things go and what is to be told, as types only: notifications, drift, an undo, figures.
// test/forge-app/contract-watch.test.ts holds these against the backend's own schemas.

import type { Side } from './contract.ts';

export type NoticeChannel = 'webhook' | 'issue';
export type WebhookFormat = 'json' | 'slack' | 'teams';

export interface SentNotice {
  readonly id: string;
  readonly channel: NoticeChannel;
  readonly title: string;
  readonly at: string;
  readonly state: 'waiting' | 'arrived' | 'given-up';
  /** Why the last attempt failed: a code. */
  readonly failure: string | null;
}

export interface Notifications {
  readonly webhook: { readonly host: string; readonly format: WebhookFormat } | null;
  readonly issueKey: string | null;
  /** The newest first. */
  readonly recent: readonly SentNotice[];
}

export interface WebhookInput {
  readonly url: string;
  readonly format: WebhookFormat;
}

export interface SigningKey {
  /** Shown this once. */
  readonly signingKey: string;
}

export interface TriedNotification {
  readonly arrived: boolean;
  readonly failure: string | null;
}

export interface DriftTask {
  /** In the settings: `fields.3.azure`. */
  readonly path: string;
  readonly level: 'error' | 'warning';
  readonly problem: string;
  readonly remedy: string;
  readonly since: string;
}

export interface ProfileDrift {
  readonly profileId: string;
  readonly profile: string;
  readonly checkedAt: string;
  readonly tasks: readonly DriftTask[];
}

export type FigureRange = 'hours' | 'day' | 'week';

export interface FigurePoint {
  /** Start of the step. */
  readonly at: string;
  readonly changes: number;
  readonly failed: number;
  /** From the change on one side to that on the other. */
  readonly averageLagMs: number | null;
  readonly longestLagMs: number | null;
}

/** What the marks on both sites would pair again. */
export interface Adoption {
  /** False where there was no time to read both projects to their end: then nothing is known. */
  readonly complete: boolean;
  readonly count: number;
  /** Items of ours that stay without a pair; the first of them. */
  readonly left: readonly { readonly side: Side; readonly key: string }[];
}

export type KeptReason = 'touched' | 'gone' | 'busy' | 'refused';

export interface MadeCounterpart {
  readonly pairId: string;
  /** Of the counterpart. */
  readonly side: Side;
  readonly key: string;
  readonly sourceKey: string;
  /** Why it stays; null for one that can be, or was, removed. */
  readonly kept: KeptReason | null;
}

export interface UndoPage {
  readonly made: readonly MadeCounterpart[];
  readonly next: string | null;
}

export interface Undone {
  /** What there was no time for is not among them. */
  readonly undone: readonly MadeCounterpart[];
}
