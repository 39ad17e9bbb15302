// Every operation of the official description is answered by the simulator, even when asked for nothing sensible.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { JIRA_DESCRIPTIONS, readDescriptions } from '../kernel/spec-files.ts';
import { type JiraSimulator, startJiraSimulator } from './server.ts';
import { client } from './testing.ts';

/** Administration that no synchronizer does. */
const LEFT_OUT = ['POST /rest/api/3/issuetype', 'POST /rest/api/3/priority', 'POST /rest/api/3/resolution'];

const descriptions = readDescriptions(JIRA_DESCRIPTIONS);

let sim: JiraSimulator;
beforeAll(async () => {
  sim = await startJiraSimulator({ seed: 'empty' });
});
afterAll(() => sim.close());

test.skipIf(descriptions === undefined)(
  'all described operations are simulated, save those that are named here',
  async () => {
    const admin = client(sim, 'mara', sim.url);
    const missing: string[] = [];
    let asked = 0;
    for (const { description } of descriptions ?? []) {
      for (const [template, methods] of Object.entries(description.paths)) {
        for (const method of Object.keys(methods)) {
          const operation = `${method.toUpperCase()} ${template}`;
          const path = template.replace(/\{\w+\}/g, '999999');
          const init = ['post', 'put'].includes(method)
            ? { body: '{}', headers: { 'content-type': 'application/json' } }
            : {};
          const { status } = await admin.send(method.toUpperCase(), path, init);
          asked += 1;
          if (status === 501 || status === 500) missing.push(operation);
          else expect(status, operation).toBeLessThan(500);
        }
      }
    }
    expect(missing).toEqual(LEFT_OUT);
    expect(asked).toBeGreaterThan(100);
    const wrong = sim.kernel.checker.violations.filter(({ operation }) => !LEFT_OUT.includes(operation));
    expect(wrong).toEqual([]);
  },
);

test('what no description knows is refused and noted', async () => {
  sim.kernel.checker.clearViolations();
  const admin = client(sim, 'mara');
  expect((await admin.get('/issue/TAN-1/teleport')).status).toBe(404);
  expect((await admin.get('/myself?color=red')).status).toBe(sim.kernel.checker.enabled ? 400 : 200);
  if (sim.kernel.checker.enabled) {
    expect(sim.kernel.checker.violations.map(({ kind }) => kind)).toEqual(['unknown-operation', 'unknown-parameter']);
  }
});
