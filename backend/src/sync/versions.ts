// Versions of the parts of an item: what tells an echo of our own write from news, without a call. Hints carry no truth:
// a doubtful one is never an echo.

import type { Aspect, BySide, Side, Version } from './model.ts';

/** That something may have changed: the part of an event that survives the cut. */
export interface ChangeHint {
  readonly side: Side;
  readonly itemId: string;
  readonly aspect: Aspect | 'deleted' | 'any';
  readonly version?: Version;
  readonly childId?: string;
}

interface ChildVersions {
  readonly source: Side;
  readonly sourceId: string;
  readonly targetId?: string;
  readonly sourceVersion: Version;
  readonly targetVersion?: Version;
}

/** How far a pair has been recorded. `children` may be left out when no hint names a child. */
export interface PairVersions {
  readonly versions: BySide<Readonly<Partial<Record<Aspect, Version>>>>;
  readonly children?: readonly ChildVersions[];
}

/**
 * Whether `seen` is no newer than `known`: by sequence number when both have one, else by time, else by the set of ids.
 * Without anything to compare it counts as newer.
 */
export function notNewer(seen: Version, known: Version | undefined): boolean {
  if (known === undefined) return false;
  if (seen.seq !== undefined && known.seq !== undefined) return seen.seq <= known.seq;
  if (seen.at !== undefined && known.at !== undefined) return seen.at <= known.at;
  return seen.set !== undefined && seen.set === known.set;
}

/** A hint that tells no more than the pair has recorded: it ends here, with no call to either side. */
export function isEcho(hint: ChangeHint, pair: PairVersions): boolean {
  const gone = hint.aspect === 'comments' ? /^-(.*)/.exec(hint.childId ?? '')?.[1] : undefined;
  // A comment that nothing is recorded of was never copied, or is gone on both sides.
  if (gone !== undefined) return recordOf(hint.side, gone, pair) === undefined;
  if (hint.version === undefined) return false;
  switch (hint.aspect) {
    case 'any':
    case 'deleted':
      return false;
    case 'fields':
    case 'attachments':
    case 'links':
      return notNewer(hint.version, pair.versions[hint.side][hint.aspect]);
    case 'comments':
      return notNewer(
        hint.version,
        hint.childId === undefined ? pair.versions[hint.side].comments : childVersion(hint.side, hint.childId, pair),
      );
    default: {
      const never: never = hint.aspect;
      return never;
    }
  }
}

const recordOf = (side: Side, id: string, { children = [] }: PairVersions): ChildVersions | undefined =>
  children.find((child) => (child.source === side ? child.sourceId : child.targetId) === id);

/** None of one whose copy is not made yet: what is recorded of it is an intent. */
function childVersion(side: Side, id: string, pair: PairVersions): Version | undefined {
  const child = recordOf(side, id, pair);
  if (child?.targetId === undefined) return undefined;
  return child.source === side ? child.sourceVersion : child.targetVersion;
}

/** The later of two versions of one aspect, part by part: neither number is ever lowered. The set is the second's, if it has one. */
export function newerVersion(a: Version | undefined, b: Version | undefined): Version {
  const seq = greatest(a?.seq, b?.seq);
  const at = greatest(a?.at, b?.at);
  const set = b?.set ?? a?.set;
  return {
    ...(seq === undefined ? {} : { seq }),
    ...(at === undefined ? {} : { at }),
    ...(set === undefined ? {} : { set }),
  };
}

const greatest = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : Math.max(a, b);

/**
 * Joins the hints of two jobs of one pair: the greatest version per side, item, aspect and child. Versions that hold
 * different parts can't be ranked against each other, so they stay apart, and so does a hint without a version, which
 * always leads to a read: joining never hides a change.
 */
export function mergeHints<H extends ChangeHint>(a: readonly H[], b: readonly H[]): readonly H[] {
  const merged = new Map<string, H>();
  for (const hint of [...a, ...b]) {
    const { side, itemId, aspect, childId = null, version } = hint;
    const parts = version && [version.seq !== undefined, version.at !== undefined, version.set ?? null];
    const id = JSON.stringify([side, itemId, aspect, childId, parts]);
    const present = merged.get(id)?.version;
    merged.set(id, present && version ? { ...hint, version: newerVersion(present, version) } : hint);
  }
  return [...merged.values()];
}
