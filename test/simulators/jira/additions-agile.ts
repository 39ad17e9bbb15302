// The Agile API's operations, which have a description of their own that is not among ours. Each has its page as source.
import type { HttpMethod, JsonSchema, OperationAddition } from '../kernel/spec-additions.ts';

const PAGES = 'https://developer.atlassian.com/cloud/jira/software/rest';
const errorBody: JsonSchema = { $ref: '#/components/schemas/ErrorCollection' };
const refusals = { 400: errorBody, 401: errorBody, 403: errorBody, 404: errorBody };

const sprint: JsonSchema = {
  type: 'object',
  required: ['id', 'self', 'state', 'name', 'originBoardId'],
  properties: {
    id: { type: 'integer' },
    self: { type: 'string' },
    state: { enum: ['future', 'active', 'closed'] },
    name: { type: 'string' },
    startDate: { type: 'string' },
    endDate: { type: 'string' },
    completeDate: { type: 'string' },
    createdDate: { type: 'string' },
    originBoardId: { type: 'integer' },
    goal: { type: 'string' },
  },
};
const board: JsonSchema = {
  type: 'object',
  required: ['id', 'self', 'name', 'type'],
  properties: { id: { type: 'integer' }, type: { enum: ['scrum', 'kanban', 'simple'] } },
};
const page = (values: JsonSchema): JsonSchema => ({
  type: 'object',
  required: ['maxResults', 'startAt', 'isLast', 'values'],
  properties: { isLast: { type: 'boolean' }, values: { type: 'array', items: values } },
});
const sprintInput: JsonSchema = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    goal: { type: 'string' },
    startDate: { type: 'string' },
    endDate: { type: 'string' },
    originBoardId: { type: 'integer' },
    state: { type: 'string' },
  },
};
const issueList: JsonSchema = {
  type: 'object',
  properties: { issues: { type: 'array', items: { type: 'string' } } },
};

const anything: JsonSchema = { type: 'string' };

function operation(
  method: HttpMethod,
  path: string,
  group: string,
  more: {
    readonly query?: readonly string[];
    readonly request?: JsonSchema;
    readonly responses: OperationAddition['responses'];
  },
): OperationAddition {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  return {
    kind: 'operation',
    method,
    path: `/rest/agile/1.0/${path}`,
    parameters: [
      ...inPath.map((name) => ({ name, in: 'path', required: true, schema: anything }) as const),
      ...(more.query ?? []).map((name) => ({ name, in: 'query', schema: anything }) as const),
    ],
    ...(more.request === undefined ? {} : { request: { 'application/json': more.request } }),
    responses: { ...refusals, ...more.responses },
    source: `${PAGES}/api-group-${group}/`,
  };
}

const paging = ['startAt', 'maxResults'];

export const AGILE_ADDITIONS: readonly OperationAddition[] = [
  operation('GET', 'board', 'board', {
    query: [...paging, 'type', 'name', 'projectKeyOrId', 'orderBy', 'expand', 'accountIdLocation', 'projectLocation'],
    responses: { 200: page(board) },
  }),
  operation('GET', 'board/{boardId}', 'board', { responses: { 200: board } }),
  operation('GET', 'board/{boardId}/sprint', 'board', {
    query: [...paging, 'state'],
    responses: { 200: page(sprint) },
  }),
  operation('POST', 'sprint', 'sprint', { request: sprintInput, responses: { 201: sprint } }),
  operation('GET', 'sprint/{sprintId}', 'sprint', { responses: { 200: sprint } }),
  operation('PUT', 'sprint/{sprintId}', 'sprint', { request: sprintInput, responses: { 200: sprint } }),
  operation('POST', 'sprint/{sprintId}', 'sprint', { request: sprintInput, responses: { 200: sprint } }),
  operation('DELETE', 'sprint/{sprintId}', 'sprint', { responses: { 204: null } }),
  operation('GET', 'sprint/{sprintId}/issue', 'sprint', {
    query: [...paging, 'jql', 'fields', 'expand', 'validateQuery'],
    responses: {
      200: {
        type: 'object',
        required: ['startAt', 'maxResults', 'total', 'issues'],
        properties: { issues: { type: 'array' } },
      },
    },
  }),
  operation('POST', 'sprint/{sprintId}/issue', 'sprint', { request: issueList, responses: { 204: null } }),
  operation('POST', 'backlog/issue', 'backlog', { request: issueList, responses: { 204: null } }),
];
