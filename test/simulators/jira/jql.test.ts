import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createVirtualClock, type VirtualClock } from '../kernel/clock.ts';
import { type JiraSimulator, startJiraSimulator } from './server.ts';
import { client, control, create, doc, expectNoViolations, paragraph, refusal, type TestClient } from './testing.ts';

const START = Date.UTC(2026, 10, 24, 10, 0);

let sim: JiraSimulator;
let clock: VirtualClock;
let sync: TestClient;
beforeAll(async () => {
  clock = createVirtualClock(() => START);
  sim = await startJiraSimulator({ seed: 'empty', clock });
  sync = client(sim, 'tandem-sync');
  const admin = client(sim, 'mara');
  await admin.post('/version', { projectId: 10_000, name: '5.0' });
  const dana = { accountId: sim.accounts.ordinary.accountId };
  // TAN-1 at 10:00, TAN-2 at 11:00, TAN-3 at 12:00, TAN-4 at 13:00 (UTC).
  await create(sync, { issuetype: { name: 'Epic' }, summary: 'Routing engine' });
  await clock.advance(3_600_000);
  await create(sync, {
    issuetype: { name: 'Story' },
    summary: 'Show the tour on a map',
    parent: { key: 'TAN-1' },
    labels: ['map', 'Mobile'],
    assignee: dana,
    priority: { name: 'High' },
    customfield_10016: 5,
    customfield_10015: '2026-11-20',
    fixVersions: [{ name: '5.0' }],
    description: doc(paragraph('Zürich → Genève in one tour')),
  });
  await clock.advance(3_600_000);
  await create(sync, {
    issuetype: { name: 'Bug' },
    summary: 'The map is upside down',
    labels: ['map'],
    priority: { name: 'Lowest' },
    customfield_10044: { value: '2 - High' },
    duedate: '2026-11-30',
  });
  await sync.post('/issue/TAN-3/transitions', { transition: { id: '81' } });
  await clock.advance(3_600_000);
  await create(sync, { summary: 'mapping of "tour" names', customfield_10016: 8 });
});
afterAll(async () => {
  expectNoViolations(sim);
  await sim.close();
  clock.close();
});

const keys = async (who: TestClient, jql: string): Promise<string[]> => {
  const answer = await who.post('/search/jql', { jql, fields: ['key'], maxResults: 100 });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.issues.map((issue: { key: string }) => issue.key.replace('TAN-', ''));
};
/** The numbers of the keys found, ascending. */
const find = async (jql: string, who = sync): Promise<string> => (await keys(who, jql)).sort().join(' ');

describe('conditions', () => {
  test.each<[jql: string, numbers: string]>([
    ['project = TAN', '1 2 3 4'],
    ['project = tandem', '1 2 3 4'],
    ['project in (10000)', '1 2 3 4'],
    ['key = TAN-2', '2'],
    ['issuekey in (TAN-1, tan-3)', '1 3'],
    ['id = 10004', '4'],
    ['key >= TAN-3', '3 4'],
    ['issuetype = Bug', '3'],
    ['type in (Epic, Story)', '1 2'],
    ['type not in (Epic, Story)', '3 4'],
    ['status = "To Do"', '1 2 4'],
    ['status != "To Do"', '3'],
    ['statusCategory = Done', '3'],
    ['statusCategory = new', '1 2 4'],
    ['resolution = Unresolved', '1 2 4'],
    ['resolution is not EMPTY', '3'],
    ['priority = High', '2'],
    ['priority > Medium', '2'],
    ['priority <= Low', '3'],
    ['labels = map', '2 3'],
    ['labels = mobile', ''],
    ['labels in (Mobile, other)', '2'],
    ['labels != map', ''],
    ['NOT labels = map', '1 4'],
    ['labels is EMPTY', '1 4'],
    ['labels = map AND labels = Mobile', '2'],
    ['assignee is EMPTY', '1 3 4'],
    ['assignee = "Dana Whitfield"', '2'],
    ['reporter = currentUser()', '1 2 3 4'],
    ['assignee = currentUser()', ''],
    ['parent = TAN-1', '2'],
    ['parent is EMPTY', '1 3 4'],
    ['summary ~ map', '2 3'],
    ['summary ~ "map*"', '2 3 4'],
    ['summary ~ "upside map"', '3'],
    ['summary ~ "\\"a map\\""', '2'],
    ['summary !~ map', '1 4'],
    ['description ~ genève', '2'],
    ['text ~ tour', '2 4'],
    ['fixVersion = "5.0"', '2'],
    ['"Story Points" > 5', '4'],
    ['cf[10016] <= 5', '2'],
    ['cf[10016] is EMPTY', '1 3'],
    ['Severity = "2 - High"', '3'],
    ['due <= "2026-11-30"', '3'],
    ['due < "2026/11/30"', ''],
    ['"Start date" = 2026-11-20', '2'],
    ['project = TAN AND (type = Bug OR type = Epic)', '1 3'],
    ['type = Bug OR type = Epic AND labels = map', '3'],
    ['project = TAN AND !(type = Bug)', '1 2 4'],
    ['type in standardIssueTypes()', '1 2 3 4'],
    ['type in subTaskIssueTypes()', ''],
    ['fixVersion in unreleasedVersions()', '2'],
    ['fixVersion in releasedVersions()', ''],
    ['"Story Points[Number]" > 5', '4'],
    ['reporter in membersOf("tandem-team") AND key = TAN-1', '1'],
    ['attachments is not EMPTY', ''],
    ['attachments is EMPTY AND project = TAN', '1 2 3 4'],
    ['issue in linkedIssues(TAN-1)', ''],
  ])('%s', async (jql, numbers) => {
    expect(await find(jql)).toBe(numbers);
  });
});

describe('times', () => {
  test.each<[jql: string, numbers: string]>([
    ['created >= "2026-11-24 12:00"', '3 4'],
    ['created > "2026/11/24 12:00"', '4'],
    ['created < 2026-11-24', ''],
    ['created >= 2026-11-24', '1 2 3 4'],
    [`updated >= ${START + 7_200_000}`, '3 4'],
    [`updated > ${START + 7_200_000} AND updated < ${START + 99_000_000}`, '4'],
    ['updated >= -2h', '2 3 4'],
    ['updated > -2h', '3 4'],
    ['created >= "-3h"', '1 2 3 4'],
    ['updated >= startOfDay()', '1 2 3 4'],
    ['updated > now()', ''],
    ['created >= startOfDay(-1)', '1 2 3 4'],
    ['created >= startOfDay("+1")', ''],
    ['created >= startOfMonth(-1M) AND created < startOfMonth("+23d")', ''],
    ['created >= startOfMonth("+23d") AND created <= endOfMonth()', '1 2 3 4'],
    ['created >= startOfWeek(-1w) AND created <= endOfYear("+1y")', '1 2 3 4'],
    ['created <= endOfMonth(-1)', ''],
    ['resolved >= -1d', '3'],
  ])('%s', async (jql, numbers) => {
    expect(await find(jql)).toBe(numbers);
  });

  test('a bare time is in the zone of the one who asks', async () => {
    const jql = 'created >= "2026-11-24 07:00"';
    expect(await find(jql)).toBe('1 2 3 4');
    // 07:00 in New York is noon in UTC.
    expect(await find(jql, client(sim, 'dana'))).toBe('3 4');
    // In Tokyo it was 07:00 at 22:00 UTC of the day before; 21:30 there is 12:30 UTC.
    expect(await find('created >= "2026-11-24 21:30"', client(sim, 'haruka'))).toBe('4');
  });
});

describe('order and pages', () => {
  test.each<[jql: string, order: string]>([
    ['project = TAN', '4 3 2 1'],
    ['project = TAN ORDER BY key', '1 2 3 4'],
    ['project = TAN ORDER BY created DESC', '4 3 2 1'],
    ['project = TAN ORDER BY priority DESC, key ASC', '2 1 4 3'],
    ['project = TAN ORDER BY "Story Points", key', '2 4 1 3'],
    ['project = TAN ORDER BY summary', '1 2 3 4'],
    ['project = TAN ORDER BY status DESC, key', '3 1 2 4'],
    ['project = TAN ORDER BY type, key', '1 2 4 3'],
    ['project = TAN ORDER BY rank ASC', '1 2 3 4'],
  ])('%s', async (jql, order) => {
    expect((await keys(sync, jql)).join(' ')).toBe(order);
  });

  test('pages follow each other without gap or repetition, whatever the order', async () => {
    for (const order of ['', 'ORDER BY key', 'ORDER BY updated ASC', 'ORDER BY "Story Points" DESC']) {
      const seen: string[] = [];
      let nextPageToken: string | undefined;
      do {
        const page = await sync.post('/search/jql', { jql: `project = TAN ${order}`, maxResults: 3, nextPageToken });
        seen.push(...page.body.issues.map((issue: { id: string }) => issue.id));
        nextPageToken = page.body.nextPageToken;
        expect(page.body.isLast).toBe(nextPageToken === undefined);
      } while (nextPageToken !== undefined);
      expect([...seen].sort()).toEqual(['10001', '10002', '10003', '10004']);
    }
  });

  test('a token of another query, or none at all, is refused', async () => {
    const { nextPageToken } = (await sync.post('/search/jql', { jql: 'project = TAN', maxResults: 1 })).body;
    for (const request of [
      { jql: 'project = TAN ORDER BY key', nextPageToken },
      { jql: 'project = TAN', nextPageToken: 'abc' },
    ]) {
      const answer = await sync.post('/search/jql', request);
      expect([answer.status, answer.body]).toEqual([400, refusal({}, 'The nextPageToken is invalid or has expired.')]);
    }
    await clock.advance(8 * 24 * 3_600_000);
    expect((await sync.post('/search/jql', { jql: 'project = TAN', nextPageToken })).status).toBe(400);
  });

  test('fields: ids alone by default, then what is asked for', async () => {
    const bare = await sync.post('/search/jql', { jql: 'key = TAN-2' });
    expect(bare.body).toEqual({ issues: [{ id: '10002' }], isLast: true });
    const some = await sync.get('/search/jql?jql=key%20%3D%20TAN-2&fields=summary,labels&expand=names');
    expect(some.body.issues[0].fields).toEqual({ summary: 'Show the tour on a map', labels: ['Mobile', 'map'] });
    expect(some.body.names).toEqual({ summary: 'Summary', labels: 'Labels' });
    const all = await sync.post('/search/jql', { jql: 'key = TAN-2', fields: ['*all', '-comment'] });
    expect(Object.keys(all.body.issues[0].fields)).not.toContain('comment');
    expect(all.body.issues[0].fields.description).toEqual(doc(paragraph('Zürich → Genève in one tour')));
  });

  test('properties come along, five at most', async () => {
    await sync.put('/issue/TAN-2/properties/tandem', { pair: 7 });
    const one = await sync.post('/search/jql', {
      jql: 'key = TAN-2',
      fields: ['summary'],
      properties: ['tandem', 'none'],
    });
    expect(one.body.issues[0].properties).toEqual({ tandem: { pair: 7 } });
    const six = await sync.post('/search/jql', { jql: 'key = TAN-2', properties: ['a', 'b', 'c', 'd', 'e', 'f'] });
    expect(six.status).toBe(400);
  });
});

describe('properties in queries', () => {
  test('are searched once declared, and unknown before', async () => {
    await sync.put('/issue/TAN-4/properties/marker', { token: 'abc', count: 3 });
    const jql = 'issue.property[marker].token = "abc"';
    const unknown = await sync.post('/search/jql', { jql });
    expect(unknown.status).toBe(400);
    await control(sim, 'POST', '/properties/declare', { key: 'marker', path: 'token', type: 'string' });
    await control(sim, 'POST', '/properties/declare', { key: 'marker', path: 'count', type: 'number' });
    expect(await find(jql)).toBe('4');
    expect(await find('issue.property[marker].count >= 3')).toBe('4');
    expect(await find('project = TAN AND issue.property[marker].token is EMPTY')).toBe('1 2 3');
  });
});

describe('what a query refuses', () => {
  test.each<[jql: string, message: string]>([
    ['', 'Unbounded JQL queries are not allowed here. Please add a search restriction to your query.'],
    ['ORDER BY created', 'Unbounded JQL queries are not allowed here. Please add a search restriction to your query.'],
    ['project = NOPE', "The value 'NOPE' does not exist for the field 'project'."],
    ['status = Flying', "The value 'Flying' does not exist for the field 'status'."],
    ['key = TAN-99', "An issue with key 'TAN-99' does not exist for field 'key'."],
    ['id in (99)', "A value with ID '99' does not exist for the field 'id'."],
    ['colour = red', "Field 'colour' does not exist or you do not have permission to view it."],
    ['labels > a', "The operator '>' is not supported by the 'labels' field."],
    ['summary = a', "The operator '=' is not supported by the 'summary' field."],
    [
      'updated > yesterday',
      "Date value 'yesterday' for field 'updated' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.",
    ],
    [
      'updated > "2026-02-30"',
      "Date value '2026-02-30' for field 'updated' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.",
    ],
    [
      'assignee in membersOf(x)',
      "Function 'membersOf' can not generate a list of usernames for group 'x'; the group does not exist.",
    ],
    ['assignee in choose(x)', "Unable to find JQL function 'choose(x)'."],
    ['created > startOfDay(soon)', "Unable to find JQL function 'startOfDay(soon)'."],
    ['summary ~ ""', "The field 'summary' does not support searching for an empty string."],
    [
      'project = "TAN',
      "Error in the JQL Query: The quoted string 'TAN' has not been completed. (line 1, character 11)",
    ],
    ['status was Done', "History searches do not support the 'status' field."],
    ['project = TAN ORDER BY labels', "Not able to sort using field 'labels'."],
    ['project =', 'Error in the JQL Query: Expecting either a value, list or function before the end of the query.'],
    [
      'project = and',
      "Error in the JQL Query: Expecting either a value, list or function but got 'and'. You must surround 'and' in quotation marks to use it as a value. (line 1, character 11)",
    ],
    [
      'project TAN',
      "Error in the JQL Query: Expecting operator but got 'TAN'. The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'. (line 1, character 9)",
    ],
    ['key in (TAN-1', "Error in the JQL Query: Expecting ')' before the end of the query."],
    [
      'type = Bug Epic',
      "Error in the JQL Query: Expecting either 'OR' or 'AND' but got 'Epic'. (line 1, character 12)",
    ],
    [
      'summary ~ a@b',
      "Error in the JQL Query: The character '@' is a reserved JQL character. You must enclose it in a string or use the escape '\\u0040' instead. (line 1, character 12)",
    ],
  ])('%s', async (jql, message) => {
    const answer = await sync.post('/search/jql', { jql });
    expect([answer.status, answer.body]).toEqual([400, refusal({}, message)]);
  });

  test('all faults are told at once', async () => {
    const answer = await sync.post('/search/jql', { jql: 'project = NOPE AND colour = red' });
    expect(answer.body.errorMessages).toHaveLength(2);
  });

  test('the parser as an operation', async () => {
    const answer = await sync.post('/jql/parse?validation=strict', {
      queries: ['project = TAN AND labels in (a, b) ORDER BY key DESC', 'project =', 'colour = red'],
    });
    expect(answer.body.queries[0].structure.where.clauses[1]).toMatchObject({
      operator: 'in',
      field: { name: 'labels' },
    });
    expect(answer.body.queries[1].errors[0]).toContain('before the end of the query');
    expect(answer.body.queries[2].errors[0]).toContain("Field 'colour'");
  });
});

describe('the index', () => {
  test('lags behind writes for as long as is set; reconcileIssues does not', async () => {
    await control(sim, 'POST', '/settings', { indexLagMs: 30_000 });
    const { id, key } = await create(sync, { labels: ['late'] });
    const number = key.replace('TAN-', '');
    const late = { jql: 'labels = late', fields: ['summary'], reconcileIssues: [Number(id)] };
    expect(await find('labels = late')).toBe('');
    expect((await sync.post('/search/jql', late)).body.issues).toHaveLength(1);
    expect((await sync.get(`/issue/${key}`)).status).toBe(200);
    await clock.advance(30_000);
    expect(await find('labels = late')).toBe(number);

    await sync.put(`/issue/${key}`, { fields: { labels: ['later'], summary: 'New' } });
    expect(await find('labels = late')).toBe(number);
    expect(await find('labels = later')).toBe('');
    const stale = await sync.post('/search/jql', { jql: 'labels = late', fields: ['summary'] });
    expect(stale.body.issues[0].fields.summary).toBe('A task');
    await clock.advance(30_000);
    expect(await find('labels = later')).toBe(number);

    await client(sim, 'mara').delete(`/issue/${key}`);
    expect(await find('labels = later')).toBe('');
    await control(sim, 'POST', '/settings', { indexLagMs: 0 });
  });

  test('shows properties as late as fields', async () => {
    await control(sim, 'POST', '/properties/declare', { key: 'slow', path: 'a', type: 'number' });
    await control(sim, 'POST', '/settings', { indexLagMs: 5_000 });
    await sync.put('/issue/TAN-1/properties/slow', { a: 1 });
    expect(await find('issue.property[slow].a = 1')).toBe('');
    await clock.advance(5_000);
    expect(await find('issue.property[slow].a = 1')).toBe('1');
    await control(sim, 'POST', '/settings', { indexLagMs: 0 });
  });
});
