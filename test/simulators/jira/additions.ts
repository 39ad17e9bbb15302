// What Jira Cloud does beyond its official description, or otherwise than it says. Each entry has its source; all else fails the check.
import type { JsonSchema, SpecAddition } from '../kernel/spec-additions.ts';

const API = 'https://developer.atlassian.com/cloud/jira/platform/rest/v3';
const JIRA_JS = 'https://github.com/MrRefactoring/jira.js, src/cloud/models (schemas held against real answers)';

const V2 = 'https://developer.atlassian.com/cloud/jira/platform/rest/v2';
const JIRA_JS_TEXT = 'jira.js README: rich text given as a string is written by version 2, which reads wiki markup';

const nullableText: JsonSchema = { type: ['string', 'null'] };
const errorBody: JsonSchema = { $ref: '#/components/schemas/ErrorCollection' };
const rateLimited: JsonSchema = errorBody;

const pathParameter = (name: string): { name: string; in: 'path'; required: true; schema: JsonSchema } => ({
  name,
  in: 'path',
  required: true,
  schema: { type: 'string' },
});

export const JIRA_ADDITIONS: readonly SpecAddition[] = [
  {
    kind: 'response',
    method: '*',
    path: '*',
    status: 429,
    schema: rateLimited,
    source: 'https://developer.atlassian.com/cloud/jira/platform/rate-limiting/',
  },
  {
    kind: 'response',
    method: '*',
    path: '*',
    status: 401,
    schema: {
      anyOf: [
        errorBody,
        {
          type: 'object',
          required: ['code', 'message'],
          properties: { code: { const: 401 }, message: { type: 'string' } },
        },
      ],
    },
    source:
      'https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/ (expired tokens are refused by the gateway)',
  },
  {
    kind: 'schema',
    name: 'ChangeDetails',
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        field: { type: 'string' },
        fieldId: { type: 'string' },
        fieldtype: { type: 'string' },
        from: nullableText,
        fromString: nullableText,
        to: nullableText,
        toString: nullableText,
      },
    },
    source: `${JIRA_JS}/changeDetails.ts: from, fromString, to and toString are null for what was or becomes empty`,
  },
  {
    kind: 'schema',
    name: 'JsonNode',
    schema: true,
    source: `${API}/api-group-issue-properties/#api-rest-api-3-issue-properties-multi-post: any JSON; the described JsonNode is a Java class by mistake`,
  },
  {
    kind: 'response',
    method: 'GET',
    path: '/rest/api/3/issue/{issueIdOrKey}/remotelink',
    status: 200,
    schema: {
      anyOf: [
        { type: 'array', items: { $ref: '#/components/schemas/RemoteIssueLink' } },
        { $ref: '#/components/schemas/RemoteIssueLink' },
      ],
    },
    source: `${API}/api-group-issue-remote-links/#api-rest-api-3-issue-issueidorkey-remotelink-get: the example is a list; one link with globalId`,
  },
  {
    kind: 'response',
    method: 'POST',
    path: '/rest/api/3/issue/bulk',
    status: 400,
    schema: { anyOf: [{ $ref: '#/components/schemas/CreatedIssues' }, errorBody] },
    source: `${API}/intro/#status-codes: a request that is wrong as a whole is answered by an error collection`,
  },
  {
    kind: 'request',
    method: 'POST',
    path: '/rest/api/3/issue/{issueIdOrKey}/watchers',
    contentType: 'application/json',
    schema: { type: 'string' },
    optional: true,
    source: `${API}/api-group-issue-watchers/#api-rest-api-3-issue-issueidorkey-watchers-post: without a user the caller is added`,
  },
  {
    kind: 'response',
    method: 'POST',
    path: '/rest/api/3/issue/{issueIdOrKey}/attachments',
    status: 400,
    schema: errorBody,
    source: `${API}/intro/#status-codes; ${API}/api-group-issue-attachments/: the part must be named "file"`,
  },
  ...['project/{projectIdOrKey}/component', 'project/{projectIdOrKey}/version', 'component'].map(
    (path): SpecAddition => ({
      kind: 'response',
      method: 'GET',
      path: `/rest/api/3/${path}`,
      status: 400,
      schema: errorBody,
      source: `${API}/intro/#status-codes: a parameter with a value that it does not have`,
    }),
  ),
  ...(['GET', 'POST'] as const).flatMap((method) =>
    ['/rest/api/2/search', '/rest/api/3/search'].map(
      (path): SpecAddition => ({
        kind: 'operation',
        method,
        path,
        parameters: [
          'jql',
          'startAt',
          'maxResults',
          'validateQuery',
          'fields',
          'expand',
          'properties',
          'fieldsByKeys',
        ].map((name) => ({ name, in: 'query', schema: true })),
        ...(method === 'POST' ? { request: { 'application/json': true } } : {}),
        responses: { 410: errorBody },
        source:
          'https://developer.atlassian.com/changelog/#CHANGE-2046; https://github.com/adyscorpius/logseq-jira/issues/34',
      }),
    ),
  ),
  {
    kind: 'response',
    method: 'POST',
    path: '/rest/api/3/issueLink',
    status: 201,
    schema: null,
    source: `${API}/api-group-issue-links/#api-rest-api-3-issuelink-post: "returned if the request is successful", without a body; jira.js reads none`,
  },
  {
    kind: 'operation',
    method: 'POST',
    path: '/rest/api/3/issue/{issueIdOrKey}/notify',
    parameters: [pathParameter('issueIdOrKey')],
    request: {
      'application/json': {
        type: 'object',
        properties: {
          subject: { type: 'string' },
          textBody: { type: 'string' },
          htmlBody: { type: 'string' },
          to: {
            type: 'object',
            properties: {
              reporter: { type: 'boolean' },
              assignee: { type: 'boolean' },
              watchers: { type: 'boolean' },
              voters: { type: 'boolean' },
              users: { type: 'array' },
              groups: { type: 'array' },
              groupIds: { type: 'array', items: { type: 'string' } },
            },
          },
          restrict: { type: 'object' },
        },
      },
    },
    responses: { 204: null, 400: errorBody, 403: errorBody, 404: errorBody },
    source: `${API}/api-group-issues/#api-rest-api-3-issue-issueidorkey-notify-post: 400 where nobody but the caller is left or a recipient is unknown, 403 without outgoing mail`,
  },
  {
    kind: 'operation',
    method: 'GET',
    path: '/rest/api/3/task/{taskId}',
    parameters: [pathParameter('taskId')],
    responses: {
      200: {
        type: 'object',
        required: ['self', 'id', 'status', 'progress'],
        properties: {
          status: { enum: ['ENQUEUED', 'RUNNING', 'COMPLETE', 'FAILED', 'CANCEL_REQUESTED', 'CANCELLED', 'DEAD'] },
          progress: { type: 'integer' },
        },
      },
      404: errorBody,
    },
    source: `${API}/api-group-tasks/#api-rest-api-3-task-taskid-get, where issue/properties/multi redirects to`,
  },
  {
    kind: 'operation',
    method: 'GET',
    path: '/rest/api/3/issue/{issueIdOrKey}/worklog/{id}',
    parameters: [pathParameter('issueIdOrKey'), pathParameter('id')],
    responses: { 200: { $ref: '#/components/schemas/Worklog' }, 404: errorBody },
    source: `${API}/api-group-issue-worklogs/#api-rest-api-3-issue-issueidorkey-worklog-id-get`,
  },
  {
    kind: 'operation',
    method: 'PUT',
    path: '/rest/api/3/issue/{issueIdOrKey}/worklog/{id}',
    parameters: [
      pathParameter('issueIdOrKey'),
      pathParameter('id'),
      { name: 'notifyUsers', in: 'query', schema: { type: 'boolean' } },
      { name: 'adjustEstimate', in: 'query', schema: { type: 'string' } },
    ],
    request: { 'application/json': { $ref: '#/components/schemas/Worklog' } },
    responses: { 200: { $ref: '#/components/schemas/Worklog' }, 400: errorBody, 404: errorBody },
    source: `${API}/api-group-issue-worklogs/#api-rest-api-3-issue-issueidorkey-worklog-id-put`,
  },
  {
    kind: 'operation',
    method: 'DELETE',
    path: '/rest/api/3/issue/{issueIdOrKey}/worklog/{id}',
    parameters: [
      pathParameter('issueIdOrKey'),
      pathParameter('id'),
      { name: 'notifyUsers', in: 'query', schema: { type: 'boolean' } },
      { name: 'adjustEstimate', in: 'query', schema: { type: 'string' } },
    ],
    responses: { 204: null, 400: errorBody, 404: errorBody },
    source: `${API}/api-group-issue-worklogs/#api-rest-api-3-issue-issueidorkey-worklog-id-delete`,
  },
  {
    kind: 'operation',
    method: 'GET',
    path: '/rest/api/3/comment/{commentId}/properties',
    parameters: [pathParameter('commentId')],
    responses: { 200: { $ref: '#/components/schemas/PropertyKeys' }, 404: errorBody },
    source: `${API}/api-group-issue-comment-properties/#api-rest-api-3-comment-commentid-properties-get`,
  },
  {
    kind: 'operation',
    method: 'POST',
    path: '/rest/api/2/issue',
    parameters: [{ name: 'updateHistory', in: 'query', schema: { type: 'boolean' } }],
    request: { 'application/json': { $ref: '#/components/schemas/IssueUpdateDetails' } },
    responses: { 201: { $ref: '#/components/schemas/CreatedIssue' }, 400: errorBody, 401: errorBody },
    source: `${V2}/api-group-issues/#api-rest-api-2-issue-post; ${JIRA_JS_TEXT}`,
  },
  {
    kind: 'operation',
    method: 'POST',
    path: '/rest/api/2/issue/{issueIdOrKey}/comment',
    parameters: [pathParameter('issueIdOrKey')],
    request: { 'application/json': { $ref: '#/components/schemas/Comment' } },
    responses: { 201: { $ref: '#/components/schemas/Comment' }, 400: errorBody, 404: errorBody },
    source: `${V2}/api-group-issue-comments/#api-rest-api-2-issue-issueidorkey-comment-post; ${JIRA_JS_TEXT}`,
  },
  {
    kind: 'operation',
    method: 'PUT',
    path: '/rest/api/2/issue/{issueIdOrKey}/comment/{id}',
    parameters: [pathParameter('issueIdOrKey'), pathParameter('id')],
    request: { 'application/json': { $ref: '#/components/schemas/Comment' } },
    responses: { 200: { $ref: '#/components/schemas/Comment' }, 400: errorBody, 404: errorBody },
    source: `${V2}/api-group-issue-comments/#api-rest-api-2-issue-issueidorkey-comment-id-put; ${JIRA_JS_TEXT}`,
  },
  {
    kind: 'operation',
    method: 'POST',
    path: '/rest/api/2/issue/{issueIdOrKey}/worklog',
    parameters: [pathParameter('issueIdOrKey')],
    request: { 'application/json': { $ref: '#/components/schemas/Worklog' } },
    responses: { 201: { $ref: '#/components/schemas/Worklog' }, 400: errorBody, 404: errorBody },
    source: `${V2}/api-group-issue-worklogs/#api-rest-api-2-issue-issueidorkey-worklog-post; ${JIRA_JS_TEXT}`,
  },
  {
    kind: 'operation',
    method: 'GET',
    path: '/rest/api/3/attachment/thumbnail/{id}',
    parameters: [
      pathParameter('id'),
      { name: 'redirect', in: 'query', schema: { type: 'boolean' } },
      { name: 'fallbackToDefault', in: 'query', schema: { type: 'boolean' } },
      { name: 'width', in: 'query', schema: { type: 'integer' } },
      { name: 'height', in: 'query', schema: { type: 'integer' } },
    ],
    responses: { 303: null, 404: errorBody },
    source: `${API}/api-group-issue-attachments/#api-rest-api-3-attachment-thumbnail-id-get`,
  },
  {
    kind: 'operation',
    method: 'GET',
    path: '/rest/api/3/project/{projectIdOrKey}/issuesecuritylevelscheme',
    parameters: [pathParameter('projectIdOrKey')],
    responses: {
      200: { type: 'object', required: ['id', 'levels'], properties: { levels: { type: 'array' } } },
      403: errorBody,
      404: errorBody,
    },
    source: `${API}/api-group-project-permission-schemes/#api-rest-api-3-project-projectkeyorid-issuesecuritylevelscheme-get: for administrators of the site or the project`,
  },
];
