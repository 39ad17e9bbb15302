import { describe, expect, test } from 'vitest';
import { within } from '../../backend/src/store/tenancy.ts';
import { tenantStateStore } from '../../backend/src/store/tenant-stores.ts';
import { testDatabase } from './postgres.ts';
import { describeStateStore } from './state-store.contract.ts';
import { testStateStrangers } from './state-store.strangers.ts';

const { pool, tenants } = await testDatabase();

describeStateStore('PostgreSQL', async () => tenantStateStore(tenants));
testStateStrangers('PostgreSQL', tenantStateStore(tenants));

describe('due pairs among many', () => {
  test('are found by the partial index, not by reading the rest', async () => {
    await pool.query(
      `insert into tandem.pairs (installation_id, pair_id, profile_id, status, source, errors, detail, retry_due_at)
       select 'many', 'p' || n, 'profile', 'paired', 'jira', '[]', '{"baseline":null}', case when n % 1000 = 0 then n end
       from generate_series(1, 20000) as n`,
    );
    await pool.query('analyze tandem.pairs');
    const due = await tenantStateStore(tenants).due({ installationId: 'many' }, 20_000, 100);
    expect(due).toHaveLength(20);
    // As the role that row-level security binds: its conditions must not hide the index.
    const { rows } = await within('many', () =>
      tenants.query<{ 'QUERY PLAN': string }>(
        `explain select * from tandem.pairs
       where installation_id = 'many' and coalesce(retry_due_at, 0) <= 5
         and (status = 'creating' or dirty_at_fence is not null or retry_due_at is not null)
       order by coalesce(retry_due_at, 0) limit 100`,
      ),
    );
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('pairs_due');
  });
});
