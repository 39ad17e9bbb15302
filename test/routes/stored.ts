// Puts into the stores what a run of the engine would leave there.

import type { ErrorRecord, Scope } from '../../backend/src/reconcile/ports.ts';
import type { Service } from '../../backend/src/service.ts';
import { type errorCodes, syncError } from '../../backend/src/sync/errors.ts';

export const errorRecord = (id: string, code: keyof typeof errorCodes = 'conflict', subject?: string): ErrorRecord => ({
  id,
  error: syncError(code, { side: 'azure', field: 'System.Title' }),
  ...(subject === undefined ? {} : { subject }),
  firstAt: 1_700_000_000_000,
  lastAt: 1_700_000_000_000,
  count: 1,
  ignored: false,
});

export interface StoredPair {
  readonly jira?: string;
  readonly azure?: string;
  readonly errors?: readonly ErrorRecord[];
}

/** A pair of two items, claimed; returns its id. */
export async function storedPair(
  { config, deps, state }: Service,
  scope: Scope,
  profileId: string,
  { jira = '10001', azure = '1', errors = [errorRecord('e1', 'conflict', 'summary')] }: StoredPair = {},
): Promise<string> {
  const installation = await config.installation(scope);
  const profile = await config.profileRecord(scope, profileId);
  const connection = profile && (await config.connection(scope, profile.azureConnectionId));
  if (!installation || !connection) throw new Error('the profile is not stored');
  const id = deps.newId();
  const sites = { jira: installation.cloudId, azure: connection.url };
  const taken = await state.createPair(scope, sites, {
    id,
    installationId: scope.installationId,
    profileId,
    status: 'paired',
    source: 'jira',
    ids: { jira, azure },
    keys: { jira: `TAN-${jira}`, azure },
    baseline: null,
    versions: { jira: { fields: { seq: 5 } }, azure: { fields: { seq: 7 } } },
    writeIntents: [],
    held: {},
    replaced: {},
    late: [],
    choices: {},
    errors,
    retry: null,
    dirty: false,
    syncedAt: 1_700_000_000_000,
  });
  if (taken) throw new Error('the items are in another pair');
  return id;
}
