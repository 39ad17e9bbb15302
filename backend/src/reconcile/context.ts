// What one run on a profile works with: the profile, both sides opened, the keys and the people. Made per job, from
// caches where they are fresh; holds no item.

import type { FingerprintKey } from '../sync/baseline.ts';
import type { BySide, Side } from '../sync/model.ts';
import { buildPeople, type PeopleIndex } from '../sync/people.ts';
import type { Profile } from '../sync/profile.ts';
import type { ConversionContext } from '../sync/richtext/context.ts';
import { keepCatalogs } from './keep-catalogs.ts';
import { mentionResolver } from './mentions.ts';
import type { Decision, EngineDeps, Hint, Scope, SideCatalog, SidePort } from './ports.ts';

export interface ProfileContext {
  readonly deps: EngineDeps;
  readonly scope: Scope;
  readonly profile: Profile;
  readonly sides: BySide<SidePort>;
  readonly catalogs: BySide<SideCatalog>;
  readonly people: PeopleIndex;
  readonly resolve: ConversionContext;
  readonly key: FingerprintKey;
  readonly sites: BySide<string>;
  /** What the run's job was told; empty or absent: look at everything. */
  readonly hints?: readonly Hint[];
  /** What the run looks for, as the timeline tells it. */
  readonly seen?: Decision['seen'];
}

/** Opens a profile whatever its status; null when it no longer exists. Throws SyncFailure when a side can't be read. */
export async function openProfile(deps: EngineDeps, scope: Scope, profileId: string): Promise<ProfileContext | null> {
  const profile = await deps.config.profile(scope, profileId);
  if (!profile) return null;
  return openContext(deps, scope, profile);
}

/** For previews: of a profile that runs the stored catalogs, however old, since loading them may write (keep-catalogs.ts). */
export async function openForPreview(deps: EngineDeps, scope: Scope, profile: Profile): Promise<ProfileContext> {
  const stored = profile.status === 'enabled' ? await deps.config.lastCatalogs(scope, profile.id) : null;
  return openContext(deps, scope, profile, stored ?? undefined);
}

/** The same for a profile that need not be stored: previews of unsaved settings. `fresh`: catalogs that were just loaded. */
export async function openContext(
  deps: EngineDeps,
  scope: Scope,
  profile: Profile,
  fresh?: BySide<SideCatalog>,
): Promise<ProfileContext> {
  const storedCatalogs = fresh ? Promise.resolve(fresh) : deps.config.catalogs(scope, profile.id);
  const [{ key, ...sides }, stored] = await Promise.all([deps.openSides(profile, storedCatalogs), storedCatalogs]);
  const catalogs = stored ?? (await loadCatalogs(deps, scope, profile, sides));
  const people = buildPeople(profile.settings.users, { jira: catalogs.jira.people, azure: catalogs.azure.people });
  return {
    deps,
    scope,
    profile,
    sides,
    catalogs,
    key,
    people,
    resolve: { people: mentionResolver(people) },
    sites: { jira: sides.jira.siteId, azure: sides.azure.siteId },
  };
}

/** Loads that are under way, so that the workers of one process ask for a profile's catalogs once. */
const loading = new WeakMap<EngineDeps, Map<string, Promise<BySide<SideCatalog>>>>();

export async function loadCatalogs(
  deps: EngineDeps,
  scope: Scope,
  profile: Profile,
  sides: BySide<SidePort>,
): Promise<BySide<SideCatalog>> {
  const loads = loading.get(deps) ?? new Map<string, Promise<BySide<SideCatalog>>>();
  loading.set(deps, loads);
  const key = `${profile.id} ${profile.revision}`;
  const load = loads.get(key) ?? loadFresh(deps, scope, profile, sides);
  loads.set(key, load);
  return load.finally(() => loads.delete(key));
}

async function loadFresh(
  deps: EngineDeps,
  scope: Scope,
  profile: Profile,
  sides: BySide<SidePort>,
): Promise<BySide<SideCatalog>> {
  const [jira, azure] = await Promise.all([sides.jira.catalog.load(), sides.azure.catalog.load()]);
  if (profile.status === 'enabled') return keepCatalogs(deps, scope, profile, sides, { jira, azure });
  await deps.config.saveCatalogs(scope, profile.id, { jira, azure });
  return { jira, azure };
}

/** Whether new items of a side get a counterpart. */
export const createsFrom = (profile: Profile, side: Side): boolean =>
  profile.settings.direction === 'both' ||
  profile.settings.direction === (side === 'jira' ? 'jira-to-azure' : 'azure-to-jira');

export const projectOf = (context: ProfileContext, side: Side): string => context.catalogs[side].project.key;

/** The part of it that every plan is made with. */
export const planContext = (context: ProfileContext) => ({
  profile: context.profile,
  key: context.key,
  people: context.people,
  catalogs: context.catalogs,
  resolve: context.resolve,
  now: context.deps.now(),
});
