// What a run would do to the links of an item, and which of them wait for a counterpart of the item at their other end.
// Writes nothing.

import type { SyncError } from '../sync/errors.ts';
import { type LinkedPair, type LinkOperation, planLinks } from '../sync/links.ts';
import { type BySide, type ItemSnapshot, type LinkSnapshot, type Side, sides } from '../sync/model.ts';
import type { Operation } from '../sync/plan.ts';
import { waitingLinks } from '../sync/waiting-links.ts';
import type { ProfileContext } from './context.ts';
import { counterpartLinks } from './counterpart-links.ts';
import { linkedPairs, provenRemovals } from './linked-items.ts';
import type { ItemName, Pair } from './ports.ts';
import { refusedAsBefore } from './refused-links.ts';

export interface PlannedLinks {
  readonly operations: readonly Operation[];
  readonly errors: readonly SyncError[];
  /** By the name that people give the item: its key. */
  readonly waitsFor: readonly ItemName[];
}

const none: PlannedLinks = { operations: [], errors: [], waitsFor: [] };

/** Of a pair, or of a source whose counterpart does not exist yet. `web`: Jira's web links too, a call for each issue. */
export async function previewLinks(
  context: ProfileContext,
  read: BySide<ItemSnapshot | null>,
  pair: Pair | null,
  web: boolean,
): Promise<PlannedLinks> {
  const { settings } = context.profile;
  if (!settings.links.enabled) return none;
  const records = pair ? await context.deps.state.children(context.scope, pair.id, 'link') : [];
  const remote = await webLinks(context, read.jira, web);
  const links = { jira: [...(read.jira?.links ?? []), ...(remote ?? [])], azure: read.azure?.links ?? [] };
  const pairs = await linkedPairs(context, links);
  const pairOf = (side: Side, id: string) => pairs.get(`${side} ${id}`);
  const itemIds = { jira: read.jira?.id ?? '', azure: read.azure?.id ?? '' };
  const both = read.jira && read.azure ? { jira: read.jira, azure: read.azure } : null;
  const plan = planLinks({
    settings,
    key: context.key,
    itemIds,
    links,
    webLinksRead: remote !== null,
    pages: { jira: read.jira?.url ?? '', azure: read.azure?.url ?? '' },
    records,
    pairOf,
    catalogs: context.catalogs,
    alone: both === null,
  });
  const refused =
    both && pair ? refusedAsBefore(context, pair, both, plan.operations) : new Map<LinkOperation, never>();
  const open = await provenRemovals(
    context,
    plan.operations.filter((one) => !refused.has(one)),
  );
  const extra = both && pair ? counterpartLinks(settings, pair, both, links, records) : [];
  const keyOf = keysOf([...pairs.values()]);
  return {
    operations: [...open, ...extra].map((one) => shownLink(one, keyOf)),
    errors: [...plan.errors.map(({ error }) => error), ...refused.values()],
    waitsFor: waitingLinks({ settings, links, pairOf, itemIds }).map(({ side, link }) => ({
      side,
      name: link.targetKey ?? link.target,
    })),
  };
}

/** Null where they were not read. An issue that does not exist yet has none. */
async function webLinks(
  context: ProfileContext,
  issue: ItemSnapshot | null,
  web: boolean,
): Promise<readonly LinkSnapshot[] | null> {
  if (issue === null) return [];
  const { reader } = context.sides.jira;
  return web && context.profile.settings.links.remote && reader.webLinks ? reader.webLinks(issue.id) : null;
}

type KeyOf = (side: Side, id: string) => string | undefined;

function keysOf(pairs: readonly (LinkedPair & Pick<Pair, 'keys'>)[]): KeyOf {
  const keys = new Map(
    pairs.flatMap(({ ids, keys: own }) => sides.map((side) => [`${side} ${ids[side]}`, own[side]] as const)),
  );
  return (side, id) => keys.get(`${side} ${id}`) ?? undefined;
}

function shownLink(one: LinkOperation, keyOf: KeyOf): Operation {
  const { side } = one;
  const { type, direction, target } = one.kind === 'add' ? one : one.link;
  const key = (one.kind === 'remove' ? one.link.targetKey : undefined) ?? keyOf(side, target) ?? target;
  return { kind: `${one.kind}-link`, side, type, direction, target: key };
}
