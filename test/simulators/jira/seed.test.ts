// The seed's project as clients see it: whole, valid, in all its variety.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TEAM } from '../seed/team-data.ts';
import { type JiraSimulator, startJiraSimulator } from './server.ts';
import { client, expectNoViolations, type TestClient } from './testing.ts';

let sim: JiraSimulator;
let sync: TestClient;
beforeAll(async () => {
  sim = await startJiraSimulator({ seed: 'team' });
  sync = client(sim, 'tandem-sync');
});
afterAll(async () => {
  expectNoViolations(sim);
  await sim.close();
});

// biome-ignore lint/suspicious/noExplicitAny: an issue as the API answers it
async function everything(): Promise<any[]> {
  const issues = [];
  let nextPageToken: string | undefined;
  do {
    const page = await sync.post('/search/jql', {
      jql: 'project = TAN ORDER BY key',
      fields: ['*all'],
      maxResults: 100,
      nextPageToken,
      expand: 'changelog',
    });
    issues.push(...page.body.issues);
    nextPageToken = page.body.nextPageToken;
  } while (nextPageToken !== undefined);
  return issues;
}

test('every item is there, with its comments, files, links and place in the hierarchy', async () => {
  const issues = await everything();
  const { items } = TEAM.jira;
  expect(issues.map(({ fields }) => fields.summary)).toEqual(items.map(({ summary }) => summary));
  const sum = (count: (item: (typeof items)[number]) => number): number =>
    items.reduce((total, item) => total + count(item), 0);
  const shown = (count: (fields: Record<string, { length: number; total: number }>) => number): number =>
    issues.reduce((total, { fields }) => total + count(fields), 0);
  expect(shown(({ comment }) => comment?.total ?? 0)).toBe(sum(({ comments }) => comments?.length ?? 0));
  expect(shown(({ attachment }) => attachment?.length ?? 0)).toBe(sum(({ attachments }) => attachments?.length ?? 0));
  expect(shown(({ issuelinks }) => issuelinks?.length ?? 0)).toBe(2 * sum(({ links }) => links?.length ?? 0));
  expect(issues.filter(({ fields }) => fields.parent !== undefined)).toHaveLength(
    sum(({ parent }) => (parent === undefined ? 0 : 1)),
  );
});

test('statuses were reached by the workflow, and the changelog says how', async () => {
  for (const { key, fields, changelog } of await everything()) {
    const moves = changelog.histories.flatMap((history: { items: { field: string; toString: string }[] }) =>
      history.items.filter(({ field }) => field === 'status'),
    );
    if (fields.status.name === 'To Do') expect(moves, key).toEqual([]);
    else expect(moves[0].toString, key).toBe(fields.status.name);
    expect(fields.resolution === null, key).toBe(fields.status.statusCategory.key !== 'done');
    expect(fields.updated >= fields.created, key).toBe(true);
  }
});

test('every type and every status occurs', async () => {
  const issues = await everything();
  const seen = (field: string) => new Set(issues.map(({ fields }) => fields[field].name));
  expect(seen('issuetype')).toEqual(new Set(['Epic', 'Story', 'Task', 'Bug', 'Sub-task']));
  expect(seen('status')).toEqual(new Set(['To Do', 'In Progress', 'In Review', 'Blocked', 'Done', 'Cancelled']));
});

test('any issue can be sent back as it came: nothing of the seed breaks a rule', async () => {
  for (const { key, fields } of await everything()) {
    const { summary, description, labels, duedate, priority } = fields;
    const answer = await sync.put(`/issue/${key}`, { fields: { summary, description, labels, duedate, priority } });
    expect([key, answer.status, answer.body]).toEqual([key, 204, undefined]);
  }
});
