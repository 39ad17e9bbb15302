// What `npm run build` makes runs by itself, where no package is installed.

import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../reconcile/harness.ts';
import { startBigQueryServer } from '../simulators/bigquery/server.ts';
import { startKmsServer } from '../simulators/kms/server.ts';
import { testDatabase } from '../store/postgres.ts';
import { startProcess } from './process.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
let folder: string;

beforeAll(async () => {
  await run(process.execPath, ['backend/build.ts'], { cwd: root });
  folder = await mkdtemp(join(tmpdir(), 'tandem-build-'));
  await cp(join(root, 'dist'), folder, { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the built backend', () => {
  it('migrates a database, serves, and ends when asked', async () => {
    const { url, pool } = await testDatabase();
    await pool.query('drop schema tandem cascade');
    await pool.query('drop schema graphile_worker cascade');
    const backend = await startProcess({ DATABASE_URL: url }, [], join(folder, 'main.js'));
    try {
      expect((await fetch(`${backend.url}/ready`)).status).toBe(200);
      expect(await (await fetch(`${backend.url}/openapi.json`)).json()).toMatchObject({ openapi: '3.1.0' });
      backend.child.kill('SIGTERM');
      expect(await backend.ended).toBe(0);
    } finally {
      await backend.close();
    }
  });

  it('brings the clients of Google Cloud along', async () => {
    const { url, pool } = await testDatabase();
    const kms = await startKmsServer();
    const bigQuery = await startBigQueryServer();
    const environment = {
      DATABASE_URL: url,
      TANDEM_WORKERS: '1',
      TANDEM_STATE: 'datastore',
      TANDEM_DATASTORE_PROJECT: 'tandem-test',
      // Nobody is there: it is asked nothing as long as there is no installation.
      DATASTORE_EMULATOR_HOST: '127.0.0.1:1',
      TANDEM_SECRETS: 'kms',
      TANDEM_KMS_KEY: kms.keyName,
      TANDEM_KMS_ENDPOINT: kms.address,
      TANDEM_METRICS: 'bigquery',
      TANDEM_BIGQUERY_PROJECT: bigQuery.project,
      TANDEM_BIGQUERY_ENDPOINT: bigQuery.address,
    };
    await pool.query(`insert into tandem.metrics values ('', 0, 'calls.jira', 5)`);
    const backend = await startProcess(environment, [], join(folder, 'main.js'));
    try {
      expect((await fetch(`${backend.url}/ready`)).status).toBe(200);
      // The first thing that the schedule does with the keys.
      await eventually(async () => kms.calls.some(({ method }) => method === 'GetCryptoKey'));
      await eventually(async () => bigQuery.rows('metrics').length === 1);
    } finally {
      await backend.close();
      await Promise.all([kms.close(), bigQuery.close()]);
    }
  });

  it.each([
    ['sbom.json', ['pg', 'hono', 'graphile-worker', '@google-cloud/kms'], ['react', 'vitest', 'typescript']],
    ['sbom-forge-app.json', ['@forge/api', '@forge/react', 'react'], ['pg', 'hono', 'vitest']],
  ] as const)('brings its bill of materials along: %s', async (file, there, absent) => {
    const bill = JSON.parse(await readFile(join(folder, file), 'utf8'));
    expect(bill).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      metadata: { component: { name: 'tandem' } },
    });
    const names = bill.components.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining([...there]));
    expect(names.filter((name: string) => (absent as readonly string[]).includes(name))).toEqual([]);
    const refs = bill.components.map((one: { 'bom-ref': string }) => one['bom-ref']);
    expect(new Set(refs).size).toBe(refs.length);
    for (const { purl, version, hashes, licenses } of bill.components) {
      expect(purl, purl).toMatch(/^pkg:npm\/(%40[\w.-]+\/)?[\w.-]+@\d/);
      expect([version, hashes?.[0].content.length, licenses?.length], purl).toEqual([expect.any(String), 128, 1]);
    }
  });

  it('says the version of the package', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const { version: ours } = await import('../../backend/src/version.ts');
    expect(ours).toBe(version);
  });

  it('brings the command line along', async () => {
    const { stdout } = await run(process.execPath, [join(folder, 'tandem.js'), '--help'], { cwd: folder });
    expect(stdout).toMatch(/sync/);
  });
});
