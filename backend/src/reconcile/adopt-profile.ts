// Rebuilds a profile's pairs when somebody asks for it: after a restore, or before the first sync of a new installation.
// adoption.ts says what is adopted.

import { type AdoptionPlan, type AdoptOptions, isUndecided, planAdoption, storeAdoption } from './adoption.ts';
import { openContext, type ProfileContext } from './context.ts';
import { adoptionIsDone } from './initial-sync.ts';
import { readUnpaired } from './unpaired.ts';

/**
 * What would be adopted. Null when `goesOn` says that there is no time to read both sides to their end: only then it shows
 * which item is the only one for its source. Throws SyncFailure.
 */
export async function previewAdoption(
  context: ProfileContext,
  options: AdoptOptions,
  goesOn: () => boolean = () => true,
): Promise<AdoptionPlan | null> {
  // Without proof, two profiles of the same projects are told apart by their filters alone.
  const wide = options.keyLost ? context : await withoutFilters(context);
  const unpaired = await readUnpaired(wide, { goesOn });
  return goesOn() ? planAdoption(wide, unpaired, options) : null;
}

export interface AdoptionResult {
  readonly plan: AdoptionPlan;
  /** How many pairs were made. */
  readonly adopted: number;
}

/** What was adopted before is in a pair, so that it may run again. Throws SyncFailure. */
export async function adoptProfile(context: ProfileContext, options: AdoptOptions): Promise<AdoptionResult> {
  const plan = (await previewAdoption(context, options)) ?? { pairs: [], left: [] };
  const adopted = await storeAdoption(context, plan, options);
  if (options.keyLost || !isUndecided(plan)) await adoptionIsDone(context);
  return { plan, adopted };
}

/** What left the filter is in its pair all the same. */
async function withoutFilters(context: ProfileContext): Promise<ProfileContext> {
  const { deps, scope, profile, catalogs } = context;
  const { jira, azure } = profile.settings;
  if (jira.filter === undefined && azure.filter === undefined) return context;
  const { filter: _, ...wideJira } = jira;
  const { filter: __, ...wideAzure } = azure;
  const settings = { ...profile.settings, jira: wideJira, azure: wideAzure };
  return openContext(deps, scope, { ...profile, settings }, catalogs);
}
