// What the checker lets pass and what it records, against the real descriptions.
import { describe, expect, it } from 'vitest';
import { azureSpecChecker, checkerOff, jiraSpecChecker, type SpecChecker, VIOLATION_HEADER } from './spec-checker.ts';

const enabled = jiraSpecChecker({ additions: [] }).enabled && azureSpecChecker({ additions: [] }).enabled;

type Answer = [status: number, body: unknown, contentType?: string];
const respond = ([status, body, contentType = 'application/json']: Answer): Response =>
  body === null
    ? new Response(null, { status })
    : new Response(typeof body === 'string' ? body : JSON.stringify(body), {
        status,
        headers: { 'content-type': contentType },
      });

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
}

const run = (checker: SpecChecker, { method, path, body, contentType }: Asked, answer: Answer): Promise<Response> =>
  checker.checked(
    new Request(`http://127.0.0.1${path}`, {
      method,
      ...(body === undefined
        ? {}
        : {
            body: typeof body === 'string' ? body : JSON.stringify(body),
            headers: { 'content-type': contentType ?? 'application/json' },
          }),
    }),
    () => respond(answer),
  );

const ISSUE = '/rest/api/3/issue';
const WIT = '/acme/Tandem/_apis/wit';
const azureError = {
  $id: '1',
  innerException: null,
  message: 'TF401232',
  typeName: 'T',
  typeKey: 'K',
  errorCode: 0,
  eventId: 3200,
};

describe.skipIf(!enabled)('spec checker (skipped: the API descriptions are not beside the repository)', () => {
  it.each<[string, 'jira' | 'azure', Asked, Answer]>([
    [
      'a created issue',
      'jira',
      { method: 'POST', path: ISSUE, body: { fields: {} } },
      [201, { id: '1', key: 'TAN-1' }],
    ],
    ['no content', 'jira', { method: 'PUT', path: `${ISSUE}/TAN-1`, body: { fields: {} } }, [204, null]],
    [
      'a declared error',
      'jira',
      { method: 'POST', path: ISSUE, body: {} },
      [400, { errorMessages: [], errors: { x: 'y' } }],
    ],
    [
      'a common error',
      'jira',
      { method: 'GET', path: '/rest/api/3/status' },
      [429, { errorMessages: ['slow down'], errors: {} }],
    ],
    [
      'a bad request that is refused',
      'jira',
      { method: 'POST', path: ISSUE, body: { fields: 1 } },
      [400, { errorMessages: ['no'], errors: {} }],
    ],
    [
      'comma and repeated lists',
      'jira',
      { method: 'GET', path: '/rest/api/3/search/jql?reconcileIssues=1,2&reconcileIssues=3' },
      [200, { issues: [] }],
    ],
    [
      "Jira's own time format",
      'jira',
      { method: 'GET', path: `${ISSUE}/TAN-1/comment/1` },
      [200, { id: '1', created: '2026-01-02T03:04:05.006+0000' }],
    ],
    [
      'a binary answer',
      'jira',
      { method: 'GET', path: '/rest/api/3/attachment/content/1' },
      [200, 'bytes', 'image/png'],
    ],
    [
      'a wrapped list',
      'azure',
      { method: 'GET', path: `${WIT}/fields?api-version=7.1` },
      [200, { count: 1, value: [{ name: 'Title' }] }],
    ],
    [
      'an enum in any case',
      'azure',
      { method: 'GET', path: `${WIT}/workitems/1?$expand=All&API-version=7.1` },
      [200, { id: 1, rev: 1, fields: { 'System.Title': 'a' } }],
    ],
    [
      "Microsoft's client's enum number",
      'azure',
      { method: 'GET', path: `${WIT}/workitems/1?$expand=4` },
      [200, { id: 1 }],
    ],
    [
      'a patch with any value',
      'azure',
      {
        method: 'PATCH',
        path: `${WIT}/workitems/1`,
        body: [{ op: 'test', path: '/rev', value: 3 }],
        contentType: 'application/json-patch+json',
      },
      [200, { id: 1 }],
    ],
    ["Azure's error body", 'azure', { method: 'GET', path: `${WIT}/workitems/9` }, [404, azureError]],
    ['a sign-in page', 'azure', { method: 'GET', path: `${WIT}/workitems/9` }, [401, '<html>', 'text/html']],
    [
      'an empty file',
      'azure',
      {
        method: 'POST',
        path: `${WIT}/attachments?fileName=empty.txt`,
        body: '',
        contentType: 'application/octet-stream',
      },
      [200, { id: '00000000-0000-4000-8000-000000000000', url: 'http://x' }],
    ],
    [
      'a team left out',
      'azure',
      { method: 'POST', path: '/acme/_apis/wit/wiql', body: { query: 'select' } },
      [200, { workItems: [] }],
    ],
  ])('lets pass %s', async (_, side, asked, answer) => {
    const checker = side === 'jira' ? jiraSpecChecker({ additions: [] }) : azureSpecChecker({ additions: [] });
    const response = await run(checker, asked, answer);
    expect(checker.violations).toEqual([]);
    expect(response.status).toBe(answer[0]);
    if (answer[1] !== null) {
      expect(await response.text()).toBe(typeof answer[1] === 'string' ? answer[1] : JSON.stringify(answer[1]));
    }
    expect(checker.operationsChecked()).toHaveLength(1);
  });

  it.each<[string, string, 'jira' | 'azure', Asked, Answer, number, RegExp]>([
    [
      'an unknown operation',
      'unknown-operation',
      'jira',
      { method: 'GET', path: '/rest/api/2/issue/TAN-1' },
      [200, {}],
      404,
      /no GET \/rest\/api\/2/,
    ],
    [
      'an unknown parameter',
      'unknown-parameter',
      'jira',
      { method: 'GET', path: `${ISSUE}/TAN-1?colour=red` },
      [200, {}],
      400,
      /colour/,
    ],
    [
      'an accepted bad body',
      'accepted-bad-request',
      'jira',
      { method: 'POST', path: ISSUE, body: { fields: [] } },
      [201, { id: '1' }],
      500,
      /\/fields must be object/,
    ],
    [
      'accepted broken JSON',
      'accepted-bad-request',
      'jira',
      { method: 'POST', path: ISSUE, body: '{' },
      [201, { id: '1' }],
      500,
      /not JSON/,
    ],
    [
      'an accepted missing body',
      'accepted-bad-request',
      'jira',
      { method: 'POST', path: ISSUE },
      [201, { id: '1' }],
      500,
      /body is missing/,
    ],
    [
      'an accepted content type',
      'accepted-bad-request',
      'azure',
      { method: 'PATCH', path: `${WIT}/workitems/1`, body: [] },
      [200, { id: 1 }],
      500,
      /json-patch\+json/,
    ],
    [
      'an accepted bad parameter',
      'accepted-bad-request',
      'jira',
      { method: 'GET', path: '/rest/api/3/search/jql?maxResults=many' },
      [200, { issues: [] }],
      500,
      /maxResults must be a whole number/,
    ],
    [
      'a wrong answer body',
      'answer',
      'jira',
      { method: 'POST', path: ISSUE, body: {} },
      [201, { id: 1 }],
      500,
      /\/id must be string/,
    ],
    [
      'an extra property',
      'answer',
      'jira',
      { method: 'POST', path: ISSUE, body: {} },
      [201, { id: '1', colour: 'red' }],
      500,
      /colour/,
    ],
    [
      'an undeclared status',
      'answer',
      'jira',
      { method: 'POST', path: ISSUE, body: {} },
      [202, { id: '1' }],
      500,
      /202 is not declared/,
    ],
    [
      'a body where none may be',
      'answer',
      'azure',
      { method: 'GET', path: `${WIT}/fields` },
      [200, []],
      500,
      /must be object/,
    ],
    [
      'an answer without a type',
      'answer',
      'jira',
      { method: 'GET', path: '/rest/api/3/status' },
      [200, '[]', 'text/plain'],
      500,
      /not JSON/,
    ],
    [
      'a bare Azure error',
      'answer',
      'azure',
      { method: 'GET', path: `${WIT}/workitems/1` },
      [404, { message: 'x' }],
      500,
      /lacks \$id/,
    ],
    [
      'a crash',
      'crash',
      'jira',
      { method: 'GET', path: '/rest/api/3/status' },
      [500, 'oops', 'text/plain'],
      500,
      /answered 500/,
    ],
  ])('records %s', async (_, kind, side, asked, answer, status, problem) => {
    const checker = side === 'jira' ? jiraSpecChecker({ additions: [] }) : azureSpecChecker({ additions: [] });
    const response = await run(checker, asked, answer);
    expect(checker.violations.map((violation) => violation.kind)).toEqual([kind]);
    expect(checker.violations[0]?.problems.join()).toMatch(problem);
    expect(response.status).toBe(status);
    expect(response.headers.get(VIOLATION_HEADER)).toMatch(problem);
  });

  it('only reports when asked to', async () => {
    const checker = jiraSpecChecker({ additions: [], onViolation: 'report' });
    const response = await run(checker, { method: 'POST', path: ISSUE, body: {} }, [201, { id: 1 }]);
    expect(response.status).toBe(201);
    expect(response.headers.get(VIOLATION_HEADER)).toMatch(/must be string/);
    expect(checker.violations).toHaveLength(1);
    checker.clearViolations();
    expect(checker.violations).toHaveLength(0);
  });
});

describe('spec checker without descriptions', () => {
  it('is off and passes everything', async () => {
    const checker = jiraSpecChecker({ additions: [], folder: '/nowhere' });
    expect(checker.enabled).toBe(false);
    expect(checkerOff().operationsChecked()).toEqual([]);
    const response = await run(checker, { method: 'GET', path: '/anything?x=1' }, [299, { any: 1 }]);
    expect(response.status).toBe(299);
    expect(checker.violations).toEqual([]);
  });
});
