// The bench runs, and the counts that it is made for hold. No times: they depend on the machine.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Figures } from './table.ts';

const bench = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args]);

describe('the bench on twenty items', () => {
  let figures: Figures;
  beforeAll(async () => {
    const only = ['generated', 'live', 'queue'].flatMap((name) => ['--only', name]);
    const { stdout } = await bench('--items', '20', '--json', ...only);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    figures = JSON.parse(stdout) as Figures;
  }, 180_000);

  it('brings every generated item into a pair', () => {
    const { generated } = figures;
    expect(generated).toMatchObject({ items: 20, pairs: 20, failed: 0, failing: 0 });
    expect(generated?.calls).toMatchObject({ 'azure POST workitems/{type}': 10, 'jira POST issue': 10 });
  });

  it('counts three calls for a field and none for an echo', () => {
    const calls = figures.live?.map(({ change, from, callsPerChange }) => `${change} ${from} ${callsPerChange}`);
    expect(calls).toEqual([
      'field jira 3',
      'field azure 3',
      'comment jira 4',
      'comment azure 4',
      'status jira 3',
      'status azure 5',
    ]);
    expect(figures.live?.[0]?.calls).toEqual({
      'jira GET issue/{id}': 3,
      'azure GET workitems/{id}': 3,
      'azure PATCH workitems/{id}': 3,
    });
    for (const { changes, echoes, callsPerEcho } of figures.live ?? []) {
      expect(echoes).toBeGreaterThanOrEqual(changes);
      expect(callsPerEcho).toBe(0);
    }
  });

  it('counts few statements for a field', () => {
    // Nine; more when an event's second job or a look at the shared waits falls into the run.
    for (const { change, statementsPerChange } of figures.live ?? [])
      if (change === 'field') expect(statementsPerChange).toBeLessThanOrEqual(13);
  });

  it('measures only what it was told to', () => {
    expect(figures.queue?.jobs).toBe(80);
    expect(figures).not.toHaveProperty('seed');
  });
});

describe('a large file', () => {
  it('goes each way through a service that never holds it', { timeout: 180_000 }, async () => {
    const size = 96;
    const { stdout } = await bench('--only', 'file', '--mebibytes', String(size), '--json');
    const { file } = JSON.parse(stdout) as Figures;
    expect(file?.ways.map(({ from, calls }) => [from, calls])).toEqual([
      // Two reads, the content by way of the media host, an upload in pieces of 8 MiB, the relation.
      ['jira', 2 + 2 + 1 + size / 8 + 1],
      ['azure', 4],
    ]);
    const { before = 0, peak = Number.POSITIVE_INFINITY } = file?.memoryMiB ?? {};
    // What else piles up meanwhile is the same for a file of a gigabyte.
    expect(peak - before).toBeLessThan(size - 10);
    expect(peak).toBeLessThanOrEqual(256);
  });
});

describe('its arguments', () => {
  it.each([
    [['--items', 'many'], '--items many: give a number from 1 to 100000'],
    [['--only', 'jobs'], '--only jobs: give one of seed, generated, live, queue, file'],
    [['--mebibytes', '0'], '--mebibytes 0: give a number from 1 to 2000'],
    [['--fast'], '--fast'],
  ])('refuses %j', async (args, words) => {
    await expect(bench(...args)).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
  });

  it('are told by --help', async () => {
    expect((await bench('--help')).stdout).toContain('Usage: npm run bench');
  });
});
