// What a process does beside the engine's work: counts by installation, purges what nobody needs, schedules both.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../reconcile/harness.ts';
import { type Backend, madeProfile, startBackend } from '../routes/kit.ts';

const hour = 3_600_000;
const day = 24 * hour;
const context = { signal: new AbortController().signal, attempts: 0, initialJobs: 0 };

let backend: Backend & { close(): Promise<void> };
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend.close());

describe('counts', () => {
  it('are kept of calls to each side, by the installation whose connection made them', async () => {
    const owner = backend.tenant();
    await madeProfile(backend, owner);
    const scope = { installationId: await owner.installationId() };
    const { metrics } = backend.service;
    await metrics.flush();
    const now = backend.clock.now();
    const rows = await metrics.read(scope, now - hour, now + hour);
    const made = backend.calls.filter(({ side }) => side === 'azure').length;
    expect(made).toBeGreaterThan(0);
    expect(rows.find(({ name }) => name === 'calls.azure')?.value).toBe(made);
  });
});

describe('the purge', () => {
  it('takes old deliveries, old counts, jobs long given up and waits that are over', async () => {
    const { config, pool, metrics, handlers } = backend.service;
    const { id } = await config.install({ cloudId: 'purged', environment: 'DEVELOPMENT' });
    const scope = { installationId: id };
    await config.takeDelivery(scope, 'test', 'old');
    metrics.count(scope, 'test');
    await metrics.flush();
    await pool.query('insert into tandem.governor_blocks values ($1, $2)', ['over', backend.clock.now() + 1]);
    await backend.service.queue.addTask('probe', scope);
    await pool.query(
      `update graphile_worker._private_jobs set attempts = max_attempts, updated_at = now() - interval '8 days'
       where key like 'task/probe/' || $1 || '%'`,
      [id],
    );
    const counted = async () => {
      const { rows } = await pool.query(
        `select (select count(*) from tandem.deliveries where installation_id = $1)
           + (select count(*) from tandem.metrics where installation_id = $1)
           + (select count(*) from tandem.governor_blocks where block_key = 'over')
           + (select count(*) from graphile_worker.jobs where key like 'task/probe/' || $1 || '%') as left_over`,
        [id],
      );
      return Number(rows[0]?.left_over);
    };
    expect(await counted()).toBe(4);
    backend.clock.advance(401 * day);
    await handlers.purge({ installationId: '' }, context);
    expect(await counted()).toBe(0);
  });
});

describe('the rotation of keys', () => {
  it('tells by the installation and a code which data key could not be wrapped again', async () => {
    const { config, pool, handlers } = backend.service;
    const { id } = await config.install({ cloudId: 'broken', environment: 'DEVELOPMENT' });
    await pool.query(`insert into tandem.data_keys (installation_id, wrapped) values ($1, 'v1.AAAA')`, [id]);
    await handlers['rewrap-keys']({ installationId: '' }, context);
    const line = backend.lines.find((one) => one.includes('a data key could not be wrapped again')) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({ severity: 'ERROR', installation: id, code: 'internal' });
  });
});

describe('the schedule', () => {
  it('knows purge, erasure, the rotation of keys and notices, once for all installations', async () => {
    const workers = await backend.service.work();
    try {
      const tasks = await eventually(async () => {
        const { rows } = await backend.service.pool.query<{ task: string }>(
          "select task from tandem.schedules where installation_id = '' order by task",
        );
        return rows.length === 4 && rows.map(({ task }) => task);
      });
      expect(tasks).toEqual(['erase-expired', 'purge', 'rewrap-keys', 'send-notices']);
    } finally {
      await workers.stop();
    }
  });
});
