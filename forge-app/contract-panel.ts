// What the backend tells the issue panel, as types only: see contract.ts.

import type { Trouble } from './contract.ts';

export interface Panel {
  /**
   * `none`: no profile covers the project. `waiting`: covered and not paired yet. `unlinked`: an admin let go of the work
   * item.
   */
  readonly status: 'none' | 'waiting' | 'paired' | 'orphaned' | 'unlinked';
  readonly profile: string | null;
  readonly workItem: { readonly id: string; readonly url: string } | null;
  readonly syncedAt: string | null;
  readonly problems: readonly (Trouble & { readonly subject: string | null })[];
  readonly maySync: boolean;
  /** The profile makes work items of new issues. */
  readonly mayCreate: boolean;
  /** An existing work item may be linked. */
  readonly mayLink: boolean;
  readonly mayUnlink: boolean;
}

/** The work item as it stands now. */
export interface Counterpart {
  readonly title: string | null;
  readonly type: string;
  readonly state: string;
  readonly assignee: string | null;
}
