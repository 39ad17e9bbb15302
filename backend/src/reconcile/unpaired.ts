// The items of one side that are in no pair, read in bulk; and those among them that an earlier state of ours has made.

import { normalText } from '../sync/fingerprint.ts';
import { fieldsToRead, type LinkFields, linkValue } from '../sync/link-fields.ts';
import { type BySide, type ItemSnapshot, type Marker, otherSide, type Side, sides } from '../sync/model.ts';
import { type ProfileContext, projectOf } from './context.ts';

/** What one bulk read takes on both sides. */
const batch = 100;

/** In the order of the inventory; what can't be read is left out. Throws SyncFailure. */
async function* unpairedItems(
  context: ProfileContext,
  side: Side,
  linkBy: LinkFields | null = null,
): AsyncGenerator<ItemSnapshot> {
  const { deps, scope, sites } = context;
  const { reader } = context.sides[side];
  let next: string | undefined;
  do {
    const page = await reader.inventory(next);
    const pairs = await deps.state.findPairs(scope, sites[side], side, page.ids);
    const unpaired = page.ids.filter((id) => !pairs.has(id));
    for (let start = 0; start < unpaired.length; start += batch) {
      const read = await reader.readMany(unpaired.slice(start, start + batch), fieldsToRead(linkBy, side));
      for (const outcome of read.values()) if (outcome.kind === 'found') yield outcome.item;
    }
    next = page.next;
  } while (next !== undefined);
}

/** What pairing needs of an item: a project's worth of them is kept in memory. */
export interface UnpairedItem {
  readonly side: Side;
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly projectKey: string;
  /** Normalized; null where it has none. */
  readonly title: string | null;
  readonly restricted: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** By which it is linked to an item that exists; null where it has none. */
  readonly linkValue: string | null;
  readonly createdBy?: string;
  readonly marker?: Marker;
  readonly markerUrl?: string;
}

const titleFields: BySide<string> = { jira: 'summary', azure: 'System.Title' };

export function unpairedItem(item: ItemSnapshot, linkValue: string | null = null): UnpairedItem {
  const { side, id, key, type, projectKey, restricted, createdAt, updatedAt, createdBy, marker, markerUrl } = item;
  const value = item.fields[titleFields[side]];
  return {
    side,
    id,
    key,
    type,
    projectKey,
    title: value?.kind === 'text' ? normalText(value.text) : null,
    restricted,
    createdAt,
    updatedAt,
    linkValue,
    ...(createdBy === undefined ? {} : { createdBy: createdBy.id }),
    ...(marker === undefined ? {} : { marker }),
    ...(markerUrl === undefined ? {} : { markerUrl }),
  };
}

export interface ReadUnpaired {
  readonly linkBy?: LinkFields | null;
  readonly goesOn?: () => boolean;
}

/** Of both sides; what was read so far when `goesOn` says that there is no time for all. Throws SyncFailure. */
export async function readUnpaired(
  context: ProfileContext,
  { linkBy = null, goesOn = () => true }: ReadUnpaired = {},
): Promise<BySide<readonly UnpairedItem[]>> {
  const found: BySide<UnpairedItem[]> = { jira: [], azure: [] };
  const pages = { jira: context.sides.jira.webUrl, azure: context.sides.azure.webUrl };
  for (const side of sides) {
    for await (const item of unpairedItems(context, side, linkBy)) {
      found[side].push(unpairedItem(item, linkBy && linkValue(item, linkBy, pages)));
      if (!goesOn()) return found;
    }
  }
  return found;
}

/** Whether the page of its source, as its marker tells it, lies in this profile's own project of the other side. */
export function namesOwnProject(context: ProfileContext, item: Pick<UnpairedItem, 'side' | 'markerUrl'>): boolean {
  const source = otherSide(item.side);
  const project = encodeURIComponent(projectOf(context, source));
  const home = { jira: `/browse/${project}-`, azure: `/${project}/_workitems/` }[source];
  const start = `${context.sides[source].webUrl}${home}`;
  return item.markerUrl?.toLowerCase().startsWith(start.toLowerCase()) ?? false;
}

/**
 * How many items our own account made for pairs that this store does not know: its state was lost, or another one keeps
 * them. An initial sync would take them for new items and make each of them twice. Throws SyncFailure.
 */
export async function countStrays(context: ProfileContext): Promise<number> {
  const { deps, scope } = context;
  let count = 0;
  for (const side of sides) {
    for await (const { marker, createdBy } of unpairedItems(context, side)) {
      if (!marker || createdBy?.id !== (await context.sides[side].accountId())) continue;
      if ((await deps.state.findByToken(scope, marker.token)) === null) count += 1;
    }
  }
  return count;
}
