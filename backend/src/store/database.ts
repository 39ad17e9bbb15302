// A pool of PostgreSQL connections and the few things that every store does with one: transactions and JSON columns.

import pg from 'pg';

export type Pool = pg.Pool;
/** A pool or the connection of a transaction: whatever runs a statement. */
export type Queryable = Pick<pg.Pool, 'query'>;

/** How a server is reached: its URL, or what a connector of a cloud gives instead. */
export type Server = string | pg.PoolConfig;

export interface DatabaseOptions {
  readonly max?: number;
  /**
   * False: a commit does not wait for the disk, so a crash of the database server (not of ours) may lose the last half
   * second, always a whole tail of it. Only for what is done again by itself.
   */
  readonly durable?: boolean;
  /** Works as this role instead of its own account. */
  readonly role?: string;
  /** Told of a connection that broke; the pool replaces it. */
  readonly onError?: (error: Error) => void;
}

/** So that another pool can be opened on the same database. */
const servers = new WeakMap<Pool, Server>();

export function openPool(server: Server, options: DatabaseOptions = {}): Pool {
  const pool = new pg.Pool({
    ...(typeof server === 'string' ? { connectionString: server } : server),
    max: options.max ?? 20,
    application_name: 'tandem',
    connectionTimeoutMillis: 10_000,
    ...startOptions(options),
  });
  // Without listeners a lost connection would end the process: on the pool for idle ones, on the client for those in use.
  const onError = options.onError ?? (() => {});
  servers.set(pool, server);
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  return pool;
}

/** Settings that a connection begins with: no statement of its own is needed for them. */
function startOptions({ durable, role }: DatabaseOptions): { readonly options?: string } {
  const settings = [...(durable === false ? ['synchronous_commit=off'] : []), ...(role ? [`role=${role}`] : [])];
  return settings.length === 0 ? {} : { options: settings.map((one) => `-c ${one}`).join(' ') };
}

/** Another pool on the same database. */
export function openSibling(pool: Pool, options: DatabaseOptions): Pool {
  const server = servers.get(pool);
  if (server === undefined) throw new TypeError('the pool was not opened by openPool');
  return openPool(server, options);
}

/**
 * Commits what `work` did, or rolls all of it back when it throws. Runs it again when PostgreSQL ended it in favour of
 * another transaction (deadlock, serialization), so `work` must do nothing but statements on its client.
 */
export async function transaction<T>(pool: Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(pool, work);
    } catch (error) {
      const lost = error instanceof pg.DatabaseError && (error.code === '40P01' || error.code === '40001');
      if (!lost || attempt === 3) throw error;
    }
  }
}

async function once<T>(pool: Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((cause: unknown) => {
      broken = cause instanceof Error ? cause : new Error('rollback failed');
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/**
 * The text for a jsonb parameter. PostgreSQL refuses U+0000 and lone surrogates, which a service's own words may hold;
 * both become U+FFFD.
 */
export function jsonb(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const text = JSON.stringify(value);
  if (!/\\u(?:0000|d[89a-f])/i.test(text)) return text;
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? part.replaceAll('\u0000', '\uFFFD').toWellFormed() : part,
  );
}

/** A bigint column comes as text; every one of ours holds epoch milliseconds or a counter, which a number holds exactly. */
export const numberOf = (column: string | number): number => Number(column);
export const numberOrNull = (column: string | number | null): number | null =>
  column === null ? null : Number(column);
