// A whole Tandem for a test: two simulators, a database, the service with its workers, one enabled profile. Events travel
// as in production: Jira's through the app's own cut, Azure's through its service hooks.

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServerType, serve } from '@hono/node-server';
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createApp } from '../../backend/src/app.ts';
import type { CallRecord } from '../../backend/src/http/transport.ts';
import type { Log, ReachStep, Scope } from '../../backend/src/reconcile/ports.ts';
import { forgeVerifier } from '../../backend/src/routes/forge-token.ts';
import { openService, type Service, type Workers } from '../../backend/src/service.ts';
import { readSettings } from '../../backend/src/settings.ts';
import type { ProfileRecord } from '../../backend/src/store/config-store.ts';
import { type ProfileSettings, profileSchema } from '../../backend/src/sync/profile.ts';
import { cutJiraEvent } from '../../forge-app/handlers/cut-event.ts';
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
  /** What another process needs to work on the same stores. */
  readonly environment: Readonly<Record<string, string>>;
  /** Calls of our own to each side since the last reset. */
  readonly calls: CallRecord[];
  /** A request of the ordinary person's to a side's public API; throws with the answer when it is refused. */
  asPerson(side: 'jira' | 'azure', method: string, path: string, body?: unknown): Promise<Answer>;
  startWorkers(): Promise<Workers>;
  /** Events of both sides reach the backend from now on. */
  startEvents(): Promise<void>;
  /** Resolves when no event is under way and no job waits or runs. */
  settled(timeoutMs?: number): Promise<void>;
  /** The same, but for jobs that are due later than in `withinMs`, 0 by default. */
  idle(withinMs?: number): Promise<void>;
  /** Moves the time of both services, of the engine and of its queue. */
  advance(ms: number): Promise<void>;
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
  readonly clock?: VirtualClock;
  /** Beside the two simulators'. */
  readonly origins?: readonly string[];
  /** Nothing is logged by default. */
  readonly log?: Log;
}

const hour = String(60 * 60 * 1000);

const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };
const noisy: Log = {
  info: () => {},
  warn: (fields, message) => console.warn(message, fields),
  error: (fields, message) => console.error(message, fields),
};

export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const clock = options.clock ?? createVirtualClock();
  const seed = options.seed ?? 'empty';
  const jira = await startJiraSimulator({ clock, seed, indexLagMs: options.indexLagMs ?? 0 });
  const azure = await startAzureSimulator({ clock, seed });
  const database = await testDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'tandem-harness-'));
  const front = await startFront();
  const calls: CallRecord[] = [];
  const environment = {
    DATABASE_URL: database.url,
    TANDEM_PUBLIC_URL: front.url,
    TANDEM_DATA_DIR: folder,
    TANDEM_ALLOWED_ORIGINS: [jira.url, jira.mediaUrl, new URL(azure.url).origin, ...(options.origins ?? [])].join(','),
    TANDEM_SETTLE_MS: '2000',
    TANDEM_RETRY_BASE_MS: '200',
    TANDEM_SCAN_OVERLAP_MS: '0',
    // By the machine's clock: on a slow machine they would come into what a test counts.
    TANDEM_SCAN_EVERY_MS: hour,
    TANDEM_SWEEP_EVERY_MS: hour,
    TANDEM_PROBE_EVERY_MS: hour,
    TANDEM_WORKERS: '8',
    ...options.environment,
  };
  const settings = readSettings(environment);
  const service = await openService(settings, {
    log: options.log ?? (process.env.TANDEM_TEST_LOG ? noisy : silent),
    now: () => clock.now(),
    onCall: (call) => calls.push(call),
    ...(options.reached ? { reached: options.reached } : {}),
  });
  const issuer = await localIssuer(jira);
  front.serve(createApp(service, issuer.verify).fetch);
  const installation = await service.config.install({
    cloudId: jira.cloudId,
    environment: 'DEVELOPMENT',
    siteUrl: jira.url,
    forgeInstallationId: forgeInstallation,
  });
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
  const eventsDone = async () => {
    await Promise.all([jira.kernel.events.idle(), azure.kernel.events.idle()]);
    return jira.kernel.events.report().pending === 0 && azure.kernel.events.report().pending === 0;
  };
  /** An item is in one of the two tables from when it is queued until its run has ended; a task that is late may make calls. */
  const quiet = async (due: string) => {
    await eventsDone();
    const { rows } = await service.pool.query(
      `select 1 from tandem.taken_items union all
       select 1 from graphile_worker.jobs
       where $1 and starts_with(key, 'task/') and (locked_at is not null or run_at <= now()) union all
       select 1 from tandem.pending_items p left join graphile_worker.jobs job
         on job.key = 'item/' || p.installation_id || '/' || p.profile_id || '/' || p.item_key
       where job.key is null or ${due} limit 1`,
      [workers.length > 0],
    );
    return rows.length === 0 && (await eventsDone());
  };
  return {
    environment,
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
            `${azure.url}/${path}${path.includes('?') ? '&' : '?'}api-version=7.1${path.includes('/comments') ? '-preview.4' : ''}`,
            method,
            basic('', azure.ordinary.pat),
            body,
            /\/workitems\/(\$|\d+$)/.test(path) && body !== undefined ? 'application/json-patch+json' : undefined,
          ),
    async startWorkers() {
      const started = await service.work();
      workers.push(started);
      return started;
    },
    async startEvents() {
      await service.handlers['register-hooks'](
        { ...scope, profileId: profile.id },
        { signal: new AbortController().signal, attempts: 0, initialJobs: 0 },
      );
      jira.kernel.events.subscribe({
        id: 'tandem',
        deliver: async (event) => {
          const events = cutJiraEvent(event.body);
          if (events.length === 0) return;
          await request(`${front.url}/forge/events`, 'POST', `Bearer ${await issuer.token()}`, { events });
        },
      });
    },
    settled: (timeoutMs = 100_000) => eventually(() => quiet('true'), timeoutMs).then(() => {}),
    idle: (withinMs = 0) =>
      eventually(() => quiet(`job.run_at <= now() + ${withinMs} * interval '1 ms'`)).then(() => {}),
    async advance(ms) {
      await clock.advance(ms);
      await service.pool.query(
        `update graphile_worker._private_jobs set run_at = run_at - $1 * interval '1 ms' where locked_at is null`,
        [ms],
      );
      await service.pool.query(`notify "jobs:insert", '{"count":1}'`);
    },
    async close() {
      await Promise.all(workers.map((one) => one.stop()));
      await front.close();
      await service.close();
      await Promise.all([jira.close(), azure.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const appId = 'ari:cloud:ecosystem::app/11111111-1111-4111-8111-111111111111';
const forgeInstallation = 'ari:cloud:ecosystem::installation/test';

/** Signs tokens as Forge does for a call from a trigger function: no context, no principal. */
async function localIssuer(jira: JiraSimulator) {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'RS256' }] });
  return {
    verify: forgeVerifier({ appId, environments: ['DEVELOPMENT'], keys }),
    token: () =>
      new SignJWT({
        app: {
          id: appId,
          installationId: forgeInstallation,
          apiBaseUrl: jira.apiBaseUrl,
          environment: { type: 'DEVELOPMENT', id: 'test' },
          module: { type: 'trigger', key: 'jira-item-events' },
        },
      })
        .setProtectedHeader({ alg: 'RS256', kid: 'test' })
        .setIssuer('forge/invocation-token')
        .setAudience(appId)
        .setIssuedAt()
        .setExpirationTime('25s')
        .sign(privateKey),
  };
}

/** The address is needed before the service that answers there exists. */
async function startFront() {
  let answer: ((request: Request) => Response | Promise<Response>) | null = null;
  const server: ServerType = serve({
    fetch: (incoming: Request) => answer?.(incoming) ?? new Response(null, { status: 503 }),
    port: 0,
    hostname: '127.0.0.1',
  });
  if (!server.listening) await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve: (fetch: (request: Request) => Response | Promise<Response>) => {
      answer = fetch;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}

export const basic = (user: string, secret: string) => `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;

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
  timeoutMs = 100_000,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const value = await found();
    if (value) return value;
    if (performance.now() > end) throw new Error('what was waited for did not come');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
