// profile.yml as people write it: what is read, and where and how a wrong one is told.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../backend/src/cli/failure.ts';
import { readProfileFile } from '../../backend/src/cli/profile-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-profile-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const env = { JIRA_EMAIL: 'sync@acme.example', JIRA_API_TOKEN: 'jira-secret', PAT: 'azure-secret', EMPTY: '' };
const good = `jira:
  url: https://acme.atlassian.net/jira/software/projects/TAN
  project: TAN
azure:
  url: https://dev.azure.com/acme/Tandem/
  pat: \${PAT}
  project: Tandem
types:
  - { jira: Task, azure: Task }
fields:
  - { jira: summary, azure: System.Title, kind: text }
`;

const read = async (text: string | Buffer, variables: Record<string, string> = env) => {
  const path = join(folder, 'profile.yml');
  await writeFile(path, text);
  return readProfileFile(path, { env: variables, allowedOrigins: [] });
};
const problems = async (text: string | Buffer, variables?: Record<string, string>) => {
  const failure = await read(text, variables).catch((error: unknown) => error);
  if (!(failure instanceof Failure)) throw new Error('it was taken', { cause: failure });
  expect(failure.details.exit).toBe(2);
  return failure.details.problems ?? [];
};

describe('a profile file', () => {
  it('takes addresses as they are copied, and what it lacks from the environment', async () => {
    const file = await read(good);
    expect(file.jira).toEqual({ url: 'https://acme.atlassian.net', email: 'sync@acme.example', token: 'jira-secret' });
    expect(file.azure).toEqual({ url: 'https://dev.azure.com/acme', pat: 'azure-secret' });
    expect(file.settings).toMatchObject({ name: 'TAN ↔ Tandem', direction: 'both', jira: { project: 'TAN' } });
    expect(JSON.stringify(file.settings)).not.toContain('secret');
  });

  it('lets its own values win over the environment', async () => {
    const file = await read(good.replace('  project: TAN', '  project: TAN\n  email: own@acme.example'));
    expect(file.jira.email).toBe('own@acme.example');
  });

  it.each<[string, (text: string) => string, object]>([
    [
      'an unknown key',
      (text) => `${text}feilds: []\n`,
      { path: 'feilds', line: 12, column: 1, problem: 'Unknown key "feilds".', remedy: 'Did you mean "fields"?' },
    ],
    [
      'an unknown key deep inside',
      (text) => text.replace('kind: text', 'kind: text, directon: both'),
      { path: 'fields.0.directon', line: 11, column: 55, remedy: 'Did you mean "direction"?' },
    ],
    [
      'a value that is none of the choices',
      (text) => text.replace('kind: text', 'kind: txt'),
      { path: 'fields.0.kind', line: 11, column: 49, problem: '"txt" is not allowed.' },
    ],
    ['a missing part', (text) => text.replace(/types:\n.*\n/, ''), { path: 'types', problem: 'It is missing.' }],
    [
      'a number for a text',
      (text) => text.replace('project: Tandem', 'project: 42'),
      { path: 'azure.project', line: 7, column: 12, remedy: 'Put it in quotes.' },
    ],
    [
      'a key twice',
      (text) => `${text}name: A\nname: B\n`,
      { line: 13, column: 1, problem: 'Not YAML: Map keys must be unique.' },
    ],
    [
      'a variable that is empty',
      (text) => text.replace(`\${PAT}`, `\${EMPTY}`),
      { path: 'azure.pat', line: 6, column: 8, problem: 'The environment variable EMPTY is not set.' },
    ],
    [
      'an address that is none',
      (text) => text.replace('https://dev.azure.com/acme/Tandem/', 'dev.azure.com'),
      { path: 'azure.url', line: 5, problem: 'This is not the address of a site.' },
    ],
    [
      'an address elsewhere',
      (text) => text.replace('acme.atlassian.net', 'acme.example'),
      { path: 'jira.url', line: 2, remedy: expect.stringContaining('TANDEM_ALLOWED_ORIGINS=https://acme.example') },
    ],
    [
      'an address with credentials',
      (text) => text.replace('acme.atlassian.net', 'me:pw@acme.atlassian.net'),
      { path: 'jira.url', problem: expect.not.stringContaining('pw') },
    ],
    ['a list', () => '- a\n- b\n', { problem: 'The file is no map of settings.' }],
    ['nothing', () => '# only a comment\n', { problem: 'The file is empty.' }],
    ['a second document', (text) => `${text}---\na: 1\n`, { problem: 'The file holds a second document.' }],
    ['broken YAML', (text) => text.replace('{ jira: Task', '{ jira: "Task'), { line: expect.any(Number) }],
    ['an own tag', (text) => text.replace('kind: text', 'kind: !run text'), { line: 11 }],
  ])('with %s is refused with its place', async (_, change, expected) => {
    expect(await problems(change(good))).toContainEqual(expect.objectContaining(expected));
  });

  it('tells all problems at once', async () => {
    const found = await problems(good.replace('kind: text', 'kind: txt').replace('project: TAN', 'project: tan'), {});
    expect(found.map(({ path }) => path)).toEqual(['azure.pat', 'jira.project', 'fields.0.kind']);
  });

  it('with a secret of the wrong form never shows it', async () => {
    const found = await problems(good.replace(`\${PAT}`, '[hidden-secret]'));
    expect(found).toHaveLength(1);
    expect(JSON.stringify(found)).not.toContain('hidden-secret');
  });

  it('does not follow aliases without end', async () => {
    const bomb = `a: &a [x, x]\n${'bcdefghij'
      .split('')
      .map((name, index) => `${name}: &${name} [${`*${'abcdefghij'[index]}, `.repeat(9)}*${'abcdefghij'[index]}]`)
      .join('\n')}\n`;
    expect((await problems(bomb))[0]?.problem).toContain('Not YAML');
  });

  it('that is not UTF-8, or too large, is refused', async () => {
    expect((await problems(Buffer.from([0xff, 0xfe, 0x41])))[0]?.problem).toBe('The file is not UTF-8 text.');
    expect((await problems(`# ${'x'.repeat(5 * 1024 * 1024)}`))[0]?.problem).toContain('bytes');
  });
});
