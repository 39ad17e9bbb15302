// A lock file that only one process of this machine holds; one left by a dead process is broken, by one breaker only.

import { randomUUID } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { processStamp, stampAlive } from './process-identity.ts';

const isCode = (error: unknown, code: string) => error instanceof Error && 'code' in error && error.code === code;

async function createExclusively(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

const readOrNull = (path: string) => readFile(path, 'utf8').catch(() => null);

/** Breaks a dead holder's lock. The breaker file makes sure that nobody breaks the lock that came after it. */
async function breakStale(path: string, content: string): Promise<void> {
  const breaker = `${path}.break`;
  if (!(await createExclusively(breaker, processStamp()))) {
    const age = await stat(breaker).then(
      (found) => Date.now() - found.mtimeMs,
      () => 0,
    );
    if (age > 10_000) await rm(breaker, { force: true });
    return;
  }
  try {
    if ((await readOrNull(path)) === content) await rm(path, { force: true });
  } finally {
    await rm(breaker, { force: true });
  }
}

/** Runs `work` while no other process holds the lock; throws when it cannot be had within `waitMs`. */
export async function withFolderLock<T>(path: string, work: () => Promise<T>, waitMs = 60_000): Promise<T> {
  const deadline = Date.now() + waitMs;
  const mine = `${processStamp()}\n${randomUUID()}`;
  while (!(await createExclusively(path, mine))) {
    const held = await readOrNull(path);
    // An empty file is one that is just being written.
    if (held && !stampAlive(held.split('\n')[0] ?? '')) await breakStale(path, held);
    if (Date.now() > deadline) throw new Error(`${path} has been locked by another process for ${waitMs} ms`);
    await delay(25);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}
