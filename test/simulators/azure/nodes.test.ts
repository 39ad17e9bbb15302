// Areas, iterations, tags, teams, people, projects: the parts around work items.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AzureSimulator, startAzureSimulator } from './server.ts';
import { type Body, clientOf, field, type TestClient } from './test-client.ts';

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

const NODES = '/Tandem/_apis/wit/classificationnodes';

describe('classification nodes', () => {
  it('are made, found by path and id, renamed and moved, and items follow', async () => {
    const made = await admin.post(`${NODES}/areas`, { name: 'Norden' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      name: 'Norden',
      structureType: 'area',
      path: '\\Tandem\\Area\\Norden',
      hasChildren: false,
    });
    await admin.post(`${NODES}/areas/Norden`, { name: 'Kiel' });
    const id = await admin.create('Task', { 'System.AreaPath': 'Tandem\\Norden\\Kiel' });
    await admin.call('PATCH', `${NODES}/areas/Norden`, { name: 'Süden' });
    expect((await admin.get(`/_apis/wit/workitems/${id}`)).body).toMatchObject({
      rev: 1,
      fields: { 'System.AreaPath': 'Tandem\\Süden\\Kiel' },
    });
    const kiel = (await admin.get(`${NODES}/areas/S%C3%BCden/Kiel`)).body;
    await admin.post(`${NODES}/areas`, { id: kiel.id });
    expect((await admin.get(`/_apis/wit/workitems/${id}`)).body.fields['System.AreaPath']).toBe('Tandem\\Kiel');
    const byId = await admin.get(`${NODES}?ids=${kiel.id}`);
    expect(byId.body.value[0].name).toBe('Kiel');
    const root = (await admin.get(`${NODES}/areas?$depth=1`)).body;
    expect(root.children.map((one: Body) => one.name)).toEqual(expect.arrayContaining(['Kiel', 'Süden']));
  });

  it('deleting one hands its items to another', async () => {
    await admin.post(`${NODES}/areas`, { name: 'Old' });
    const heir = (await admin.post(`${NODES}/areas`, { name: 'Heir' })).body;
    const id = await admin.create('Task', { 'System.AreaPath': 'Tandem\\Old' });
    expect((await admin.call('DELETE', `${NODES}/areas/Old?$reclassifyId=${heir.id}`)).status).toBe(204);
    expect((await admin.get(`/_apis/wit/workitems/${id}`)).body.fields['System.AreaPath']).toBe('Tandem\\Heir');
    expect((await admin.get(`${NODES}/areas/Old`)).status).toBe(404);
  });

  it('iterations have dates, both or none, in order', async () => {
    const dates = (startDate: string | null, finishDate: string | null) => ({ attributes: { startDate, finishDate } });
    const made = await admin.post(`${NODES}/iterations`, {
      name: 'S1',
      ...dates('2026-01-05T10:00:00Z', '2026-01-16'),
    });
    expect(made.body.attributes).toEqual({ startDate: '2026-01-05T00:00:00Z', finishDate: '2026-01-16T00:00:00Z' });
    expect((await admin.post(`${NODES}/iterations`, { name: 'S2', ...dates('2026-01-20', '2026-01-10') })).status).toBe(
      400,
    );
    expect((await admin.post(`${NODES}/iterations`, { name: 'S3', ...dates('2026-01-20', null) })).status).toBe(400);
    expect((await admin.post(`${NODES}/areas`, { name: 'S4', ...dates('2026-01-20', '2026-01-21') })).status).toBe(400);
    expect((await admin.post(`${NODES}/iterations`, { name: 's1' })).status).toBe(409);
    expect((await admin.post(`${NODES}/iterations`, { name: 'a/b' })).status).toBe(400);
  });
});

describe('tags', () => {
  it('come into being by use, are case-insensitive, renamed and deleted everywhere', async () => {
    const one = await admin.create('Task', { 'System.Tags': 'Alpha; keep' });
    const two = await admin.create('Task', { 'System.Tags': 'ALPHA' });
    const tags = (await admin.get('/Tandem/_apis/wit/tags')).body.value;
    expect(tags.filter((tag: Body) => tag.name.toLowerCase() === 'alpha')).toHaveLength(1);
    await admin.call('PATCH', '/Tandem/_apis/wit/tags/alpha', { name: 'Omega' });
    expect((await admin.get(`/_apis/wit/workitems/${two}`)).body).toMatchObject({
      rev: 1,
      fields: { 'System.Tags': 'Omega' },
    });
    expect((await admin.get('/Tandem/_apis/wit/tags/Omega')).body.name).toBe('Omega');
    await admin.call('DELETE', '/Tandem/_apis/wit/tags/Omega');
    expect((await admin.get(`/_apis/wit/workitems/${one}`)).body.fields['System.Tags']).toBe('keep');
    expect((await admin.get('/Tandem/_apis/wit/tags/Omega')).status).toBe(404);
  });

  it('an item takes 100', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => `t${index}`).join(';');
    expect((await admin.tryCreate('Task', { 'System.Title': 'T', 'System.Tags': many(100) })).status).toBe(200);
    expect((await admin.tryCreate('Task', { 'System.Title': 'T', 'System.Tags': many(101) })).status).toBe(400);
  });
});

describe('people', () => {
  const MARA = 'mara.lindqvist@acme.example';

  it('are found by search, descriptor and id, and unknown ones are left out', async () => {
    const general = await admin.get(`/_apis/identities?searchFilter=General&filterValue=${MARA}`);
    expect(general.body.value).toHaveLength(1);
    const [mara] = general.body.value;
    const byId = await admin.get(`/_apis/identities?identityIds=${mara.id},00000000-0000-4000-8000-000000000000`);
    expect(byId.body.value.map((one: Body) => one.id)).toEqual([mara.id]);
    expect((await admin.get(`/_apis/identities?subjectDescriptors=${mara.subjectDescriptor}`)).body.value[0].id).toBe(
      mara.id,
    );
    expect((await admin.get('/_apis/identities?searchFilter=General&filterValue=nobody')).body.value).toEqual([]);
    expect((await admin.get('/_apis/identities')).status).toBe(400);
  });

  it('are users of the graph, those who left excepted', async () => {
    const users = (await admin.get('/_apis/graph/users')).body.value;
    expect(users.map((one: Body) => one.mailAddress)).not.toContain('piotr.zielinski@acme.example');
    const mara = users.find((one: Body) => one.principalName === MARA);
    expect((await admin.get(`/_apis/graph/users/${mara.descriptor}`)).body.displayName).toBe('Mara Lindqvist');
    expect((await admin.get(`/_apis/graph/storagekeys/${mara.descriptor}`)).body.value).toBe(mara.originId);
    expect((await admin.get(`/_apis/graph/descriptors/${mara.originId}`)).body.value).toBe(mara.descriptor);
    const found = await admin.post('/_apis/graph/subjectquery', { query: 'mara', subjectKind: ['User'] });
    expect(found.body.value.map((one: Body) => one.principalName)).toEqual([MARA]);
  });

  it('who left cannot log in or be given work', async () => {
    const answer = await admin.tryCreate('Task', {
      'System.Title': 'T',
      'System.AssignedTo': 'piotr.zielinski@acme.example',
    });
    expect(answer.body.message).toContain('unknown identity');
  });
});

describe('projects and teams', () => {
  it('are found by name or id, with properties by id only', async () => {
    const project = (await admin.get('/_apis/projects/tandem?includeCapabilities=true')).body;
    expect(project.capabilities.processTemplate.templateTypeId).toBe('adcc42ab-9882-485e-a3ed-7678f01f66bc');
    const properties = `/_apis/projects/${project.id}/properties`;
    await admin.call(
      'PATCH',
      properties,
      [{ op: 'add', path: '/Tandem.Profile', value: 'x' }],
      'application/json-patch+json',
    );
    expect((await admin.get(`${properties}?keys=Tandem.*`)).body.value).toEqual([
      { name: 'Tandem.Profile', value: 'x' },
    ]);
    expect((await admin.get('/_apis/projects/Tandem/properties')).status).toBe(400);
    expect((await admin.get('/_apis/projects/Nothing')).body.message).toContain('TF200016');
    expect((await admin.get('/_apis/projects?$top=1&$skip=1')).body.value).toHaveLength(1);
  });

  it('a team has iterations, areas and members', async () => {
    const [team] = (await admin.get('/_apis/projects/Tandem/teams')).body.value;
    expect((await admin.get(`/_apis/projects/Tandem/teams/${team.id}/members`)).body.value.length).toBeGreaterThan(5);
    const made = (await admin.post(`${NODES}/iterations`, { name: 'Joined' })).body;
    const path = `/Tandem/${encodeURIComponent(team.name)}/_apis/work/teamsettings`;
    await admin.post(`${path}/iterations`, { id: made.identifier });
    expect((await admin.get(`${path}/iterations`)).body.value.map((one: Body) => one.id)).toContain(made.identifier);
    const id = await admin.create('Task', { 'System.IterationPath': 'Tandem\\Joined' });
    const items = (await admin.get(`${path}/iterations/${made.identifier}/workitems`)).body.workItemRelations;
    expect(items).toEqual([{ rel: null, source: null, target: expect.objectContaining({ id }) }]);
    expect((await admin.call('DELETE', `${path}/iterations/${made.identifier}`)).status).toBe(204);
    expect((await admin.get(`${path}/teamfieldvalues`)).body.defaultValue).toBe('Tandem');
    expect((await admin.get('/Tandem/Nobody/_apis/work/teamsettings')).status).toBe(404);
  });
});

describe('fields of the organization', () => {
  it('an administrator adds and removes them; others may not', async () => {
    const wanted = { name: 'Weight', referenceName: 'Custom.Weight', type: 'double' };
    expect((await clientOf(simulator).post('/_apis/wit/fields', wanted)).status).toBe(403);
    expect((await admin.post('/_apis/wit/fields', wanted)).body).toMatchObject({
      referenceName: 'Custom.Weight',
      type: 'double',
    });
    expect((await admin.post('/_apis/wit/fields', wanted)).status).toBe(409);
    const id = await admin.create('Task', { 'Custom.Weight': 2.5 });
    expect((await admin.patch(id, [field('Weight', 3)])).body.fields['Custom.Weight']).toBe(3);
    expect((await admin.call('DELETE', '/_apis/wit/fields/Custom.Weight')).status).toBe(204);
    expect((await admin.get('/_apis/wit/fields/Custom.Weight')).status).toBe(404);
    expect((await admin.call('DELETE', '/_apis/wit/fields/System.Title')).status).toBe(400);
  });
});
