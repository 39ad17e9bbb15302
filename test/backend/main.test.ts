// The process: it starts or says why not, stops when asked and loses nothing, and ends at once on a defect. It ends with 1
// when it needs more than 10 s to stop, so an end with 0 is one in time.

import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { postgresQueue } from '../../backend/src/jobs/queue.ts';
import { keyFile } from '../../backend/src/store/key-file.ts';
import { postgresConfigStore } from '../../backend/src/store/postgres-config-store.ts';
import { postgresWrappedKeys } from '../../backend/src/store/postgres-wrapped-keys.ts';
import { envelopeSecrets } from '../../backend/src/store/secrets.ts';
import { profileSchema } from '../../backend/src/sync/profile.ts';
import { eventually } from '../reconcile/harness.ts';
import { type TestDatabase, testDatabase } from '../store/postgres.ts';
import { launch, startProcess } from './process.ts';

let database: TestDatabase;
const open: { close(): Promise<unknown> }[] = [];
beforeAll(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

const start = async (environment: Record<string, string> = {}, args: readonly string[] = []) => {
  const started = await startProcess({ DATABASE_URL: database.url, TANDEM_WORKERS: '2', ...environment }, args);
  open.push(started);
  return started;
};

describe('the process', () => {
  it('is ready when it says so, and ends with 0 on SIGTERM', async () => {
    const backend = await start();
    expect((await fetch(`${backend.url}/ready`)).status).toBe(200);
    backend.child.kill('SIGTERM');
    expect(await backend.ended).toBe(0);
    expect(backend.output()).toContain('"stopped"');
  });

  it('ends with 0 on SIGINT, and a second signal changes nothing', async () => {
    const backend = await start();
    backend.child.kill('SIGINT');
    backend.child.kill('SIGTERM');
    backend.child.kill('SIGINT');
    expect(await backend.ended).toBe(0);
    expect(backend.output().match(/"stopping"/g)).toHaveLength(1);
  });

  it('is not held by a connection that a client keeps', async () => {
    const backend = await start();
    const socket = connect(Number(new URL(backend.url).port), '127.0.0.1');
    const answered = new Promise((resolve) => socket.once('data', resolve));
    socket.write('GET /health HTTP/1.1\r\nhost: x\r\nconnection: keep-alive\r\n\r\n');
    await answered;
    const silent = connect(Number(new URL(backend.url).port), '127.0.0.1');
    await new Promise((resolve) => silent.once('connect', resolve));
    for (const one of [socket, silent]) one.on('error', () => {});
    backend.child.kill('SIGTERM');
    expect(await backend.ended).toBe(0);
  });

  it('says which setting is wrong and ends with 2', async () => {
    const backend = await launch({ TANDEM_WORKERS: 'many', TANDEM_WORKER: '1' });
    open.push(backend);
    expect(await backend.ended).toBe(2);
    expect(backend.output()).toMatch(/^TANDEM_WORKER: there is no such setting/m);
    expect(backend.output()).toMatch(/^TANDEM_WORKERS: "many" is not a whole number/m);
  });

  it('ends with 1 when its port is taken', async () => {
    const backend = await start();
    const second = await launch({ DATABASE_URL: database.url, PORT: new URL(backend.url).port });
    open.push(second);
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain('EADDRINUSE');
  });

  it.each(['throw', 'reject'])(
    'logs an error that nobody expected (%s) without its words and ends with 1',
    async (how) => {
      const made = `const error = new RangeError('ge' + 'heim')`;
      const defect = how === 'throw' ? `${made}; throw error` : `${made}; void Promise.reject(error)`;
      const preload = `process.on('message', () => { ${defect} })`;
      const backend = await start({}, ['--import', `data:text/javascript,${encodeURIComponent(preload)}`]);
      backend.child.send('now');
      expect(await backend.ended).toBe(1);
      const line =
        backend
          .output()
          .split('\n')
          .find((text) => text.includes('nobody expected')) ?? '';
      expect(JSON.parse(line)).toMatchObject({ severity: 'ERROR', code: 'RangeError' });
      expect(backend.output()).not.toContain('geheim');
    },
  );
});

describe('work in hand when the process is asked to end', () => {
  /** A Jira that takes the request and never answers. */
  async function hangingSite(): Promise<{ url: string; asked: Promise<void>; close(): Promise<void> }> {
    let arrived = () => {};
    const asked = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const server = createServer(() => arrived());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return {
      url: `http://127.0.0.1:${port}`,
      asked,
      close: () =>
        new Promise((resolve) => {
          server.closeAllConnections();
          server.close(() => resolve());
        }),
    };
  }

  it('goes back to the queue within 10 s, even when a service hangs', async () => {
    const site = await hangingSite();
    open.push(site);
    const folder = await mkdtemp(join(tmpdir(), 'tandem-main-'));
    open.push({ close: () => rm(folder, { recursive: true, force: true }) });
    const own = await testDatabase();
    const backend = await start({
      DATABASE_URL: own.url,
      TANDEM_ALLOWED_ORIGINS: site.url,
      TANDEM_KEY_FILE: join(folder, 'key'),
    });
    const keys = await keyFile(join(folder, 'key'));
    const config = postgresConfigStore({
      pool: own.pool,
      secrets: envelopeSecrets(keys, postgresWrappedKeys(own.pool)),
    });
    const { id } = await config.install({ cloudId: 'hanging', environment: 'stand-alone' });
    const scope = { installationId: id };
    const connection = (side: 'jira' | 'azure', url: string) =>
      config.createConnection(scope, { side, name: side, url, auth: 'token', account: 'a@b.example', secret: 'x' });
    const [jira, azure] = [await connection('jira', site.url), await connection('azure', `${site.url}/acme`)];
    const profile = await config.createProfile(
      scope,
      {
        jiraConnectionId: jira.id,
        azureConnectionId: azure.id,
        settings: profileSchema.parse({
          name: 'Hanging',
          jira: { project: 'TAN' },
          azure: { project: 'Tandem' },
          types: [{ jira: 'Task', azure: 'Task' }],
          fields: [{ jira: 'summary', azure: 'System.Title', kind: 'text' }],
        }),
      },
      null,
    );
    await config.setStatus(scope, profile.id, 'enabled', null);
    await postgresQueue(own.pool).addItems([
      { ...scope, profileId: profile.id, side: 'jira', itemId: '10001', hints: [] },
    ]);
    await site.asked;
    const count = async (table: string) => {
      const { rowCount } = await own.pool.query(`select 1 from tandem.${table}`);
      return rowCount ?? 0;
    };
    await eventually(async () => (await count('taken_items')) > 0);
    backend.child.kill('SIGTERM');
    expect(await backend.ended).toBe(0);
    expect(await count('taken_items')).toBe(0);
    expect(await count('pending_items')).toBe(1);
  });
});
