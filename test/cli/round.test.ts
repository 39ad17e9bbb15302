// The whole way of a user: init, check, plan, sync, edits on both sides, sync again, and what the other commands tell.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../store/postgres.ts';
import { startSites, type TestSites } from './sites.ts';
import { tandem as run } from './tandem.ts';

let sites: TestSites;
let env: Record<string, string>;
let file: string;
const ids = { story: '', task: '', bug: '', bugIssue: '' };

beforeAll(async () => {
  sites = await startSites();
  const { url } = await testDatabase();
  env = { ...sites.env, DATABASE_URL: url };
  file = join(sites.folder, 'profile.yml');
  const project = { key: 'TAN' };
  const story = await sites.inJira('POST', 'issue', {
    fields: { project, issuetype: { name: 'Story' }, summary: 'Ünïcode ✓ 漢字', labels: ['alpha'] },
  });
  await sites.inJira('POST', `issue/${story.key}/comment`, {
    body: { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text: 'A remark' }] }] },
  });
  const task = await sites.inJira('POST', 'issue', {
    fields: { project, issuetype: { name: 'Task' }, summary: 'On both sides' },
  });
  const bug = await sites.inAzure('POST', 'Tandem/_apis/wit/workitems/$Bug', [
    { op: 'add', path: '/fields/System.Title', value: 'Crash on start' },
  ]);
  await sites.inAzure('POST', 'Tandem/_apis/wit/workitems/$Task', [
    { op: 'add', path: '/fields/System.Title', value: 'On both sides' },
  ]);
  Object.assign(ids, { story: story.key, task: task.key, bug: String(bug.id) });
});
afterAll(() => sites?.close());

const tandem = async (...args: string[]) => {
  const ended = await run(args, env);
  for (const secret of [env.JIRA_API_TOKEN, env.AZURE_DEVOPS_PAT]) {
    expect(ended.stdout + ended.stderr).not.toContain(secret);
  }
  return ended;
};
const json = async (...args: string[]) => {
  const { code, stdout, stderr } = await tandem(...args, '--json');
  expect(stdout.trimEnd().split('\n'), stderr).toHaveLength(1);
  return { code, ...JSON.parse(stdout) };
};

describe('a stand-alone user', { timeout: 120_000 }, () => {
  it('gets a profile with reasons and no secret from init', async () => {
    const made = await tandem('init', file, '--jira-project', 'tan', '--azure-project', 'Tandem');
    expect(made, made.stderr).toMatchObject({ code: 0, stderr: '' });
    const text = await readFile(file, 'utf8');
    expect(text).toContain('  # Both name the item.\n  - jira: summary\n    azure: System.Title');
    expect(text).toContain(`token: \${JIRA_API_TOKEN}`);
    expect(text).not.toContain(env.JIRA_API_TOKEN);
    const again = await tandem('init', file, '--jira-project', 'TAN', '--azure-project', 'Tandem');
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('exists');
  });

  it('learns from check that both sites and the mapping are fine', async () => {
    const checked = await json('check', file);
    expect(checked).toMatchObject({ code: 0, ok: true, mapping: { checked: true }, jira: { authenticated: true } });
    expect(checked.mapping.problems.filter(({ level }: { level: string }) => level === 'error')).toEqual([]);
    expect(checked.jira.permissions).toContainEqual({ name: 'BROWSE_PROJECTS', granted: true, optional: false });
    expect(checked.azure.permissions).toContainEqual({
      name: 'Work Items (Read & write)',
      granted: true,
      optional: false,
    });
  });

  it('sees every write in a plan, and nothing is written', async () => {
    await sites.forgetCalls();
    const planned = await json('plan', file);
    expect(planned).toMatchObject({
      code: 0,
      counts: { items: 3, create: 2, link: 1, comment: 1, error: 0 },
      next: null,
    });
    const story = planned.items.find(({ jira }: { jira: { key: string } | null }) => jira?.key === ids.story);
    expect(story).toMatchObject({ action: 'create', azure: null });
    const create = story.operations.find(({ kind }: { kind: string }) => kind === 'create');
    expect(create).toMatchObject({ side: 'azure', type: 'User Story' });
    expect(create.writes).toContainEqual(
      expect.objectContaining({ field: 'System.Title', after: { kind: 'text', text: 'Ünïcode ✓ 漢字' } }),
    );
    const paged = await json('plan', file, '--limit', '1', '--offset', '1');
    expect(paged).toMatchObject({ counts: planned.counts, next: 2 });
    expect(paged.items).toEqual([planned.items[1]]);
    const named = await tandem('plan', file, ids.bug);
    expect(named.stdout).toContain(
      `${ids.bug}\n  Jira: create Bug\n    summary: (empty) → "Crash on start"  (new item)`,
    );
    expect(await sites.writes()).toEqual([]);
  });

  it('finds every item with its counterpart after sync', async () => {
    const synced = await json('sync', file);
    expect(synced).toMatchObject({ code: 0, ok: true, errors: 0, did: { created: 2, comments: 1 } });
    expect(synced.pairs).toEqual({ paired: 3, creating: 0, orphaned: 0, failing: 0 });
    const story = await json('explain', ids.story);
    const workItem = await sites.inAzure('GET', `_apis/wit/workitems/${story.pair.azure.id}`);
    expect(workItem.fields['System.Title']).toBe('Ünïcode ✓ 漢字');
    const bug = await json('explain', ids.bug);
    ids.bugIssue = bug.pair.jira.key;
    expect((await sites.inJira('GET', `issue/${ids.bugIssue}`)).fields.summary).toBe('Crash on start');
  });

  it('finds nothing to plan and nothing to write the second time', async () => {
    const planned = await json('plan', file);
    expect(planned).toMatchObject({ code: 0, items: [], counts: { items: 3, unchanged: 3, create: 0, update: 0 } });
    await sites.forgetCalls();
    const synced = await json('sync', file);
    expect(synced).toMatchObject({ code: 0, did: { created: 0, updated: 0, transitions: 0, comments: 0 } });
    expect(await sites.writes()).toEqual([]);
  });

  it('sees edits of either side on the other after the next sync', async () => {
    await sites.inAzure('PATCH', `_apis/wit/workitems/${ids.bug}`, [
      { op: 'add', path: '/fields/System.Title', value: 'Crash on every start' },
    ]);
    await sites.inJira('PUT', `issue/${ids.story}`, { fields: { summary: 'Renamed in Jira' } });
    const planned = await tandem('plan', file);
    expect(planned.stdout).toContain('summary: "Crash on start" → "Crash on every start"  (changed in Azure DevOps)');
    expect(planned.stdout).toContain('System.Title: "Ünïcode ✓ 漢字" → "Renamed in Jira"  (changed in Jira)');
    const synced = await json('sync', file);
    expect(synced).toMatchObject({ code: 0, did: { created: 0, updated: 2 } });
    expect((await sites.inJira('GET', `issue/${ids.bugIssue}`)).fields.summary).toBe('Crash on every start');
    const story = await json('explain', ids.story);
    expect(story.pair.decisions[0]).toMatchObject({ what: 'updated' });
    expect(story.pair.decisions[0].rules).toContainEqual({ mapping: 'summary~System.Title', rule: 'jira-changed' });
    expect(JSON.stringify(story)).not.toContain('Renamed');
    const workItem = await sites.inAzure('GET', `_apis/wit/workitems/${story.pair.azure.id}`);
    expect(workItem.fields['System.Title']).toBe('Renamed in Jira');
  });

  it('gets the state and the errors of the profile', async () => {
    const status = await json('status');
    expect(status).toMatchObject({ code: 0, workers: 0 });
    expect(status.profiles).toEqual([
      expect.objectContaining({
        name: 'TAN ↔ Tandem',
        status: 'enabled',
        errors: 0,
        queue: { now: 0, later: 0, nextAt: null },
      }),
    ]);
    expect(await json('errors', file)).toEqual({ code: 0, ok: true, settled: 0, errors: [] });
  });

  it('is told who has no counterpart', async () => {
    const { code, profiles } = await json('people', file);
    expect(code).toBe(0);
    expect(profiles).toEqual([{ name: 'TAN ↔ Tandem', people: [] }]);
    await sites.inAzure('PATCH', `_apis/wit/workitems/${ids.bug}`, [
      { op: 'add', path: '/fields/System.AssignedTo', value: 'linh.nguyen@acme.example' },
    ]);
    await tandem('sync', file);
    const seen = await tandem('people');
    expect(seen.stdout).toContain('linh.nguyen@acme.example');
    expect((await json('people', file)).profiles[0].people).toMatchObject([
      { side: 'azure', id: 'linh.nguyen@acme.example' },
    ]);
  });

  it('is told what an edit of the file changed, and brings it to all pairs with --all', async () => {
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      text.replace('conflict: newest', 'conflict: ask').replace('timeZone: UTC', 'timeZone: Europe/Berlin'),
    );
    const synced = await tandem('sync', file, '--all');
    expect(synced.code, synced.stderr).toBe(0);
    expect(synced.stderr).toContain('policies changed');
    expect(synced.stderr).toContain('timeZone changed');
    expect((await tandem('sync', file)).stderr).toBe('');
  });

  it('makes nothing twice from another data folder', async () => {
    const { url } = await testDatabase();
    const other = { ...env, DATABASE_URL: url, TANDEM_DATA_DIR: join(sites.folder, 'other') };
    await sites.forgetCalls();
    for (const _ of ['first', 'second']) {
      const ended = await run(['sync', file], other);
      expect(ended.code, ended.stderr).toBe(4);
      expect(ended.stderr).toContain(
        '2 items were made by Tandem for counterparts that this data folder does not know.',
      );
    }
    const made = async () => new Set(await sites.writes());
    // The check's create, which is validated and not saved.
    const [dryRun, ...rest] = await made();
    expect(dryRun).toContain('wit/workitems/');
    expect(rest).toEqual([]);
    const adopt = async (...args: string[]) => {
      const ended = await run(['adopt', file, '--json', ...args], other);
      return { code: ended.code, ...JSON.parse(ended.stdout) };
    };
    expect(await adopt()).toMatchObject({ code: 1, ok: false, adopted: 0, left: [{ why: 'other-key' }, {}] });
    expect(await adopt('--key-lost')).toMatchObject({ code: 0, ok: true, adopted: 2, left: [] });
    const synced = await run(['sync', file, '--json'], other);
    expect(JSON.parse(synced.stdout)).toMatchObject({ did: { created: 0, comments: 0 }, pairs: { paired: 3 } });
    // The person that Jira can't show is settled by the seeding policy.
    expect([...(await made())].filter((call) => call.startsWith('POST'))).toEqual([dryRun]);
  });

  it('lists a conflict with its remedy, and settles it by the side that is named', async () => {
    const { pair } = await json('explain', ids.story);
    await sites.inJira('PUT', `issue/${ids.story}`, { fields: { summary: 'Said in Jira' } });
    await sites.inAzure('PATCH', `_apis/wit/workitems/${pair.azure.id}`, [
      { op: 'add', path: '/fields/System.Title', value: 'Said in Azure' },
    ]);
    expect(await json('sync', file)).toMatchObject({ code: 1, ok: false, errors: 1 });
    const listed = await json('errors');
    expect(listed).toMatchObject({
      code: 1,
      errors: [
        {
          jiraKey: ids.story,
          code: 'conflict',
          remedy: 'Choose which value stays.',
          choosable: true,
          values: { jira: 'Said in Jira', azure: 'Said in Azure' },
        },
      ],
    });
    expect((await tandem('errors')).stdout).toMatch(/Jira has: +Said in Jira\n +Azure DevOps has: +Said in Azure\n/);
    const explained = await tandem('explain', ids.story);
    expect(explained.stdout).toContain('conflict  summary ↔ System.Title');
    const settled = await json('errors', '--use-azure', ids.story, '--field', 'summary');
    expect(settled).toMatchObject({ code: 0, settled: 1, errors: [] });
    expect((await sites.inJira('GET', `issue/${ids.story}`)).fields.summary).toBe('Said in Azure');
  });

  it('stops with 4 when more is deleted than the brake allows, and goes on when a person says so', async () => {
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('limit: 100', 'limit: 1'));
    for (const key of [ids.story, ids.task]) {
      const { pair } = await json('explain', key);
      await sites.inAzure('DELETE', `_apis/wit/workitems/${pair.azure.id}`);
    }
    const synced = await json('sync', file);
    expect(synced).toMatchObject({ code: 4, ok: false, end: 'stopped', reason: { code: 'brake' } });
    const refused = await tandem('sync', file);
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain('--resume');
    await writeFile(file, text);
    const resumed = await json('sync', file, '--resume');
    expect(resumed, JSON.stringify(resumed)).toMatchObject({ code: 1, end: 'done', pairs: { paired: 1, orphaned: 2 } });
    expect((await json('errors')).errors.map(({ code }: { code: string }) => code)).toEqual(['deleted', 'deleted']);
    expect(await json('errors', '--ignore', '--all')).toMatchObject({ code: 0, settled: 2 });
    expect((await json('errors')).errors).toEqual([]);
    expect((await json('errors', '--all')).errors).toHaveLength(2);
  });

  it('takes its first sync back, as far as nobody touched what it made', async () => {
    const listed = await json('undo', file);
    expect(listed).toMatchObject({ code: 0, removed: 0, removable: 1, items: [{ key: ids.bugIssue, kept: null }] });
    expect(await json('undo', file, '--confirm', '2')).toMatchObject({ code: 2, error: { code: 'count-differs' } });
    const undone = await tandem('undo', file, '--confirm', '1');
    expect(undone).toMatchObject({ code: 0, stdout: expect.stringContaining('1 removed, 0 stay.') });
    await expect(sites.inJira('GET', `issue/${ids.bugIssue}`)).rejects.toThrow('404');
    expect((await json('status')).profiles[0]).toMatchObject({ status: 'paused', pairs: { paired: 0 } });
  });

  it('is begun anew for some days and by two fields that hold the same, once both sites know them', async () => {
    const refused = await tandem('sync', file, '--link-by', 'issuekey=Custom.JiraKei');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean "Custom.JiraKey"') });
    const asked = ['--from', '2026-01-01', '--link-by', 'issuekey=Custom.JiraKey'];
    expect((await json('sync', file, ...asked)).initialSync).toMatchObject({
      status: 'done',
      mode: 'unpaired',
      linkBy: { jira: 'issuekey', azure: 'Custom.JiraKey' },
      range: { from: '2026-01-01', to: null },
      ambiguous: 0,
    });
  });
});
