// Sign-in, scopes, permissions and versions: every way in which a call is turned away.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AzureSimulator, startAzureSimulator } from './server.ts';
import { clientOf, control, field, type TestClient } from './test-client.ts';

let simulator: AzureSimulator;
let admin: TestClient;

beforeAll(async () => {
  simulator = await startAzureSimulator({ seed: 'empty' });
  admin = clientOf(simulator, simulator.admin.pat);
});
afterAll(async () => {
  expect(simulator.kernel.checker.violations).toEqual([]);
  await simulator.close();
});

const withScopes = async (...scopes: string[]): Promise<TestClient> => {
  const { pat } = await control(simulator, 'POST', '/pats', { user: simulator.ordinary.uniqueName, scopes });
  return clientOf(simulator, pat);
};

const raw = (headers: Record<string, string>, method = 'GET'): Promise<Response> =>
  fetch(`${simulator.url}/_apis/${method === 'GET' ? 'projects' : 'wit/workitems/1'}?api-version=7.1`, {
    method,
    headers,
    redirect: 'manual',
  });

describe('tokens', () => {
  it('are taken with any user name, and as a bearer', async () => {
    const basic = (user: string) => `Basic ${Buffer.from(`${user}:${simulator.ordinary.pat}`).toString('base64')}`;
    for (const authorization of [basic(''), basic('anybody'), `Bearer ${simulator.ordinary.pat}`]) {
      expect((await raw({ authorization })).status).toBe(200);
    }
  });

  it('that are wrong get a bare 401 that asks for Basic', async () => {
    const answer = await clientOf(simulator, 'wrong').get('/_apis/projects');
    expect(answer.status).toBe(401);
    expect(answer.body).toBe('');
    expect(answer.headers.get('www-authenticate')).toMatch(/^Basic/);
  });

  it('that have expired say so in a header', async () => {
    const { pat } = await control(simulator, 'POST', '/pats', {
      user: simulator.ordinary.uniqueName,
      expiresInMs: 60_000,
    });
    const client = clientOf(simulator, pat);
    expect((await client.get('/_apis/projects')).status).toBe(200);
    await simulator.kernel.clock.advance(60_001);
    const answer = await client.get('/_apis/projects');
    expect(answer.status).toBe(401);
    expect(decodeURIComponent(answer.headers.get('x-tfs-serviceerror') ?? '')).toContain('has expired');
  });

  it('can be expired and revoked by a test', async () => {
    for (const path of ['/pats/expire', '/pats/revoke']) {
      const { pat } = await control(simulator, 'POST', '/pats', { user: simulator.ordinary.uniqueName });
      await control(simulator, 'POST', path, { pat });
      expect((await clientOf(simulator, pat).get('/_apis/projects')).status).toBe(401);
    }
  });

  it('that are missing lead to a sign-in page for GET, and to TF400813 for PATCH', async () => {
    const page = await raw({});
    expect(page.status).toBe(203);
    expect(page.headers.get('content-type')).toContain('text/html');
    const refused = await raw({}, 'PATCH');
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ typeKey: 'UnauthorizedRequestException' });
    expect((await raw({ 'x-tfs-fedauthredirect': 'Suppress' })).status).toBe(401);
  });
});

describe('scopes', () => {
  const body = [field('System.Title', 'T')];
  it.each([
    ['vso.work', 'GET', '/_apis/wit/fields', 200],
    ['vso.work', 'POST', '/Tandem/_apis/wit/workitems/$Task', 401],
    ['vso.work_write', 'POST', '/Tandem/_apis/wit/workitems/$Task', 200],
    ['vso.work_write', 'GET', '/_apis/wit/fields', 200],
    ['vso.work', 'GET', '/_apis/projects', 401],
    ['vso.project', 'GET', '/_apis/projects', 200],
    ['vso.work', 'GET', '/_apis/identities?searchFilter=General&filterValue=mara', 401],
    ['vso.identity', 'GET', '/_apis/identities?searchFilter=General&filterValue=mara', 200],
    ['vso.graph', 'GET', '/_apis/graph/users', 200],
    ['vso.project', 'GET', '/_apis/graph/users', 401],
    ['vso.project', 'GET', '/_apis/hooks/subscriptions', 401],
  ])('%s on %s %s: %i', async (scope, method, path, status) => {
    const client = await withScopes(scope);
    const answer = await client.call(method, path, method === 'POST' ? body : undefined, 'application/json-patch+json');
    expect(answer.status).toBe(status);
  });

  it('any token may ask who it is', async () => {
    const client = await withScopes('vso.code');
    expect((await client.get('/_apis/connectionData')).body.authenticatedUser.id).toBe(simulator.ordinary.id);
  });
});

describe('permissions', () => {
  it('an area that may not be read hides its items everywhere', async () => {
    const ordinary = clientOf(simulator);
    const id = await admin.create('Task', { 'System.AreaPath': 'Tandem\\Routing' });
    await control(simulator, 'POST', '/rights', { user: simulator.ordinary.uniqueName, denyRead: ['Tandem\\Routing'] });
    await simulator.kernel.clock.advance(5000);
    const answer = await ordinary.get(`/_apis/wit/workitems/${id}`);
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({
      typeKey: 'WorkItemUnauthorizedAccessException',
      message: expect.stringContaining('TF401232'),
    });
    const query = await ordinary.post('/_apis/wit/wiql', {
      query: `SELECT [System.Id] FROM WorkItems WHERE [System.Id] = ${id}`,
    });
    expect(query.body.workItems).toEqual([]);
    const feed = await ordinary.get('/Tandem/_apis/wit/reporting/workitemrevisions');
    expect(feed.body.values.map((one: { id: number }) => one.id)).not.toContain(id);
    const batch = await ordinary.post('/_apis/wit/workitemsbatch', { ids: [id], errorPolicy: 'omit' });
    expect(batch.body.value).toEqual([null]);
    await control(simulator, 'POST', '/rights/reset', { user: simulator.ordinary.uniqueName });
    expect((await ordinary.get(`/_apis/wit/workitems/${id}`)).status).toBe(200);
  });

  it('an area that may not be written refuses with TF237111', async () => {
    const ordinary = clientOf(simulator);
    const id = await admin.create('Task', { 'System.AreaPath': 'Tandem\\Routing' });
    await control(simulator, 'POST', '/rights', {
      user: simulator.ordinary.uniqueName,
      denyWrite: ['Tandem\\Routing'],
    });
    const answer = await ordinary.patch(id, [field('System.Title', 'x')]);
    expect(answer.status).toBe(403);
    expect(answer.body.message).toContain('TF237111');
    const moved = await ordinary.patch(await ordinary.create('Task'), [field('System.AreaPath', 'Tandem\\Routing')]);
    expect(moved.status).toBe(403);
    await control(simulator, 'POST', '/rights/reset', { user: simulator.ordinary.uniqueName });
  });

  it('half of the items can be hidden at once', async () => {
    const client = clientOf(simulator, simulator.synchronizer.pat);
    const ids = [await admin.create('Task'), await admin.create('Task')];
    await control(simulator, 'POST', '/rights', { user: simulator.synchronizer.uniqueName, denyItems: 'half' });
    const statuses = await Promise.all(ids.map(async (id) => (await client.get(`/_apis/wit/workitems/${id}`)).status));
    expect(statuses.toSorted()).toEqual([200, 404]);
    await control(simulator, 'POST', '/rights/reset', { user: simulator.synchronizer.uniqueName });
  });

  it.each([
    ['?bypassRules=true', 'Bypass rules'],
    ['?suppressNotifications=true', 'Suppress notifications'],
  ])('%s needs its own right', async (query, name) => {
    const refused = await clientOf(simulator).tryCreate('Task', { 'System.Title': 'x' }, query);
    expect(refused.status).toBe(403);
    expect(refused.body.message).toContain(name);
    expect((await admin.tryCreate('Task', { 'System.Title': 'x' }, query)).status).toBe(200);
  });

  it('destroying, subscribing and editing nodes each need a right', async () => {
    const ordinary = clientOf(simulator);
    const id = await ordinary.create('Task');
    expect((await ordinary.call('DELETE', `/_apis/wit/workitems/${id}?destroy=true`)).status).toBe(403);
    expect((await ordinary.post('/Tandem/_apis/wit/classificationnodes/areas', { name: 'Mine' })).status).toBe(403);
    await control(simulator, 'POST', '/rights', { user: simulator.ordinary.uniqueName, grant: ['destroyWorkItems'] });
    expect((await ordinary.call('DELETE', `/_apis/wit/workitems/${id}?destroy=true`)).status).toBe(200);
    await control(simulator, 'POST', '/rights', { user: simulator.ordinary.uniqueName, revoke: ['destroyWorkItems'] });
  });

  it('acts as another person on request', async () => {
    const { authorization, user } = await control(simulator, 'POST', '/act-as', { user: 'linh.nguyen@acme.example' });
    const response = await fetch(`${simulator.url}/_apis/connectionData`, { headers: { authorization } });
    expect(user).toBe('linh.nguyen@acme.example');
    expect(await response.json()).toMatchObject({ authenticatedUser: { uniqueName: user } });
  });
});

describe('versions and paths', () => {
  it('a write without an api-version is refused, a read is not', async () => {
    const headers = { authorization: `Bearer ${simulator.ordinary.pat}`, 'content-type': 'application/json' };
    const read = await fetch(`${simulator.url}/_apis/projects`, { headers });
    expect(read.status).toBe(200);
    const write = await fetch(`${simulator.url}/_apis/wit/wiql`, { method: 'POST', headers, body: '{"query":"x"}' });
    expect(await write.json()).toMatchObject({ typeKey: 'VssVersionNotSpecifiedException' });
    const accepted = await fetch(`${simulator.url}/_apis/wit/workitemsbatch`, {
      method: 'POST',
      headers: { ...headers, accept: 'application/json;api-version=7.1' },
      body: '{"ids":[1],"errorPolicy":"omit"}',
    });
    expect(accepted.status).toBe(200);
  });

  it('a preview resource wants -preview, and versions end', async () => {
    const id = await admin.create('Task');
    const released = await admin.get(`/Tandem/_apis/wit/workItems/${id}/comments?api-version=7.1`);
    expect(released.body.typeKey).toBe('VssInvalidPreviewVersionException');
    expect((await admin.get(`/Tandem/_apis/wit/workItems/${id}/comments?api-version=7.1-preview.4`)).status).toBe(200);
    expect((await admin.get('/_apis/projects?api-version=9.0')).body.typeKey).toBe('VssVersionOutOfRangeException');
  });

  it('paths ignore case, the project may be its id, and another organization is not there', async () => {
    const id = await admin.create('Task');
    const project = simulator.world().projects[0]?.id ?? '';
    for (const path of [`/TANDEM/_APIS/WIT/WORKITEMS/${id}`, `/${project}/_apis/wit/workItems/${id}`]) {
      expect((await admin.get(path)).status).toBe(200);
    }
    expect((await admin.get(`/Nowhere/_apis/wit/workitems/${id}`)).body.message).toContain('TF200016');
    expect((await admin.get(`/Archive/_apis/wit/workitems/${id}`)).status).toBe(404);
    const elsewhere = await fetch(`${simulator.kernel.url}/other/_apis/projects`, {
      headers: { authorization: `Bearer ${simulator.ordinary.pat}` },
    });
    expect(elsewhere.status).toBe(404);
  });
});
