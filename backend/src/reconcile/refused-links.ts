// Links that a service refused before: not sent again until the links of the pair change, or an admin has taken the error
// away.

import type { SyncError } from '../sync/errors.ts';
import { type LinkOperation, linkIdentity } from '../sync/links.ts';
import { type BySide, type ItemSnapshot, sides } from '../sync/model.ts';
import type { ProfileContext } from './context.ts';
import type { Pair } from './ports.ts';

/** Under which the errors of a link are kept. */
export function linkSubject(
  context: ProfileContext,
  read: BySide<{ readonly id: string }>,
  one: LinkOperation,
): string {
  const itemIds = { jira: read.jira.id, azure: read.azure.id };
  const id = one.kind === 'add' ? one.sourceId : linkIdentity({ key: context.key, itemIds }, one.side, one.link);
  return `link:${id}`;
}

/** Of the operations, those that are refused as before, with the error. */
export function refusedAsBefore(
  context: ProfileContext,
  { errors, versions }: Pick<Pair, 'errors' | 'versions'>,
  read: BySide<ItemSnapshot>,
  operations: readonly LinkOperation[],
): ReadonlyMap<LinkOperation, SyncError> {
  // What is not known changed by our own write, of which this is the first read.
  const changed = sides.some(
    (side) => versions[side].links !== undefined && versions[side].links?.set !== read[side].versions.links?.set,
  );
  const refused = new Map<LinkOperation, SyncError>();
  for (const one of changed ? [] : operations) {
    const subject = linkSubject(context, read, one);
    const known = errors.find((record) => record.subject === subject && record.error.code === 'link-refused');
    if (known) refused.set(one, known.error);
  }
  return refused;
}
