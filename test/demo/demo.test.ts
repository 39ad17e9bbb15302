// The demo's story, played as a visitor plays it; and that it can fail.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { claimPort } from './free-port.ts';
import { readOptions } from './options.ts';
import type { Seen } from './seen.ts';
import { until } from './until.ts';
import { judge } from './verdict.ts';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const demo = (...args: readonly string[]): Promise<Ended> => ended(start(...args));

const start = (...args: readonly string[]) => spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args]);

async function ended(child: ReturnType<typeof start>): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

/** The first of four free ports in a row. */
async function fourPorts(): Promise<number> {
  return until(
    'four ports in a row are free',
    async () => {
      const first = await claimPort(0, 'a test');
      for (const offset of [1, 2, 3]) await claimPort(first + offset, 'a test');
      return first;
    },
    { timeoutMs: 10_000 },
  );
}

describe('npm run demo', () => {
  it('prints one ready line, shows both projects, and ends with 0 when asked', { timeout: 200_000 }, async () => {
    const child = start('--json');
    const outcome = ended(child);
    const [line] = await once(child.stdout, 'data');
    const ready = JSON.parse(String(line));
    expect(ready).toMatchObject({
      ready: true,
      jira: { project: 'TAN', email: expect.stringContaining('@') },
      azure: { organization: 'acme', project: 'Tandem', url: expect.stringMatching(/\/acme$/) },
    });
    expect((await fetch(`${ready.backend}/health`)).status).toBe(200);
    const board = (await (await fetch(`${ready.page}/api/board`)).json()) as Record<string, readonly unknown[]>;
    expect(board.jira?.length).toBe(board.azure?.length);
    expect(await (await fetch(`${ready.page}/admin`)).text()).toContain('Tandem');
    child.kill('SIGTERM');
    const { code, stdout } = await outcome;
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(code).toBe(0);
  });
});

describe('npm run demo -- --once --json', () => {
  it('prints one line that says that all is as it must be', { timeout: 300_000 }, async () => {
    const { code, stdout, stderr } = await demo('--once', '--json');
    expect(stderr).toBe('');
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    const outcome = JSON.parse(lines[0] ?? '');
    expect(outcome).toMatchObject({ ok: true, problems: [], duplicates: 0, violations: 0, edits: 16 });
    expect(outcome.pairs).toBeGreaterThan(200);
    expect(outcome.items).toBe(2 * outcome.pairs);
    expect(code).toBe(0);
  });

  it('says what is wrong when Azure DevOps takes no new work item', { timeout: 300_000 }, async () => {
    const port = await fourPorts();
    const child = start('--once', '--json', '--port', String(port));
    const outcome = ended(child);
    const fault = {
      match: { method: 'POST', path: '/acme/Tandem/_apis/wit/workitems/$*' },
      kind: 'status',
      status: 400,
    };
    await until(
      'the simulator takes the fault',
      async () =>
        (
          await fetch(`http://127.0.0.1:${port + 3}/_control/faults`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(fault),
          })
        ).ok,
      { timeoutMs: 60_000 },
    );
    const { code, stdout } = await outcome;
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    const { ok, problems } = JSON.parse(stdout);
    expect(ok).toBe(false);
    expect(problems.join('\n')).toMatch(/TAN-\d+ ".+" has no work item/);
    expect(code).toBe(1);
  });

  it('names the port that is taken', { timeout: 60_000 }, async () => {
    const port = await fourPorts();
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(port + 1, '127.0.0.1', resolve));
    const { code, stdout, stderr } = await demo('--once', '--json', '--port', String(port));
    taken.close();
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`port ${port + 1}, for the page, is taken`);
  });

  it('leaves the data of a real Tandem alone', { timeout: 60_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tandem-demo-test-'));
    await writeFile(join(folder, 'key'), 'of somebody');
    const { code, stderr } = await demo('--data', folder);
    expect(code).toBe(1);
    expect(stderr).toContain("holds a Tandem's data that is not a demo's");
    expect(await readdir(folder)).toEqual(['key']);
    await rm(folder, { recursive: true });
  });

  it.each([
    [['--port', 'many'], /--port "many" is no port/],
    [['--colour'], /--colour/],
    [['--data', ' '], /--data is empty/],
    [['--stores', 'mongo'], /--stores "mongo" is none of embedded, cloud/],
  ])('refuses %j in words', (args, words) => {
    expect(() => readOptions(args)).toThrow(words);
  });

  it('ends with 1 when it refuses, and says why', async () => {
    const { code, stderr } = await demo('--colour');
    expect(code).toBe(1);
    expect(stderr).toMatch(/--colour/);
  });
});

describe('the verdict', () => {
  const item = (side: Seen['side'], more: Partial<Seen> = {}): Seen => ({
    side,
    id: '1',
    key: side === 'jira' ? 'TAN-1' : '1',
    type: side === 'jira' ? 'Story' : 'User Story',
    title: 'A title',
    state: side === 'jira' ? 'To Do' : 'New',
    priority: side === 'jira' ? 'High' : '2',
    madeFrom: null,
    tags: [],
    assignee: null,
    updated: 0,
    comments: 0,
    files: [],
    restricted: false,
    description: null,
    ...more,
  });
  const fixed = { jira: {}, azure: {} };
  const field = {
    jira: 'priority',
    azure: 'Microsoft.VSTS.Common.Priority',
    kind: 'option',
    direction: 'both',
  } as const;
  const settings = {
    fields: [{ ...field, enforce: false, values: [{ jira: 'High', azure: '2' }] }],
    types: [
      {
        jira: 'Story',
        azure: 'User Story',
        states: [{ jira: 'To Do', azure: 'New' }],
        defaults: fixed,
        onTransition: fixed,
      },
    ],
  };
  const ana = { id: 'a', name: 'Ana' };
  const rules = { settings, people: { jira: new Set(['Ana']), azure: new Set(['Ana']) } };
  const text = (words: string) => ({
    type: 'doc',
    content: [{ type: 'paragraph', content: [{ type: 'text', text: words }] }],
  });

  it('is content with two sides that are alike', () => {
    const description = text('The same words & signs');
    expect(
      judge(
        [item('jira', { description })],
        [item('azure', { description: '<p>The same words &amp; signs</p>' })],
        rules,
      ),
    ).toEqual({
      items: 2,
      pairs: 1,
      duplicates: 0,
      outside: 0,
      problems: [],
    });
  });

  it.each([
    ['a missing work item', [item('jira')], [], /no work item/],
    ['a missing issue', [], [item('azure')], /no issue/],
    ['a duplicate', [item('jira')], [item('azure'), item('azure', { id: '2', key: '2' })], /twice/],
    ['another state', [item('jira')], [item('azure', { state: 'Closed' })], /do not mean the same/],
    ['a lost comment', [item('jira', { comments: 1 })], [item('azure')], /1 and 0 comments/],
    ['a lost tag', [item('jira', { tags: ['x'] })], [item('azure')], /labels x and tags none/],
    ['another priority', [item('jira')], [item('azure', { priority: '4' })], /priorities High and 4/],
    ['a lost assignee', [item('jira', { assignee: ana })], [item('azure')], /assigned to Ana and nobody/],
    ['a marker of another item', [item('jira', { madeFrom: '7' })], [item('azure')], /marker of TAN-1 names 7/],
    ['a lost file', [item('jira', { files: [{ name: 'a', size: 1 }] })], [item('azure')], /files differ/],
    [
      'a mangled text',
      [item('jira', { description: text('quite other words here') })],
      [item('azure', { description: '<p>nothing alike</p>' })],
      /share only 0 %/,
    ],
  ])('names %s', (_, jira, azure, problem) => {
    expect(judge(jira, azure, rules).problems.join('\n')).toMatch(problem);
  });
});
