// The PostgreSQL of one machine: started in a data folder, or joined when it already runs there, and stopped by the
// last process that uses it. Not a pool of connections and no schema: see database.ts and migrate.ts.

import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, chmod, chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import pg from 'pg';
import { withFolderLock } from './folder-lock.ts';
import { findBinaries, findRunAs, type PostgresBinaries, type RunAs, runProgram } from './postgres-binaries.ts';
import { processStamp, stampAlive } from './process-identity.ts';

export interface PostgresServer {
  readonly url: string;
  /** Leaves the server; the last user stops it. Close every connection before. Safe to call twice. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** The folder that holds everything: cluster, password, log, lock. Made when absent. */
  readonly dataDir: string;
  /** Further settings of the server as `name=value`, for tests that trade durability for speed. */
  readonly settings?: readonly string[];
}

const database = 'tandem';

/** Starts or joins the server of a data folder. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<PostgresServer> {
  const place = await openPlace(resolve(options.dataDir));
  return withFolderLock(place.lock, async () => {
    const password = await readPassword(place);
    await initialise(place, password);
    const port = (await runningPort(place, password)) ?? (await startServer(place, password, options.settings ?? []));
    await ensureDatabase(urlOf(port, password, 'postgres'));
    const mark = join(place.users, `${process.pid}-${randomBytes(4).toString('hex')}`);
    await writeFile(mark, processStamp(), { mode: 0o600 });
    let stopping: Promise<void> | undefined;
    return {
      url: urlOf(port, password, database),
      stop: () => {
        stopping ??= leave(place, mark);
        return stopping;
      },
    };
  });
}

/** Stops the server of a folder whoever uses it and removes its data. For tests, and for clearing what one left. */
export async function removeEmbeddedPostgres(dataDir: string): Promise<void> {
  const place = await openPlace(resolve(dataDir));
  await withFolderLock(place.lock, async () => {
    await stopServer(place, 'immediate');
    for (const path of [place.users, place.cluster, place.password]) await rm(path, { recursive: true, force: true });
  });
}

interface Place {
  readonly cluster: string;
  readonly password: string;
  readonly log: string;
  readonly lock: string;
  /** One file per process that uses the server. */
  readonly users: string;
  readonly as: RunAs | undefined;
  readonly binaries: PostgresBinaries;
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

async function openPlace(dataDir: string): Promise<Place> {
  const [binaries, as] = [await findBinaries(), await findRunAs()];
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const home = as ? await reachableHome(dataDir, as) : dataDir;
  const users = join(dataDir, 'postgres.users');
  await mkdir(users, { recursive: true, mode: 0o700 });
  return {
    cluster: join(home, 'postgres'),
    password: join(dataDir, 'postgres.password'),
    // Inside the cluster: the one folder that the server's account may write to.
    log: join(home, 'postgres', 'server.log'),
    lock: join(dataDir, 'postgres.lock'),
    users,
    as,
    binaries,
  };
}

/**
 * Where the account `postgres` can keep a cluster for this data folder: in it, let through by group, or, when a folder
 * above it is closed to others (as root's home is), in a folder of its own under /var/lib/tandem.
 */
async function reachableHome(dataDir: string, as: RunAs): Promise<string> {
  const open = async (path: string) => ((await stat(path)).mode & constants.S_IXOTH) !== 0;
  let above = dirname(dataDir);
  while (await open(above)) {
    if (above === dirname(above)) {
      await letThrough(dataDir, as);
      return dataDir;
    }
    above = dirname(above);
  }
  const own = join('/var/lib/tandem', createHash('sha256').update(dataDir).digest('hex').slice(0, 16));
  await mkdir(own, { recursive: true, mode: 0o711 });
  await letThrough(own, as);
  return own;
}

/** Group `postgres` may pass through the folder (not list it). */
async function letThrough(folder: string, as: RunAs): Promise<void> {
  const found = await stat(folder);
  if ((found.mode & constants.S_IXOTH) !== 0) return;
  if (found.gid !== as.gid) await chown(folder, found.uid, as.gid);
  await chmod(folder, 0o710);
}

const urlOf = (port: number, password: string, name: string) =>
  `postgresql://tandem:${encodeURIComponent(password)}@127.0.0.1:${port}/${name}`;

/** Made once; the server knows it from then on. */
async function readPassword(place: Place): Promise<string> {
  const known = await readFile(place.password, 'utf8').catch(() => null);
  if (known) return known.trim();
  if (await exists(place.cluster)) {
    if (dirname(place.cluster) === dirname(place.password)) {
      throw new Error(`${place.password} is missing: without it the database in ${place.cluster} cannot be opened`);
    }
    // The cluster of a data folder that was removed and made anew: set aside, not destroyed.
    await stopServer(place, 'fast');
    await rename(place.cluster, `${place.cluster}.of-removed-folder-${Date.now()}`);
  }
  const made = randomBytes(24).toString('base64url');
  await writeFile(place.password, made, { mode: 0o600 });
  return made;
}

/** Makes the cluster beside its final name, so that a process killed half-way leaves none that looks finished. */
async function initialise(place: Place, password: string): Promise<void> {
  if (await exists(place.cluster)) return;
  const unfinished = `${place.cluster}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  const passwordFile = `${place.cluster}.initial`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (place.as) {
    await chown(unfinished, place.as.uid, place.as.gid);
    await chown(passwordFile, place.as.uid, place.as.gid);
  }
  try {
    await runProgram(
      place.binaries.initdb,
      [
        `--pgdata=${unfinished}`,
        '--auth=scram-sha-256',
        '--username=tandem',
        `--pwfile=${passwordFile}`,
        '--encoding=UTF8',
        '--locale=C',
        '--no-sync',
      ],
      place.as,
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(unfinished, place.cluster);
}

/** The port in the server's own pid file (its fourth line), when a server that knows our password answers there. */
async function runningPort(place: Place, password: string): Promise<number | null> {
  const lines = await readFile(join(place.cluster, 'postmaster.pid'), 'utf8').catch(() => null);
  const port = Number(lines?.split('\n')[3]);
  if (!Number.isInteger(port) || port <= 0) return null;
  const client = new pg.Client({ connectionString: urlOf(port, password, 'postgres'), connectionTimeoutMillis: 3000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>(
      `select current_setting('data_directory') as data_directory`,
    );
    return rows[0]?.data_directory === place.cluster ? port : null;
  } catch {
    return null;
  } finally {
    await client.end().catch(() => {});
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done, fail) => {
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', done);
  });
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  if (address === null || typeof address === 'string') throw new Error('no free port found');
  return address.port;
}

async function startServer(place: Place, password: string, settings: readonly string[]): Promise<number> {
  await forgetDeadServer(place);
  let last: unknown;
  // Another program may take the port between the look and the start; a server that was just killed may still be
  // letting go of its shared memory.
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const port = await freePort();
    const server = [
      `-p ${port}`,
      ...[
        'listen_addresses=127.0.0.1',
        'unix_socket_directories=',
        'max_connections=120',
        // Statements hold people's names and sealed secrets: they stay out of the log, failed ones too.
        'log_min_error_statement=panic',
        'log_statement=none',
        'timezone=UTC',
        ...settings,
      ].map((setting) => `-c ${setting}`),
    ].join(' ');
    try {
      const { pg_ctl } = place.binaries;
      await runProgram(
        pg_ctl,
        ['start', '-w', '-t', '30', '-D', place.cluster, '-l', place.log, '-o', server],
        place.as,
      );
      const found = await runningPort(place, password);
      if (found === null) throw new Error(`PostgreSQL started but does not answer; see ${place.log}`);
      return found;
    } catch (error) {
      last = error;
      await new Promise((done) => setTimeout(done, 250 * (attempt + 1)));
    }
  }
  throw new Error(`PostgreSQL in ${place.cluster} did not start; see ${place.log}`, { cause: last });
}

/** Removes the pid file of a server that is gone but whose pid another program now has; PostgreSQL would refuse to start. */
async function forgetDeadServer(place: Place): Promise<void> {
  const file = join(place.cluster, 'postmaster.pid');
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  if (command !== null && !command.includes(place.cluster)) await rm(file, { force: true });
}

async function ensureDatabase(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (!rowCount) await client.query(`create database ${database}`);
  } finally {
    await client.end();
  }
}

async function leave(place: Place, mark: string): Promise<void> {
  await withFolderLock(place.lock, async () => {
    await rm(mark, { force: true });
    for (const name of await readdir(place.users)) {
      const path = join(place.users, name);
      if (stampAlive(await readFile(path, 'utf8').catch(() => ''))) return;
      await rm(path, { force: true });
    }
    await stopServer(place, 'fast');
  });
}

async function stopServer(place: Place, mode: 'fast' | 'immediate'): Promise<void> {
  if (!(await exists(join(place.cluster, 'postmaster.pid')))) return;
  await forgetDeadServer(place);
  await runProgram(place.binaries.pg_ctl, ['stop', '-w', '-t', '15', '-m', mode, '-D', place.cluster], place.as).catch(
    async (error: unknown) => {
      // A pid file without a process: nothing runs.
      if (await exists(join(place.cluster, 'postmaster.pid'))) {
        const pid = Number((await readFile(join(place.cluster, 'postmaster.pid'), 'utf8')).split('\n')[0]);
        if (stampAlive(`${pid} -`)) throw error;
      }
    },
  );
}
