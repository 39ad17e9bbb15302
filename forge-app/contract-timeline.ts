// What the backend tells of one item, as types only: see contract.ts.

import type { Side, Trouble } from './contract.ts';

export interface Decision {
  readonly at: string;
  readonly what: string;
  readonly seen: readonly { readonly by: string; readonly side: Side | null; readonly aspect: string | null }[];
  readonly operations: readonly {
    readonly side: Side;
    readonly kind: string;
    readonly fields: readonly string[];
    readonly from: string | null;
    readonly to: string | null;
    readonly child: string | null;
  }[];
  readonly rules: readonly { readonly mapping: string; readonly rule: string }[];
  readonly codes: readonly { readonly code: string; readonly subject: string | null }[];
  readonly more: number;
}

export interface FoundTimeline {
  readonly pairId: string;
  readonly jiraKey: string | null;
  readonly azureId: string | null;
  readonly jiraUrl: string | null;
  readonly azureUrl: string | null;
  readonly profile: string;
  readonly status: 'creating' | 'paired' | 'orphaned';
  readonly syncedAt: string | null;
  readonly problems: readonly (Trouble & { readonly subject: string | null })[];
  /** Newest first. */
  readonly decisions: readonly Decision[];
}
