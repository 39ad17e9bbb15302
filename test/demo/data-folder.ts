// Where the demo keeps the backend's database, key and log: a temporary folder, or one that was named, never one of a real Tandem.

import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { removeEmbeddedPostgres } from '../../backend/src/store/embedded-postgres.ts';
import { processStamp, stampAlive } from '../../backend/src/store/process-identity.ts';

export interface DataFolder {
  readonly path: string;
  /** Once the backend has ended. */
  close(): Promise<void>;
}

/** Tells whose folder it is, and which process uses it. */
const markName = 'tandem-demo';

/** Throws an Error that says what to do when the folder holds something else or is in use. */
export async function openDataFolder(kept: string | null): Promise<DataFolder> {
  const path = kept === null ? await mkdtemp(join(tmpdir(), 'tandem-demo-')) : resolve(kept);
  const mark = join(path, markName);
  if (kept !== null) await beginAnew(path, mark);
  await writeFile(mark, processStamp());
  return {
    path,
    async close() {
      if (kept !== null) return writeFile(mark, '');
      // A backend that was killed leaves its database running.
      await removeEmbeddedPostgres(path).catch(() => {});
      await rm(path, { recursive: true, force: true });
    },
  };
}

/** The simulated sites are new each time: pairs of an earlier demo's items would mean nothing. */
async function beginAnew(path: string, mark: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const user = await readFile(mark, 'utf8').catch(() => null);
  if (user !== null) {
    if (stampAlive(user)) throw new Error(`another demo runs in ${path}: stop it, or name another folder with --data`);
    await removeEmbeddedPostgres(path);
    return;
  }
  for (const name of ['postgres', 'postgres.password', 'key']) {
    const present = await access(join(path, name)).then(
      () => true,
      () => false,
    );
    if (present) {
      throw new Error(`${path} holds a Tandem's data that is not a demo's: name another folder with --data`);
    }
  }
}
