import { afterEach, describe, expect, test } from 'vitest';
import { forgetTaken, takePending } from '../../backend/src/jobs/pending-items.ts';
import { postgresQueue } from '../../backend/src/jobs/queue.ts';
import { priorities } from '../../backend/src/jobs/tasks.ts';
import { testDatabase } from '../store/postgres.ts';
import { itemJob } from './jobs.ts';

const { pool } = await testDatabase();
const queue = postgresQueue(pool);

interface JobRow {
  readonly id: string;
  readonly key: string;
  readonly priority: number;
  readonly attempts: number;
  readonly run_at: Date;
}

const jobs = async () => (await pool.query<JobRow>('select * from graphile_worker.jobs order by id')).rows;
const ref = (key: string, more = {}) => ({ installationId: 'i1', profileId: 'p1', key, ...more });
const take = (key: string, jobId = '1') => takePending(pool, ref(key), { id: jobId, poolId: 'pool', priority: 0 });

afterEach(async () => {
  await pool.query('truncate tandem.pending_items, tandem.taken_items');
  await pool.query('delete from graphile_worker._private_jobs');
});

describe('jobs of one item', () => {
  test('merge while they wait: one job, the greatest version of each aspect, never lowered', async () => {
    await queue.addItems([itemJob('10', [{ version: { seq: 7 } }])]);
    await queue.addItems([
      itemJob('10', [{ version: { seq: 9 } }, { aspect: 'comments', childId: 'c1', version: { at: 5 } }]),
    ]);
    await queue.addItems([itemJob('10', [{ version: { seq: 8 } }])]);
    expect(await jobs()).toHaveLength(1);
    const taken = await take('jira:10');
    expect(taken?.hints).toEqual([
      { side: 'jira', itemId: '10', aspect: 'fields', version: { seq: 9 } },
      { side: 'jira', itemId: '10', aspect: 'comments', childId: 'c1', version: { at: 5 } },
    ]);
  });

  test('leave the attempts and the due time of the one that waits', async () => {
    await queue.addItems([itemJob('10')], { runAt: new Date(Date.now() + 3_600_000) });
    const [before] = await jobs();
    await pool.query('select graphile_worker.reschedule_jobs(array[$1::bigint], attempts := 3)', [before?.id]);
    await queue.addItems([itemJob('10', [{ version: { seq: 1 } }])]);
    const [after] = await jobs();
    expect(after).toMatchObject({ id: before?.id, attempts: 3, run_at: before?.run_at });
  });

  test('with an own, earlier due time bring it forward, with a later one do not push it back', async () => {
    const hour = 3_600_000;
    await queue.addItems([itemJob('10')], { runAt: new Date(Date.now() + 2 * hour) });
    await queue.addItems([itemJob('10')], { runAt: new Date(Date.now() + hour) });
    const [sooner] = await jobs();
    expect(sooner?.run_at.getTime()).toBeLessThan(Date.now() + 1.5 * hour);
    await queue.addItems([itemJob('10')], { runAt: new Date(Date.now() + 3 * hour) });
    expect((await jobs())[0]?.run_at).toEqual(sooner?.run_at);
  });

  test('of a profile run at once when it is woken, those of another wait on', async () => {
    const later = { runAt: new Date(Date.now() + 3_600_000) };
    await queue.addItems([itemJob('10'), itemJob('11', [], { profileId: 'p12' })], later);
    await queue.wake({ installationId: 'i1' }, 'p1');
    const due = (await jobs()).filter((job) => job.run_at.getTime() <= Date.now() + 1_000);
    expect(due.map(({ key }) => key)).toEqual(['item/i1/p1/jira:10']);
  });

  test('that a stopped initial sync left waiting are none of the next one’s, but for what was told meanwhile', async () => {
    const initial = { initial: true };
    await queue.addItems([itemJob('10', [], initial), itemJob('11', [], initial), itemJob('12')], { bulk: true });
    await queue.addItems([
      itemJob('11', [{ version: { seq: 7 } }]),
      itemJob('10', [], { ...initial, profileId: 'p2' }),
    ]);
    await queue.withdrawInitial({ installationId: 'i1' }, 'p1');
    expect(await take('jira:10')).toBeNull();
    expect(await take('jira:11')).toMatchObject({ initialJobs: 0 });
    expect(await take('jira:12', '2')).toMatchObject({ initialJobs: 0 });
    const other = { id: '3', poolId: 'pool', priority: 0 };
    expect(await takePending(pool, ref('jira:10', { profileId: 'p2' }), other)).toMatchObject({ initialJobs: 1 });
  });

  test('without hints, which look at everything, go on doing so when hints join them', async () => {
    await queue.addItems([itemJob('10')]);
    await queue.addItems([itemJob('10', [{ version: { seq: 1 } }])]);
    expect((await take('jira:10'))?.hints.map(({ aspect }) => aspect)).toEqual(['any', 'fields']);
  });

  test('lift a bulk job to the priority of live ones, and never lower a live one', async () => {
    await queue.addItems([itemJob('10', [], { initial: true })], { bulk: true });
    expect((await jobs())[0]?.priority).toBe(priorities.bulk);
    await queue.addItems([itemJob('10')]);
    expect((await jobs())[0]?.priority).toBe(priorities.live);
    await queue.addItems([itemJob('10')], { bulk: true });
    expect((await jobs())[0]?.priority).toBe(priorities.live);
  });

  test('are counted when they belong to an initial sync, however many merged', async () => {
    await queue.addItems([itemJob('10', [], { initial: true }), itemJob('10', [], { initial: true })], { bulk: true });
    await queue.addItems([itemJob('10')]);
    expect(await take('jira:10')).toMatchObject({ initial: true, initialJobs: 2 });
  });

  test('have the pair for a key once it is known', async () => {
    await queue.addItems([itemJob('10', [], { pairId: 'x' }), itemJob('20', [], { side: 'azure', pairId: 'x' })]);
    expect(await jobs()).toHaveLength(1);
    expect(await take('x')).toMatchObject({ pairId: 'x' });
  });

  test('added by many at once make one job that holds every hint', async () => {
    const children = Array.from({ length: 20 }, (_, index) => `c${index}`);
    await Promise.all(
      children.map((childId) => queue.addItems([itemJob('10', [{ aspect: 'comments', childId, version: { at: 1 } }])])),
    );
    expect(await jobs()).toHaveLength(1);
    expect((await take('jira:10'))?.hints.map((hint) => hint.childId).sort()).toEqual(children.sort());
  });

  test('that come after a run has started make another', async () => {
    await queue.addItems([itemJob('10', [{ version: { seq: 1 } }])]);
    await pool.query(`update graphile_worker._private_jobs set locked_by = 'pool', locked_at = now()`);
    await take('jira:10');
    await queue.addItems([itemJob('10', [{ version: { seq: 2 } }])]);
    expect((await jobs()).filter((job) => job.key !== null)).toHaveLength(1);
    expect(await take('jira:10', '2')).toMatchObject({ hints: [{ version: { seq: 2 } }] });
  });

  test('wake up an item whose job was lost', async () => {
    await queue.addItems([itemJob('10', [{ version: { seq: 1 } }])]);
    await pool.query('select graphile_worker.complete_jobs(array(select id from graphile_worker.jobs))');
    await queue.addItems([itemJob('10', [{ version: { seq: 2 } }])]);
    expect(await jobs()).toHaveLength(1);
  });
});

describe('an item whose job was given up', () => {
  test('is woken up by the next hint', async () => {
    await queue.addItems([itemJob('10', [{ version: { seq: 1 } }])]);
    await pool.query('update graphile_worker._private_jobs set attempts = max_attempts');
    await queue.addItems([itemJob('10', [{ version: { seq: 2 } }])]);
    expect((await queue.waiting()).get('reconcile-item')).toBe(1);
    expect(await take('jira:10')).toMatchObject({ hints: [{ version: { seq: 2 } }] });
  });
});

describe('items that wait', () => {
  test('are counted for a profile, the deleted ones first', async () => {
    await queue.addItems([
      itemJob('9', [{ aspect: 'fields', version: { seq: 1 } }]),
      itemJob('10', [{ aspect: 'deleted' }]),
      itemJob('11', [{ aspect: 'deleted' }], { profileId: 'p2' }),
    ]);
    const { profileId, installationId } = itemJob('9', []);
    expect(await queue.waitingItems({ installationId }, profileId, 1)).toEqual({
      count: 2,
      deleted: 1,
      items: [{ pairId: null, side: 'jira', itemId: '10', deleted: true }],
    });
    expect(await queue.waitingItems({ installationId: 'i2' }, profileId, 1)).toEqual({
      count: 0,
      deleted: 0,
      items: [],
    });
  });
});

describe('items of other profiles and installations', () => {
  test('do not merge, even with the same ids', async () => {
    await queue.addItems([
      itemJob('10', [{ version: { seq: 1 } }]),
      itemJob('10', [{ version: { seq: 2 } }], { profileId: 'p2' }),
      itemJob('10', [{ version: { seq: 3 } }], { installationId: 'i2' }),
    ]);
    expect(await jobs()).toHaveLength(3);
    expect(await take('jira:10')).toMatchObject({ hints: [{ version: { seq: 1 } }] });
  });
});

describe('a thousand items at once', () => {
  test('are all there, each once, also when half of them waited before', async () => {
    const all = Array.from({ length: 1_200 }, (_, index) => itemJob(String(index), [{ version: { seq: 1 } }]));
    await queue.addItems(all.slice(0, 600), { bulk: true });
    await Promise.all([queue.addItems(all, { bulk: true }), queue.addItems([...all].reverse(), { bulk: true })]);
    expect(await jobs()).toHaveLength(1_200);
    expect((await queue.waiting()).get('reconcile-item')).toBe(1_200);
  });
});

describe('what the queue stores', () => {
  test('is ids only', async () => {
    await queue.addItems([itemJob('10', [{ version: { seq: 1 } }])]);
    const { rows } = await pool.query<{ payload: unknown }>('select payload from graphile_worker._private_jobs');
    expect(rows[0]?.payload).toEqual({ installationId: 'i1', profileId: 'p1', key: 'jira:10' });
    await take('jira:10');
    await forgetTaken(pool, '1');
    expect((await pool.query('select from tandem.taken_items')).rowCount).toBe(0);
  });
});

describe('jobs that were given up', () => {
  test('are removed when they are old, those that wait are not', async () => {
    await queue.addItems([itemJob('10'), itemJob('11')]);
    await pool.query(`update graphile_worker._private_jobs set attempts = max_attempts where key like '%:10'`);
    expect(await queue.purge(60_000)).toBe(0);
    expect(await queue.purge(0)).toBe(1);
    expect((await queue.waiting()).get('reconcile-item')).toBe(1);
  });
});

describe('a task of a profile', () => {
  const target = { installationId: 'i1', profileId: 'p1' };

  test('waits once', async () => {
    await queue.addTask('scan-profile', target);
    await queue.addTask('scan-profile', target);
    await queue.addTask('scan-profile', { ...target, profileId: 'p2' });
    expect((await queue.waiting()).get('scan-profile')).toBe(2);
  });

  test('is brought forward by an earlier time', async () => {
    await queue.addTask('scan-profile', target, { runAt: new Date(Date.now() + 3_600_000) });
    await queue.addTask('scan-profile', target);
    const all = await jobs();
    expect(all).toHaveLength(1);
    expect(all[0]?.run_at.getTime()).toBeLessThan(Date.now() + 60_000);
  });

  test('that runs is queued again, unless it is a periodic one', async () => {
    await queue.addTask('scan-profile', target);
    await pool.query(`update graphile_worker._private_jobs set locked_by = 'pool', locked_at = now()`);
    await queue.addTask('scan-profile', target, { unlessRunning: true });
    expect(await queue.waiting()).toEqual(new Map());
    await queue.addTask('scan-profile', target);
    expect((await queue.waiting()).get('scan-profile')).toBe(1);
  });
});
