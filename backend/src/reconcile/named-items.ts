// Looks up the pairs that the texts of some items name, so that a conversion can put the counterpart's name in their
// place. Asks the store once for each way of naming, and only where a text names anything.

import { type BySide, type ItemSnapshot, type Side, sides } from '../sync/model.ts';
import { isAwaited, type LinkResolver, type NamedItem, possibleNames } from '../sync/richtext/links.ts';
import type { ProfileContext } from './context.ts';
import type { ItemName, Pair } from './ports.ts';

/** The context for work on these items. Nothing that a text names is known to the context of the profile. */
export async function withNames(context: ProfileContext, items: readonly ItemSnapshot[]): Promise<ProfileContext> {
  const links = await resolverFor(context, namesIn(items));
  return { ...context, resolve: { ...context.resolve, links } };
}

function namesIn(items: readonly ItemSnapshot[]): BySide<readonly string[]> {
  const found = items.flatMap(textsOf).map(possibleNames);
  const all = (side: Side) => [...new Set(found.flatMap((names) => names[side]))];
  return { jira: all('jira'), azure: all('azure') };
}

function textsOf(item: ItemSnapshot): readonly string[] {
  const texts = [...Object.values(item.fields), ...(item.comments ?? []).map(({ body }) => body)];
  return texts.flatMap((value) => {
    if (value?.kind !== 'richText') return [];
    return [value.format === 'adf' ? JSON.stringify(value.adf) : value.text];
  });
}

async function resolverFor(context: ProfileContext, names: BySide<readonly string[]>): Promise<LinkResolver> {
  const { deps, scope, profile } = context;
  const [byKey, byNumber] = await Promise.all([
    names.jira.length === 0 ? new Map<string, Pair>() : deps.state.findPairsByKey(scope, names.jira),
    names.azure.length === 0
      ? new Map<string, Pair>()
      : deps.state.findPairs(scope, context.sites.azure, 'azure', names.azure),
  ]);
  const pairs = new Map<string, BySide<NamedItem>>();
  for (const pair of new Map([...byKey.values(), ...byNumber.values()].map((one) => [one.id, one])).values()) {
    const named = await namedItems(context, pair);
    if (named) for (const side of sides) pairs.set(`${side} ${named[side].key}`, named);
  }
  return {
    pairOf: (side, key) => pairs.get(`${side} ${key}`),
    sites: { jira: context.sides.jira.webUrl, azure: context.sides.azure.webUrl },
    project: profile.settings.jira.project,
  };
}

/** Both pages of a pair of this site and this organization; null for any other, and while it has no counterpart. */
async function namedItems(context: ProfileContext, pair: Pair): Promise<BySide<NamedItem> | null> {
  const { jira, azure } = pair.keys;
  if (pair.status !== 'paired' || jira === null || azure === null) return null;
  const project = await azureProject(context, pair);
  if (project === null) return null;
  const { sides: ports } = context;
  return {
    jira: { key: jira, url: `${ports.jira.webUrl}/browse/${encodeURIComponent(jira)}` },
    azure: {
      key: azure,
      url: `${ports.azure.webUrl}/${encodeURIComponent(project)}/_workitems/edit/${encodeURIComponent(azure)}`,
    },
  };
}

async function azureProject({ deps, scope, profile, sites }: ProfileContext, pair: Pair): Promise<string | null> {
  if (pair.profileId === profile.id) return profile.settings.azure.project;
  const claimed =
    pair.ids.azure === null ? null : await deps.state.findPair(scope, sites.azure, 'azure', pair.ids.azure);
  if (claimed?.id !== pair.id) return null;
  return (await deps.config.profile(scope, pair.profileId))?.settings.azure.project ?? null;
}

/** What the items' own texts name that has no pair yet, at most 50 a side. */
export function awaitedIn(context: ProfileContext, items: readonly ItemSnapshot[]): readonly ItemName[] {
  const { links } = context.resolve;
  if (links === undefined) return [];
  return items.flatMap((item) => {
    const names = [...new Set(textsOf(item).flatMap((text) => possibleNames(text)[item.side]))];
    return names
      .filter((name) => name !== item.key && isAwaited(item.side, name, links))
      .slice(0, 50)
      .map((name) => ({ side: item.side, name }));
  });
}
