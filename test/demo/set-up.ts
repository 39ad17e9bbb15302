// What an admin does once: connect Azure DevOps, take the suggested mappings, enable, run the initial sync. All of it
// through the app's own page.

import type { InitialSync, ProfileInput } from '../../forge-app/contract.ts';
import type { Admin } from './admin.ts';
import type { Stack } from './stack.ts';
import { until } from './until.ts';

/** Takes a suggestion and returns what is saved. */
export type Adjust = (settings: ProfileInput['settings']) => ProfileInput['settings'];

/** Returns the profile's id; it is enabled. */
export async function setUp(
  stack: Pick<Stack, 'host' | 'admin' | 'jira' | 'azure'>,
  adjust: Adjust = (s) => s,
): Promise<string> {
  const { host, admin, jira, azure } = stack;
  await host.install();
  await admin.call('createConnection', {
    connection: { name: 'Acme', url: azure.url, pat: azure.synchronizer.pat, expiresOn: null },
  });
  const { connections } = await admin.call('overview', {});
  const [connection] = connections;
  if (connection === undefined) throw new Error('the connection is not there after it was added');
  if (connection.status !== 'ok') {
    throw new Error(`the connection to Azure DevOps is ${connection.status}: ${connection.problem?.cause ?? ''}`);
  }
  const input = { jiraProject: jira.project, azureConnectionId: connection.id, azureProject: azure.project };
  const { settings, problems } = await admin.call('suggest', { input });
  const wrong = problems.filter(({ level }) => level === 'error');
  if (wrong.length > 0) {
    throw new Error(
      `the suggested mappings are not right: ${wrong.map(({ path, message }) => `${path}: ${message}`).join('; ')}`,
    );
  }
  await admin.call('createProfile', { profile: { azureConnectionId: connection.id, settings: adjust(settings) } });
  const { profiles } = await admin.call('overview', {});
  const [profile] = profiles;
  if (profile === undefined) throw new Error('the profile is not there after it was created');
  await admin.call('enableProfile', { id: profile.id });
  return profile.id;
}

export async function initialSyncOf(admin: Admin, profileId: string): Promise<InitialSync | null> {
  return (await admin.call('profile', { id: profileId })).initialSync;
}

/** Runs it to its end. `progress` hears of every change. */
export async function runInitialSync(
  admin: Admin,
  profileId: string,
  progress: (sync: InitialSync) => void,
  timeoutMs: number,
): Promise<InitialSync> {
  await admin.call('startInitialSync', { id: profileId });
  return until(
    'the initial sync ends',
    async () => {
      const sync = await initialSyncOf(admin, profileId);
      if (sync === null) return null;
      progress(sync);
      return sync.status === 'running' ? null : sync;
    },
    { timeoutMs, everyMs: 250 },
  );
}
