import { describe, expect, test } from 'vitest';
import { loadMigrations, type Migration, migrate } from '../../backend/src/store/migrate.ts';
import { testDatabase } from './postgres.ts';

const { pool } = await testDatabase();
const known = await loadMigrations();

const next = (sql: string, name = '999-next.sql'): Migration => ({ number: known.length + 1, name, sql });

describe('migrations', () => {
  test('are numbered without gaps and applied once', async () => {
    expect(known.map((migration) => migration.number)).toEqual(known.map((_, index) => index + 1));
    expect(await migrate(pool)).toEqual([]);
  });

  test('that fail leave nothing of themselves', async () => {
    const broken = [...known, next('create table tandem.half (id int); select 1/0')];
    await expect(migrate(pool, broken)).rejects.toThrow('division by zero');
    expect((await pool.query(`select to_regclass('tandem.half') as found`)).rows).toEqual([{ found: null }]);
  });

  test('are applied by one of several processes that start at once', async () => {
    const more = [...known, next('create table tandem.whole (id int)')];
    const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(pool, more)));
    expect(applied.flat()).toEqual(['999-next.sql']);
  });

  test('of a newer version make an older one stop', async () => {
    await expect(migrate(pool)).rejects.toThrow(`is at migration ${known.length + 1}`);
  });
});

describe('the schema', () => {
  test('names the installation in every table but those of no tenant', async () => {
    const { rows } = await pool.query<{ table: string }>(
      `select t.table_name as table from information_schema.tables t
       where t.table_schema = 'tandem' and not exists (
         select from information_schema.columns c where c.table_schema = 'tandem' and c.table_name = t.table_name
           and c.column_name = 'installation_id' and c.is_nullable = 'NO')
       order by 1`,
    );
    // Whole: made by the test above.
    expect(rows.map((row) => row.table)).toEqual([
      'governor_blocks',
      'migrations',
      'running_tasks',
      'support_queries',
      'whole',
      'worker_heartbeats',
    ]);
  });
});
