// Reads that nothing else in this folder makes, against the team's data: each is answered, and as the description says.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type JiraSimulator, startJiraSimulator } from './server.ts';
import { client, expectNoViolations, type TestClient } from './testing.ts';

let sim: JiraSimulator;
let dana: TestClient;
let admin: TestClient;
beforeAll(async () => {
  sim = await startJiraSimulator({ seed: 'team' });
  [dana, admin] = [client(sim, 'dana'), client(sim, 'mara')];
});
afterAll(async () => {
  expectNoViolations(sim);
  await sim.close();
});

const me = () => encodeURIComponent(sim.accounts.ordinary.accountId);

test.each<[path: string | (() => string), listed: string | undefined]>([
  ['/component?projectIdsOrKeys=TAN', 'values'],
  ['/component/10001', undefined],
  ['/field/search?type=custom&query=story&orderBy=name&expand=key,searcherKey&maxResults=2', 'values'],
  ['/issue/TAN-1/worklog?startAt=0&maxResults=5&startedAfter=0', 'worklogs'],
  ['/issueLinkType', 'issueLinkTypes'],
  ['/issuetype', ''],
  ['/issuetype/project?projectId=10000', ''],
  ['/label?maxResults=3', 'values'],
  ['/priority/search?maxResults=2', 'values'],
  ['/project/TAN/component?maxResults=2&orderBy=name', 'values'],
  ['/project/TAN/components', ''],
  ['/project/TAN/version?maxResults=2&orderBy=sequence&status=released,unreleased', 'values'],
  ['/project/TAN/versions', ''],
  ['/project/10000/hierarchy', 'hierarchy'],
  ['/resolution', ''],
  ['/resolution/search?maxResults=2', 'values'],
  ['/statuses/search?projectId=10000&statusCategory=DONE', 'values'],
  ['/user/assignable/multiProjectSearch?projectKeys=TAN&query=da', ''],
  [() => `/user/bulk?accountId=${me()}`, 'values'],
  ['/version/10001', undefined],
  ['/issue/TAN-1/properties', undefined],
])('GET %s', async (path, listed) => {
  const { status, body } = await dana.get(typeof path === 'string' ? path : path());
  expect([status, body]).toEqual([200, body]);
  const list = listed === undefined ? [body] : listed === '' ? body : body[listed];
  if (!String(path).includes('worklog')) expect(list.length).toBeGreaterThan(0);
});

test.each(['/project/TAN/hierarchy', '/project/NOPE/versions', '/component/1', '/version/1', '/field/search?type=odd'])(
  'GET %s is refused',
  async (path) => {
    expect((await dana.get(path)).status).toBeGreaterThanOrEqual(400);
  },
);

test('lists are ordered and narrowed as one asks', async () => {
  const names = async (path: string): Promise<string[]> =>
    (await dana.get(path)).body.values.map(({ name }: { name: string }) => name);
  for (const path of ['/project/TAN/version', '/project/TAN/component', '/component', '/field/search']) {
    const up = await names(`${path}?orderBy=name&maxResults=50`);
    expect(up, path).toEqual(up.toSorted((a, b) => a.localeCompare(b, 'en')));
    expect(await names(`${path}?orderBy=-name&maxResults=50`), path).toEqual(up.toReversed());
  }
  const released = (await dana.get('/project/TAN/version?status=released')).body.values;
  expect(new Set(released.map((version: { released: boolean }) => version.released))).toEqual(new Set([true]));
  expect((await dana.get('/project/TAN/component?orderBy=colour')).status).toBe(400);
  sim.kernel.checker.clearViolations();
});

test('pages of a list name the next one, which goes on where they end', async () => {
  const first = (await dana.get('/label?maxResults=3')).body;
  const next = (await client(sim, 'dana', '').get(first.nextPage)).body;
  expect([next.startAt, next.values.length, first.isLast]).toEqual([3, 3, false]);
  expect(next.values).not.toContain(first.values[0]);
});

test('what administrators read and make', async () => {
  expect((await admin.get('/events')).body.length).toBeGreaterThan(0);
  expect((await dana.get('/events')).status).toBe(403);
  const type = await admin.post('/issueLinkType', { name: 'Causes', inward: 'is caused by', outward: 'causes' });
  expect(type.status).toBe(201);
  const asked = {
    projectPermissions: [{ projects: [10_000], permissions: ['EDIT_ISSUES'] }],
    globalPermissions: ['ADMINISTER'],
  };
  expect((await dana.post('/permissions/check', asked)).body.globalPermissions).toEqual([]);
  expect((await admin.post('/permissions/check', asked)).body.globalPermissions).toEqual(['ADMINISTER']);
});

test('what hangs on an issue can be taken off again', async () => {
  expect((await dana.put('/issue/TAN-1/properties/p', { a: 1 })).status).toBe(201);
  expect((await dana.delete('/issue/TAN-1/properties/p')).status).toBe(204);
  const link = (title: string) => ({ object: { url: 'https://example.com/', title } });
  const { id } = (await dana.post('/issue/TAN-1/remotelink', link('One'))).body;
  expect((await dana.put(`/issue/TAN-1/remotelink/${id}`, link('Two'))).status).toBe(204);
  expect((await dana.get(`/issue/TAN-1/remotelink/${id}`)).body.object.title).toBe('Two');
  expect((await dana.delete(`/issue/TAN-1/remotelink/${id}`)).status).toBe(204);
  expect((await dana.delete(`/issue/TAN-1/watchers?accountId=${me()}`)).status).toBe(204);
});
