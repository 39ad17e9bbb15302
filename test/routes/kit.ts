// The backend behind its HTTP face for tests of the routes: two simulators, a database, tokens as Forge signs them. No worker
// runs unless a test starts one, so what a request queued stays to be seen.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalJWKSet } from 'jose';
import { createApp } from '../../backend/src/app.ts';
import type { CallRecord } from '../../backend/src/http/transport.ts';
import { forgeVerifier } from '../../backend/src/routes/forge-token.ts';
import { openService, type Service } from '../../backend/src/service.ts';
import { readSettings } from '../../backend/src/settings.ts';
import { createLog } from '../../backend/src/telemetry/log.ts';
import { createIssuer, type InstalledApp, type Invocation } from '../forge-host/issuer.ts';
import { jiraPeople } from '../forge-host/people.ts';
import { type AzureSimulator, startAzureSimulator } from '../simulators/azure/server.ts';
import { type JiraSimulator, startJiraSimulator } from '../simulators/jira/server.ts';
import { createVirtualClock, type VirtualClock } from '../simulators/kernel/clock.ts';
import { testDatabase } from '../store/postgres.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers are read freely in tests.
export type Body = any;

export interface Answer {
  readonly status: number;
  readonly body: Body;
  readonly text: string;
  readonly headers: Headers;
}

export interface Request {
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: string;
  /** E-mail, name or account id of the person at the page; nobody when left out. */
  readonly as?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Send = (method: string, path: string, request?: Request) => Promise<Answer>;

export interface Tenant {
  readonly app: InstalledApp;
  /** Calls of this site's app, signed. */
  readonly send: Send;
  /** As an administrator of Jira. */
  readonly admin: Send;
  token(invocation?: Partial<Invocation>): Promise<string>;
  installationId(): Promise<string>;
}

export interface Backend {
  readonly service: Service;
  readonly jira: JiraSimulator;
  readonly azure: AzureSimulator;
  readonly clock: VirtualClock;
  readonly calls: CallRecord[];
  /** Every line that was logged. */
  readonly lines: string[];
  /** Every text that was answered. */
  readonly answers: string[];
  readonly stopping: { value: boolean };
  tenant(change?: Partial<InstalledApp>): Tenant;
  /** Without any token. */
  readonly send: Send;
  readonly app: ReturnType<typeof createApp>;
}

export const appId = 'ari:cloud:ecosystem::app/11111111-1111-4111-8111-111111111111';

const withoutPerson: Invocation = { module: { type: 'core:function', key: 'resolver' }, withContext: true };

export interface BackendOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly origins?: readonly string[];
  readonly seed?: 'team' | 'empty';
}

/** Call it in `beforeAll`; give `close` to `afterAll`. */
export async function startBackend(options: BackendOptions = {}): Promise<Backend & { close(): Promise<void> }> {
  const clock = createVirtualClock();
  const seed = options.seed ?? 'empty';
  const jira = await startJiraSimulator({ clock, seed });
  const azure = await startAzureSimulator({ clock, seed });
  const { url } = await testDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'tandem-routes-'));
  const issuer = await createIssuer();
  const calls: CallRecord[] = [];
  const lines: string[] = [];
  const answers: string[] = [];
  const stopping = { value: false };
  const settings = readSettings({
    DATABASE_URL: url,
    TANDEM_DATA_DIR: folder,
    TANDEM_PUBLIC_URL: 'https://tandem.example.com',
    TANDEM_ALLOWED_ORIGINS: [jira.url, jira.mediaUrl, new URL(azure.url).origin, ...(options.origins ?? [])].join(','),
    ...options.environment,
  });
  const service = await openService(settings, {
    log: createLog({ level: 'debug', write: (line) => lines.push(line) }),
    now: () => clock.now(),
    onCall: (call) => calls.push(call),
  });
  const verify = forgeVerifier({
    appId,
    environments: ['DEVELOPMENT', 'STAGING'],
    keys: createLocalJWKSet(issuer.jwks),
  });
  const app = createApp(service, verify, { stopping: () => stopping.value });
  const people = jiraPeople(jira);

  const send: Send = async (method, path, request = {}) => {
    const text = request.raw ?? (request.body === undefined ? undefined : JSON.stringify(request.body));
    const response = await app.request(path, {
      method,
      headers: {
        ...(text === undefined ? {} : { 'content-type': 'application/json' }),
        ...(request.token === undefined ? {} : { authorization: `Bearer ${request.token}` }),
        ...(request.as === undefined ? {} : { 'x-forge-oauth-user': (await people.find(request.as)).userToken }),
        ...request.headers,
      },
      ...(text === undefined ? {} : { body: text }),
    });
    const answered = await response.text();
    answers.push(answered);
    return { status: response.status, body: parsed(answered), text: answered, headers: response.headers };
  };

  const tenant = (change: Partial<InstalledApp> = {}): Tenant => {
    const cloudId = change.cloudId ?? jira.cloudId;
    const installed: InstalledApp = {
      appId,
      installationId: `ari:cloud:ecosystem::installation/${cloudId}`,
      environment: { type: 'DEVELOPMENT', id: 'test' },
      cloudId,
      siteUrl: jira.url,
      apiBaseUrl: jira.apiBaseUrl,
      ...change,
    };
    const token = (invocation: Partial<Invocation> = {}) => issuer.mint(installed, { ...withoutPerson, ...invocation });
    const signed: Send = async (method, path, request = {}) =>
      send(method, path, {
        ...request,
        token: request.token ?? (await token()),
        headers: { 'x-forge-oauth-system': jira.appSystemToken, ...request.headers },
      });
    return {
      app: installed,
      token,
      send: signed,
      admin: (method, path, request = {}) => signed(method, path, { as: jira.accounts.admin.accountId, ...request }),
      async installationId() {
        const found = await service.config.findInstallation(installed.cloudId, installed.environment.type);
        if (!found) throw new Error('the tenant has not called yet');
        return found.id;
      },
    };
  };

  return {
    service,
    jira,
    azure,
    clock,
    calls,
    lines,
    answers,
    stopping,
    tenant,
    send,
    app,
    async close() {
      await service.close();
      await Promise.all([jira.close(), azure.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function parsed(text: string): Body {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Settings that a profile may have, between the seeded projects. */
export const settings = {
  name: 'Team',
  jira: { project: 'TAN' },
  azure: { project: 'Tandem' },
  types: [{ jira: 'Task', azure: 'Task', states: [{ jira: 'To Do', azure: 'New' }] }],
  fields: [{ jira: 'summary', azure: 'System.Title', kind: 'text' }],
};

/** A connection and a profile that uses it, made through the API. */
export async function madeProfile(
  { azure }: Pick<Backend, 'azure'>,
  { admin }: Tenant,
): Promise<{ readonly connection: string; readonly profile: string }> {
  const connection = await admin('POST', '/api/connections', {
    body: { name: 'Acme', url: azure.url, pat: azure.synchronizer.pat },
  });
  if (connection.status !== 201) throw new Error(`the connection was refused: ${connection.text}`);
  const profile = await admin('POST', '/api/profiles', {
    body: { azureConnectionId: connection.body.id, settings },
  });
  if (profile.status !== 201) throw new Error(`the profile was refused: ${profile.text}`);
  return { connection: connection.body.id, profile: profile.body.id };
}
