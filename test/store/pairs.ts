// Makes pairs for the stores' tests.

import type { ChildPair, CreateIntent, ErrorRecord, Pair, Scope } from '../../backend/src/reconcile/ports.ts';
import { unsynced } from '../../backend/src/reconcile/unsynced.ts';
import { syncError } from '../../backend/src/sync/errors.ts';

export const sites = { jira: 'cloud-1', azure: 'https://dev.azure.com/acme' } as const;

export const intentOf = (token: string, sourceId: string): CreateIntent => ({
  side: 'azure',
  token,
  sourceId,
  at: 1_000,
  highestKnown: '41',
});

/** A pair in `creating`, of the Jira issue `jira`. */
export function newPair(scope: Scope, id: string, jira: string, more: Partial<Pair> = {}): Pair {
  return {
    id,
    installationId: scope.installationId,
    profileId: 'profile-1',
    status: 'creating',
    source: 'jira',
    ids: { jira, azure: null },
    keys: { jira: `TAN-${jira}`, azure: null },
    intent: intentOf(`token-${id}`, jira),
    ...unsynced,
    choices: {},
    errors: [],
    retry: null,
    dirty: false,
    syncedAt: null,
    ...more,
  };
}

export const errorRecord = (id: string, more: Partial<ErrorRecord> = {}): ErrorRecord => ({
  id,
  error: syncError('invalid-value', { side: 'azure', field: 'System.Title' }),
  firstAt: 1_000,
  lastAt: 2_000,
  count: 1,
  ignored: false,
  ...more,
});

export const childPair = (sourceId: string, more: Partial<ChildPair> = {}): ChildPair => ({
  kind: 'comment',
  source: 'jira',
  sourceId,
  token: `child-${sourceId}`,
  sourceVersion: { at: 5 },
  intentAt: 6,
  ...more,
});
