// Every earlier version's data comes through the migrations: a database of that version, filled as that version filled it, is
// brought to this one and read by this one's stores.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openPool, type Pool } from '../../backend/src/store/database.ts';
import { keyFile } from '../../backend/src/store/key-file.ts';
import { loadMigrations, migrate } from '../../backend/src/store/migrate.ts';
import { postgresWrappedKeys } from '../../backend/src/store/postgres-wrapped-keys.ts';
import { envelopeSecrets } from '../../backend/src/store/secrets.ts';
import { tenantPool, tenantRole } from '../../backend/src/store/tenancy.ts';
import { tenantConfigStore, tenantStateStore } from '../../backend/src/store/tenant-stores.ts';
import { profileSchema } from '../../backend/src/sync/profile.ts';
import { teamProfile } from '../reconcile/profile.ts';
import { emptyDatabase } from './postgres.ts';

const known = await loadMigrations();
const folder = await mkdtemp(join(tmpdir(), 'tandem-migrate-'));
afterAll(() => rm(folder, { recursive: true }));
const keys = await keyFile(join(folder, 'key'));

const scope = { installationId: 'i1' };
const settings = JSON.stringify(profileSchema.parse(teamProfile));

/** What a version added to what could be stored, by its number. A version that adds a table with data adds a line here. */
const fill: Readonly<Record<number, (pool: Pool) => Promise<unknown>>> = {
  1: async (pool) => {
    await pool.query(
      `insert into tandem.installations (installation_id, cloud_id, environment, status, created_at, updated_at)
       values ('i1', 'site', 'PRODUCTION', 'active', 1, 1)`,
    );
    const secrets = envelopeSecrets(keys, postgresWrappedKeys(pool));
    const sealed = await secrets.seal(scope, 'connections.secret/c2', 'pat-of-then');
    await pool.query(
      `insert into tandem.connections (installation_id, connection_id, side, name, url, auth, secret_sealed, created_at, updated_at)
       values ('i1', 'c1', 'jira', 'Jira', 'https://acme.atlassian.net', 'app', null, 1, 1),
              ('i1', 'c2', 'azure', 'Acme', 'https://dev.azure.com/acme', 'token', $1, 1, 1)`,
      [sealed],
    );
    await pool.query(
      `insert into tandem.profiles (installation_id, profile_id, jira_connection_id, azure_connection_id, name, jira_project,
         azure_project, settings, revision, status, created_at, updated_at)
       values ('i1', 'p1', 'c1', 'c2', 'Team', 'TAN', 'Tandem', $1, 1, 'enabled', 1, 1)`,
      [settings],
    );
    await pool.query(`insert into tandem.profile_history values ('i1', 'p1', 1, $1, 1, 'somebody')`, [settings]);
    await pool.query(`insert into tandem.people values ('i1', 'jira', 'u1', 'Ana', null, true, 1)`);
    await pool.query(`insert into tandem.watermarks values ('i1', 'p1', 'jira', '{"at":5}')`);
    await pool.query(`insert into tandem.budget_takes values ('i1', 'p1', 7, 3)`);
  },
  2: async (pool) => {
    const detail = {
      intent: null,
      baseline: null,
      versions: { jira: { fields: { seq: 5 } }, azure: { fields: { seq: 7 } } },
      writeIntents: [],
      held: {},
      replaced: {},
      late: [],
      choices: {},
      // Moved into a table of its own later.
      timeline: [{ at: 1, what: 'written' }],
    };
    await pool.query(
      `insert into tandem.pairs (installation_id, pair_id, profile_id, status, source, jira_id, azure_id, jira_key, azure_key,
         token, errors, detail) values ('i1', 'pair', 'p1', 'paired', 'jira', '10001', '7', 'TAN-1', '7', 'token', '[]', $1)`,
      [JSON.stringify(detail)],
    );
    await pool.query(
      `insert into tandem.claims values ('i1', 'site', 'jira', '10001', 'pair'), ('i1', 'acme', 'azure', '7', 'pair')`,
    );
    await pool.query(
      `insert into tandem.children (installation_id, pair_id, kind, source, source_id, target_id, token, source_version,
         target_version, bodies, intent_at)
       values ('i1', 'pair', 'comment', 'jira', '20', '30', 't', '{"updated":1}', '{"updated":2}', '{"jira":"f"}', 9)`,
    );
    await pool.query(`insert into tandem.item_errors values ('i1', 'p1', 'jira', '10002', 'e', 'TAN-2', $1, 2, 44)`, [
      JSON.stringify({ id: 'e', error: { code: 'unavailable' }, firstAt: 1, lastAt: 1, count: 1, ignored: false }),
    ]);
    await pool.query(
      `insert into tandem.initial_syncs values ('i1', 'p1', 'running', 1, null, 'jira', null, 4, 3, 2, 1)`,
    );
  },
  3: (pool) => pool.query(`insert into tandem.metrics values ('i1', 0, 'calls.jira', 5), ('', 0, 'calls.azure', 1)`),
  4: (pool) => pool.query(`insert into tandem.waiters values ('i1', 'jira', 'TAN-9', 'p1', 'jira', '10001')`),
  5: (pool) =>
    pool.query(`insert into tandem.decisions (installation_id, pair_id, at, decision) values ('i1', 'pair', 1, $1)`, [
      JSON.stringify({ at: 1, what: 'nothing', seen: [], versions: {}, operations: [], rules: [], codes: [] }),
    ]),
  10: async (pool) => {
    await pool.query(`insert into tandem.outbox (installation_id, destination, row, made_at, due_at)
       values ('i1', 'usage', '{"page":"home"}', 1, 1)`);
    await pool.query(`insert into tandem.extended_logging values ('i1', 99, 'somebody', 1)`);
  },
  11: async (pool) => {
    await pool.query(`insert into tandem.notice_channels (installation_id, issue_key) values ('i1', 'TAN-1')`);
    await pool.query(`insert into tandem.notices (installation_id, channel, event_key, event, made_at, due_at)
       values ('i1', 'issue', 'k', '{"kind":"test"}', 1, 1)`);
  },
  16: (pool) => pool.query(`insert into tandem.reported_accounts values ('i1', 'u1', 1)`),
  14: (pool) =>
    pool.query(
      `insert into tandem.support_queries (person, method, path) values ('ann@example.com', 'GET', '/support')`,
    ),
  12: (pool) => pool.query(`insert into tandem.turns values ('i1', 20, now())`),
  15: (pool) => pool.query(`insert into tandem.drift_checks values ('i1', 'p1', 1, 1, '[]')`),
  17: (pool) => pool.query(`insert into tandem.profile_figures values ('i1', 'p1', 0, 1, 0, 1, 5, 5)`),
  8: (pool) => pool.query(`insert into tandem.workflows values ('i1', 'c1', 'TAN', 'Story', 'To Do', '{Doing}')`),
};

/** Until 8, when it became the project's, each profile kept what it had learned of a workflow. */
const learnedByProfile = (pool: Pool) =>
  pool.query(
    `insert into tandem.learned_transitions values ('i1', 'p1', 'Story', 'To Do', '{Doing}'),
       ('i1', 'p1', 'Feature', 'New', '{Active}')`,
  );

const versions = known.slice(0, -1).map(({ number, name }) => [number, name] as const);

describe('a database of an earlier version', () => {
  test.each(versions)('that was at %i (%s) keeps all that it holds', async (version) => {
    const url = await emptyDatabase();
    const pool = openPool(url, { max: 4 });
    await migrate(pool, known.slice(0, version));
    for (let number = 1; number <= version; number += 1) await fill[number]?.(pool);
    if (version < 8) await learnedByProfile(pool);
    expect(await migrate(pool)).toEqual(known.slice(version).map(({ name }) => name));

    const bound = openPool(url, { max: 4, role: tenantRole });
    const tenants = tenantPool(bound);
    const secrets = envelopeSecrets(keys, postgresWrappedKeys(tenants));
    const config = tenantConfigStore({ pool: tenants, secrets, now: () => 10 });
    expect(await config.findInstallation('site', 'PRODUCTION')).toMatchObject({ id: 'i1', status: 'active' });
    expect(await config.connectionSecret(scope, 'c2')).toBe('pat-of-then');
    expect(await config.profileRecord(scope, 'p1')).toMatchObject({ status: 'enabled', revision: 1 });
    expect(await config.settingsHistory(scope, 'p1')).toHaveLength(1);
    const story = { connectionId: 'c1', project: 'TAN', type: 'Story' };
    const feature = { connectionId: 'c2', project: 'Tandem', type: 'Feature' };
    if (version < 8) expect(await config.learnedWorkflow(scope, feature)).toEqual({ New: ['Active'] });
    expect(await config.learnedWorkflow(scope, story)).toEqual({ 'To Do': ['Doing'] });
    expect(await config.people(scope, 'jira')).toMatchObject([{ id: 'u1', name: 'Ana', seenIn: [] }]);
    if (version >= 2) {
      const state = tenantStateStore(tenants);
      expect(await state.findPair(scope, 'site', 'jira', '10001')).toMatchObject({
        id: 'pair',
        status: 'paired',
        ids: { jira: '10001', azure: '7' },
        versions: { jira: { fields: { seq: 5 } } },
      });
      expect(await state.findByToken(scope, 'token')).toMatchObject({ id: 'pair' });
      expect(await state.children(scope, 'pair', 'comment')).toMatchObject([{ sourceId: '20', targetId: '30' }]);
      expect(await state.listItemErrors(scope, 'p1')).toMatchObject([{ itemId: '10002', key: 'TAN-2' }]);
      expect(await state.getInitialSync(scope, 'p1')).toMatchObject({
        status: 'running',
        seen: 4,
        done: 2,
        options: { mode: 'unpaired', linkBy: null, range: null },
        samples: [],
      });
      expect(await state.timeline(scope, 'pair', 2)).toHaveLength(version >= 5 ? 1 : 0);
      if (version >= 4) {
        expect(await state.waitersOf(scope, [{ side: 'jira', name: 'TAN-9' }])).toMatchObject([{ itemId: '10001' }]);
      }
      // And it can be worked on: a lease, a commit, one of the newest kind of child.
      const got = await state.acquireLease(scope, 'pair', 100, 1_000);
      expect(got && (await state.commit(scope, got.lease, { syncedAt: 100, dirty: false }))).toBe(true);
    }
    await Promise.all([pool.end(), bound.end()]);
  });

  test('that this version made is filled by the test, as far as it has tables', () => {
    // Told when a migration adds a table: its data belongs into `fill`, or its name here.
    const adding = known.filter(({ sql }) => /create table/i.test(sql)).map(({ number }) => number);
    expect(adding.filter((number) => fill[number] === undefined)).toEqual([]);
  });
});
