// `sync --watch` beside other commands on one data folder with its own PostgreSQL, and how it ends.

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeEmbeddedPostgres } from '../../backend/src/store/embedded-postgres.ts';
import { eventually } from '../reconcile/harness.ts';
import { startSites, type TestSites } from './sites.ts';
import { type Running, startTandem, tandem } from './tandem.ts';

let sites: TestSites;
let file: string;
let watching: Running;

beforeAll(async () => {
  sites = await startSites();
  file = join(sites.folder, 'profile.yml');
});
afterAll(async () => {
  watching?.child.kill('SIGKILL');
  await watching?.ended;
  await removeEmbeddedPostgres(join(sites.folder, 'data'));
  await sites.close();
});

const titles = async (): Promise<readonly string[]> => {
  const { workItems } = await sites.inAzure('POST', 'Tandem/_apis/wit/wiql', {
    query: 'SELECT [System.Id] FROM WorkItems',
  });
  const ids = workItems.map(({ id }: { id: number }) => id);
  if (ids.length === 0) return [];
  const { value } = await sites.inAzure('POST', '_apis/wit/workitemsbatch', { ids, fields: ['System.Title'] });
  return value.map(({ fields }: { fields: Record<string, string> }) => fields['System.Title']);
};

describe('tandem sync --watch', { timeout: 120_000 }, () => {
  it('brings changes across while it runs, lets other commands in, and ends with 0 on SIGTERM', async () => {
    const init = await tandem(['init', file, '--jira-project', 'TAN', '--azure-project', 'Tandem'], sites.env);
    expect(init.code, init.stderr).toBe(0);
    watching = startTandem(['sync', file, '--watch', '--every', '1', '--json'], sites.env);
    const fields = { project: { key: 'TAN' }, issuetype: { name: 'Task' } };
    await eventually(
      async () => (await tandem(['status', '--json'], sites.env)).stdout.includes('"status":"done"'),
      60_000,
    );
    const { key } = await sites.inJira('POST', 'issue', { fields: { ...fields, summary: 'Made while it watches' } });
    await eventually(async () => (await titles()).includes('Made while it watches'), 60_000);

    const status = JSON.parse((await tandem(['status', '--json'], sites.env)).stdout);
    expect(status).toMatchObject({ ok: true, workers: 1, profiles: [{ status: 'enabled' }] });
    const explained = await tandem(['explain', key], sites.env);
    expect(explained.stdout).toContain(`${key} ↔ `);
    expect(watching.child.exitCode).toBeNull();

    watching.child.kill('SIGTERM');
    const ended = await watching.ended;
    expect(ended.code, ended.stderr).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({ ok: true, end: 'interrupted', did: { created: 1 } });
  });
});
