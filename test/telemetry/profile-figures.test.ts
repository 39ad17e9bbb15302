// What a run did is counted once it is recorded, with the time from the change to its counterpart; and added up by steps.

import { describe, expect, test } from 'vitest';
import { measuredState } from '../../backend/src/measured-state.ts';
import type { Decision, Lease, Pair, PairPatch, StateStore } from '../../backend/src/reconcile/ports.ts';
import { profileFigures } from '../../backend/src/telemetry/profile-figures.ts';
import { testDatabase } from '../store/postgres.ts';

const { pool } = await testDatabase();
const minute = 60_000;
const scope = { installationId: 'i1' };
await pool.query(`insert into tandem.installations (installation_id, cloud_id, environment, status, created_at, updated_at)
  values ('i1', 'site', 'PRODUCTION', 'active', 1, 1)`);
await pool.query(`insert into tandem.connections (installation_id, connection_id, side, name, url, auth, created_at, updated_at)
  values ('i1', 'c1', 'jira', 'Jira', 'https://a', 'app', 1, 1), ('i1', 'c2', 'azure', 'Acme', 'https://b', 'token', 1, 1)`);
await pool.query(`insert into tandem.profiles (installation_id, profile_id, jira_connection_id, azure_connection_id, name,
  jira_project, azure_project, settings, revision, status, created_at, updated_at)
  values ('i1', 'p1', 'c1', 'c2', 'Team', 'TAN', 'Tandem', '{}', 1, 'enabled', 1, 1)`);

describe('the figures of a profile', () => {
  test('add up over instances, by steps, and forget profiles that are no longer', async () => {
    let now = 600 * minute;
    const [one, two] = [profileFigures(pool, () => now), profileFigures(pool, () => now)];
    one.count(scope, 'p1', { failed: false, lagMs: 3_000 });
    one.count(scope, 'p1', { failed: false, lagMs: null });
    two.count(scope, 'p1', { failed: false, lagMs: 5_000 });
    two.count(scope, 'p1', { failed: true, lagMs: null });
    two.count(scope, 'gone', { failed: true, lagMs: null });
    await Promise.all([one.flush(), two.flush()]);
    now += 30 * minute;
    one.count(scope, 'p1', { failed: false, lagMs: 1_000 });
    await one.flush();
    await one.flush();
    const first = { at: 600 * minute, changes: 3, failed: 1, lag: { averageMs: 4_000, longestMs: 5_000 } };
    expect(await one.read(scope, 'p1', 590 * minute, 640 * minute, 10 * minute)).toEqual([
      { at: 590 * minute, changes: 0, failed: 0, lag: null },
      first,
      { at: 610 * minute, changes: 0, failed: 0, lag: null },
      { at: 620 * minute, changes: 0, failed: 0, lag: null },
      { at: 630 * minute, changes: 1, failed: 0, lag: { averageMs: 1_000, longestMs: 1_000 } },
    ]);
    expect(await one.lastChanges(scope)).toEqual(new Map([['p1', now]]));
    now += 30 * minute;
    expect(await one.lastChanges(scope)).toEqual(new Map([['p1', 640 * minute]]));
    now -= 30 * minute;
    expect(await one.lastChanges({ installationId: 'other' })).toEqual(new Map());
    const [hour] = await one.read(scope, 'p1', 600 * minute, 660 * minute, 60 * minute);
    expect(hour).toMatchObject({ changes: 4, failed: 1, lag: { averageMs: 3_000, longestMs: 5_000 } });
    expect(await one.read({ installationId: 'other' }, 'p1', 600 * minute, 610 * minute, 10 * minute)).toMatchObject([
      { changes: 0 },
    ]);
    now += 9 * 24 * 60 * minute;
    await one.purge();
    expect(await one.read(scope, 'p1', 600 * minute, 660 * minute, 60 * minute)).toMatchObject([{ changes: 0 }]);
  });
});

describe('a run that was recorded', () => {
  const counted: unknown[] = [];
  const lease: Lease = { pairId: 'pair', fence: 1, expiresAt: 9 };
  const pair = { profileId: 'p1', versions: { jira: { fields: { at: 40_000 } }, azure: {} } } as unknown as Pair;
  let kept = true;
  const store = {
    acquireLease: async () => ({ lease, pair }),
    commit: async () => kept,
  } as unknown as StateStore;
  const state = measuredState(store, { count: (_, profile, run) => counted.push([profile, run]) }, () => 100_000);
  const decided = (what: Decision['what'], side?: 'jira' | 'azure', patch: PairPatch = {}): PairPatch => ({
    ...patch,
    decisions: [
      {
        at: 1,
        what,
        seen: [],
        versions: {},
        operations: side ? [{ side, kind: 'update' }] : [],
        rules: [],
        codes: [],
      },
    ],
  });
  const run = async (patch: PairPatch): Promise<readonly unknown[]> => {
    counted.length = 0;
    await state.acquireLease(scope, 'pair', 1, 1);
    await state.commit(scope, lease, patch);
    return [...counted];
  };

  test.each([
    ['a change of Jira', decided('updated', 'azure'), [['p1', { failed: false, lagMs: 60_000 }]]],
    [
      'one whose versions came with it',
      decided('updated', 'azure', { versions: { jira: { fields: { at: 98_000 } }, azure: {} } }),
      [['p1', { failed: false, lagMs: 2_000 }]],
    ],
    ['one without a time', decided('updated', 'jira'), [['p1', { failed: false, lagMs: null }]]],
    ['a failure', decided('failed', 'azure'), [['p1', { failed: true, lagMs: null }]]],
    ['nothing to do', decided('nothing'), []],
    ['what is no decision', {}, []],
  ])('counts %s', async (_, patch, expected) => {
    expect(await run(patch)).toEqual(expected);
  });

  test('counts once, when it was created and brought to agreement in one go', async () => {
    expect(await run(decided('created'))).toHaveLength(1);
    await state.commit(scope, lease, decided('updated', 'azure'));
    expect(counted).toEqual([['p1', { failed: false, lagMs: null }]]);
  });

  test('counts nothing that lost its lease', async () => {
    kept = false;
    expect(await run(decided('updated', 'azure'))).toEqual([]);
    kept = true;
  });
});
