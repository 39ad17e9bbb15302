// The service as a program of the bench: HTTP, engine and workers as in production, with a meter around them.

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serve as serveHttp } from '@hono/node-server';
import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { createApp } from '../../backend/src/app.ts';
import type { TaskTarget } from '../../backend/src/jobs/tasks.ts';
import { startInitialSync } from '../../backend/src/reconcile/initial-sync.ts';
import type { Log } from '../../backend/src/reconcile/ports.ts';
import { forgeVerifier } from '../../backend/src/routes/forge-token.ts';
import { openService, type Service, type Workers } from '../../backend/src/service.ts';
import { readSettings } from '../../backend/src/settings.ts';
import { profileSchema } from '../../backend/src/sync/profile.ts';
import type { InstalledApp } from '../forge-host/issuer.ts';

import { teamProfile } from '../reconcile/profile.ts';
import { startMeter } from './meter.ts';
import { serve, usage } from './process.ts';
import { until } from './until.ts';

export interface ServiceInput {
  readonly databaseUrl: string;
  readonly dataDir: string;
  readonly jira: { readonly url: string; readonly mediaUrl: string; readonly email: string; readonly token: string };
  readonly azure: { readonly url: string; readonly pat: string };
  readonly app: InstalledApp;
}

/** Errors of the engine are kept in its tables; only defects are worth a line here. */
const log: Log = {
  info: () => {},
  warn: () => {},
  error: (fields, message) => console.error(message, fields),
};

const meter = startMeter();
const front = await startFront();
/** Asked seldom, so that the asking weighs nothing. */
const longWait = { everyMs: 100, timeoutMs: 30 * 60_000 };

let started: { service: Service; workers: Workers | null; target: TaskTarget & { profileId: string } } | undefined;

const running = () => {
  if (!started) throw new Error('the service was not started');
  return started;
};

async function work(): Promise<void> {
  const { service, target } = running();
  const workers = await service.work(meter.wrap(service.handlers));
  started = { service, workers, target };
}

/** True when no item waits or is in hand. */
async function idle(): Promise<boolean> {
  const { rows } = await running().service.pool.query(
    'select 1 from tandem.pending_items union all select 1 from tandem.taken_items limit 1',
  );
  return rows.length === 0;
}

const commands = {
  /** Where events must go. */
  address: async (_: null) => front.url,

  async start(input: ServiceInput & { readonly jwks: JSONWebKeySet }) {
    const { jira, azure, app } = input;
    const settings = readSettings({
      DATABASE_URL: input.databaseUrl,
      TANDEM_DATA_DIR: input.dataDir,
      TANDEM_PUBLIC_URL: front.url,
      TANDEM_ALLOWED_ORIGINS: [jira.url, jira.mediaUrl, new URL(azure.url).origin].join(','),
    });
    const service = await openService(settings, { log, onCall: meter.onCall });
    const keys = createLocalJWKSet(input.jwks);
    front.answerWith(
      createApp(service, forgeVerifier({ appId: app.appId, environments: ['DEVELOPMENT'], keys })).fetch,
    );
    const target = await enableProfile(service, input);
    await service.handlers['register-hooks'](target, noContext);
    started = { service, workers: null, target };
  },

  work: async (_: null) => work(),

  /** Starts the workers; resolves when every item that exists on either side was brought into a pair, or failed. */
  async initialSync(_: null) {
    const { service, target } = running();
    meter.take();
    const begun = performance.now();
    const cpuBefore = usage().cpuMs;
    await startInitialSync(service.deps, target, target.profileId);
    await service.queue.addTask('initial-sync', target);
    await work();
    const sync = await until(async () => {
      const present = await service.state.getInitialSync(target, target.profileId);
      return present?.status === 'done' ? present : null;
    }, longWait);
    // The first inventory may have queued some of the items before the initial sync came to them.
    await until(idle, longWait);
    const seconds = (performance.now() - begun) / 1_000;
    const { paired, failing } = await service.state.countPairs(target, target.profileId);
    return { sync, seconds, cpuMs: usage().cpuMs - cpuBefore, pairs: paired, failing, metered: meter.take() };
  },

  progress: async (_: null) => running().service.state.getInitialSync(running().target, running().target.profileId),

  /** The counterpart's id once the item has one and its run is over. */
  async counterpart({ side, siteId, itemId }: { side: 'jira' | 'azure'; siteId: string; itemId: string }) {
    const { service, target } = running();
    const pair = await until(async () => {
      const found = await service.state.findPair(target, siteId, side, itemId);
      return found?.status === 'paired' && found.syncedAt !== null ? found : null;
    });
    return pair.ids;
  },

  idle: async (_: null) => idle(),

  metered: async (_: null) => meter.take(),
  usage: async (_: null) => usage(),
  /** Resident now, bytes. */
  memory: async (_: null) => process.memoryUsage.rss(),
};

export type ServiceCommands = typeof commands;

const noContext = { signal: new AbortController().signal, attempts: 0, initialJobs: 0 };

async function enableProfile(service: Service, { jira, azure, app }: ServiceInput) {
  const { config } = service;
  const installation = await config.install({
    cloudId: app.cloudId,
    environment: app.environment.type,
    siteUrl: jira.url,
    forgeInstallationId: app.installationId,
  });
  const scope = { installationId: installation.id };
  const [jiraConnection, azureConnection] = [
    await config.createConnection(scope, {
      side: 'jira',
      name: 'Jira',
      url: jira.url,
      auth: 'token',
      account: jira.email,
      secret: jira.token,
    }),
    await config.createConnection(scope, {
      side: 'azure',
      name: 'Azure',
      url: azure.url,
      auth: 'token',
      secret: azure.pat,
    }),
  ];
  const profile = await config.createProfile(
    scope,
    {
      jiraConnectionId: jiraConnection.id,
      azureConnectionId: azureConnection.id,
      settings: profileSchema.parse(teamProfile),
    },
    null,
  );
  await config.setStatus(scope, profile.id, 'enabled', null);
  return { ...scope, profileId: profile.id };
}

/** The address is needed before the service that answers there exists. */
async function startFront() {
  let answer: ((request: Request) => Response | Promise<Response>) | undefined;
  const server = serveHttp({
    fetch: (request: Request) => answer?.(request) ?? new Response(null, { status: 503 }),
    port: 0,
    hostname: '127.0.0.1',
  });
  if (!server.listening) await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answerWith: (fetch: (request: Request) => Response | Promise<Response>) => {
      answer = fetch;
    },
  };
}

serve(commands, async () => {
  await started?.workers?.stop();
  await started?.service.close();
});
