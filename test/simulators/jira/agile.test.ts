// Boards, sprints and the Sprint field, by their own requests and by an unmodified foreign client.
import { createAgileClient } from 'jira.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JiraSimulator, startJiraSimulator } from './server.ts';
import { client, control, expectNoViolations, type TestClient } from './testing.ts';

const SPRINT = 'customfield_10020';

let sim: JiraSimulator;
let jira: TestClient;
let agile: TestClient;
let board: number;
let sprints: Record<string, number>;

beforeAll(async () => {
  sim = await startJiraSimulator({ seed: 'empty' });
  jira = client(sim, sim.authorizationOf('mara'));
  agile = client(sim, sim.authorizationOf('mara'), `${sim.url}/rest/agile/1.0`);
  const boards = (await agile.get('/board?projectKeyOrId=TAN&type=scrum')).body;
  board = boards.values[0].id;
  const all = (await agile.get(`/board/${board}/sprint`)).body.values;
  sprints = Object.fromEntries(all.map(({ name, id }: { name: string; id: number }) => [name, id]));
});
afterAll(() => sim.close());

const create = async (fields: Record<string, unknown> = {}, type = 'Story') =>
  jira.post('/issue', { fields: { project: { key: 'TAN' }, issuetype: { name: type }, summary: 'One', ...fields } });
const sprintOf = async (key: string) => (await jira.get(`/issue/${key}`)).body.fields[SPRINT];

describe('the Sprint field', () => {
  test('takes the number of an open sprint, shows a list, and keeps the sprints that ended', async () => {
    const { key } = (await create({ [SPRINT]: sprints['Sprint 21'] })).body;
    expect(await sprintOf(key)).toMatchObject([{ name: 'Sprint 21', state: 'active', boardId: board }]);
    await jira.put(`/issue/${key}`, { fields: { [SPRINT]: sprints['Sprint 22'] } });
    expect(await sprintOf(key)).toMatchObject([{ name: 'Sprint 22', state: 'future' }]);
    const { values } = (await jira.get(`/issue/${key}/changelog`)).body;
    expect(values.at(-1).items).toMatchObject([
      { field: 'Sprint', fieldId: SPRINT, fieldtype: 'custom', fromString: 'Sprint 21', toString: 'Sprint 22' },
    ]);
    const made = (await agile.post('/sprint', { name: 'Short', originBoardId: board, ...days })).body;
    await jira.put(`/issue/${key}`, { fields: { [SPRINT]: made.id } });
    await agile.post(`/sprint/${made.id}`, { state: 'active' });
    await agile.post(`/sprint/${made.id}`, { state: 'closed' });
    await jira.put(`/issue/${key}`, { fields: { [SPRINT]: null } });
    expect(await sprintOf(key)).toMatchObject([{ name: 'Short', state: 'closed' }]);
    await jira.put(`/issue/${key}`, { fields: { [SPRINT]: sprints['Sprint 22'] } });
    expect(await sprintOf(key)).toMatchObject([{ name: 'Short' }, { name: 'Sprint 22' }]);
    const found = await jira.post('/search/jql', { jql: 'sprint in futureSprints()', fields: ['summary'] });
    expect(found.body.issues).toHaveLength(1);
  });

  test.each([
    ['a text', '21', 'Number value expected as the Sprint id.'],
    ['a list', [21], 'Number value expected as the Sprint id.'],
    ['an object', { id: 21 }, 'Number value expected as the Sprint id.'],
    ['an unknown id', 9_999, 'We could not find the sprint.'],
  ])('refuses %s', async (_, value, words) => {
    const answer = await create({ [SPRINT]: value });
    expect(answer).toMatchObject({ status: 400, body: { errorMessages: [words], errors: {} } });
  });

  test('refuses a sprint that ended, by field and by the Agile API', async () => {
    const closed = sprints['Sprint 20'] ?? 0;
    expect((await create({ [SPRINT]: closed })).body.errorMessages).toEqual([
      'Issue can be assigned only active or future sprints.',
    ]);
    const { key } = (await create()).body;
    const moved = await agile.post(`/sprint/${closed}/issue`, { issues: [key] });
    expect(moved).toMatchObject({
      status: 400,
      body: { errorMessages: ['You must specify a sprint which has not been completed.'] },
    });
  });

  test('is not on the screens of sub-tasks', async () => {
    const { key } = (await create()).body;
    const answer = await create({ parent: { key }, [SPRINT]: sprints['Sprint 21'] }, 'Sub-task');
    expect(answer.body.errors).toHaveProperty(SPRINT);
  });
});

const days = { startDate: '2026-12-01T08:00:00.000Z', endDate: '2026-12-14T17:00:00.000+01:00' };

describe('the Agile API', () => {
  test('refuses what Jira refuses', async () => {
    const kanban = (await agile.get('/board?type=kanban')).body.values[0].id;
    expect(await agile.get(`/board/${kanban}/sprint`)).toMatchObject({
      status: 400,
      body: { errorMessages: ['The board does not support sprints'] },
    });
    expect((await agile.get('/board/999')).status).toBe(404);
    expect((await agile.get(`/board/${board}/sprint?state=running`)).status).toBe(400);
    expect((await agile.post('/sprint', { name: 'x'.repeat(30), originBoardId: board })).status).toBe(400);
    expect((await agile.post('/sprint', { name: ' ', originBoardId: board })).status).toBe(400);
    expect((await agile.post('/sprint', { name: 'A', originBoardId: board, startDate: '2026-12-01' })).status).toBe(
      400,
    );
    const back = { startDate: days.endDate, endDate: days.startDate };
    expect((await agile.post('/sprint', { name: 'A', originBoardId: board, ...back })).status).toBe(400);
    const many = Array.from({ length: 51 }, () => 'TAN-1');
    expect((await agile.post(`/sprint/${sprints['Sprint 21']}/issue`, { issues: many })).status).toBe(400);
    const nobody = client(sim, undefined, `${sim.url}/rest/agile/1.0`);
    expect((await nobody.get('/board')).body.values).toEqual([]);
  });

  test('lets only those manage sprints who may', async () => {
    await control(sim, 'POST', '/permissions', {
      user: sim.accounts.ordinary.email,
      permissions: ['MANAGE_SPRINTS_PERMISSION'],
    });
    const arjun = client(sim, sim.authorizationOf(sim.accounts.ordinary.email), `${sim.url}/rest/agile/1.0`);
    const answer = await arjun.post('/sprint', { name: 'Mine', originBoardId: board });
    expect(answer.status).toBe(403);
    expect((await arjun.get(`/sprint/${sprints['Sprint 21']}`)).body.name).toBe('Sprint 21');
  });

  test('serves an unmodified client', async () => {
    const { email, token } = sim.accounts.admin;
    const foreign = createAgileClient({ host: sim.url, auth: { type: 'basic', email, apiToken: token } });
    const made = await foreign.sprint.createSprint({ name: ' Sprint 99 ', originBoardId: board, ...days, goal: 'Go' });
    expect(made).toMatchObject({ name: 'Sprint 99', state: 'future', goal: 'Go' });
    const sprintId = Number(made.id);
    const { key } = (await create()).body;
    await foreign.sprint.moveIssuesToSprintAndRank({ sprintId, issues: [key] });
    expect(await sprintOf(key)).toMatchObject([{ name: 'Sprint 99', startDate: '2026-12-01T08:00:00.000Z' }]);
    await foreign.backlog.moveIssuesToBacklog({ issues: [key] });
    expect(await sprintOf(key)).toBeNull();
    const page = await foreign.board.getAllSprints({ boardId: board, state: 'future', maxResults: 1 });
    expect(page).toMatchObject({ isLast: false, maxResults: 1 });
    await foreign.sprint.deleteSprint({ sprintId });
    expect((await agile.get(`/sprint/${sprintId}`)).status).toBe(404);
    expectNoViolations(sim);
  });
});
