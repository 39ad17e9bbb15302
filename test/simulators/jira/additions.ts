// What Jira Cloud does beyond its official description, or otherwise than it says. Each entry has its source; all else fails the check.
import type { JsonSchema, SpecAddition } from '../kernel/spec-additions.ts';

const API = 'https://developer.atlassian.com/cloud/jira/platform/rest/v3';
const JIRA_JS = 'https://github.com/MrRefactoring/jira.js, src/cloud/models (schemas held against real answers)';

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
    path: '/rest/api/3/issueLink',
    status: 201,
    schema: null,
    source: `${API}/api-group-issue-links/#api-rest-api-3-issuelink-post: "returned if the request is successful", without a body; jira.js reads none`,
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
];
