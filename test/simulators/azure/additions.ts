// What the official descriptions lack, each with where it is seen; additions-schemas.ts has what they get wrong. Anything else
// that they do not have fails.
import type { JsonSchema, SpecAddition } from '../kernel/spec-additions.ts';
import { CORRECTED_SCHEMAS } from './additions-schemas.ts';

const LEARN = 'https://learn.microsoft.com';
/** Its section on the batch update: one answer for each request, and a failed one does not touch the others. */
const BATCH_DOC = `${LEARN}/rest/api/azure/devops/wit/`;
const COMMENTS_DOC = `${LEARN}/rest/api/azure/devops/wit/comments/get-comments?view=azure-devops-rest-7.1`;
const CLIENT = 'https://github.com/microsoft/azure-devops-node-api';

const WIT = '/{organization}/{project}/_apis/wit';
const anything: JsonSchema = true;
const text: JsonSchema = { type: 'string' };
const number: JsonSchema = { type: 'integer' };
const flag: JsonSchema = { type: 'boolean' };

const listOf = (item: JsonSchema): JsonSchema => ({
  type: 'object',
  required: ['count', 'value'],
  properties: { count: number, value: { type: 'array', items: item } },
});

const BATCH_REQUEST: JsonSchema = {
  type: 'array',
  minItems: 1,
  maxItems: 200,
  items: {
    type: 'object',
    required: ['method', 'uri', 'body'],
    properties: { method: text, uri: text, headers: { type: 'object' }, body: { type: 'array' } },
  },
};
const BATCH_ANSWER = listOf({
  type: 'object',
  required: ['code', 'headers', 'body'],
  properties: { code: number, headers: { type: 'object' }, body: text },
});

const batch = (method: 'PATCH' | 'POST'): SpecAddition => ({
  kind: 'operation',
  method,
  path: '/{organization}/{project}/_apis/wit/$batch',
  parameters: [
    { name: 'bypassRules', in: 'query', schema: flag },
    { name: 'suppressNotifications', in: 'query', schema: flag },
  ],
  request: { 'application/json': BATCH_REQUEST },
  responses: { 200: BATCH_ANSWER },
  source: BATCH_DOC,
});

const query = (
  path: string,
  name: string,
  schema: JsonSchema,
  source: string,
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' = 'GET',
): SpecAddition => ({
  kind: 'parameter',
  method,
  path,
  parameter: { name, in: 'query', schema },
  source,
});

const COMMENTS = `${WIT}/workItems/{workItemId}/comments`;

const comments: readonly SpecAddition[] = [
  query(COMMENTS, '$top', number, COMMENTS_DOC),
  query(COMMENTS, 'continuationToken', text, COMMENTS_DOC),
  query(COMMENTS, 'order', text, COMMENTS_DOC),
  // The paged list has no ids; the descriptions kept only the other overload.
  {
    kind: 'parameter',
    method: 'GET',
    path: COMMENTS,
    parameter: { name: 'ids', in: 'query', schema: text },
    source: COMMENTS_DOC,
  },
  query(
    COMMENTS,
    'format',
    text,
    `${LEARN}/rest/api/azure/devops/wit/comments/add-work-item-comment?view=azure-devops-rest-7.1`,
    'POST',
  ),
  query(
    `${COMMENTS}/{commentId}`,
    'format',
    text,
    `${LEARN}/rest/api/azure/devops/wit/comments/update-work-item-comment?view=azure-devops-rest-7.1`,
    'PATCH',
  ),
];

/** Deleting answers without a body. */
const emptied = (path: string): SpecAddition => ({
  kind: 'response',
  method: 'DELETE',
  path,
  status: 204,
  schema: null,
  source: `${LEARN}/rest/api/azure/devops/wit/comments/delete (Status 204 in the sample of a deletion)`,
});

const locations: readonly SpecAddition[] = [
  {
    kind: 'operation',
    method: 'OPTIONS',
    path: '/{organization}/_apis/{area}',
    responses: {
      200: listOf({
        type: 'object',
        required: [
          'id',
          'area',
          'resourceName',
          'routeTemplate',
          'resourceVersion',
          'minVersion',
          'maxVersion',
          'releasedVersion',
        ],
      }),
    },
    source: `${CLIENT}/blob/master/api/VsoClient.ts (beginGetAreaLocations)`,
  },
  {
    kind: 'operation',
    method: 'OPTIONS',
    path: '/{organization}/_apis',
    responses: { 200: listOf({ type: 'object', required: ['id', 'area', 'routeTemplate'] }) },
    source: `${CLIENT}/blob/master/api/VsoClient.ts`,
  },
  {
    kind: 'operation',
    method: 'GET',
    path: '/{organization}/_apis/ResourceAreas',
    responses: { 200: listOf({ type: 'object', required: ['id', 'name', 'locationUrl'] }) },
    source: `${LEARN}/azure/devops/extend/develop/work-with-urls`,
  },
  {
    kind: 'operation',
    method: 'GET',
    path: '/{organization}/_apis/ResourceAreas/{areaId}',
    responses: { 200: { type: 'object', required: ['id', 'name', 'locationUrl'] } },
    source: `${LEARN}/azure/devops/extend/develop/work-with-urls`,
  },
  {
    kind: 'operation',
    method: 'GET',
    path: '/{organization}/_apis/connectionData',
    parameters: [
      { name: 'connectOptions', in: 'query', schema: anything },
      { name: 'lastChangeId', in: 'query', schema: number },
      { name: 'lastChangeId64', in: 'query', schema: number },
    ],
    responses: { 200: { type: 'object', required: ['authenticatedUser', 'authorizedUser', 'instanceId'] } },
    source: `${CLIENT}/blob/master/api/LocationsApi.ts (getConnectionData)`,
  },
];

const RULES = '/{organization}/_apis/work/processes/{processId}/workItemTypes/{witRefName}/rules';
const RULES_DOC = `${LEARN}/rest/api/azure/devops/processes/rules`;
const RULE: JsonSchema = {
  type: 'object',
  required: ['id', 'name', 'conditions', 'actions', 'isDisabled', 'customizationType', 'url'],
};

const processRules: readonly SpecAddition[] = [
  { kind: 'operation', method: 'GET', path: RULES, responses: { 200: listOf(RULE) }, source: `${RULES_DOC}/list` },
  {
    kind: 'operation',
    method: 'POST',
    path: RULES,
    request: { 'application/json': { type: 'object', required: ['name', 'conditions', 'actions'] } },
    responses: { 201: RULE },
    source: `${RULES_DOC}/add`,
  },
  {
    kind: 'operation',
    method: 'DELETE',
    path: `${RULES}/{ruleId}`,
    responses: { 204: null },
    source: `${RULES_DOC}/delete`,
  },
];

/** Missing work items are null in lists with `errorPolicy=omit`. */
const omitted = (method: 'GET' | 'POST', path: string): SpecAddition => ({
  kind: 'response',
  method,
  path,
  status: 200,
  schema: listOf({ anyOf: [{ type: 'null' }, { $ref: '#/definitions/WorkItem' }] }),
  source: `${LEARN}/rest/api/azure/devops/wit/work-items/get-work-items-batch (errorPolicy Omit)`,
});

export const ADDITIONS: readonly SpecAddition[] = [
  batch('PATCH'),
  batch('POST'),
  {
    kind: 'operation',
    method: 'PATCH',
    path: `${WIT}/workitems/\${type}`,
    parameters: [
      { name: 'type', in: 'path', required: true, schema: text },
      { name: 'validateOnly', in: 'query', schema: flag },
      { name: 'bypassRules', in: 'query', schema: flag },
      { name: 'suppressNotifications', in: 'query', schema: flag },
      { name: '$expand', in: 'query', schema: text },
    ],
    request: { 'application/json-patch+json': { type: 'array', minItems: 1 } },
    responses: { 200: { $ref: '#/definitions/WorkItem' } },
    source: BATCH_DOC,
  },
  ...locations,
  ...processRules,
  ...comments,
  emptied(`${COMMENTS}/{commentId}`),
  emptied(`${WIT}/recyclebin/{id}`),
  emptied(`${WIT}/tags/{tagIdOrName}`),
  emptied(`${WIT}/fields/{fieldNameOrRefName}`),
  emptied(`${WIT}/classificationnodes/{structureGroup}/{path}`),
  emptied('/{organization}/_apis/hooks/subscriptions/{subscriptionId}'),
  emptied('/{organization}/{project}/{team}/_apis/work/teamsettings/iterations/{id}'),
  {
    kind: 'response',
    method: 'PATCH',
    path: '/{organization}/_apis/projects/{projectId}/properties',
    status: 204,
    schema: null,
    source: `${LEARN}/rest/api/azure/devops/core/projects/set-project-properties`,
  },
  {
    kind: 'response',
    method: 'POST',
    path: `${WIT}/classificationnodes/{structureGroup}/{path}`,
    status: 201,
    schema: { $ref: '#/definitions/WorkItemClassificationNode' },
    source: `${LEARN}/rest/api/azure/devops/wit/classification-nodes/create-or-update`,
  },
  omitted('GET', `${WIT}/workitems`),
  omitted('POST', `${WIT}/workitemsbatch`),
  query(`${WIT}/recyclebin`, 'ids', text, `${LEARN}/rest/api/azure/devops/wit/recyclebin/get-deleted-work-items`),
  {
    kind: 'response',
    method: 'GET',
    path: `${WIT}/recyclebin`,
    status: 200,
    schema: listOf({ type: 'object', required: ['id', 'url'] }),
    source: `${LEARN}/rest/api/azure/devops/wit/recyclebin/get-deleted-work-items`,
  },
  query(
    `${WIT}/classificationnodes`,
    'ids',
    text,
    `${LEARN}/rest/api/azure/devops/wit/classification-nodes/get-classification-nodes`,
  ),
  query(
    `${WIT}/classificationnodes`,
    'errorPolicy',
    text,
    `${LEARN}/rest/api/azure/devops/wit/classification-nodes/get-classification-nodes`,
  ),
  query(
    `${WIT}/reporting/workitemlinks`,
    '$maxPageSize',
    number,
    `${LEARN}/rest/api/azure/devops/wit/reporting-work-item-links/get`,
  ),
  query(
    `${WIT}/reporting/workitemrevisions`,
    '$maxPageSize',
    number,
    `${LEARN}/rest/api/azure/devops/wit/reporting-work-item-revisions/read-reporting-revisions-post`,
    'POST',
  ),
  query(
    `${WIT}/reporting/workItemRevisions/discussions`,
    'startDateTime',
    text,
    `${LEARN}/rest/api/azure/devops/wit/work-item-revisions-discussions/read-reporting-discussions`,
  ),
  ...CORRECTED_SCHEMAS,
];
