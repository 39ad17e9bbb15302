// Once per test run: names the folder of the run and clears it at the end, also those of runs that were killed. In it lies
// PostgreSQL, which starts when the first test file asks for a database, and what Node compiled for the processes that tests
// start: they start from the same files, and most of a start is compiling.

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
  // A process that ends may still write what it compiled.
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
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
  process.env.NODE_COMPILE_CACHE = join(folder, 'compiled');
  return () => clear(folder);
}
