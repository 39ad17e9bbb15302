// The data policy says all that there is and nothing else: held against the migrated database, the kinds of Datastore, the
// log's fields and the infrastructure.

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { bigQueryPolicy, metricsRetention } from '../../backend/src/data-policy/bigquery.ts';
import { cloudSqlPolicy, queuePolicy } from '../../backend/src/data-policy/cloud-sql.ts';
import { datastoreExpiry, datastorePolicy } from '../../backend/src/data-policy/datastore.ts';
import { dataPolicyDocument, policies } from '../../backend/src/data-policy/document.ts';
import {
  backupRetention,
  copyRetention,
  loggingPolicy,
  logRetention,
} from '../../backend/src/data-policy/elsewhere.ts';
import type { StorePolicy } from '../../backend/src/data-policy/policy.ts';
import { copiesRegion, region } from '../../backend/src/data-policy/region.ts';
import { timelineLimits } from '../../backend/src/reconcile/ports.ts';
import { kinds } from '../../backend/src/store/datastore-entities.ts';
import { logFields, specialFields } from '../../backend/src/telemetry/log.ts';
import { createTablesSql, warehouseTables } from '../../backend/src/telemetry/warehouse-tables.ts';
import { testDatabase } from '../store/postgres.ts';

const { pool } = await testDatabase();
const root = join(import.meta.dirname, '../..');

const listed = (policy: StorePolicy): readonly string[] =>
  Object.entries(policy.tables)
    .flatMap(([table, { fields }]) => Object.keys(fields).map((field) => `${table}.${field}`))
    .sort();

async function columns(schema: string): Promise<readonly { readonly name: string; readonly table: string }[]> {
  const { rows } = await pool.query<{ name: string; table: string }>(
    `select table_name || '.' || column_name as name, table_name as table
     from information_schema.columns where table_schema = $1`,
    [schema],
  );
  return rows;
}

describe('the data policy', () => {
  test.each([
    ['tandem', cloudSqlPolicy],
    ['graphile_worker', queuePolicy],
  ])('lists every column of the schema %s, and none that is not there', async (schema, policy) => {
    expect(listed(policy)).toEqual((await columns(schema)).map(({ name }) => name).sort());
  });

  it('is told of a column that somebody adds', async () => {
    await pool.query('create table tandem.forgotten (installation_id text, note text)');
    const found = (await columns('tandem')).map(({ name }) => name);
    await pool.query('drop table tandem.forgotten');
    expect(found.filter((name) => !listed(cloudSqlPolicy).includes(name)).sort()).toEqual([
      'forgotten.installation_id',
      'forgotten.note',
    ]);
  });

  it('calls secret what is sealed or wrapped, and nothing else there', () => {
    const secret = Object.entries(cloudSqlPolicy.tables).flatMap(([table, { fields }]) =>
      Object.entries(fields).flatMap(([field, dataClass]) => (dataClass === 'secret' ? [`${table}.${field}`] : [])),
    );
    expect(secret.filter((name) => !/_sealed$|\.wrapped$/.test(name))).toEqual([]);
    expect(listed(cloudSqlPolicy).filter((name) => /sealed|wrapped/.test(name))).toEqual(secret.toSorted());
  });

  it('knows whose rows a table holds', async () => {
    const withInstallation = (await columns('tandem')).filter(({ name }) => name.endsWith('.installation_id'));
    const tenants = Object.entries(cloudSqlPolicy.tables).filter(([, { tenant }]) => tenant === 'installation');
    expect(tenants.map(([table]) => table).sort()).toEqual(withInstallation.map(({ table }) => table).sort());
  });

  it('lists every kind of Datastore', () => {
    expect(Object.keys(datastorePolicy.tables).sort()).toEqual([...kinds].sort());
    const infrastructure = readFileSync(join(root, 'backend/infra/README.md'), 'utf8');
    for (const [kind, property] of Object.entries(datastoreExpiry)) {
      expect(datastorePolicy.tables[kind]?.fields).toHaveProperty(property);
      expect(infrastructure).toContain(`ttls update ${property} --collection-group=${kind} --enable-ttl`);
    }
  });

  it('lists every field of the log', () => {
    // Put there by the log itself.
    const own = ['dropped', 'severity', 'time', 'message', ...Object.values(specialFields)];
    expect(Object.keys(loggingPolicy.tables.log?.fields ?? {}).sort()).toEqual([...logFields, ...own].sort());
  });

  it('lists every column of the warehouse, whose tables expire by it', async () => {
    const columnsOf = (tables: object) =>
      Object.entries(tables).flatMap(([table, { columns }]) => Object.keys(columns).map((name) => `${table}.${name}`));
    expect(listed(bigQueryPolicy)).toEqual(columnsOf(warehouseTables).sort());
    const sql = createTablesSql('tandem');
    expect(sql).toContain(`partition_expiration_days = ${metricsRetention}`);
    await expect(sql).toMatchFileSnapshot(join(root, 'backend/infra/bigquery/tables.sql'));
  });

  it('keeps the logs as long as the infrastructure does', () => {
    const infrastructure = readFileSync(join(root, 'backend/infra/README.md'), 'utf8');
    expect(infrastructure).toContain(`--location=${region} --retention-days=${logRetention}`);
  });

  it('has content nowhere, and every store in Frankfurt', () => {
    for (const store of policies) {
      expect(store.region, store.name).toBe(region);
      for (const [name, table] of Object.entries(store.tables)) {
        expect(Object.values(table.fields), `${store.name} ${name}`).not.toContain('content');
        expect(table.retention, `${store.name} ${name}`).not.toBe('');
      }
    }
    expect([region, copiesRegion, logRetention, backupRetention, copyRetention]).toEqual([
      'europe-west3',
      'eu-central-1',
      30,
      7,
      30,
    ]);
    expect(timelineLimits).toMatchObject({ keptMs: 30 * 24 * 3_600_000, decisions: 200 });
  });

  it('is kept by the infrastructure: no other region is named there', () => {
    const files = globSync('backend/infra/**/*', { cwd: root, withFileTypes: true }).filter((file) => file.isFile());
    const regions = files.flatMap((file) => [
      ...readFileSync(join(file.parentPath, file.name), 'utf8').matchAll(
        /\b(?:africa|asia|australia|europe|me|northamerica|southamerica|us)-(?:central|east|north|south|west|northeast|southeast|northwest|southwest)\d\b|\b(?:us|eu|ap|sa|ca|me|af)-(?:central|east|north|south|west|northeast|southeast)-\d\b/g,
      ),
    ]);
    expect(regions.length).toBeGreaterThan(0);
    expect(
      [...new Set(regions.map(([found]) => found))].filter((one) => one !== region && one !== copiesRegion),
    ).toEqual([]);
  });

  it('is what docs/data-policy.md says', async () => {
    await expect(dataPolicyDocument()).toMatchFileSnapshot(join(root, 'docs/data-policy.md'));
  });
});
