// A strict stand-in for BigQuery's REST API: what the product calls, with the refusals of the real service. Listens on this
// machine without TLS. https://cloud.google.com/bigquery/docs/reference/rest/v2/tabledata/insertAll

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { problemsOf, readTables, stopped, type Table, take } from './tables.ts';

export type Permission = 'bigquery.datasets.get' | 'bigquery.tables.updateData';

/** `lost`: the rows go in, and the answer gets lost. `silent`: no answer comes. */
export type BigQueryFault = 'unavailable' | 'exhausted' | 'lost' | 'silent';

export interface BigQueryServer {
  /** `127.0.0.1:<port>` */
  readonly address: string;
  readonly project: string;
  readonly dataset: string;
  /** Calls that came in, refused ones too: method and path beneath the project. */
  readonly calls: readonly string[];
  /** What was refused, in the service's own words. */
  readonly refusals: readonly string[];
  rows(table: string): readonly Readonly<Record<string, unknown>>[];
  deny(...permissions: Permission[]): void;
  grantAll(): void;
  /** The next `times` inserts meet it. */
  fault(fault: BigQueryFault, times?: number): void;
  /** As if an operator had taken the column out. */
  dropColumn(table: string, column: string): void;
  restore(): void;
  close(): Promise<void>;
}

export interface BigQueryServerOptions {
  readonly port?: number;
  readonly project?: string;
  /** Where the data set lies. */
  readonly location?: string;
  /** Epoch ms. */
  readonly now?: () => number;
}

const dataset = 'tandem';
/** https://cloud.google.com/bigquery/quotas#streaming_inserts */
const mostBytes = 10 * 1024 * 1024;
const mostRows = 50_000;
const longestInsertId = 128;

const tablesFile = join(import.meta.dirname, '../../../backend/infra/bigquery/tables.sql');

const insertSchema = z.strictObject({
  kind: z.string().optional(),
  skipInvalidRows: z.boolean().optional(),
  ignoreUnknownValues: z.boolean().optional(),
  traceId: z.string().optional(),
  rows: z.array(z.strictObject({ insertId: z.string().optional(), json: z.record(z.string(), z.unknown()) })),
});

/** https://cloud.google.com/bigquery/docs/error-messages */
class Refusal extends Error {
  readonly status: number;
  readonly reason: string;
  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

export async function startBigQueryServer(options: BigQueryServerOptions = {}): Promise<BigQueryServer> {
  const project = options.project ?? 'tandem-test';
  const location = options.location ?? 'europe-west3';
  const now = options.now ?? Date.now;
  let tables = readTables(tablesFile);
  const calls: string[] = [];
  const refusals: string[] = [];
  const denied = new Set<Permission>();
  const faults: BigQueryFault[] = [];

  function allowed(permission: Permission, resource: string): void {
    if (!denied.has(permission)) return;
    throw new Refusal(
      403,
      'accessDenied',
      `Access Denied: ${resource}: Permission ${permission} denied on ${resource}`,
    );
  }

  function checkDataset(asked: { readonly project: string; readonly dataset: string }): void {
    if (asked.project !== project) {
      throw new Refusal(404, 'notFound', `Not found: Project ${asked.project}`);
    }
    if (asked.dataset !== dataset) {
      throw new Refusal(404, 'notFound', `Not found: Dataset ${asked.project}:${asked.dataset}`);
    }
  }

  function getDataset(): object {
    allowed('bigquery.datasets.get', `Dataset ${project}:${dataset}`);
    return {
      kind: 'bigquery#dataset',
      id: `${project}:${dataset}`,
      datasetReference: { datasetId: dataset, projectId: project },
      location,
    };
  }

  function tableOf(name: string): Table {
    const table = tables.find((one) => one.name === name);
    if (!table) throw new Refusal(404, 'notFound', `Not found: Table ${project}:${dataset}.${name}`);
    return table;
  }

  function insertAll(table: Table, body: string): object {
    allowed('bigquery.tables.updateData', `Table ${project}:${dataset}.${table.name}`);
    const { rows, skipInvalidRows = false, ignoreUnknownValues = false } = parsed(body);
    if (ignoreUnknownValues) throw new Refusal(400, 'invalid', 'Tandem never lets unknown values go unnoticed.');
    if (rows.length === 0) throw new Refusal(400, 'invalid', 'No rows present in the request.');
    if (rows.length > mostRows) throw new Refusal(400, 'invalid', `The request holds more than ${mostRows} rows.`);
    for (const { insertId } of rows) {
      if (insertId === undefined) throw new Refusal(400, 'invalid', 'Tandem always sends insert ids.');
      if (insertId.length > longestInsertId) throw new Refusal(400, 'invalid', 'An insertId is too long.');
    }
    const problems = rows.map(({ json }) => problemsOf(table, json));
    const anyInvalid = problems.some((some) => some.length > 0);
    // One that is invalid stops all others, unless they are asked to go on.
    const none = anyInvalid && !skipInvalidRows;
    for (const [index, { insertId, json }] of rows.entries()) {
      if (!none && problems[index]?.length === 0) take(table, insertId, json, now());
    }
    const insertErrors = problems.flatMap((errors, index) =>
      errors.length > 0 ? [{ index, errors }] : none ? [{ index, errors: [stopped] }] : [],
    );
    refusals.push(
      ...insertErrors.flatMap(({ errors }) => errors.map(({ reason, message }) => `${reason}: ${message}`)),
    );
    return { kind: 'bigquery#tableDataInsertAllResponse', ...(insertErrors.length > 0 ? { insertErrors } : {}) };
  }

  function answer(
    method: string,
    path: string,
    body: string,
  ): { readonly value: object; readonly lost: boolean } | null {
    const [, asked, rest = ''] = /^\/bigquery\/v2\/projects\/([^/]+)\/(.*)$/.exec(path) ?? [];
    calls.push(`${method} ${rest}`);
    const get = /^datasets\/([^/]+)$/.exec(rest);
    if (method === 'GET' && asked !== undefined && get?.[1] !== undefined) {
      checkDataset({ project: asked, dataset: get[1] });
      return { value: getDataset(), lost: false };
    }
    const insert = /^datasets\/([^/]+)\/tables\/([^/]+)\/insertAll$/.exec(rest);
    if (method !== 'POST' || asked === undefined || insert?.[1] === undefined || insert[2] === undefined) {
      throw new Refusal(404, 'notFound', `${method} ${path} is not a part of this stand-in.`);
    }
    checkDataset({ project: asked, dataset: insert[1] });
    const fault = faults.shift();
    if (fault === 'silent') return null;
    if (fault === 'unavailable') throw new Refusal(503, 'backendError', 'The service is currently unavailable.');
    if (fault === 'exhausted') throw new Refusal(403, 'quotaExceeded', 'Quota exceeded: too many rows per second.');
    return { value: insertAll(tableOf(insert[2]), body), lost: fault === 'lost' };
  }

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const send = (status: number, value: object) => {
      response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' });
      response.end(JSON.stringify(value));
    };
    try {
      const body = await bodyOf(request);
      if (!/^Bearer \S+$/.test(request.headers.authorization ?? '')) {
        throw new Refusal(401, 'required', 'Request is missing required authentication credential.');
      }
      const path = (request.url ?? '').replace(/\?.*$/, '');
      const answered = answer(request.method ?? '', path, body);
      if (answered?.lost) request.socket.destroy();
      else if (answered) send(200, answered.value);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, reason, message } = error;
      refusals.push(`${reason}: ${message}`);
      send(status, { error: { code: status, message, errors: [{ message, domain: 'global', reason }] } });
    }
  };

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  return {
    address: `127.0.0.1:${address.port}`,
    project,
    dataset,
    calls,
    refusals,
    rows: (name) => tableOf(name).rows,
    deny: (...permissions) => {
      for (const one of permissions) denied.add(one);
    },
    grantAll: () => denied.clear(),
    fault: (fault, times = 1) => {
      for (let left = times; left > 0; left -= 1) faults.push(fault);
    },
    dropColumn: (name, column) => {
      tables = tables.map((table) =>
        table.name === name
          ? { ...table, columns: new Map([...table.columns].filter(([known]) => known !== column)) }
          : table,
      );
    },
    restore: () => {
      const fresh = readTables(tablesFile);
      tables = tables.map((table) => ({ ...table, columns: tableNamed(fresh, table.name).columns }));
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function tableNamed(tables: readonly Table[], name: string): Table {
  const table = tables.find((one) => one.name === name);
  if (!table) throw new Error(`there is no table ${name}`);
  return table;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size <= mostBytes) chunks.push(chunk as Buffer);
  }
  if (size > mostBytes) {
    throw new Refusal(413, 'uploadTooLarge', `Request payload size exceeds the limit: ${mostBytes} bytes.`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(body: string): z.infer<typeof insertSchema> {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw new Refusal(400, 'parseError', 'Parse Error');
  }
  const checked = insertSchema.safeParse(json);
  if (checked.success) return checked.data;
  throw new Refusal(400, 'badRequest', `Invalid JSON payload received. ${checked.error.issues[0]?.message ?? ''}`);
}
