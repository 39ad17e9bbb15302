// `tandem profile`: profiles as files on the command line, and `tandem explain` with what was decided.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../store/postgres.ts';
import { startSites, type TestSites } from './sites.ts';
import { tandem as run } from './tandem.ts';

let sites: TestSites;
let env: Record<string, string>;
let file: string;
let key: string;

const profile = (more = '') => `# yaml-language-server: $schema=x
name: Team
jira: { project: TAN }
azure: { project: Tandem }
types:
  - jira: Task
    azure: Task
    states: [{ jira: To Do, azure: New }, { jira: In Progress, azure: Active }, { jira: Done, azure: Closed }]
fields:
  - { jira: summary, azure: System.Title, kind: text }
${more}`;

beforeAll(async () => {
  sites = await startSites();
  const { url } = await testDatabase();
  env = { ...sites.env, DATABASE_URL: url };
  file = join(sites.folder, 'team.yml');
  await writeFile(file, profile());
  const issue = await sites.inJira('POST', 'issue', {
    fields: { project: { key: 'TAN' }, issuetype: { name: 'Task' }, summary: 'Secret words' },
  });
  key = issue.key;
});
afterAll(() => sites?.close());

const tandem = (...args: string[]) => run(args, env);
const json = async (...args: string[]) => {
  const { code, stdout } = await tandem(...args, '--json');
  return { code, ...JSON.parse(stdout) };
};

describe('tandem profile', { timeout: 60_000 }, () => {
  it('validates files without sites, variables or state, with the line of each problem', async () => {
    const wrong = join(sites.folder, 'wrong.yml');
    await writeFile(wrong, profile('policies: { delted: close }\n'));
    const { code, stdout } = await run(['profile', 'validate', file, wrong]);
    expect(code).toBe(2);
    expect(stdout).toContain(`${file}: ok`);
    expect(stdout).toContain(`${wrong}:11:13  policies.delted`);
    expect(stdout).toContain('Did you mean "deleted"?');
  });

  it('prints the schema that is published', async () => {
    const { stdout } = await run(['profile', 'schema']);
    expect(stdout).toBe(await readFile(join(import.meta.dirname, '../../docs/profile.schema.json'), 'utf8'));
  });

  it('stores a file as a draft, tells what another one changes, and writes it back without secrets', async () => {
    expect(await json('profile', 'import', file)).toMatchObject({
      code: 0,
      profile: 'Team',
      status: 'draft',
      revision: 1,
    });
    expect(await tandem('profile', 'diff', file)).toMatchObject({ code: 0, stdout: 'No difference.\n' });
    await writeFile(file, profile('policies: { deleted: close }\ntimeZone: Europe/Berlin\n'));
    const differs = await tandem('profile', 'diff', file);
    expect(differs.stdout).toBe('~ policies.deleted: mark → close\n~ timeZone: UTC → Europe/Berlin\n');
    expect(differs.code).toBe(1);
    expect((await json('profile', 'import', file)).changes).toEqual(['policies changed', 'timeZone changed']);

    const written = join(sites.folder, 'written.yml');
    expect((await tandem('profile', 'export', 'Team', '-o', written)).code).toBe(0);
    const text = await readFile(written, 'utf8');
    expect(text).toMatch(/^# yaml-language-server: \$schema=\S+docs\/profile\.schema\.json\n/);
    for (const secret of [env.JIRA_API_TOKEN, env.AZURE_DEVOPS_PAT]) expect(text).not.toContain(secret);
    expect((await tandem('profile', 'diff', written)).stdout).toBe('No difference.\n');
    expect(await json('profile', 'export', 'Nobody')).toMatchObject({ code: 2, error: { code: 'unknown-profile' } });
  });

  it('explains a pair by its decisions, without a word of its content', async () => {
    expect((await tandem('sync', file)).code).toBe(0);
    const explained = await json('explain', key);
    const decisions = explained.pair.decisions;
    expect(decisions.map(({ what }: { what: string }) => what)).toEqual(['nothing', 'created']);
    expect(decisions[1]).toMatchObject({
      seen: [{ by: 'initial-sync' }],
      operations: [{ side: 'azure', kind: 'create', to: 'Task', fields: ['System.Title'] }],
    });
    const { stdout } = await tandem('explain', key);
    expect(stdout).toContain('created  (initial-sync)');
    expect(stdout).toContain('create in Azure DevOps Task: System.Title');
    expect(stdout + JSON.stringify(explained)).not.toContain('Secret words');
    expect((await tandem('explain', key, '--decisions', '1')).stdout).toContain('1 older decisions');
  });

  it('refuses a second profile of the same items until the first is deleted', async () => {
    const rival = join(sites.folder, 'rival.yml');
    await writeFile(rival, profile().replace('name: Team', 'name: Rival'));
    for (const command of [
      ['sync', rival],
      ['plan', rival],
      ['profile', 'import', rival],
    ]) {
      const { code, stderr } = await tandem(...command);
      expect(code, command.join(' ')).toBe(2);
      expect(stderr).toContain('would enter the profile "Team" as well');
      expect(stderr).toContain('tandem profile delete "Team"');
    }
    expect((await tandem('profile', 'delete', 'Team')).code).toBe(0);
    expect((await json('profile', 'import', rival)).code).toBe(0);
    // The pairs stay claimed: nothing is made twice.
    expect((await tandem('sync', rival)).code).toBe(0);
    expect(sites.azure.world().items.size).toBe(1);
  });
});
