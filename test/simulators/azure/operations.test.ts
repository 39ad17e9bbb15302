// Every operation of the official descriptions is answered by the simulator, even when asked for nothing sensible, save those named here.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AZURE_DESCRIPTIONS, readDescriptions } from '../kernel/spec-files.ts';
import { type AzureSimulator, startAzureSimulator } from './server.ts';
import { control } from './test-client.ts';

/** Administration, saved queries, boards and capacities: nothing that a synchronizer of work items does. */
const LEFT_OUT = [
  /^(POST|DELETE|PATCH) .*\/_apis\/projects(\/\{projectId\})?$/,
  /\/projects\/\{projectId\}\/avatar$/,
  /\/categorizedteams\/$/,
  /^(POST|DELETE|PATCH) .*\/teams(\/\{teamId\})?$/,
  /^(POST|DELETE|PATCH) .*\/graph\/users/,
  /\/hooks\/(notificationsquery|publishersquery)$/,
  /\/inputValuesQuery$/,
  /\/diagnostics$/,
  /\/accountmyworkrecentactivity$/,
  /^PATCH .*\/wit\/fields\//,
  /\/(projectprocessmigration|sendmail|tempqueries)$/,
  /\/wit\/queries/,
  /\/wit\/wiql\/\{id\}$/,
  /\/work\/boards/,
  /\/(capacities|teamdaysoff)/,
  /^PATCH .*\/teamsettings(\/teamfieldvalues)?$/,
];

const descriptions = readDescriptions(AZURE_DESCRIPTIONS);

let simulator: AzureSimulator;
beforeAll(async () => {
  simulator = await startAzureSimulator({ seed: 'empty', onViolation: 'report' });
});
afterAll(() => simulator.close());

test.skipIf(descriptions === undefined)('all described operations are simulated, save those named', async () => {
  const authorization = `Basic ${Buffer.from(`:${simulator.admin.pat}`).toString('base64')}`;
  const missing: string[] = [];
  let asked = 0;
  for (const { description } of descriptions ?? []) {
    for (const [template, methods] of Object.entries(description.paths)) {
      for (const method of Object.keys(methods)) {
        const name = `${method.toUpperCase()} ${template}`;
        const path = template
          .replace('{organization}', simulator.organization)
          .replace('{project}', simulator.project)
          .replace('{team}', `${simulator.project} Team`)
          .replace(/\{\w+\}/g, '999999');
        const sends = !['get', 'head', 'delete'].includes(method);
        const answer = await fetch(`${simulator.kernel.url}${path}?api-version=7.1-preview`, {
          method: method.toUpperCase(),
          headers: { authorization, 'content-type': 'application/json' },
          ...(sends ? { body: '{}' } : {}),
        });
        await answer.arrayBuffer();
        asked += 1;
        if (answer.status === 501) missing.push(name);
        else expect(answer.status, name).toBeLessThan(500);
      }
    }
  }
  expect(missing.filter((name) => !LEFT_OUT.some((pattern) => pattern.test(name)))).toEqual([]);
  // A pattern that fits nothing that is missing has outlived its use.
  expect(LEFT_OUT.filter((pattern) => !missing.some((name) => pattern.test(name)))).toEqual([]);
  expect(asked).toBeGreaterThan(100);
});

test.skipIf(descriptions === undefined)('what is described and not simulated is noted as a defect', async () => {
  simulator.kernel.checker.clearViolations();
  const authorization = `Basic ${Buffer.from(`:${simulator.ordinary.pat}`).toString('base64')}`;
  const answer = await fetch(`${simulator.url}/${simulator.project}/_apis/wit/queries?api-version=7.1`, {
    headers: { authorization },
  });
  expect(answer.status).toBe(501);
  expect(simulator.kernel.checker.violations.map(({ kind }) => kind)).toEqual(['crash']);
});

test.each([
  [401, '', undefined],
  [403, 'application/json', 'VssPropertyValidationException'],
  [429, 'application/json', 'RequestBlockedException'],
  [500, 'application/json', 'NullReferenceException'],
  [503, 'text/html', undefined],
])('a fault of status %i has the form of the service', async (status, type, typeKey) => {
  await control(simulator, 'POST', '/faults', { match: { path: '/acme' }, kind: 'status', status, times: 1 });
  const answer = await fetch(`${simulator.url}/_apis/projects`);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type') ?? '').toContain(type);
  if (typeKey !== undefined) expect(await answer.json()).toMatchObject({ typeKey });
});
