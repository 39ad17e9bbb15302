import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  type PostgresServer,
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../backend/src/store/embedded-postgres.ts';

let folder: string;
const servers: PostgresServer[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-embedded-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});
afterAll(async () => {
  await removeEmbeddedPostgres(folder);
  await rm(folder, { recursive: true });
});

async function start(): Promise<PostgresServer> {
  const server = await startEmbeddedPostgres({ dataDir: folder, settings: ['fsync=off'] });
  servers.push(server);
  return server;
}

async function ask(url: string, text: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  await client.connect();
  try {
    return (await client.query({ text, rowMode: 'array' })).rows[0]?.[0];
  } finally {
    await client.end();
  }
}

const pidOf = async () => Number((await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);

describe('the server in a data folder', () => {
  test('keeps what was written from one start to the next', async () => {
    const first = await start();
    await ask(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    await expect(ask(first.url, 'select 1')).rejects.toThrow();
    expect(await ask((await start()).url, 'select answer from kept')).toBe(42);
  });

  test('listens on this machine only and asks for a password that only the owner can read', async () => {
    const { url } = await start();
    expect(await ask(url, `select current_setting('listen_addresses')`)).toBe('127.0.0.1');
    const wrong = new URL(url);
    wrong.password = 'wrong';
    await expect(ask(wrong.toString(), 'select 1')).rejects.toThrow('password');
    expect((await stat(join(folder, 'postgres.password'))).mode & 0o777).toBe(0o600);
  });

  test('is joined by a second user and stopped by the last one', async () => {
    const [first, second] = [await start(), await start()];
    expect(second.url).toBe(first.url);
    await first.stop();
    await first.stop();
    expect(await ask(second.url, 'select 1')).toBe(1);
    await second.stop();
    await expect(ask(second.url, 'select 1')).rejects.toThrow();
  });

  test('is started once by several that start at the same moment', async () => {
    const urls = await Promise.all([start(), start(), start()]);
    expect(new Set(urls.map((server) => server.url)).size).toBe(1);
  });

  test('survives its starter’s SIGKILL and is joined, then stopped, by the next', async () => {
    const script = fileURLToPath(new URL('./start-and-hang.ts', import.meta.url));
    const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(child.stdout, 'data');
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    const next = await start();
    expect(next.url).toBe(String(line).trim());
    await next.stop();
    await expect(ask(next.url, 'select 1')).rejects.toThrow();
    expect(await readdir(join(folder, 'postgres.users'))).toEqual([]);
  });

  test('starts again after its own SIGKILL', async () => {
    const first = await start();
    await ask(first.url, 'create table if not exists crashed as select 1 as one');
    process.kill(await pidOf(), 'SIGKILL');
    await first.stop();
    expect(await ask((await start()).url, 'select one from crashed')).toBe(1);
  });

  test('starts although another program now has the pid in its old pid file', async () => {
    await (await start()).stop();
    const file = join(folder, 'postgres', 'postmaster.pid');
    await writeFile(file, `${process.pid}\n${join(folder, 'postgres')}\n1\n1\n\n127.0.0.1\n\nready\n`);
    expect(await ask((await start()).url, 'select 1')).toBe(1);
  });

  test('is never joined when it belongs to another folder', async () => {
    const { url } = await start();
    const other = await mkdtemp(join(tmpdir(), 'tandem-embedded-'));
    try {
      const second = await startEmbeddedPostgres({ dataDir: other, settings: ['fsync=off'] });
      expect(second.url).not.toBe(url);
      await second.stop();
    } finally {
      await removeEmbeddedPostgres(other);
      await rm(other, { recursive: true });
    }
  });
});
