// Loads a profile's catalogs anew when an item names a sprint, version, component or node that the stored ones don't know,
// and remembers people who have no counterpart, for the page that maps them. Both are asked of the sites and the store
// once for each name, however many items show it.

import { mapType } from '../sync/mapping.ts';
import { type BySide, type CommentSnapshot, type ItemSnapshot, otherSide, type Side } from '../sync/model.ts';
import { allowsTo, type FieldRule, fieldRules } from '../sync/rules.ts';
import { unknownNames } from '../sync/unknown-names.ts';
import { type SeenPerson, unmappedPeople } from '../sync/unmapped-people.ts';
import { loadCatalogs, openContext, type ProfileContext } from './context.ts';
import type { EngineDeps } from './ports.ts';

interface Seen {
  /** How often a name led to a fresh load. */
  readonly names: Map<string, number>;
  readonly people: Set<string>;
  since: number;
}

/** Of this process, by profile. */
const seen = new WeakMap<EngineDeps, Map<string, Seen>>();
const rememberedMs = 60 * 60 * 1000;
const mostRemembered = 10_000;

function seenOf({ deps, profile }: ProfileContext): Seen {
  const all = seen.get(deps) ?? new Map<string, Seen>();
  seen.set(deps, all);
  const key = `${profile.id} ${profile.revision}`;
  const known = all.get(key);
  const now = deps.now();
  if (known && now - known.since < rememberedMs && known.names.size + known.people.size < mostRemembered) return known;
  const fresh = { names: new Map<string, number>(), people: new Set<string>(), since: now };
  all.set(key, fresh);
  return fresh;
}

/** The context to plan these items with. */
export async function withFreshCatalogs(
  context: ProfileContext,
  items: readonly ItemSnapshot[],
): Promise<ProfileContext> {
  const rules = rulesFor(context, items);
  await rememberPeople(context, rules, items);
  const { names } = seenOf(context);
  // One that will be made is looked for again once it may be there.
  const unknown = items
    .flatMap((item) => unknownNames(rules, item))
    .filter(({ key, missing }) => (names.get(key) ?? 0) < (missing ? 2 : 1));
  if (unknown.length === 0) return context;
  for (const { key } of unknown) names.set(key, (names.get(key) ?? 0) + 1);
  const { deps, scope, profile, sides, hints, seen: looked } = context;
  const catalogs = await loadCatalogs(deps, scope, profile, sides);
  const fresh = await openContext(deps, scope, profile, catalogs);
  return { ...fresh, ...(hints === undefined ? {} : { hints }), ...(looked === undefined ? {} : { seen: looked }) };
}

function rulesFor({ profile, key, catalogs }: ProfileContext, items: readonly ItemSnapshot[]): readonly FieldRule[] {
  const [item] = items;
  if (item === undefined) return [];
  const { settings } = profile;
  const type = (side: Side): string | undefined => items.find((one) => one.side === side)?.type;
  const other = mapType(settings, item.side, item.type);
  const counterpart = type(otherSide(item.side)) ?? (other.kind === 'type' ? other.type : undefined);
  if (counterpart === undefined) return [];
  const types: BySide<string> =
    item.side === 'jira' ? { jira: item.type, azure: counterpart } : { jira: counterpart, azure: item.type };
  return fieldRules({ settings, key, catalogs }, types);
}

async function rememberPeople(
  context: ProfileContext,
  rules: readonly FieldRule[],
  items: readonly ItemSnapshot[],
): Promise<void> {
  const { people } = seenOf(context);
  for (const item of items) {
    const { side } = item;
    const known = context.catalogs[side].people;
    const names = (person: SeenPerson) => person.seenIn.map((place) => `${side} ${person.id} ${place}`);
    const unmapped = unmappedPeople(rules, item, travelling(context, item), context.people, known).filter((person) =>
      names(person).some((name) => !people.has(name)),
    );
    if (unmapped.length === 0) continue;
    await context.deps.config.rememberPeople(context.scope, side, unmapped);
    for (const name of unmapped.flatMap(names)) people.add(name);
  }
}

/** Of the comments that were read, those that get a copy. */
function travelling({ profile }: ProfileContext, { side, comments = [] }: ItemSnapshot): readonly CommentSnapshot[] {
  const { comments: rule, policies } = profile.settings;
  if (!rule.enabled || !allowsTo(rule.direction, otherSide(side))) return [];
  const hidden = (rule.restricted ?? policies.restricted) === 'skip';
  return comments.filter(({ restricted, marker }) => marker === undefined && !(restricted && hidden));
}
