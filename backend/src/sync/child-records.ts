// What is remembered of the children of a pair, comments, attachments and links, and the form in which their plans come.

import type { Fingerprint } from './baseline.ts';
import type { SyncError } from './errors.ts';
import type { TokenSubject } from './marker.ts';
import type { BySide, FileRecord, Side, Version } from './model.ts';
import type { Operation } from './plan.ts';
import type { Profile } from './profile.ts';

/** What is remembered of a comment, attachment or link and its copy. */
export interface ChildRecord {
  readonly kind: 'comment' | 'attachment' | 'link';
  readonly source: Side;
  readonly sourceId: string;
  /** Absent while the creation is in flight. */
  readonly targetId?: string;
  readonly token: string;
  readonly sourceVersion: Version;
  readonly targetVersion?: Version;
  readonly bodies?: BySide<Fingerprint>;
  /** Epoch ms of the creation intent. */
  readonly intentAt: number;
  /** Of an attachment. */
  readonly file?: FileRecord;
}

/** A copy that was found, to be recorded: its creation had been answered to nobody. */
export interface FoundChild {
  readonly source: Side;
  readonly sourceId: string;
  readonly targetId: string;
  /** Of the marker or the open intent; absent for a file that was there before, which matched by name and size. */
  readonly token?: string;
}

export interface ChildrenPlan {
  readonly operations: readonly Operation[];
  /** Record these first: their creation is done. */
  readonly found: readonly FoundChild[];
  /** Pairs that agree as they stand, although their record says otherwise. */
  readonly agreed: readonly {
    readonly source: Side;
    readonly sourceId: string;
    readonly bodies: BySide<Fingerprint>;
  }[];
  /** Both are gone, or no longer belong together. */
  readonly forgotten?: readonly Pick<ChildRecord, 'source' | 'sourceId'>[];
  /** Source ids whose creation may still land: look again later. */
  readonly waiting: readonly string[];
  /** `field` is the source's id. */
  readonly errors: readonly SyncError[];
}

/** Whom the token of a copy speaks of. */
export const childSubject = (
  profile: Pick<Profile, 'id' | 'installationId'>,
  source: Side,
  itemId: string,
  childId: string,
): Omit<TokenSubject, 'nonce'> => ({
  installationId: profile.installationId,
  profileId: profile.id,
  side: source,
  sourceId: `${itemId}/${childId}`,
});
