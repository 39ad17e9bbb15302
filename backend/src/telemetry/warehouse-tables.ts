// The tables of the warehouse: what leaves the product as numbers, and how long it is kept. The rows are checked from here
// before they are stored; backend/infra/bigquery/tables.sql is made from here.

import { z } from 'zod';
import { metricsRetention } from '../data-policy/bigquery.ts';
import { usageEventSchema } from './usage-events.ts';

export type Destination = 'metrics' | 'usage';

/** https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types */
export type ColumnType = 'TIMESTAMP' | 'STRING' | 'INT64' | 'FLOAT64';

export interface WarehouseTable {
  readonly about: string;
  readonly columns: Readonly<
    Record<string, { readonly type: ColumnType; readonly required: boolean; readonly about: string }>
  >;
  /** Its days are the partitions, which expire. */
  readonly partitionedBy: string;
  readonly clusteredBy: readonly string[];
}

/** A row may come twice where an answer got lost for longer than BigQuery remembers insert ids: queries take each id once. */
const id = { type: 'STRING', required: true, about: 'the same in a row that came twice' } as const;

const column = (type: ColumnType, about: string, required = true) => ({ type, required, about });

export const warehouseTables: Readonly<Record<Destination, WarehouseTable>> = {
  metrics: {
    about: 'Counts by installation and hour. Rows of one hour and name add up.',
    columns: {
      id,
      hour: column('TIMESTAMP', 'start of the hour'),
      installation: column('STRING', 'null for what belongs to no installation', false),
      name: column('STRING', 'what was counted: words joined by dots and dashes'),
      value: column('FLOAT64', 'how much of it'),
    },
    partitionedBy: 'hour',
    clusteredBy: ['installation', 'name'],
  },
  usage: {
    about: 'What people do with the pages, without who.',
    columns: {
      id,
      told_at: column('TIMESTAMP', 'when it was told'),
      installation: column('STRING', 'whose page'),
      page: column('STRING', 'which page, of a closed list'),
      action: column('STRING', 'what was done there, of a closed list'),
      duration_ms: column('INT64', 'how long it took'),
    },
    partitionedBy: 'told_at',
    clusteredBy: ['installation', 'page'],
  },
};

const time = z.iso.datetime();

/** Rows as they are sent, but for the id, which is the outbox's. A name is checked where it is counted (metrics.ts). */
export const warehouseRows = {
  metrics: z.strictObject({ hour: time, installation: z.string().nullable(), name: z.string(), value: z.number() }),
  usage: z.strictObject({
    told_at: time,
    installation: z.string(),
    page: usageEventSchema.shape.page,
    action: usageEventSchema.shape.action,
    duration_ms: usageEventSchema.shape.durationMs,
  }),
} satisfies Record<Destination, z.ZodType>;

/** For `bq query`, once and after every change; the data set, which names the place, comes before. */
export function createTablesSql(dataset: string): string {
  const tables = Object.entries(warehouseTables).map(([name, table]) =>
    [
      `create table if not exists ${dataset}.${name} (`,
      Object.entries(table.columns)
        .map(
          ([columnName, { type, required, about }]) =>
            `  ${columnName} ${type}${required ? ' not null' : ''} options (description = ${JSON.stringify(about)})`,
        )
        .join(',\n'),
      ')',
      `partition by timestamp_trunc(${table.partitionedBy}, day)`,
      `cluster by ${table.clusteredBy.join(', ')}`,
      'options (',
      `  description = ${JSON.stringify(table.about)},`,
      `  partition_expiration_days = ${metricsRetention},`,
      '  require_partition_filter = true',
      ');',
    ].join('\n'),
  );
  return `-- Made from backend/src/telemetry/warehouse-tables.ts; a test holds it current.\n\n${tables.join('\n\n')}\n`;
}
