// A whole Tandem for a test: two simulators, a database, the service with its workers, one enabled profile. Events travel
// as in production: Jira's through the app's own cut, Azure's through its service hooks.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallRecord } from '../../backend/src/http/transport.ts';
import type { Log, ReachStep, Scope } from '../../backend/src/reconcile/ports.ts';
import { openService, type Service, type Workers } from '../../backend/src/service.ts';
import { readSettings } from '../../backend/src/settings.ts';
import type { ProfileRecord } from '../../backend/src/store/config-store.ts';
import { type ProfileSettings, profileSchema } from '../../backend/src/sync/profile.ts';
import { type AzureSimulator, startAzureSimulator } from '../simulators/azure/server.ts';
import { type JiraSimulator, startJiraSimulator } from '../simulators/jira/server.ts';
import { createVirtualClock, type VirtualClock } from '../simulators/kernel/clock.ts';
import { testDatabase } from '../store/postgres.ts';
import { teamProfile } from './profile.ts';

export interface Harness {
  readonly jira: JiraSimulator;
  readonly azure: AzureSimulator;
  readonly clock: VirtualClock;
  readonly service: Service;
  readonly scope: Scope;
  readonly profile: ProfileRecord;
  /** Calls of our own to each side since the last reset. */
  readonly calls: CallRecord[];
  /** A request of the ordinary person's to a side's public API; throws with the answer when it is refused. */
  asPerson(side: 'jira' | 'azure', method: string, path: string, body?: unknown): Promise<Answer>;
  startWorkers(): Promise<Workers>;
  close(): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: what the services answer is read freely in tests.
export type Answer = any;

export interface HarnessOptions {
  readonly seed?: 'team' | 'empty';
  readonly settings?: (settings: ProfileSettings) => ProfileSettings;
  readonly reached?: ReachStep;
  readonly environment?: Readonly<Record<string, string>>;
  readonly indexLagMs?: number;
}

const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };
const noisy: Log = {
  info: () => {},
  warn: (fields, message) => console.warn(message, fields),
  error: (fields, message) => console.error(message, fields),
};

export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const clock = createVirtualClock();
  const seed = options.seed ?? 'empty';
  const jira = await startJiraSimulator({ clock, seed, indexLagMs: options.indexLagMs ?? 0 });
  const azure = await startAzureSimulator({ clock, seed });
  const database = await testDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'tandem-harness-'));
  const calls: CallRecord[] = [];
  const settings = readSettings({
    DATABASE_URL: database.url,
    TANDEM_DATA_DIR: folder,
    TANDEM_ALLOWED_ORIGINS: [jira.url, jira.mediaUrl, new URL(azure.url).origin].join(','),
    TANDEM_SETTLE_MS: '2000',
    TANDEM_RETRY_BASE_MS: '200',
    TANDEM_SCAN_OVERLAP_MS: '0',
    TANDEM_WORKERS: '8',
    ...options.environment,
  });
  const service = await openService(settings, {
    log: process.env.TANDEM_TEST_LOG ? noisy : silent,
    now: () => clock.now(),
    onCall: (call) => calls.push(call),
    ...(options.reached ? { reached: options.reached } : {}),
  });
  const installation = await service.config.install({ cloudId: jira.url, environment: 'stand-alone' });
  const scope = { installationId: installation.id };
  const jiraConnection = await service.config.createConnection(scope, {
    side: 'jira',
    name: 'Jira',
    url: jira.url,
    auth: 'token',
    account: jira.accounts.synchronizer.email,
    secret: jira.accounts.synchronizer.token,
  });
  const azureConnection = await service.config.createConnection(scope, {
    side: 'azure',
    name: 'Azure',
    url: azure.url,
    auth: 'token',
    secret: azure.synchronizer.pat,
  });
  const base = profileSchema.parse(teamProfile);
  const created = await service.config.createProfile(
    scope,
    {
      jiraConnectionId: jiraConnection.id,
      azureConnectionId: azureConnection.id,
      settings: options.settings ? options.settings(base) : base,
    },
    null,
  );
  await service.config.setStatus(scope, created.id, 'enabled', null);
  const profile = await service.config.profileRecord(scope, created.id);
  if (!profile) throw new Error('the profile was stored');

  const workers: Workers[] = [];
  return {
    jira,
    azure,
    clock,
    service,
    scope,
    profile,
    calls,
    asPerson: (side, method, path, body) =>
      side === 'jira'
        ? request(
            `${jira.url}/rest/api/3/${path}`,
            method,
            basic(jira.accounts.ordinary.email, jira.accounts.ordinary.token),
            body,
          )
        : request(
            `${azure.url}/${path}${path.includes('?') ? '&' : '?'}api-version=7.1`,
            method,
            basic('', azure.ordinary.pat),
            body,
            method === 'PATCH' || path.includes('/workitems/$') ? 'application/json-patch+json' : undefined,
          ),
    async startWorkers() {
      const started = await service.work();
      workers.push(started);
      return started;
    },
    async close() {
      await Promise.all(workers.map((one) => one.stop()));
      await service.close();
      await Promise.all([jira.close(), azure.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const basic = (user: string, secret: string) => `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;

async function request(
  url: string,
  method: string,
  authorization: string,
  body?: unknown,
  contentType = 'application/json',
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      authorization,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': contentType }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} → ${response.status}: ${text.slice(0, 2000)}`);
  return text === '' ? null : JSON.parse(text);
}

/** Resolves once `found` answers something; throws after `timeoutMs`. For what another process or the queue brings about. */
export async function eventually<T>(
  found: () => Promise<T | null | undefined | false>,
  timeoutMs = 20_000,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const value = await found();
    if (value) return value;
    if (performance.now() > end) throw new Error('what was waited for did not come');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
