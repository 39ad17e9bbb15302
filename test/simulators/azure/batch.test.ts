// $batch, workitemsbatch and workitemsdelete: many in one call, each answered by itself.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AzureSimulator, startAzureSimulator } from './server.ts';
import { type Body, clientOf, control, field, PATCH_TYPE, relation, type TestClient } from './test-client.ts';

let simulator: AzureSimulator;
let client: TestClient;

beforeAll(async () => {
  simulator = await startAzureSimulator({ seed: 'empty' });
  client = clientOf(simulator);
});
afterAll(async () => {
  expect(simulator.kernel.checker.violations).toEqual([]);
  await simulator.close();
});

const part = (uri: string, ...body: unknown[]) => ({
  method: 'PATCH',
  uri: `${uri}?api-version=7.1`,
  headers: { 'Content-Type': PATCH_TYPE },
  body,
});
const batch = (parts: readonly unknown[], method = 'PATCH') => client.call(method, '/_apis/wit/$batch', parts);
const bodies = (answer: Body): Body[] => answer.body.value.map((one: Body) => JSON.parse(one.body));
const codes = (answer: Body): number[] => answer.body.value.map((one: Body) => one.code);

describe('$batch', () => {
  it('creates and updates, and a failure leaves the others alone', async () => {
    const id = await client.create('Task');
    const answer = await batch([
      part(`/_apis/wit/workitems/${id}`, { op: 'test', path: '/rev', value: 1 }, field('System.Title', 'One')),
      part('/_apis/wit/workitems/999999', field('System.Title', 'x')),
      part('/Tandem/_apis/wit/workitems/$Bug', field('System.Title', 'Two')),
      part('/Tandem/_apis/wit/workitems/$Bug', field('System.State', 'Closed')),
      part(`/_apis/wit/workitems/${id}`, { op: 'test', path: '/rev', value: 1 }, field('System.Title', 'Late')),
    ]);
    expect(answer.status).toBe(200);
    expect(codes(answer)).toEqual([200, 404, 200, 400, 412]);
    const [one, missing, two] = bodies(answer);
    expect(one).toMatchObject({ id, rev: 2 });
    expect(missing).toEqual({ count: 1, value: { Message: expect.stringContaining('TF401232') } });
    expect(two).toMatchObject({ id: id + 1, fields: { 'System.Title': 'Two' } });
  });

  it('a new item can be linked by its negative id', async () => {
    const answer = await batch(
      [
        part(
          '/Tandem/_apis/wit/workitems/$Feature',
          { op: 'add', path: '/id', value: '-1' },
          field('System.Title', 'P'),
        ),
        part(
          '/Tandem/_apis/wit/workitems/$Task',
          field('System.Title', 'C'),
          relation('System.LinkTypes.Hierarchy-Reverse', '-1'),
        ),
      ],
      'POST',
    );
    const [parent, child] = bodies(answer);
    expect(child.fields['System.Parent']).toBe(parent.id);
  });

  it('whole addresses, flags and bad parts', async () => {
    const id = await client.create('Task');
    const answer = await batch([
      part(`${simulator.url}/_apis/wit/workitems/${id}`, field('System.Title', 'Whole')),
      {
        ...part(`/_apis/wit/workitems/${id}`, field('System.Title', 'x')),
        uri: `/_apis/wit/workitems/${id}?bypassRules=true&api-version=7.1`,
      },
      { ...part(`/_apis/wit/workitems/${id}`), method: 'GET', body: [field('System.Title', 'x')] },
      part('/_apis/projects', field('System.Title', 'x')),
    ]);
    expect(codes(answer).slice(0, 3)).toEqual([200, 403, 400]);
    expect(codes(answer)[3]).toBeGreaterThanOrEqual(400);
    simulator.kernel.checker.clearViolations();
  });

  it('flags of the whole call hold for every part', async () => {
    const admin = clientOf(simulator, simulator.admin.pat);
    const id = await client.create('User Story');
    const jump = [part(`/_apis/wit/workitems/${id}`, field('System.State', 'Closed'))];
    expect(codes(await admin.call('PATCH', '/_apis/wit/$batch', jump))).toEqual([400]);
    expect(codes(await admin.call('PATCH', '/_apis/wit/$batch?bypassRules=true', jump))).toEqual([200]);
  });

  it('takes 200 and not 201', async () => {
    const id = await client.create('Task');
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        part(`/_apis/wit/workitems/${id}`, field('System.Title', `T${index}`)),
      );
    expect(codes(await batch(many(200))).every((code) => code === 200)).toBe(true);
    const refused = await batch(many(201));
    expect(refused.status).toBe(400);
    expect(refused.body.message).toContain('200');
  });

  it('as documented for some failures, one can fail the whole', async () => {
    await control(simulator, 'POST', '/settings', { batchFailure: 'whole' });
    const id = await client.create('Task');
    const answer = await batch([
      part(`/_apis/wit/workitems/${id}`, field('System.Title', 'One')),
      part('/_apis/wit/workitems/999999', field('System.Title', 'x')),
    ]);
    expect(codes(answer)).toEqual([500, 404]);
    expect(bodies(answer)[0].value.Message).toContain('TF401321');
    expect((await client.get(`/_apis/wit/workitems/${id}`)).body.rev).toBe(1);
    await control(simulator, 'POST', '/settings', { batchFailure: 'each' });
  });
});

describe('workitemsbatch and workitemsdelete', () => {
  it('reads up to 200 in the order asked, and refuses a missing one unless told to omit', async () => {
    const ids = [await client.create('Task'), await client.create('Task')];
    const read = await client.post('/_apis/wit/workitemsbatch', { ids: ids.toReversed(), fields: ['System.Id'] });
    expect(read.body.value.map((one: Body) => one.fields)).toEqual([{ 'System.Id': ids[1] }, { 'System.Id': ids[0] }]);
    expect((await client.post('/_apis/wit/workitemsbatch', { ids: [...ids, 999_999] })).status).toBe(404);
    expect(
      (await client.post('/_apis/wit/workitemsbatch', { ids: Array.from({ length: 201 }, (_, i) => i + 1) })).status,
    ).toBe(400);
    const both = await client.post('/_apis/wit/workitemsbatch', { ids, fields: ['System.Id'], $expand: 'all' });
    expect(both.body.typeKey).toBe('ConflictingParametersException');
  });

  it('deletes several at once into the recycle bin', async () => {
    const ids = [await client.create('Task'), await client.create('Task')];
    const gone = await client.post('/Tandem/_apis/wit/workitemsdelete', { ids, destroy: false });
    expect(gone.body.results.map((one: Body) => [one.id, one.code])).toEqual(ids.map((id) => [id, 200]));
    const bin = await client.get('/Tandem/_apis/wit/recyclebin');
    expect(bin.body.value.map((one: Body) => one.id)).toEqual(expect.arrayContaining(ids));
    expect((await client.get(`/_apis/wit/workitems?ids=${ids.join(',')}&errorPolicy=omit`)).body.value).toEqual([
      null,
      null,
    ]);
  });
});
