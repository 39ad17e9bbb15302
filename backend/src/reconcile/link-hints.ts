// Hints of single links, judged by what the store knows, before any side is read: echoes of our own writes end here, and
// what concerns the pair at the link's other end is passed on to it.

import { linkRules, rulesFor } from '../sync/link-rules.ts';
import { type LinkedPair, mirrored, ownsLink } from '../sync/links.ts';
import type { LinkSnapshot, Side } from '../sync/model.ts';
import type { ProfileContext } from './context.ts';
import type { ChildPair, Hint, Pair } from './ports.ts';

/** The hints that this pair has to look at. */
export async function ownLinkHints(
  context: ProfileContext,
  pair: Pair,
  hints: readonly Hint[],
): Promise<readonly Hint[]> {
  const kept: Hint[] = [];
  for (const hint of hints) {
    const told = toldLink(hint);
    if (told === undefined || (await judge(context, pair, hint, told)) === 'news') kept.push(hint);
  }
  return kept;
}

interface ToldLink {
  readonly sign: '+' | '-';
  readonly identity: string;
}

function toldLink({ aspect, childId }: Hint): ToldLink | undefined {
  const [, sign, identity] = /^([+-])(.+)$/.exec(childId ?? '') ?? [];
  if (aspect !== 'links' || identity === undefined) return undefined;
  return { sign: sign === '+' ? '+' : '-', identity };
}

/**
 * `known`: this pair, or the one at the other end, has recorded that the link is there (`+`) or that it is not (`-`).
 * `passed`: the other pair owns it and has a job now.
 */
async function judge(
  context: ProfileContext,
  pair: Pair,
  hint: Hint,
  { sign, identity }: ToldLink,
): Promise<'known' | 'passed' | 'news'> {
  const { deps, scope, sites } = context;
  const knows = (records: readonly ChildPair[], wanted: string) =>
    records.some((record) => record.targetId !== undefined && identityOn(record, hint.side) === wanted);
  if (knows(await deps.state.children(scope, pair.id, 'link'), identity)) return sign === '+' ? 'known' : 'news';
  const far = mirrored(hint.side, identity, hint.itemId);
  const other = far && (await deps.state.findPair(scope, sites[hint.side], hint.side, far.item));
  const there = other ? knows(await deps.state.children(scope, other.id, 'link'), far.identity) : false;
  if (other?.status === 'paired' && far && there === (sign === '-') && isOwner(context, hint.side, other, pair, far)) {
    const itemId = far.item;
    const passed = { ...hint, itemId, childId: `${sign}${far.identity}` };
    await deps.queue.addItems([
      { ...scope, profileId: other.profileId, pairId: other.id, side: hint.side, itemId, hints: [passed] },
    ]);
    return 'passed';
  }
  if (sign === '+') return there ? 'known' : 'news';
  // A link that was refused has an error and no record: the error goes with the link.
  const failed = pair.errors.some(({ subject }) => subject?.startsWith('link:'));
  return there || failed ? 'news' : 'known';
}

/** Whether `pair` keeps the link to `far` the same, by the profile's rules. A type that no rule names has no owner. */
function isOwner(
  { profile, catalogs }: ProfileContext,
  side: Side,
  pair: Pair,
  far: Pair,
  { identity, item }: { readonly identity: string; readonly item: string },
): boolean {
  const [own, others] = [pairIds(pair), pairIds(far)];
  const [, type = '', direction] = /^(.+?)\|(?:(outward|inward)\|)?\d+$/.exec(identity) ?? [];
  if (!own || !others) return false;
  const name = side === 'azure' ? type : (catalogs.jira.linkTypes?.find(({ id }) => id === type)?.name ?? type);
  const link: LinkSnapshot = {
    id: identity,
    type: name,
    direction: direction === 'inward' ? 'inward' : 'outward',
    target: item,
    identity,
  };
  const [ruled] = rulesFor(linkRules(profile.settings), side, link);
  return ruled !== undefined && ownsLink(ruled, own.ids.jira, others.ids.jira);
}

function pairIds({ id, ids }: Pair): LinkedPair | null {
  return ids.jira === null || ids.azure === null ? null : { id, ids: { jira: ids.jira, azure: ids.azure } };
}

export const identityOn = (record: ChildPair, side: Side): string | undefined =>
  record.source === side ? record.sourceId : record.targetId;
