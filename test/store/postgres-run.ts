// Once per test run: names the folder of the run's PostgreSQL and clears it at the end, also those of runs that were
// killed. The server itself starts when the first test file asks for a database.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { removeEmbeddedPostgres } from '../../backend/src/store/embedded-postgres.ts';
import { processStamp, stampAlive } from '../../backend/src/store/process-identity.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    postgresFolder: string;
  }
}

const prefix = 'tandem-test-postgres-';

async function clear(folder: string): Promise<void> {
  await removeEmbeddedPostgres(folder);
  await rm(folder, { recursive: true, force: true });
}

async function clearKilledRuns(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix)) continue;
    const folder = join(tmpdir(), name);
    const owner = await readFile(join(folder, 'run'), 'utf8').catch(() => null);
    if (owner !== null && !stampAlive(owner)) await clear(folder).catch(() => {});
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await clearKilledRuns();
  const folder = await mkdtemp(join(tmpdir(), prefix));
  await writeFile(join(folder, 'run'), processStamp());
  project.provide('postgresFolder', folder);
  return () => clear(folder);
}
