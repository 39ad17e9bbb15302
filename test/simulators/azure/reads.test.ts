// Reads that nothing else in this folder makes, against the team's data: each is answered, and as the description says.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AzureSimulator, startAzureSimulator } from './server.ts';
import { clientOf, type TestClient } from './test-client.ts';

let simulator: AzureSimulator;
let client: TestClient;
beforeAll(async () => {
  simulator = await startAzureSimulator();
  client = clientOf(simulator);
});
afterAll(async () => {
  expect(simulator.kernel.checker.violations).toEqual([]);
  await simulator.close();
});

it.each([
  '/_apis/hooks/consumers',
  '/_apis/hooks/consumers/webHooks',
  '/_apis/hooks/consumers/webHooks/actions',
  '/_apis/hooks/consumers/webHooks/actions/httpRequest',
  '/_apis/hooks/publishers',
  '/_apis/hooks/publishers/tfs',
  '/_apis/hooks/publishers/tfs/eventtypes/workitem.updated',
  '/_apis/process/processes',
  '/_apis/process/processes/adcc42ab-9882-485e-a3ed-7678f01f66bc',
  '/_apis/projects/Tandem/teams/Tandem Team',
  '/_apis/teams?$top=2',
  '/_apis/wit/workitemrelationtypes',
  '/_apis/wit/workitemrelationtypes/System.LinkTypes.Related',
  '/Tandem/_apis/wit/workItems/1/revisions/1?$expand=all',
  '/Tandem/_apis/wit/workItems/1/updates/1',
  '/Tandem/_apis/wit/workitems/$Bug',
  '/Tandem/_apis/wit/workitemtypecategories',
  '/Tandem/_apis/wit/workitemtypecategories/Microsoft.BugCategory',
])('GET %s', async (path) => {
  const { status, body } = await client.get(path);
  expect([status, body]).toEqual([200, body]);
  if (body.value !== undefined) expect(body.value.length).toBeGreaterThan(0);
});

it.each([
  '/_apis/hooks/consumers/nobody',
  '/_apis/hooks/publishers/nobody',
  '/_apis/process/processes/00000000-0000-0000-0000-000000000001',
  '/_apis/wit/workitemrelationtypes/System.LinkTypes.Nothing',
  '/Tandem/_apis/wit/workItems/1/revisions/99',
  '/Tandem/_apis/wit/workItems/1/updates/99',
  '/Tandem/_apis/wit/workitems/$Nothing',
  '/Tandem/_apis/wit/workitemtypecategories/Microsoft.NoCategory',
])('GET %s is not there', async (path) => {
  expect((await client.get(path)).status).toBe(404);
});

it('an iteration of a team by its id', async () => {
  const { body } = await client.get('/Tandem/_apis/work/teamsettings/iterations');
  const [first] = body.value;
  expect((await client.get(`/Tandem/_apis/work/teamsettings/iterations/${first.id}`)).body.name).toBe(first.name);
});
