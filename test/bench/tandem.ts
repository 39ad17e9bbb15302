// A whole Tandem for one measurement: two simulators and the service, each in a process of its own, and a database.

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { openPool } from '../../backend/src/store/database.ts';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../../backend/src/store/embedded-postgres.ts';
import type { Side } from '../../backend/src/sync/model.ts';
import type { AzureCommands } from './azure-program.ts';
import type { JiraCommands } from './jira-program.ts';
import { type Program, startProgram } from './process.ts';
import type { ServiceCommands } from './service-program.ts';
import { until } from './until.ts';

export interface Databases {
  /** The address of a new, empty database. */
  create(): Promise<string>;
  /** Safe to call twice. */
  close(): Promise<void>;
}

/** One server, durable as in production, for all measurements. */
export async function startDatabases(): Promise<Databases> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tandem-bench-postgres-'));
  const server = await startEmbeddedPostgres({ dataDir });
  const admin = openPool(server.url, { max: 1 });
  const close = async () => {
    await admin.end();
    // Also where a service still uses it, as when the bench is interrupted.
    await removeEmbeddedPostgres(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  };
  let closing: Promise<void> | undefined;
  return {
    async create() {
      const name = `bench_${randomBytes(6).toString('hex')}`;
      await admin.query(`create database ${name}`);
      const url = new URL(server.url);
      url.pathname = `/${name}`;
      return url.href;
    },
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

export interface Tandem {
  readonly jira: Program<JiraCommands>;
  readonly azure: Program<AzureCommands>;
  readonly service: Program<ServiceCommands>;
  /** What names each side in the service's records. */
  readonly siteIds: Readonly<Record<Side, string>>;
  /** A request of the ordinary person's to a side's public API, or of a test's to its control surface. */
  ask(side: Side, method: string, path: string, body?: unknown): Promise<unknown>;
  /** The same with a body that is made on the way. */
  send(
    side: Side,
    method: string,
    path: string,
    body: AsyncIterable<Uint8Array> | null,
    headers: Readonly<Record<string, string>>,
  ): Promise<unknown>;
  /** Header values of the ordinary person. */
  readonly authorization: Readonly<Record<Side, string>>;
  /** Resolves when no event is under way and no item waits or is in hand. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** `limits`: flags of Node for the service's process. */
export async function startTandem(
  databases: Databases,
  seed: 'team' | 'empty',
  limits: readonly string[] = [],
): Promise<Tandem> {
  const program = (name: string) => join(import.meta.dirname, `${name}-program.ts`);
  const jira = startProgram<JiraCommands>(program('jira'));
  const azure = startProgram<AzureCommands>(program('azure'));
  const service = startProgram<ServiceCommands>(program('service'), limits);
  const dataDir = await mkdtemp(join(tmpdir(), 'tandem-bench-'));
  const close = async () => {
    await service.stop();
    await Promise.all([jira.stop(), azure.stop()]);
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const [jiraSite, organization, address] = await Promise.all([
      jira.call('start', { seed }),
      azure.call('start', { seed }),
      service.call('address', null),
    ]);
    const app = {
      appId: 'ari:cloud:ecosystem::app/11111111-1111-4111-8111-111111111111',
      installationId: 'ari:cloud:ecosystem::installation/bench',
      environment: { type: 'DEVELOPMENT', id: 'bench' },
      cloudId: jiraSite.cloudId,
      siteUrl: jiraSite.url,
      apiBaseUrl: jiraSite.apiBaseUrl,
    } as const;
    const jwks = await jira.call('sendEvents', { to: { url: address }, app });
    await service.call('start', {
      databaseUrl: await databases.create(),
      dataDir,
      jira: { url: jiraSite.url, mediaUrl: jiraSite.mediaUrl, ...jiraSite.accounts.synchronizer },
      azure: { url: organization.url, pat: organization.synchronizer.pat },
      app,
      jwks,
    });
    const { email, token } = jiraSite.accounts.ordinary;
    const authorization = { jira: basic(email, token), azure: basic('', organization.ordinary.pat) };
    const roots = { jira: jiraSite.url, azure: organization.url };
    const addressOf = (side: Side, path: string): URL => {
      const control = path.startsWith('/_control');
      const url = new URL(control ? new URL(roots[side]).origin + path : `${roots[side]}/${path}`);
      if (side === 'azure' && !control && !url.searchParams.has('api-version'))
        url.searchParams.set('api-version', '7.1');
      return url;
    };
    return {
      authorization,
      jira,
      azure,
      service,
      siteIds: { jira: jiraSite.cloudId, azure: organization.url },
      ask: (side, method, path, body) => request(addressOf(side, path), method, authorization[side], body),
      send: async (side, method, path, body, headers) => {
        const stream =
          body === null ? null : (Readable.toWeb(Readable.from(body, { objectMode: false })) as ReadableStream);
        const answer = await fetch(addressOf(side, path), {
          method,
          headers: { authorization: authorization[side], accept: 'application/json', ...headers },
          ...(stream === null ? {} : { body: stream, duplex: 'half' as const }),
        });
        return parsed(answer, `${method} ${path}`);
      },
      settled: async () => {
        await until(async () => {
          await Promise.all([jira.call('eventsIdle', null), azure.call('eventsIdle', null)]);
          return service.call('idle', null);
        });
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const basic = (user: string, secret: string) => `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;

async function request(url: URL, method: string, authorization: string, body: unknown): Promise<unknown> {
  const patch = url.pathname.includes('/_apis/wit/workitems/');
  const answer = await fetch(url, {
    method,
    headers: {
      authorization,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': patch ? 'application/json-patch+json' : 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return parsed(answer, `${method} ${url.pathname}`);
}

async function parsed(answer: Response, what: string): Promise<unknown> {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${what}: ${answer.status} ${text.slice(0, 500)}`);
  return text === '' ? null : JSON.parse(text);
}
