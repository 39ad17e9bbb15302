// The warehouse as BigQuery, or as a stand-in of it on this machine. Loaded only where BigQuery is used.

import { BigQuery, type TableMetadata } from '@google-cloud/bigquery';
import { OAuth2Client } from 'google-auth-library';
import { z } from 'zod';
import { region } from '../data-policy/region.ts';
import { type OutboxRow, type Refused, type Warehouse, WarehouseFailed } from './outbox.ts';

export interface BigQueryOptions {
  readonly project: string;
  readonly dataset: string;
  /** `127.0.0.1:<port>` of a stand-in, reached without TLS and account; null for the real service. */
  readonly endpoint: string | null;
}

const timeoutMs = 30_000;

/** Nobody's: the client would look for an account in the network. */
export const localToken = 'of-this-machine';

function openClient({ project, endpoint }: BigQueryOptions): BigQuery {
  // The outbox sends again by itself.
  const common = { projectId: project, autoRetry: false, timeout: timeoutMs };
  if (endpoint === null) return new BigQuery(common);
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: localToken, expiry_date: Number.MAX_SAFE_INTEGER });
  return new BigQuery({ ...common, apiEndpoint: `http://${endpoint}`, authClient });
}

/** What the client throws: of the service with its reasons, or of the socket. */
const failureSchema = z.object({
  code: z.union([z.number(), z.string()]).optional(),
  errors: z.array(z.object({ reason: z.string().optional() })).optional(),
});

const insertErrorsSchema = z.object({
  name: z.literal('PartialFailureError'),
  response: z.object({
    insertErrors: z.array(
      z.object({ index: z.coerce.number(), errors: z.array(z.object({ reason: z.string().optional() })).optional() }),
    ),
  }),
});

/** Its message may repeat values, so only codes leave. */
function failed(cause: unknown): WarehouseFailed {
  const { code, errors } = failureSchema.safeParse(cause).data ?? {};
  return new WarehouseFailed(errors?.[0]?.reason ?? (code === undefined ? 'unknown' : String(code)), { cause });
}

function refusedRows(thrown: unknown, rows: readonly OutboxRow[]): readonly Refused[] {
  const parsed = insertErrorsSchema.safeParse(thrown);
  if (!parsed.success) throw failed(thrown);
  return parsed.data.response.insertErrors.flatMap(({ index, errors }) => {
    const row = rows[index];
    return row ? [{ id: row.id, reason: errors?.[0]?.reason ?? 'unknown' }] : [];
  });
}

export function bigQueryWarehouse(options: BigQueryOptions): Warehouse {
  const dataset = openClient(options).dataset(options.dataset);
  let inRegion = false;

  /** Asked once: rows of customers go nowhere else. */
  const checkRegion = async (): Promise<void> => {
    if (inRegion) return;
    const [metadata]: [TableMetadata, ...unknown[]] = await dataset.getMetadata().catch((cause: unknown) => {
      throw failed(cause);
    });
    const { location } = z.object({ location: z.string() }).parse(metadata);
    if (location.toLowerCase() !== region) throw new WarehouseFailed('wrong-region');
    inRegion = true;
  };

  return {
    async insert(destination, rows) {
      if (rows.length === 0) return [];
      await checkRegion();
      try {
        await dataset.table(destination).insert(
          rows.map(({ id, row }) => ({ insertId: id, json: { id, ...row } })),
          // Rows that are well go in though another is not.
          { raw: true, skipInvalidRows: true, partialRetries: 0 },
        );
        return [];
      } catch (thrown) {
        return refusedRows(thrown, rows);
      }
    },
  };
}
