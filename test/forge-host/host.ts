// Forge on this machine: serves the app's real pages to a plain browser, runs its real functions in Node, signs what they send to
// the backend, and calls the backend's endpoints as Forge does. What runs is what manifest.yml says.

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { serve } from '@hono/node-server';
import { callFunction } from './functions.ts';
import { createHostApp } from './host-app.ts';
import { createIssuer, type InstalledApp, type Issuer } from './issuer.ts';
import { endpointPath, handlerName, readManifest } from './manifest.ts';
import { jiraPeople } from './people.ts';
import { createRemote, provideForgeFetch, type Running } from './remote.ts';
import { createTroubles, type Trouble } from './trouble.ts';

export interface ForgeHostOptions {
  /** May be asked late and often: the backend needs this host's keys before it starts, and may restart. */
  readonly backendUrl: string | (() => string);
  readonly jira: {
    readonly url: string;
    readonly cloudId: string;
    readonly apiBaseUrl: string;
    readonly appSystemToken: string;
    /** Who uses the pages when the address names nobody: account id, e-mail or name. */
    readonly admin: string;
  };
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** A second host for one installation brings its own keys otherwise. */
  readonly issuer?: Issuer;
  readonly environment?: InstalledApp['environment']['type'];
}

export interface ForgeHost {
  readonly url: string;
  readonly adminUrl: string;
  /** By key or id. */
  panelUrl(issue: string): string;
  readonly jwksUrl: string;
  readonly issuer: Issuer;
  readonly app: InstalledApp;
  /** Calls `avi:forge:installed:app` until the backend takes it, then receives Jira's events and keeps the schedules. */
  install(): Promise<void>;
  /** Runs the app's trigger with a raw event of Jira's; what it returns is Forge's to act on. */
  deliver(event: unknown): Promise<unknown>;
  /** Calls an endpoint of the manifest, such as `tick-ep`; resolves with the status. */
  callEndpoint(key: string, body?: unknown): Promise<number>;
  /** Runs what is scheduled as if its time had come; false while schedules stall. Throws when the call failed. */
  runSchedule(key: string): Promise<boolean>;
  /** Forge's schedules may stall for hours: until told otherwise, none is called, and none is made up for. */
  stallSchedules(stalled: boolean): void;
  /** Lets something go wrong between pages and the backend, until told otherwise. */
  trouble(trouble: Trouble | null): void;
  close(): Promise<void>;
}

const minute = 60_000;
const intervals: Readonly<Record<string, number>> = {
  fiveMinute: 5 * minute,
  hour: 60 * minute,
  day: 24 * 60 * minute,
};
const installAttempts = 40;

export async function startForgeHost(options: ForgeHostOptions): Promise<ForgeHost> {
  const manifest = readManifest();
  const { jira } = options;
  const issuer = options.issuer ?? (await createIssuer());
  const app: InstalledApp = {
    appId: manifest.app.id,
    installationId: `ari:cloud:ecosystem::installation/${randomUUID()}`,
    environment: { type: options.environment ?? 'DEVELOPMENT', id: `ari:cloud:ecosystem::environment/${randomUUID()}` },
    cloudId: jira.cloudId,
    siteUrl: jira.url,
    apiBaseUrl: jira.apiBaseUrl,
  };
  const { backendUrl } = options;
  const troubles = createTroubles();
  const remote = createRemote({
    backendUrl: typeof backendUrl === 'string' ? () => backendUrl : backendUrl,
    issuer,
    app,
    appSystemToken: jira.appSystemToken,
    troubles,
  });
  provideForgeFetch();

  const deliver = async (event: unknown): Promise<unknown> => {
    const type = String((event as { eventType?: unknown } | null)?.eventType);
    const trigger = manifest.modules.trigger.find(({ events }) => events.includes(type));
    // Events that the manifest doesn't name never reach the app.
    if (trigger?.function === undefined) return undefined;
    const handler = handlerName(manifest, trigger.function);
    const running: Running = { module: { type: 'core:trigger', key: trigger.key }, withContext: false };
    return await remote.run(running, () => callFunction(handler, event));
  };

  const callEndpoint = async (key: string, body: unknown = {}): Promise<number> => {
    const running: Running = { module: { type: 'core:endpoint', key }, withContext: true };
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    return (await remote.call(running, endpointPath(manifest, key), init)).status;
  };

  const http = await createHostApp({
    manifest,
    issuer,
    app,
    remote,
    people: jiraPeople(jira),
    jira,
    deliver,
    troubles,
  });
  const server = serve({ fetch: http.fetch, port: options.port ?? 0, hostname: '127.0.0.1' });
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the host listens on no port');
  const url = `http://127.0.0.1:${address.port}`;
  const timers: NodeJS.Timeout[] = [];
  let sink: string | undefined;
  let stalled = false;

  const runSchedule = async (name: string): Promise<boolean> => {
    const found = manifest.modules.scheduledTrigger.find(({ key }) => key === name);
    if (found === undefined) throw new Error(`manifest.yml schedules no ${name}`);
    if (stalled) return false;
    const { key, endpoint, function: scheduled } = found;
    if (endpoint !== undefined) {
      await callEndpoint(endpoint);
      return true;
    }
    if (scheduled === undefined) throw new Error(`manifest.yml: ${key} calls nothing`);
    const running: Running = { module: { type: 'core:scheduledTrigger', key }, withContext: false };
    await remote.run(running, () => callFunction(handlerName(manifest, scheduled), {}));
    return true;
  };

  const install = async (): Promise<void> => {
    const event = { eventType: 'avi:forge:installed:app', id: app.installationId, context: { cloudId: app.cloudId } };
    for (let attempt = 1; ; attempt += 1) {
      const status = await callEndpoint('lifecycle', event).catch(() => 0);
      if (status >= 200 && status < 300) break;
      if (attempt === installAttempts) throw new Error(`the backend did not take the installation: ${status}`);
      await delay(250);
    }
    for (const { key, interval } of manifest.modules.scheduledTrigger) {
      const every = intervals[interval];
      if (every === undefined) throw new Error(`manifest.yml: the host knows no interval ${interval}`);
      // A call that fails is lost, as it is in Forge: the next one makes up for it.
      timers.push(setInterval(() => void runSchedule(key).catch(() => {}), every).unref());
    }
    sink ??= await subscribe(jira.url, `${url}/jira-events`);
  };

  return {
    url,
    adminUrl: `${url}/admin`,
    panelUrl: (issue) => `${url}/browse/${encodeURIComponent(issue)}`,
    jwksUrl: `${url}/.well-known/jwks.json`,
    issuer,
    app,
    install,
    deliver,
    callEndpoint,
    runSchedule,
    trouble: troubles.set,
    stallSchedules: (value) => {
      stalled = value;
    },
    async close() {
      for (const timer of timers) clearInterval(timer);
      if (sink !== undefined) await fetch(sink, { method: 'DELETE' }).catch(() => {});
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
    },
  };
}

/** The address of the subscription. */
async function subscribe(jiraUrl: string, url: string): Promise<string> {
  const response = await fetch(`${jiraUrl}/_control/event-sinks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url }),
  });
  if (!response.ok) throw new Error(`the Jira simulator took no sink: ${response.status}`);
  const { id } = (await response.json()) as { id: string };
  return `${jiraUrl}/_control/event-sinks/${id}`;
}
