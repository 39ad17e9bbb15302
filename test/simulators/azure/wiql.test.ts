// WIQL: every operator, macros and time zones, links, errors in the service's words, the lag of the index.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVirtualClock } from '../kernel/clock.ts';
import { type AzureSimulator, startAzureSimulator } from './server.ts';
import { type Body, clientOf, control, field, relation, type TestClient } from './test-client.ts';

let simulator: AzureSimulator;
/** Dana, in New York. */
let client: TestClient;
const ids: Record<string, number> = {};
/** 23:30 of 9 March in New York, and 03:30 of the 10th in UTC. */
const START = Date.UTC(2026, 2, 10, 3, 30);

beforeAll(async () => {
  simulator = await startAzureSimulator({ seed: 'empty', clock: createVirtualClock(() => START) });
  client = clientOf(simulator);
  const add = async (name: string, type: string, fields: Record<string, unknown> = {}): Promise<void> => {
    ids[name] = await client.create(type, { 'System.Title': name, ...fields });
  };
  await add('alpha', 'Task', { 'System.Tags': 'red; blue', 'Microsoft.VSTS.Common.Priority': 1 });
  await add('beta', 'Bug', {
    'System.AssignedTo': simulator.ordinary.uniqueName,
    'Microsoft.VSTS.TCM.ReproSteps': '<p>The <b>quick</b> brown foxes</p>',
    'System.AreaPath': 'Tandem\\Routing',
  });
  await add("gam'ma", 'User Story', {
    'Microsoft.VSTS.Scheduling.StoryPoints': 8,
    'Custom.Customer': 'gam',
    'Microsoft.VSTS.Scheduling.DueDate': '2026-03-10T12:00:00Z',
  });
  await client.patch(ids.beta ?? 0, [field('System.State', 'Active'), field('System.History', 'What was said')]);
  await client.patch(ids.alpha ?? 0, [relation('System.LinkTypes.Hierarchy-Reverse', ids["gam'ma"] ?? 0)]);
  await simulator.kernel.clock.advance(10_000);
});
afterAll(async () => {
  expect(simulator.kernel.checker.violations).toEqual([]);
  await simulator.close();
});

const ask = (where: string, query = '', project = '/Tandem') =>
  client.post(`${project}/_apis/wit/wiql${query}`, { query: `SELECT [System.Id] FROM WorkItems ${where}` });
const names = async (where: string, query = ''): Promise<string[]> => {
  const { body } = await ask(where, query);
  if (body.workItems === undefined) throw new Error(body.message);
  const byId = new Map(Object.entries(ids).map(([name, id]) => [id, name]));
  return body.workItems.map((one: Body) => byId.get(one.id) ?? String(one.id));
};

describe('conditions', () => {
  it.each<[string, string[]]>([
    ["[System.Title] = 'ALPHA'", ['alpha']],
    ["System.Title = 'alpha'", ['alpha']],
    ["[Title] = 'gam''ma'", ["gam'ma"]],
    ["[System.Title] <> 'alpha'", ['beta', "gam'ma"]],
    ["[System.WorkItemType] IN ('Task', 'Bug')", ['alpha', 'beta']],
    ["[System.WorkItemType] NOT IN ('Task', 'Bug')", ["gam'ma"]],
    ["[System.Title] CONTAINS 'et'", ['beta']],
    ["[System.Title] NOT CONTAINS 'et'", ['alpha', "gam'ma"]],
    ["[Microsoft.VSTS.TCM.ReproSteps] CONTAINS WORDS 'brown quick'", ['beta']],
    ["[Microsoft.VSTS.TCM.ReproSteps] CONTAINS WORDS 'fox'", []],
    ["[Microsoft.VSTS.TCM.ReproSteps] CONTAINS WORDS 'fox*'", ['beta']],
    ["[System.Tags] CONTAINS 'RED'", ['alpha']],
    ["[System.Tags] CONTAINS 're'", []],
    ["[System.AreaPath] UNDER 'Tandem\\Routing'", ['beta']],
    ["[System.AreaPath] UNDER 'Tandem'", ['alpha', 'beta', "gam'ma"]],
    ["[System.AreaPath] NOT UNDER 'Tandem\\Routing'", ['alpha', "gam'ma"]],
    ["[System.WorkItemType] IN GROUP 'Microsoft.BugCategory'", ['beta']],
    ["[System.State] WAS EVER 'New'", ['alpha', 'beta', "gam'ma"]],
    ["EVER [System.State] = 'Active'", ['beta']],
    ["[System.State] EVER 'Active'", ['beta']],
    ["NOT [System.State] EVER 'Active'", ['alpha', "gam'ma"]],
    ['[System.AssignedTo] = @Me', ['beta']],
    ["[System.AssignedTo] = ''", ['alpha', "gam'ma"]],
    ["[System.AssignedTo] <> ''", ['beta']],
    ["[System.AssignedTo] = 'Dana Whitfield <dana.whitfield@acme.example>'", ['beta']],
    ['[Microsoft.VSTS.Common.Priority] < 2', ['alpha']],
    ['[Microsoft.VSTS.Scheduling.StoryPoints] >= 8', ["gam'ma"]],
    ['[Microsoft.VSTS.Scheduling.StoryPoints] <> 8', ['alpha', 'beta']],
    ['[Custom.Customer] IS EMPTY', ['alpha', 'beta']],
    ['[Custom.Customer] IS NOT EMPTY', ["gam'ma"]],
    ['[System.Title] > [Custom.Customer]', ["gam'ma"]],
    ["[System.Title] = 'alpha' OR [System.Title] = 'beta' AND [System.State] = 'New'", ['alpha']],
    ["([System.Title] = 'alpha' OR [System.Title] = 'beta') AND NOT ([System.State] = 'New')", ['beta']],
    ['[System.TeamProject] = @project', ['alpha', 'beta', "gam'ma"]],
    ["[System.History] CONTAINS WORDS 'said'", ['beta']],
    ["[System.AreaPath] IN ('Tandem\\Routing')", ['beta']],
  ])('%s', async (where, found) => {
    expect((await names(`WHERE ${where}`)).toSorted()).toEqual(found.toSorted());
  });

  it('orders by several columns, and empty values come first', async () => {
    expect(await names('ORDER BY [Microsoft.VSTS.Scheduling.StoryPoints] DESC, [System.Title]')).toEqual([
      "gam'ma",
      'alpha',
      'beta',
    ]);
    expect(await names('ORDER BY [System.Title] DESC')).toEqual(["gam'ma", 'beta', 'alpha']);
  });
});

describe('dates', () => {
  const due = '[Microsoft.VSTS.Scheduling.DueDate]';

  it('compare by the day of the caller’s zone unless time precision is asked for', async () => {
    // Noon UTC of the 10th is the 10th in New York, where it is still the 9th.
    expect(await names(`WHERE ${due} = @today`)).toEqual([]);
    expect(await names(`WHERE ${due} = @today + 1`)).toEqual(["gam'ma"]);
    expect(await names(`WHERE ${due} = '2026-03-10'`)).toEqual(["gam'ma"]);
    expect(await names(`WHERE ${due} > '2026-03-10'`)).toEqual([]);
    expect(await names(`WHERE ${due} > '2026-03-10T11:59:59Z'`, '?timePrecision=true')).toEqual(["gam'ma"]);
    expect(await names(`WHERE ${due} < '2026-03-10T12:00:00Z'`, '?timePrecision=true')).toEqual([]);
  });

  it('another caller’s day is another', async () => {
    const { pat } = await control(simulator, 'POST', '/pats', { user: 'tamati.rawiri@acme.example' });
    const query = { query: `SELECT [System.Id] FROM WorkItems WHERE ${due} = @today + 1` };
    // Midnight of the 11th in Auckland is 11:00 UTC of the 10th.
    const answer = await clientOf(simulator, pat).post('/Tandem/_apis/wit/wiql', query);
    expect(answer.body.workItems).toHaveLength(1);
  });

  it.each<[string, string[]]>([
    ['= @StartOfDay', []],
    ["= @StartOfDay('+1d')", ["gam'ma"]],
    ["= @StartOfDay('1')", ["gam'ma"]],
    ["> @StartOfDay('-1d') - 1", ["gam'ma"]],
    ["= @StartOfMonth('+9d')", ["gam'ma"]],
    ["< @StartOfMonth('+9d')", []],
    ['> @StartOfMonth - 1', ["gam'ma"]],
    ['< @StartOfMonth + 1', ["gam'ma"]],
    // Sunday the 8th begins the week of Monday the 9th.
    ["= @StartOfWeek('+2d')", ["gam'ma"]],
    ["= @StartOfYear('+68d')", ["gam'ma"]],
    ["< @StartOfYear('+1y')", ["gam'ma"]],
  ])('%s', async (comparison, found) => {
    expect(await names(`WHERE ${due} ${comparison}`)).toEqual(found);
  });

  it('begin days, months and years where the caller is, also far in the east', async () => {
    // In Auckland it is half past four in the afternoon of the 10th; noon UTC is one in the night of the 11th there.
    const { pat } = await control(simulator, 'POST', '/pats', { user: 'tamati.rawiri@acme.example' });
    const there = clientOf(simulator, pat);
    const count = async (comparison: string): Promise<number> => {
      const query = `SELECT [System.Id] FROM WorkItems WHERE ${due} ${comparison}`;
      return (await there.post('/Tandem/_apis/wit/wiql', { query })).body.workItems.length;
    };
    for (const same of ["'2026-03-11'", '@StartOfDay + 1', "@StartOfMonth('+10d')", "@StartOfYear('+69d')"]) {
      expect([same, await count(`= ${same}`)]).toEqual([same, 1]);
    }
    expect(await count("= '2026-03-10'")).toBe(0);
  });

  it('with a time need time precision', async () => {
    const answer = await ask(`WHERE [System.ChangedDate] > '2026-03-10T01:00:00Z'`);
    expect(answer.body.message).toContain('date precision');
  });

  it('a query as of an earlier moment sees that moment', async () => {
    await simulator.kernel.clock.advance(3_600_000);
    await client.patch(ids.alpha ?? 0, [field('System.Title', 'omega')]);
    await simulator.kernel.clock.advance(10_000);
    expect(await names(`WHERE [System.Title] = 'alpha'`)).toEqual([]);
    expect(await names(`WHERE [System.Title] = 'alpha' ASOF '2026-03-10T04:00:00Z'`)).toEqual(['alpha']);
    await client.patch(ids.alpha ?? 0, [field('System.Title', 'alpha')]);
    await simulator.kernel.clock.advance(10_000);
  });
});

describe('links', () => {
  const links = (where: string, mode = '') =>
    client.post('/Tandem/_apis/wit/wiql', { query: `SELECT [System.Id] FROM WorkItemLinks WHERE ${where} ${mode}` });

  it('finds children of parents', async () => {
    const where =
      "[Source].[System.WorkItemType] = 'User Story' AND [System.Links.LinkType] = 'System.LinkTypes.Hierarchy-Forward' AND [Target].[System.WorkItemType] = 'Task'";
    const { body } = await links(where, 'MODE (MustContain)');
    expect(body.queryResultType).toBe('workItemLink');
    expect(body.workItemRelations.map((one: Body) => [one.source?.id, one.rel, one.target.id])).toEqual([
      [undefined, null, ids["gam'ma"]],
      [ids["gam'ma"], 'System.LinkTypes.Hierarchy-Forward', ids.alpha],
    ]);
    expect((await links(where, 'MODE (Recursive)')).body.queryType).toBe('tree');
  });
});

describe('refusals', () => {
  it.each<[string, string]>([
    [
      'SELECT TOP 5 [System.Id] FROM WorkItems',
      'TF51006: The query statement is missing a FROM clause. The error is caused by «5».',
    ],
    [
      'SELECT [System.Sprint] FROM WorkItems',
      'TF51005: The query references a field that does not exist. The error is caused by «[System.Sprint]».',
    ],
    ["SELECT [System.Id] FROM WorkItems WHERE [No] = 'x'", 'TF51005'],
    ['SELECT [System.Id] FROM Things', 'TF51007'],
    ['[System.Id] FROM WorkItems', 'TF51004'],
    ["SELECT [System.Id] FROM WorkItems WHERE [System.Title] = 'open", 'TF51002'],
    ['SELECT [System.Id] FROM WorkItems WHERE [System.Title] LIKE 1', 'TF51001'],
    ...['UNDER', '=', '<>'].map((operator): [string, string] => [
      `SELECT [System.Id] FROM WorkItems WHERE [System.AreaPath] ${operator} 'Nowhere'`,
      "TF51011: The specified area path does not exist. The error is caused by «'Nowhere'».",
    ]),
    [
      "SELECT [System.Id] FROM WorkItems WHERE [System.IterationPath] IN ('Nowhere')",
      'TF51011: The specified iteration',
    ],
    ["SELECT [System.Id] FROM WorkItems WHERE [System.ChangedDate] > @StartOfDay('soon')", 'TF51014'],
    ["SELECT [System.Id] FROM WorkItems WHERE [System.Title] UNDER 'Tandem'", 'TF51012'],
    ["SELECT [System.Id] FROM WorkItems WHERE [Microsoft.VSTS.Common.Priority] = 'high'", 'TF51016'],
    ['SELECT [System.Id] FROM WorkItems WHERE [System.Title] = @nobody', 'TF51019'],
    ["SELECT [System.Id] FROM WorkItems WHERE [System.Title] = 'a' garbage", 'TF51000'],
  ])('%s', async (query, message) => {
    const answer = await client.post('/Tandem/_apis/wit/wiql', { query });
    expect(answer.status).toBe(400);
    expect(answer.body.message).toContain(message);
  });

  it('@project needs a project in the path', async () => {
    expect((await ask('WHERE [System.TeamProject] = @project', '', '')).body.message).toContain('TF51017');
  });

  it('too many results are an error, not a cut; $top cuts', async () => {
    await control(simulator, 'POST', '/settings', { queryResults: 2 });
    const answer = await ask('');
    expect(answer.body.message).toContain('VS402337: The number of work items returned exceeds the size limit of 2.');
    expect(await names('ORDER BY [System.Id]', '?$top=1')).toEqual(['alpha']);
    await control(simulator, 'POST', '/settings', { queryResults: 20_000 });
  });
});

describe('the index', () => {
  it('lags behind what is saved; reading by id does not', async () => {
    await control(simulator, 'POST', '/settings', { indexLagMs: 30_000 });
    const id = await client.create('Task', { 'System.Title': 'late' });
    expect((await client.get(`/_apis/wit/workitems/${id}`)).status).toBe(200);
    const where = "WHERE [System.Title] = 'late'";
    await simulator.kernel.clock.advance(29_000);
    expect(await names(where)).toEqual([]);
    await simulator.kernel.clock.advance(1_000);
    expect(await names(where)).toEqual([String(id)]);
    await client.call('DELETE', `/_apis/wit/workitems/${id}`);
    expect(await names(where)).toEqual([String(id)]);
    await simulator.kernel.clock.advance(31_000);
    expect(await names(where)).toEqual([]);
  });
});
