import { afterEach, describe, expect, test } from 'vitest';
import { postgresQueue } from '../../backend/src/jobs/queue.ts';
import { type Runner, startRunner } from '../../backend/src/jobs/runner.ts';
import type { TaskHandlers } from '../../backend/src/jobs/tasks.ts';
import { openPool } from '../../backend/src/store/database.ts';
import { SyncFailure, syncError } from '../../backend/src/sync/errors.ts';
import { testDatabase } from '../store/postgres.ts';
import { collector, handlers, itemJob, recordedLog } from './jobs.ts';

const { pool, url } = await testDatabase();
const queue = postgresQueue(pool);
const runners: Runner[] = [];

async function start(
  more: Partial<TaskHandlers>,
  options: { concurrency?: number; log?: ReturnType<typeof recordedLog>; killAfterMs?: number } = {},
) {
  const runner = await startRunner({
    pool,
    handlers: handlers(more),
    concurrency: options.concurrency ?? 4,
    log: options.log ?? recordedLog(),
    pollMs: 50,
    stop: { abortAfterMs: 10, killAfterMs: options.killAfterMs ?? 5_000 },
  });
  runners.push(runner);
  return runner;
}

/** Resolves when the queue holds nothing: neither waiting nor running. */
async function drained(): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ open: string }>('select count(*) as open from graphile_worker.jobs');
    if (rows[0]?.open === '0') return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const pending = async () =>
  (await pool.query<{ item_key: string; hints: unknown; attempts: number }>('select * from tandem.pending_items')).rows;

/** A paused one, under the ids that `itemJob` gives. */
const storeProfile = () =>
  pool.query(`
    with installed as (
      insert into tandem.installations (installation_id, cloud_id, environment, status, created_at, updated_at)
      values ('i1', 'site', 'DEVELOPMENT', 'active', 0, 0)
    ), connected as (
      insert into tandem.connections (installation_id, connection_id, side, name, url, auth, created_at, updated_at)
      values ('i1', 'c1', 'jira', 'Jira', 'https://jira.example', 'token', 0, 0),
        ('i1', 'c2', 'azure', 'Azure', 'https://azure.example', 'token', 0, 0)
    )
    insert into tandem.profiles (installation_id, profile_id, jira_connection_id, azure_connection_id, name,
      jira_project, azure_project, settings, revision, status, created_at, updated_at)
    values ('i1', 'p1', 'c1', 'c2', 'Team', 'TAN', 'Tandem', '{}', 1, 'paused', 0, 0)`);

afterEach(async () => {
  await Promise.all(runners.splice(0).map((runner) => runner.stop()));
  await pool.query('truncate tandem.pending_items, tandem.taken_items, tandem.running_tasks');
  await pool.query('delete from graphile_worker._private_jobs');
});

describe('a job', () => {
  test('reaches its handler with all that was merged, and is gone afterwards', async () => {
    await queue.addItems([itemJob('10', [{ version: { seq: 1 } }])]);
    await queue.addItems([itemJob('10', [{ version: { seq: 2 } }])]);
    const runs = collector<unknown>();
    await start({
      'reconcile-item': async (job) => {
        runs.add(job);
        return 'done';
      },
    });
    expect(await runs.until(1)).toEqual([itemJob('10', [{ version: { seq: 2 } }])]);
    await drained();
    expect(await pending()).toEqual([]);
    expect((await pool.query('select from tandem.taken_items')).rowCount).toBe(0);
    expect(runs.seen).toHaveLength(1);
  });

  test('without a lease goes back to the queue and uses no attempt', async () => {
    const runs = collector<{ attempts: number; hints: unknown }>();
    await start({
      'reconcile-item': async (job, { attempts }) => {
        runs.add({ attempts, hints: job.hints });
        return runs.seen.length < 3 ? { requeueIn: 0 } : 'done';
      },
    });
    await queue.addItems([itemJob('10', [{ version: { seq: 4 } }])]);
    const hints = itemJob('10', [{ version: { seq: 4 } }]).hints;
    expect(await runs.until(3)).toEqual([0, 1, 2].map(() => ({ attempts: 0, hints })));
    await drained();
  });

  test('that comes while one of its key runs, starts a second run with the new hints', async () => {
    const runs = collector<unknown>();
    const gate = Promise.withResolvers<void>();
    await start({
      'reconcile-item': async (job) => {
        runs.add(job.hints[0]?.version);
        if (runs.seen.length === 1) await gate.promise;
        return 'done';
      },
    });
    await queue.addItems([itemJob('10', [{ version: { seq: 1 } }])]);
    await runs.until(1);
    await queue.addItems([itemJob('10', [{ version: { seq: 2 } }])]);
    expect(await runs.until(2)).toEqual([{ seq: 1 }, { seq: 2 }]);
    gate.resolve();
    await drained();
  });

  test('that wants to run later waits until then', async () => {
    const ran = collector<string>();
    await start({
      'reconcile-item': async () => {
        ran.add('run');
        return { retryAt: new Date(Date.now() + 3_600_000) };
      },
    });
    await queue.addItems([itemJob('10', [{ version: { seq: 1 } }])]);
    await ran.until(1);
    await expect.poll(pending).toMatchObject([{ item_key: 'jira:10', attempts: 0 }]);
    const { rows } = await pool.query<{ run_at: Date }>(
      'select run_at from graphile_worker.jobs where key is not null',
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.run_at.getTime()).toBeGreaterThan(Date.now() + 3_000_000);
  });

  test('of a profile that does not run waits, unless it was resumed while the job looked', async () => {
    await storeProfile();
    const runs = collector<string>();
    await start({
      'reconcile-item': async ({ itemId }) => {
        runs.add(itemId);
        if (itemId === '20') await pool.query(`update tandem.profiles set status = 'enabled'`);
        return runs.seen.length < 3 ? { requeueIn: 3_600_000, parked: true } : 'done';
      },
    });
    await queue.addItems([itemJob('10')]);
    await runs.until(1);
    await expect.poll(pending).toMatchObject([{ item_key: 'jira:10' }]);
    await queue.addItems([itemJob('20')]);
    expect(await runs.until(3)).toEqual(['10', '20', '20']);
  });

  test('that throws keeps its hints and counts an attempt; only its code is stored and logged', async () => {
    const secret = 'Customer text with a token abc123';
    const log = recordedLog();
    const ran = collector<string>();
    await start(
      {
        'reconcile-item': async () => {
          ran.add('run');
          throw new SyncFailure(syncError('unavailable', { detail: secret }), { cause: new Error(secret) });
        },
        sweep: async () => {
          ran.add('sweep');
          throw new TypeError(secret);
        },
      },
      { log },
    );
    await queue.addItems([itemJob('10', [{ version: { seq: 1 } }])]);
    await queue.addTask('sweep', { installationId: 'i1' });
    await ran.until(2);
    await expect.poll(pending).toMatchObject([{ item_key: 'jira:10', attempts: 1, hints: [{ version: { seq: 1 } }] }]);
    await expect
      .poll(
        async () => (await pool.query('select last_error from graphile_worker.jobs where last_error is not null')).rows,
      )
      .toEqual([{ last_error: 'internal' }]);
    const stored = await pool.query('select * from graphile_worker._private_jobs');
    const text = JSON.stringify([stored.rows, await pending(), log.lines]);
    expect(text).toContain('unavailable');
    expect(text).not.toContain('token');
  });

  test('of a live edit runs before all bulk jobs that wait', async () => {
    const bulk = Array.from({ length: 50 }, (_, index) => itemJob(`b${index}`, [], { initial: true }));
    await queue.addItems(bulk, { bulk: true });
    await queue.addItems([itemJob('live')]);
    const runs = collector<string>();
    await start(
      {
        'reconcile-item': async (job) => {
          runs.add(job.itemId);
          return 'done';
        },
      },
      { concurrency: 1 },
    );
    expect((await runs.until(51))[0]).toBe('live');
  });
});

describe('a task', () => {
  test('of one profile never runs twice at the same time', async () => {
    let running = 0;
    let most = 0;
    const ran = collector<string>();
    const gate = Promise.withResolvers<void>();
    await start({
      'initial-sync': async () => {
        running += 1;
        most = Math.max(most, running);
        ran.add('run');
        if (ran.seen.length === 1) await gate.promise;
        running -= 1;
        return 'done';
      },
    });
    const target = { installationId: 'i1', profileId: 'p1' };
    await queue.addTask('initial-sync', target);
    await ran.until(1);
    await queue.addTask('initial-sync', target);
    // The second job has met the first and waits for its turn when it lies in the queue with a later time.
    await expect
      .poll(async () => (await pool.query('select from graphile_worker.jobs where run_at > now()')).rowCount)
      .toBe(1);
    gate.resolve();
    await ran.until(2);
    await drained();
    expect(most).toBe(1);
  });
});

describe('a database that went away for a moment', () => {
  test('is worked on again as soon as it is back, and nothing in hand is lost', async () => {
    const log = recordedLog();
    const runs = collector<string>();
    const gate = Promise.withResolvers<void>();
    await start(
      {
        'reconcile-item': async (job) => {
          runs.add(job.itemId);
          if (runs.seen.length === 1) await gate.promise;
          return 'done';
        },
      },
      { concurrency: 1, log },
    );
    await queue.addItems([itemJob('10')]);
    await runs.until(1);
    // Every connection to this database breaks, and no new one is let in while the job in hand tries to end.
    const { rows } = await pool.query<{ name: string }>('select current_database() as name');
    const name = rows[0]?.name ?? '';
    const admin = openPool(url.replace(`/${name}`, '/postgres'), { max: 1 });
    await admin.query(`alter database ${name} allow_connections false`);
    await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
    gate.resolve();
    await expect.poll(() => log.lines.length, { timeout: 10_000 }).toBeGreaterThan(0);
    await admin.query(`alter database ${name} allow_connections true`);
    await admin.end();
    await expect
      .poll(
        () =>
          queue.addItems([itemJob('11')]).then(
            () => true,
            () => false,
          ),
        { timeout: 10_000 },
      )
      .toBe(true);
    await expect.poll(() => new Set(runs.seen), { timeout: 20_000 }).toEqual(new Set(['10', '11']));
    await expect.poll(pending, { timeout: 20_000 }).toEqual([]);
  });
});

describe('stopping', () => {
  test('tells running handlers, and waits for the step that they finish', async () => {
    const started = collector<string>();
    const runner = await start({
      'reconcile-item': async (job, { signal }) => {
        started.add(job.itemId);
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        return { requeueIn: 0 };
      },
    });
    await queue.addItems([itemJob('10', [{ version: { seq: 1 } }])]);
    await started.until(1);
    await runner.stop();
    expect(await pending()).toMatchObject([{ item_key: 'jira:10', attempts: 0, hints: [{ version: { seq: 1 } }] }]);
    expect((await queue.waiting()).get('reconcile-item')).toBe(1);
  });

  test('gives back what does not end in time', async () => {
    const started = collector<string>();
    const runner = await start(
      {
        'reconcile-item': async (job) => {
          started.add(job.itemId);
          return new Promise(() => {});
        },
      },
      { killAfterMs: 50 },
    );
    await queue.addItems([itemJob('10', [{ version: { seq: 1 } }])]);
    await started.until(1);
    await runner.stop();
    expect(await pending()).toMatchObject([{ item_key: 'jira:10', hints: [{ version: { seq: 1 } }] }]);
    expect((await queue.waiting()).get('reconcile-item')).toBe(1);
    expect((await pool.query('select from tandem.worker_heartbeats')).rowCount).toBe(0);
  });
});
