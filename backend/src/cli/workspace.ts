// What a profile file is to the state on this machine: its installation, its connections with their secrets, its stored
// profile. Opening the state starts or joins the database there.

import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { overlapWithOthers } from '../overlaps.ts';
import type { FileProblem } from '../profile-file/parse.ts';
import type { ReachStep, Scope } from '../reconcile/ports.ts';
import type { Service, ServiceOptions } from '../service.ts';
import type { Settings } from '../settings.ts';
import type { Connection, ProfileRecord } from '../store/config-store.ts';
import type { Side } from '../sync/model.ts';
import { overlapText } from '../sync/overlap.ts';
import type { Profile } from '../sync/profile.ts';
import { createLog } from '../telemetry/log.ts';
import type { CommandContext, StateOptions } from './common.ts';
import { exitCodes, Failure } from './failure.ts';
import { invalid, missingValue, type ProfileFile } from './profile-file.ts';
import { settingsChanges } from './settings-changes.ts';
import type { Credentials } from './sites.ts';

/** A stand-alone installation is known by its Jira site. */
export const standAlone = 'stand-alone';

/** Whether anything was ever kept in the data folder; a command that only looks makes nothing. */
export async function hasState(settings: Settings): Promise<boolean> {
  if (settings.databaseUrl !== null) return true;
  return access(join(settings.dataDir, 'postgres.password')).then(
    () => true,
    () => false,
  );
}

export interface StateUse extends Pick<ServiceOptions, 'onCall'> {
  readonly reached?: ReachStep;
  /** A signal ends the process through this; by default the state is closed and the process leaves at once. */
  readonly onSignal?: 'leave' | 'own';
}

/** Runs `work` with the state open and closes it, however it ends. */
export async function withState<T>(
  { terminal, env }: CommandContext,
  options: StateOptions,
  settings: Settings,
  work: (service: Service) => Promise<T>,
  use: StateUse = {},
): Promise<T> {
  const level = env.TANDEM_LOG_LEVEL ? settings.logLevel : options.verbose ? 'info' : 'silent';
  const log = createLog({ level, write: (line) => terminal.note(line.trimEnd()) });
  // Loaded only where it is needed: it brings the database and the queue along.
  const { openService } = await import('../service.ts');
  const service = await openService(settings, {
    log,
    ...(use.reached ? { reached: use.reached } : {}),
    ...(use.onCall ? { onCall: use.onCall } : {}),
  });
  const leave = (signal: NodeJS.Signals) => {
    terminal.progress(null);
    void service.close().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  };
  if (use.onSignal !== 'own') for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, leave);
  try {
    return await work(service);
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeListener(signal, leave);
    await service.close();
  }
}

export interface Workspace {
  readonly service: Service;
  readonly scope: Scope;
  readonly file: ProfileFile;
  readonly credentials: Credentials;
  /** The stored profile; null before the first sync. */
  readonly record: ProfileRecord | null;
}

/** Finds what belongs to the file and makes the installation. Throws Failure when a secret is nowhere. */
export async function openWorkspace(service: Service, file: ProfileFile): Promise<Workspace> {
  const { config } = service;
  const installation = await config.install({
    cloudId: file.jira.url,
    environment: standAlone,
    siteUrl: file.jira.url,
  });
  const scope = { installationId: installation.id };
  const connections = await config.listConnections(scope);
  const records = await config.listProfiles(scope);
  const record = records.find(({ settings }) => settings.name === file.settings.name) ?? null;
  if (record) requireSameProjects(file, record, connections);
  await requireNoOverlap(service, scope, file, record);
  const token = file.jira.token ?? (await keptSecret(service, scope, connections, file, record, 'jira'));
  const pat = file.azure.pat ?? (await keptSecret(service, scope, connections, file, record, 'azure'));
  const credentials = requireSecrets(file, token, pat);
  return { service, scope, file, credentials, record };
}

/** The pairs of a profile belong to its two projects: another pair of projects is another profile. */
function requireSameProjects(file: ProfileFile, record: ProfileRecord, connections: readonly Connection[]): void {
  const organization = connections.find(({ id }) => id === record.azureConnectionId)?.url;
  const of = (jira: string, azure: string, url: string | undefined) => `${jira} ↔ ${azure} (${url})`;
  const known = of(record.settings.jira.project, record.settings.azure.project, organization);
  const wanted = of(file.settings.jira.project, file.settings.azure.project, file.azure.url);
  if (known === wanted) return;
  const problem = `The name "${file.settings.name}" belongs to a profile of other projects: ${known}.`;
  const remedy = `Give this one, ${wanted}, another name, or use another data folder (--data).`;
  throw invalid(file.path, [{ path: 'name', level: 'error', problem, remedy, ...file.locate('name') }]);
}

/** Two profiles that take the same items would share them by chance. */
async function requireNoOverlap(
  { config }: Service,
  scope: Scope,
  file: ProfileFile,
  record: ProfileRecord | null,
): Promise<void> {
  const candidate = { id: record?.id ?? null, settings: file.settings, organization: file.azure.url };
  const overlap = await overlapWithOthers(config, scope, candidate);
  if (!overlap) return;
  const { problem, remedy } = overlapText(overlap);
  const path = file.settings[overlap.side].filter === undefined ? `${overlap.side}.project` : `${overlap.side}.filter`;
  const known = `${remedy} If "${overlap.name}" is no longer needed: tandem profile delete "${overlap.name}".`;
  throw invalid(file.path, [{ path, level: 'error', problem, remedy: known, ...file.locate(path) }]);
}

async function keptSecret(
  service: Service,
  scope: Scope,
  connections: readonly Connection[],
  file: ProfileFile,
  record: ProfileRecord | null,
  side: Side,
): Promise<string | null> {
  const id = side === 'jira' ? record?.jiraConnectionId : record?.azureConnectionId;
  const fits = (one: Connection) =>
    one.side === side && one.url === file[side].url && (side === 'azure' || one.account === file.jira.email);
  const found = connections.find((one) => one.id === id && fits(one)) ?? connections.find(fits);
  return found ? service.config.connectionSecret(scope, found.id) : null;
}

export function requireSecrets(file: ProfileFile, token: string | null, pat: string | null): Credentials {
  const problems: FileProblem[] = [];
  for (const [field, value] of [
    ['jira.token', token],
    ['azure.pat', pat],
  ] as const) {
    if (value === null) {
      const [side = ''] = field.split('.');
      problems.push({ path: field, level: 'error', ...missingValue(field), ...file.locate(side, 'key') });
    }
  }
  if (token === null || pat === null) throw invalid(file.path, problems);
  return {
    jira: { url: file.jira.url, email: file.jira.email, token },
    azure: { url: file.azure.url, pat },
  };
}

export interface Saved {
  readonly profile: ProfileRecord;
  /** What the file changed since it was last saved, for a person. */
  readonly changes: readonly string[];
}

/** Stores the connections and the profile as the file has them; a new profile is a draft. */
export async function saveWorkspace(workspace: Workspace): Promise<Saved> {
  const { service, scope, file, record } = workspace;
  const { config } = service;
  const jiraConnectionId = await storeConnection(workspace, 'jira');
  const azureConnectionId = await storeConnection(workspace, 'azure');
  if (!record) {
    const input = { jiraConnectionId, azureConnectionId, settings: file.settings };
    return { profile: await config.createProfile(scope, input, null), changes: [] };
  }
  const changes = settingsChanges(record.settings, file.settings);
  if (changes.length === 0) return { profile: record, changes };
  const outcome = await config.saveProfile(scope, record.id, record.revision, file.settings, null);
  if (outcome.kind === 'saved') return { profile: outcome.profile, changes };
  throw new Failure('Another command changed this profile at the same moment.', {
    code: 'revision-conflict',
    exit: exitCodes.failed,
    remedy: 'Run it again.',
  });
}

/** The connection of the stored profile, else a fitting one, else a new one; its secret as it is now. */
export async function storeConnection(
  { service, scope, credentials, record }: Pick<Workspace, 'service' | 'scope' | 'credentials' | 'record'>,
  side: Side,
): Promise<string> {
  const { config } = service;
  const { url } = credentials[side];
  const account = side === 'jira' ? credentials.jira.email : null;
  const secret = side === 'jira' ? credentials.jira.token : credentials.azure.pat;
  const connections = await config.listConnections(scope);
  const id = side === 'jira' ? record?.jiraConnectionId : record?.azureConnectionId;
  const found =
    connections.find((one) => one.id === id) ??
    connections.find((one) => one.side === side && one.url === url && one.account === account);
  if (!found) {
    const made = await config.createConnection(scope, { side, name: url, url, auth: 'token', account, secret });
    return made.id;
  }
  const known = await config.connectionSecret(scope, found.id);
  if (known !== secret || found.account !== account || found.url !== url) {
    await config.changeConnection(scope, found.id, { url, account, secret });
  }
  return found.id;
}

/** With the file's settings, stored or not: what a preview works on. Its connections are stored. */
export async function profileOfFile(workspace: Workspace): Promise<Profile> {
  const { record, scope, file } = workspace;
  const jiraConnectionId = await storeConnection(workspace, 'jira');
  const azureConnectionId = await storeConnection(workspace, 'azure');
  return {
    id: record?.id ?? 'not-stored',
    installationId: scope.installationId,
    jiraConnectionId,
    azureConnectionId,
    settings: file.settings,
    status: record?.status ?? 'draft',
    revision: record?.revision ?? 0,
  };
}
