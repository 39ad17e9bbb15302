// What the official descriptions lack or get wrong, each with where it is seen. Anything else that they do not have fails.
import type { JsonSchema, SpecAddition } from '../kernel/spec-additions.ts';

const LEARN = 'https://learn.microsoft.com';
const BATCH_DOC = `${LEARN}/azure/devops/extend/reference/work-item-batch`;
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
  {
    kind: 'schema',
    name: 'StreamedBatch',
    schema: {
      type: 'object',
      required: ['values', 'isLastBatch', 'continuationToken', 'nextLink'],
      properties: { values: { type: 'array' }, isLastBatch: flag, continuationToken: text, nextLink: text },
    },
    source: `${LEARN}/rest/api/azure/devops/wit/reporting-work-item-revisions/read-reporting-revisions-get (sample response)`,
  },
  {
    kind: 'schema',
    name: 'WorkItemTypeFieldInstance',
    schema: {
      allOf: [{ $ref: '#/definitions/WorkItemTypeFieldInstanceBase' }],
      properties: { allowedValues: { type: 'array' }, defaultValue: { anyOf: [text, { type: 'null' }] } },
    },
    source: `${LEARN}/rest/api/azure/devops/wit/work-item-types-field/list (sample response: "defaultValue": null)`,
  },
  {
    kind: 'schema',
    name: 'IdentityDescriptor',
    schema: { anyOf: [text, { type: 'object' }] },
    source: `${LEARN}/rest/api/azure/devops/ims/identities/read-identities (sample response: a string)`,
  },
  {
    kind: 'schema',
    name: 'WorkItemStateTransition',
    schema: {
      type: 'object',
      required: ['to'],
      properties: { to: text, actions: { anyOf: [{ type: 'array', items: text }, { type: 'null' }] } },
    },
    source: `${LEARN}/rest/api/azure/devops/wit/work-item-types/get (sample response: "actions": null)`,
  },
  {
    kind: 'schema',
    name: 'WorkItemLink',
    schema: {
      type: 'object',
      required: ['target'],
      properties: {
        rel: { anyOf: [text, { type: 'null' }] },
        source: { anyOf: [{ $ref: '#/definitions/WorkItemReference' }, { type: 'null' }] },
        target: { $ref: '#/definitions/WorkItemReference' },
      },
    },
    source: `${LEARN}/rest/api/azure/devops/wit/wiql/query-by-wiql (sample response of a link query: "rel": null, "source": null)`,
  },
];
