// Sprints and iterations, versions, components and areas, effort, templates and people, through events and queue, both ways.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unmappedPeople } from '../../backend/src/routes/people.ts';
import { type Actions, actionsOf } from './actions.ts';
import { type Answer, type Harness, startHarness } from './harness.ts';

const SPRINT = 'customfield_10020';
const ITERATION = 'System.IterationPath';
const scheduling = 'Microsoft.VSTS.Scheduling';

const added = [
  { jira: SPRINT, azure: ITERATION, kind: 'option', createMissing: true },
  {
    jira: 'components',
    azure: 'System.AreaPath',
    kind: 'options',
    createMissing: true,
    values: [{ jira: 'Tracking', azure: 'Telematics\\Devices' }],
  },
  { jira: 'fixVersions', azure: 'Custom.Environment', kind: 'options', unmapped: 'skip', direction: 'jira-to-azure' },
  { jira: 'timeoriginalestimate', azure: `${scheduling}.OriginalEstimate`, kind: 'number', types: ['Task'] },
  {
    jira: 'timeestimate',
    azure: `${scheduling}.RemainingWork`,
    kind: 'number',
    types: ['Task'],
    units: { azure: 'days' },
  },
  {
    jira: 'timespent',
    azure: `${scheduling}.CompletedWork`,
    kind: 'number',
    types: ['Task'],
    direction: 'jira-to-azure',
  },
  {
    jira: 'resolution',
    azure: 'System.Reason',
    kind: 'option',
    types: ['Task'],
    values: [
      { jira: 'Done', azure: 'Completed' },
      { jira: "Won't Do", azure: 'Cut' },
      { jira: 'Duplicate', azure: 'Obsolete' },
    ],
  },
  {
    jira: 'customfield_10040',
    azure: 'Custom.Customer',
    kind: 'text',
    template: { azure: '{value} ({customfield_10042} days, {key})' },
  },
];

let tandem: Harness;
let actions: Actions;
beforeAll(async () => {
  tandem = await startHarness({
    settings: (settings) => ({
      ...settings,
      workingTime: { hoursPerDay: 8, daysPerWeek: 5 },
      types: settings.types.map((type) => ({
        ...type,
        onTransition: { ...type.onTransition, azure: { 'Custom.CostEstimate': 7 } },
      })),
      fields: [
        ...settings.fields.map((field) =>
          field.jira === 'summary' ? { ...field, template: { azure: '[{key}] {value}' } } : field,
        ),
        ...added.map((field) => ({ direction: 'both', enforce: false, ...field })),
      ] as typeof settings.fields,
    }),
  });
  actions = actionsOf(tandem);
  await tandem.startEvents();
  await tandem.startWorkers();
});
afterAll(() => tandem?.close());

const agile = async (method: string, path: string, body?: unknown): Promise<Answer> => {
  const answer = await fetch(`${tandem.jira.url}/rest/agile/1.0/${path}`, {
    method,
    headers: {
      authorization: tandem.jira.authorizationOf('mara'),
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.status === 204 ? null : answer.json();
};
const sprintId = async (name: string): Promise<number> => {
  const { values } = await agile('GET', 'board/1/sprint');
  return values.find((one: Answer) => one.name === name).id;
};
const makeIteration = async (parent: string, name: string, start: string, finish: string): Promise<void> => {
  const path = `Tandem/_apis/wit/classificationnodes/Iterations/${parent}?api-version=7.1`;
  const answer = await fetch(`${tandem.azure.url}/${path}`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`:${tandem.azure.admin.pat}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ name, attributes: { startDate: `${start}T00:00:00Z`, finishDate: `${finish}T00:00:00Z` } }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  await answer.arrayBuffer();
};
const jiraOf = (id: string) => actions.fields('jira', id);
const azureOf = (id: string) => actions.fields('azure', id);

describe('sprints and iterations', () => {
  it('stand for each other by name, and empty is the root', async () => {
    const { jira, azure } = await actions.twins('jira', 'Planned', { [SPRINT]: await sprintId('Sprint 21') });
    expect((await azureOf(azure))[ITERATION]).toBe('Tandem\\Release 5\\Sprint 21');
    await actions.edit('azure', azure, { [ITERATION]: 'Tandem\\Release 6\\Sprint 22' });
    await tandem.settled();
    expect((await jiraOf(jira))[SPRINT]).toMatchObject([{ name: 'Sprint 22' }]);
    await actions.edit('jira', jira, { [SPRINT]: null });
    await tandem.settled();
    expect((await azureOf(azure))[ITERATION]).toBe('Tandem');
    expect(await actions.errors('jira', jira)).toEqual({});
  });

  it('are made where they are missing, with their days', async () => {
    const made = await agile('POST', 'sprint', {
      name: 'Sprint 30',
      originBoardId: 1,
      startDate: '2027-01-04T08:00:00.000Z',
      endDate: '2027-01-15T17:00:00.000Z',
    });
    const { azure } = await actions.twins('jira', 'In a new sprint', { [SPRINT]: made.id });
    expect((await azureOf(azure))[ITERATION]).toBe('Tandem\\Sprint 30');
    const node = await tandem.asPerson('azure', 'GET', 'Tandem/_apis/wit/classificationnodes/Iterations/Sprint%2030');
    expect(node.attributes).toMatchObject({ startDate: '2027-01-04T00:00:00Z', finishDate: '2027-01-15T00:00:00Z' });

    await makeIteration('Release%206', 'Sprint 23', '2027-02-01', '2027-02-12');
    const back = await Promise.all(
      ['One', 'Two'].map((title) => actions.twins('azure', title, { [ITERATION]: 'Tandem\\Release 6\\Sprint 23' })),
    );
    for (const { jira } of back) expect((await jiraOf(jira))[SPRINT]).toMatchObject([{ name: 'Sprint 23' }]);
    const { values } = await agile('GET', 'board/1/sprint?state=future');
    expect(values.filter((one: Answer) => one.name === 'Sprint 23')).toMatchObject([
      { startDate: '2027-02-01T00:00:00.000Z', endDate: '2027-02-12T23:59:00.000Z' },
    ]);
  });
});

describe('later changes of sprints and iterations', () => {
  const azureCall = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const answer = await fetch(`${tandem.azure.url}/Tandem/_apis/wit/classificationnodes/${path}api-version=7.1`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`:${tandem.azure.admin.pat}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  };
  const iterations = async (): Promise<readonly string[]> => {
    const { children } = await azureCall('GET', 'Iterations?$depth=5&');
    const names = (nodes: Answer): string[] => nodes.flatMap((one: Answer) => [one.name, ...names(one.children ?? [])]);
    return names(children).sort();
  };
  /** As an event of a sprint or the age of the catalogs brings it about. */
  const looked = async () => {
    await tandem.service.queue.addTask('refresh-catalogs', { ...tandem.scope, profileId: tandem.profile.id });
    await tandem.settled();
  };

  it('follow both ways: days, and the name without a second one', async () => {
    const day = (text: string) => `${text}T08:00:00.000Z`;
    const sprint = await agile('POST', 'sprint', {
      name: 'Sprint 40',
      originBoardId: 1,
      startDate: day('2027-03-01'),
      endDate: day('2027-03-12'),
    });
    const { jira, azure } = await actions.twins('jira', 'In sprint 40', { [SPRINT]: sprint.id });
    await looked();
    await agile('POST', `sprint/${sprint.id}`, { startDate: day('2027-03-02'), endDate: day('2027-03-15') });
    await looked();
    const node = () => azureCall('GET', 'Iterations/Sprint%2040?');
    expect((await node()).attributes).toMatchObject({
      startDate: '2027-03-02T00:00:00Z',
      finishDate: '2027-03-15T00:00:00Z',
    });
    await azureCall('PATCH', 'Iterations/Sprint%2040?', {
      attributes: { startDate: '2027-03-03T00:00:00Z', finishDate: '2027-03-16T00:00:00Z' },
    });
    await looked();
    expect(await agile('GET', `sprint/${sprint.id}`)).toMatchObject({
      startDate: '2027-03-03T00:00:00.000Z',
      endDate: '2027-03-16T23:59:00.000Z',
    });
    const before = await iterations();
    await agile('POST', `sprint/${sprint.id}`, { name: 'Sprint 40b' });
    // An item tells of the new name before anything else does.
    await actions.rename('jira', jira, 'Renamed along');
    await tandem.settled();
    expect(await iterations()).toEqual(before.map((name) => (name === 'Sprint 40' ? 'Sprint 40b' : name)).sort());
    expect(await azureOf(azure)).toMatchObject({ [ITERATION]: 'Tandem\\Sprint 40b' });
    expect(await actions.errors('jira', jira)).toEqual({});
    tandem.calls.length = 0;
    await looked();
    expect(tandem.calls.filter(({ operation }) => /POST sprint|PATCH/.test(operation))).toEqual([]);
  });
});

describe('components and areas', () => {
  it('stand for each other; a second component waits for the only place', async () => {
    const { jira, azure } = await actions.twins('jira', 'Of components', {
      components: [{ name: 'Tracking' }, { name: 'Billing' }],
    });
    expect((await azureOf(azure))['System.AreaPath']).toBe('Tandem\\Telematics\\Devices');
    await actions.edit('jira', jira, { components: [{ name: 'Billing' }] });
    await tandem.settled();
    expect((await azureOf(azure))['System.AreaPath']).toBe('Tandem\\Billing');
    await actions.edit('azure', azure, { 'System.AreaPath': 'Tandem' });
    await tandem.settled();
    expect((await jiraOf(jira)).components).toEqual([]);
    expect(await actions.errors('jira', jira)).toEqual({});
  });

  it('tell who may not make one', async () => {
    const { azure, jira } = await actions.twins('azure', 'Of an area', { 'System.AreaPath': 'Tandem\\Cold chain' });
    expect(await actions.errors('azure', azure)).toEqual({ 'components~System.AreaPath': 'forbidden' });
    expect((await jiraOf(jira)).summary).toBe('Of an area');
  });
});

describe('a workflow', () => {
  it('of Azure DevOps that requires a field gets it from the profile', async () => {
    const when = [{ field: 'System.State', value: 'Active' }];
    await actions.control('azure', 'POST', 'rules', {
      type: 'Task',
      field: 'Custom.CostEstimate',
      action: 'required',
      when,
    });
    const { jira, azure } = await actions.twins('jira', 'To be costed');
    await tandem.asPerson('jira', 'POST', `issue/${jira}/transitions`, { transition: { id: '11' } });
    await tandem.settled();
    await actions.control('azure', 'DELETE', 'rules');
    expect(await azureOf(azure)).toMatchObject({ 'System.State': 'Active', 'Custom.CostEstimate': 7 });
    expect(await actions.errors('jira', jira)).toEqual({});
  });

  it('without a way there is told once, with what is missing', async () => {
    const { jira, azure } = await actions.twins('jira', 'Never to be done');
    await actions.control('jira', 'POST', 'workflow', { remove: ['31'] });
    for (const state of ['Active', 'Closed']) await actions.edit('azure', azure, { 'System.State': state });
    await tandem.settled();
    const first = await actions.pair('jira', jira);
    expect(first?.errors.map(({ error }) => [error.code, error.value, error.detail])).toEqual([
      [
        'no-transition',
        'Done',
        expect.stringMatching(
          /^From "In \w+" the workflow of Task leads to .*; a transition that leads on to "Done" is missing\.$/,
        ),
      ],
    ]);
    const state = (await jiraOf(jira)).status.name;
    tandem.calls.length = 0;
    await actions.rename('azure', azure, `[X-1] Never to be done, indeed`);
    await tandem.settled();
    expect(tandem.calls.filter(({ operation }) => operation.includes('transitions'))).toEqual([]);
    expect((await jiraOf(jira)).status.name).toBe(state);
    expect((await actions.pair('jira', jira))?.errors.map(({ error }) => error.code)).toEqual(['no-transition']);
    // A minute later the repaired workflow is looked at again.
    await actions.control('jira', 'POST', 'workflow', { restore: ['31'] });
    await tandem.advance(61_000);
    const other = await actions.twins('jira', 'To be done');
    for (const state of ['Active', 'Closed']) await actions.edit('azure', other.azure, { 'System.State': state });
    await tandem.settled();
    expect((await jiraOf(other.jira)).status.name).toBe('Done');
  });
});

const states = async (id: string, ...wanted: readonly string[]) => {
  for (const state of wanted) {
    const { transitions } = await tandem.asPerson('jira', 'GET', `issue/${id}/transitions`);
    const { id: transition } = transitions.find((one: Answer) => one.to.name === state);
    const fields = state === 'Done' ? { fields: { resolution: { name: 'Duplicate' } } } : {};
    await tandem.asPerson('jira', 'POST', `issue/${id}/transitions`, { transition: { id: transition }, ...fields });
  }
  await tandem.settled();
};

describe('effort', () => {
  it('is counted in the unit of each field, and work logs are summed', async () => {
    const { jira, azure } = await actions.twins('jira', 'Estimated', {
      timetracking: { originalEstimate: '2d', remainingEstimate: '1d 4h' },
    });
    expect(await azureOf(azure)).toMatchObject({
      [`${scheduling}.OriginalEstimate`]: 16,
      [`${scheduling}.RemainingWork`]: 1.5,
    });
    await tandem.asPerson('jira', 'POST', `issue/${jira}/worklog`, { timeSpent: '1h' });
    await tandem.asPerson('jira', 'POST', `issue/${jira}/worklog`, { timeSpent: '30m' });
    await tandem.settled();
    expect((await azureOf(azure))[`${scheduling}.CompletedWork`]).toBe(1.5);
    await actions.edit('azure', azure, { [`${scheduling}.RemainingWork`]: 0.5 });
    await tandem.settled();
    expect((await jiraOf(jira)).timeestimate).toBe(4 * 3600);
  });

  it('that Azure DevOps empties when a task is closed is emptied in Jira as well, at once', async () => {
    const { jira, azure } = await actions.twins('jira', 'Closed with work left', {
      timetracking: { originalEstimate: '2d', remainingEstimate: '4h' },
    });
    expect(await azureOf(azure)).toMatchObject({ [`${scheduling}.RemainingWork`]: 0.5 });
    await states(jira, 'In Progress', 'In Review', 'Done');
    expect((await azureOf(azure))['System.State']).toBe('Closed');
    expect(await azureOf(azure)).not.toHaveProperty([`${scheduling}.RemainingWork`]);
    expect((await jiraOf(jira)).timeestimate).toBe(0);
  });
});

describe('resolution and reason', () => {
  it('go along with the state, both ways', async () => {
    const { jira, azure } = await actions.twins('jira', 'To be ended');
    await actions.edit('azure', azure, { 'System.State': 'Active' });
    await actions.edit('azure', azure, { 'System.State': 'Closed', 'System.Reason': 'Cut' });
    await tandem.settled();
    expect(await jiraOf(jira)).toMatchObject({ status: { name: 'Done' }, resolution: { name: "Won't Do" } });
    expect(await azureOf(azure)).toMatchObject({ 'System.State': 'Closed', 'System.Reason': 'Cut' });

    await states(jira, 'To Do');
    expect((await azureOf(azure))['System.State']).toBe('New');
    await states(jira, 'In Progress');
    await states(jira, 'In Review', 'Done');
    expect(await azureOf(azure)).toMatchObject({ 'System.State': 'Closed', 'System.Reason': 'Obsolete' });
    expect(await jiraOf(jira)).toMatchObject({ resolution: { name: 'Duplicate' } });
    expect(await actions.errors('jira', jira)).toEqual({});
  });

  it('stay as they are where the side sets its own', async () => {
    const { jira, azure } = await actions.twins('jira', 'Ended by default');
    await actions.edit('azure', azure, { 'System.State': 'Active' });
    await actions.edit('azure', azure, { 'System.State': 'Closed', 'System.Reason': 'Deferred' });
    await tandem.settled();
    expect(await jiraOf(jira)).toMatchObject({ status: { name: 'Done' }, resolution: { name: 'Done' } });
    await actions.rename('jira', jira, 'Renamed');
    await tandem.settled();
    expect(await azureOf(azure)).toMatchObject({ 'System.State': 'Closed', 'System.Reason': 'Deferred' });
    expect(await actions.errors('jira', jira)).toEqual({});
  });
});

describe('a reason without a change of the state', () => {
  it('travels where the issue can be edited in its resolution; a resolution waits for the state', async () => {
    const { jira, azure } = await actions.twins('azure', 'Ended otherwise');
    await actions.edit('azure', azure, { 'System.State': 'Active' });
    await actions.edit('azure', azure, { 'System.State': 'Closed', 'System.Reason': 'Completed' });
    await tandem.settled();
    await actions.control('jira', 'POST', 'fields/screen', { field: 'resolution', onScreen: true });
    const answer = await fetch(`${tandem.azure.url}/_apis/wit/workitems/${azure}?bypassRules=true&api-version=7.1`, {
      method: 'PATCH',
      headers: {
        authorization: `Basic ${Buffer.from(`:${tandem.azure.admin.pat}`).toString('base64')}`,
        'content-type': 'application/json-patch+json',
      },
      body: JSON.stringify([{ op: 'add', path: '/fields/System.Reason', value: 'Cut' }]),
    });
    expect(answer.status).toBe(200);
    await answer.arrayBuffer();
    await tandem.settled();
    expect((await jiraOf(jira)).resolution).toMatchObject({ name: "Won't Do" });
    await actions.edit('jira', jira, { resolution: { name: 'Duplicate' } });
    await actions.control('jira', 'POST', 'fields/screen', { field: 'resolution', onScreen: false });
    await tandem.settled();
    expect((await azureOf(azure))['System.Reason']).toBe('Cut');
    expect((await jiraOf(jira)).resolution).toMatchObject({ name: 'Duplicate' });
    expect(await actions.errors('jira', jira)).toEqual({});
  });
});

describe('people', () => {
  it('without a counterpart are kept for the page that maps them, until they are mapped', async () => {
    const { azure, jira } = await actions.twins('azure', 'Of Linh', {
      'System.AssignedTo': 'linh.nguyen@acme.example',
    });
    expect((await jiraOf(jira)).assignee).toBeNull();
    const { service, scope, profile } = tandem;
    const listed = async () => {
      const record = await service.config.profileRecord(scope, profile.id);
      if (!record) throw new Error('the profile is stored');
      return (await unmappedPeople(service.config, scope, record)).map(({ side, id }) => `${side} ${id}`);
    };
    expect(await listed()).toEqual(['azure linh.nguyen@acme.example']);
    const dana = (await tandem.asPerson('jira', 'GET', 'myself')).accountId;
    await actions.saveSettings((settings) => ({
      ...settings,
      users: [{ jira: dana, azure: 'linh.nguyen@acme.example' }],
    }));
    expect(await listed()).toEqual([]);
    await actions.rename('azure', azure, 'Of Linh, mapped');
    await tandem.settled();
    expect((await jiraOf(jira)).assignee.accountId).toBe(dana);
  });
});

describe('templates', () => {
  it('frame a text there and give the bare one back', async () => {
    const { jira, azure } = await actions.twins('jira', 'Framed', {
      customfield_10040: 'Acme',
      customfield_10042: 3,
    });
    const { key } = await tandem.asPerson('jira', 'GET', `issue/${jira}`);
    expect(await azureOf(azure)).toMatchObject({
      'System.Title': `[${key}] Framed`,
      'Custom.Customer': `Acme (3 days, ${key})`,
    });
    await actions.rename('azure', azure, `[${key}] Framed anew`);
    await actions.edit('jira', jira, { customfield_10042: 5 });
    await tandem.settled();
    expect(await actions.title('jira', jira)).toBe('Framed anew');
    expect(await azureOf(azure)).toMatchObject({
      'System.Title': `[${key}] Framed anew`,
      'Custom.Customer': `Acme (5 days, ${key})`,
    });
  });
});
