// What a user is told when something is wrong: exit code, place, cause and remedy; and that no secret is in it.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSites, type TestSites } from './sites.ts';
import { tandem } from './tandem.ts';

let sites: TestSites;
let file: string;
let text: string;

beforeAll(async () => {
  sites = await startSites();
  file = join(sites.folder, 'profile.yml');
  const init = await tandem(['init', file, '--jira-project', 'TAN', '--azure-project', 'Tandem'], sites.env);
  expect(init.code, init.stderr).toBe(0);
  text = await readFile(file, 'utf8');
}, 120_000);
afterAll(() => sites?.close());

const changed = async (name: string, change: (text: string) => string): Promise<string> => {
  const path = join(sites.folder, name);
  await writeFile(path, change(text));
  return path;
};
const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(sites.env).filter(([name]) => !names.includes(name)));

describe('a refusal', { timeout: 120_000 }, () => {
  it('of the credentials ends with 3, names the site, and holds no secret', async () => {
    const secret = 'wrong-personal-access-token';
    const env = { ...sites.env, AZURE_DEVOPS_PAT: secret };
    const checked = await tandem(['check', file, '--json'], env);
    expect(checked.code).toBe(3);
    expect(JSON.parse(checked.stdout)).toMatchObject({
      ok: false,
      jira: { authenticated: true },
      azure: { reachable: true, authenticated: false, problem: { code: 'unauthorized' } },
      mapping: { checked: false },
    });
    const planned = await tandem(['plan', file], env);
    expect(planned.code).toBe(3);
    expect(planned.stderr).toContain('Azure DevOps refused the credentials.');
    expect(checked.stdout + checked.stderr + planned.stderr + planned.stdout).not.toContain(secret);
  });

  it('of a site that is not there ends with 3', async () => {
    const env = { ...sites.env, TANDEM_ALLOWED_ORIGINS: `${sites.env.TANDEM_ALLOWED_ORIGINS},http://127.0.0.1:9` };
    const path = await changed('away.yml', (all) => all.replace(/url: http:.*\/acme/, 'url: http://127.0.0.1:9/acme'));
    const ended = await tandem(['check', path, '--json'], env);
    expect(ended.code).toBe(3);
    expect(JSON.parse(ended.stdout).azure).toMatchObject({ reachable: false, problem: { code: 'unavailable' } });
  });

  it('of a missing variable names the variable, the field and the line', async () => {
    const ended = await tandem(['sync', file], without('AZURE_DEVOPS_PAT'));
    expect(ended.code).toBe(2);
    const line = text.split('\n').findIndex((one) => one.includes('pat:')) + 1;
    expect(ended.stderr).toContain(`${file}:${line}:8  azure.pat`);
    expect(ended.stderr).toContain('The environment variable AZURE_DEVOPS_PAT is not set.');
  });

  it('of a private address tells how to allow it', async () => {
    const ended = await tandem(['check', file], without('TANDEM_ALLOWED_ORIGINS'));
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('jira.url');
    expect(ended.stderr).toContain(`TANDEM_ALLOWED_ORIGINS=${sites.jira.url}`);
  });

  it('of a field and a state that the sites lack tells where, and what may have been meant', async () => {
    const path = await changed('unknown.yml', (all) =>
      all.replace('azure: System.Title', 'azure: System.Titel').replace('azure: Resolved }', 'azure: Resolvd }'),
    );
    const checked = await tandem(['check', path, '--json'], sites.env);
    expect(checked.code).toBe(2);
    const { problems } = JSON.parse(checked.stdout).mapping;
    const lines = (await readFile(path, 'utf8')).split('\n');
    const title = problems.find(({ path: at }: { path: string }) => at === 'fields.0.azure');
    expect(title).toMatchObject({
      level: 'error',
      problem: 'Azure DevOps has no field "System.Titel" in this project.',
    });
    expect(title.remedy).toContain('"System.Title"');
    expect(lines[title.line - 1]?.slice(title.column - 1)).toBe('System.Titel');
    expect(problems.map(({ remedy }: { remedy: string }) => remedy)).toContain('Did you mean "Resolved"?');
    const synced = await tandem(['sync', path], { ...sites.env, TANDEM_DATA_DIR: join(sites.folder, 'other') });
    expect(synced.code).toBe(2);
    expect(synced.stderr).toContain('fields.0.azure');
  });

  it('of a project that init does not find names those that there are', async () => {
    const args = [
      'init',
      join(sites.folder, 'new.yml'),
      '--jira-project',
      'TAM',
      '--azure-project',
      'Tandem',
      '--json',
    ];
    const ended = await tandem(args, sites.env);
    expect(ended.code).toBe(2);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      ok: false,
      error: {
        code: 'unknown-project',
        message: 'Jira shows no project "TAM" to this account.',
        remedy: 'Did you mean TAN?',
      },
    });
  });

  it('of init without a terminal names all that is missing at once', async () => {
    const ended = await tandem(['init', join(sites.folder, 'new.yml')], { JIRA_URL: 'https://acme.atlassian.net' });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('--jira-email (or JIRA_EMAIL), --jira-token (or JIRA_API_TOKEN)');
    expect(ended.stderr).toContain('--azure-project');
    expect(ended.stderr).not.toContain('--jira-url');
  });

  it.each([
    [['chek'], "unknown command 'chek'"],
    [['plan'], "missing required argument 'profile'"],
    [['plan', 'profile.yml', 'TAN'], '"TAN" is no item.'],
    [['sync', 'profile.yml', '--every', 'often'], 'A number of seconds is needed.'],
    [['errors', '--retry'], 'No item is named.'],
    [['convert', '--from', 'html', '--to', 'markdown'], 'There is no conversion from html to markdown.'],
    [['status', '--data', '/dev/null/x', '--verbos'], "unknown option '--verbos'"],
    [['erase', 'https://acme.atlassian.net'], 'Add --yes.'],
    [['support', 'show', 'x', '--url', 'http://127.0.0.1:9'], 'An identity token is missing.'],
  ])('of the arguments %j ends with 2', async (args, words) => {
    const ended = await tandem(args);
    expect(ended.stderr).toContain(words);
    expect(ended.code).toBe(2);
    expect(ended.stdout).toBe('');
  });

  it('makes nothing in the data folder when a command only looks', async () => {
    const data = join(sites.folder, 'never');
    const status = await tandem(['status', '--json', '--data', data]);
    expect(status).toMatchObject({
      code: 0,
      stdout: `${JSON.stringify({ ok: true, data, workers: 0, profiles: [] })}\n`,
    });
    const explained = await tandem(['explain', 'TAN-1', '--data', data]);
    expect(explained.code).toBe(1);
    await expect(readFile(data)).rejects.toThrow('ENOENT');
  });
});
