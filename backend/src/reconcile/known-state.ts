// Before a counterpart is created: whether the table of pairs may have been lost. A profile that has created before, and of which
// not one pair and no initial sync is known, gets its pairs back from the markers first, or stops until a person tells.

import { SyncFailure, syncError } from '../sync/errors.ts';
import { isUndecided, planAdoption, storeAdoption } from './adoption.ts';
import type { ProfileContext } from './context.ts';
import type { EngineDeps } from './ports.ts';
import { readUnpaired } from './unpaired.ts';

/** A store that is lost while a process runs is noticed after so many ms. */
const freshMs = 60_000;

interface Check {
  readonly at: number;
  readonly done: Promise<void>;
}

/** The workers of one process look once. */
const checks = new WeakMap<EngineDeps, Map<string, Check>>();

/** Throws SyncFailure: `state-lost`, or why a site can't be read. */
export async function requireKnownState(context: ProfileContext): Promise<void> {
  const { deps, profile } = context;
  const known = checks.get(deps) ?? new Map<string, Check>();
  checks.set(deps, known);
  const last = known.get(profile.id);
  if (last && deps.now() - last.at < freshMs) return last.done;
  const check = { at: deps.now(), done: adoptLost(context) };
  known.set(profile.id, check);
  return check.done.catch((thrown: unknown) => {
    if (known.get(profile.id) === check) known.delete(profile.id);
    throw thrown;
  });
}

async function adoptLost(context: ProfileContext): Promise<void> {
  const { deps, scope, profile } = context;
  const { pairs } = await deps.state.listPairs(scope, profile.id, { limit: 1 });
  if (pairs.length > 0 || (await deps.state.getInitialSync(scope, profile.id)) !== null) return;
  const options = { keyLost: false };
  const plan = await planAdoption(context, await readUnpaired(context), options);
  const adopted = await storeAdoption(context, plan, options);
  const ids = { installation: scope.installationId, profile: profile.id };
  if (adopted > 0) deps.log.warn({ ...ids, count: adopted }, 'the pairs were lost, and rebuilt from the markers');
  if (isUndecided(plan)) throw new SyncFailure(syncError('state-lost'), { mayHaveLanded: false });
}
