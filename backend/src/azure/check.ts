// Tries what a connection may do, by calls that change nothing, and names what is missing as the page does on which tokens
// are made.

import type { ConnectionCheck, PermissionCheck } from '../reconcile/ports.ts';
import { type SyncError, SyncFailure, syncError } from '../sync/errors.ts';
import { readAccount } from './account.ts';
import { type AzureCall, type AzureClient, failureOf, type Scope } from './client.ts';
import { workItemTypesSchema } from './wire.ts';

/** A token can't be asked for its scopes or its end: each scope is tried. */
export async function checkConnection(client: AzureClient, project: string | undefined): Promise<ConnectionCheck> {
  let account: ConnectionCheck['account'];
  try {
    account = await readAccount(client);
  } catch (error) {
    if (!(error instanceof SyncFailure)) throw error;
    const reachable = error.error.code !== 'unavailable' && error.error.code !== 'unreachable';
    const authenticated = reachable && error.error.code !== 'unauthorized';
    return { reachable, authenticated, permissions: [], error: error.error };
  }
  const errors: SyncError[] = [];
  const permissions: PermissionCheck[] = [];
  for (const { name, call, optional } of await probes(client, project)) {
    const outcome = await probe(client, call);
    if (outcome.error !== undefined) errors.push(outcome.error);
    permissions.push({ name, granted: outcome.granted, ...(optional === true ? { optional } : {}) });
  }
  const lacking = permissions.filter(({ granted, optional }) => !granted && !optional).map(({ name }) => name);
  if (lacking.length > 0) errors.push(syncError('connection-forbidden', { side: 'azure', value: lacking.join(', ') }));
  return {
    reachable: true,
    authenticated: true,
    ...(account === undefined ? {} : { account }),
    permissions,
    ...(errors[0] === undefined ? {} : { error: errors[0] }),
  };
}

interface Probe {
  readonly name: Scope;
  readonly call: AzureCall;
  readonly optional?: boolean;
}

async function probes(client: AzureClient, project: string | undefined): Promise<readonly Probe[]> {
  const get = (name: Scope, path: readonly string[], more: Partial<AzureCall> = {}): Probe => ({
    name,
    call: { operation: `GET ${path.join('/')}`, method: 'GET', path, endpoint: 'read', scope: name, ...more },
  });
  // Without the graph people are those of the project's teams; without service hooks changes are found by scans.
  const list: readonly Probe[] = [
    get('Project and Team (Read)', ['projects'], { query: { $top: 1 } }),
    { ...get('Graph (Read)', ['graph', 'users'], { host: 'identity', version: '7.1-preview.1' }), optional: true },
    {
      ...get('View subscriptions (service hooks)', ['hooks', 'subscriptions'], { query: { publisherId: 'tfs' } }),
      optional: true,
    },
  ];
  if (project === undefined) return [get('Work Items (Read)', ['wit', 'fields']), ...list];
  return [
    get('Work Items (Read)', ['wit', 'workitemtypes'], { project }),
    { name: 'Work Items (Read & write)', call: await dryRun(client, project) },
    ...list,
  ];
}

/** `validateOnly` checks permission and rules and saves nothing (learn.microsoft.com, "Work Items - Create"). */
async function dryRun(client: AzureClient, project: string): Promise<AzureCall> {
  return {
    operation: 'POST workitems/{type} (validateOnly)',
    method: 'POST',
    path: ['wit', 'workitems', `$${await anyType(client, project)}`],
    project,
    query: { validateOnly: true },
    body: {
      kind: 'json',
      contentType: 'application/json-patch+json',
      value: [{ op: 'add', path: '/fields/System.Title', value: 'Tandem checks its permissions and saves nothing' }],
    },
    endpoint: 'write',
    safe: true,
    scope: 'Work Items (Read & write)',
  };
}

async function anyType(client: AzureClient, project: string): Promise<string> {
  const answer = await client
    .answer({
      operation: 'GET workitemtypes',
      method: 'GET',
      path: ['wit', 'workitemtypes'],
      project,
      endpoint: 'read',
      scope: 'Work Items (Read)',
    })
    .catch(() => undefined);
  const types = answer?.kind === 'ok' ? workItemTypesSchema.safeParse(answer.http.json) : undefined;
  return types?.data?.value.find((type) => !type.isDisabled)?.name ?? 'Task';
}

/** A refusal for other reasons (a required field) shows that the permission is there. */
async function probe(client: AzureClient, call: AzureCall): Promise<{ granted: boolean; error?: SyncError }> {
  try {
    const answer = await client.answer(call);
    if (answer.kind === 'ok' || answer.status === 400) return { granted: true };
    const missing = call.project === undefined ? {} : { value: call.project, level: 'profile' as const };
    return { granted: false, error: failureOf(answer, missing) };
  } catch (error) {
    if (!(error instanceof SyncFailure)) throw error;
    const refused = ['unauthorized', 'forbidden', 'connection-forbidden'].includes(error.error.code);
    return refused ? { granted: false } : { granted: false, error: error.error };
  }
}
