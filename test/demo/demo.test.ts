// The demo's story, played as a visitor plays it; and that it can fail.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Seen } from './seen.ts';
import { judge } from './verdict.ts';

async function demo(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args]);
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

describe('npm run demo -- --once --json', () => {
  it('prints one line that says that all is as it must be', { timeout: 150_000 }, async () => {
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

  it.each([
    [['--port', 'many'], /--port "many" is no port/],
    [['--colour'], /--colour/],
    [['--data', ' '], /--data is empty/],
  ])('refuses %j in words', async (args, words) => {
    const { code, stderr } = await demo(...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(words);
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
  const settings = {
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
        settings,
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
    ['a lost file', [item('jira', { files: ['a 1'] })], [item('azure')], /files differ/],
    [
      'a mangled text',
      [item('jira', { description: text('quite other words here') })],
      [item('azure', { description: '<p>nothing alike</p>' })],
      /share only 0 %/,
    ],
  ])('names %s', (_, jira, azure, problem) => {
    expect(judge(jira, azure, settings).problems.join('\n')).toMatch(problem);
  });
});
