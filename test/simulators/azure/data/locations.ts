// The route templates that `OPTIONS _apis/{area}` gives out, with the ids by which Microsoft's clients look them up
// (the ids stand in the public clients, such as https://github.com/microsoft/azure-devops-node-api).

export interface Location {
  readonly id: string;
  readonly area: string;
  readonly resourceName: string;
  readonly routeTemplate: string;
  readonly resourceVersion: number;
  /** `0.0` for what was never released. */
  readonly releasedVersion: string;
}

type Line = readonly [id: string, resource: string, template: string, version: number, preview?: 'preview'];

const lines = (area: string, entries: readonly Line[]): Location[] =>
  entries.map(([id, resourceName, routeTemplate, resourceVersion, preview]) => ({
    id,
    area,
    resourceName,
    routeTemplate,
    resourceVersion,
    releasedVersion: preview === undefined ? '7.1' : '0.0',
  }));

const P = '{project}/_apis/wit';
const COMMENT = `${P}/workItems/{workItemId}/comments`;

const WIT = lines('wit', [
  ['e07b5fa4-1499-494d-a496-64b860fd64ff', 'attachments', `${P}/{resource}/{id}`, 3],
  ['a70579d1-f53a-48ee-a5be-7be8659023b9', 'classificationNodes', `${P}/{resource}`, 2],
  ['5a172953-1b41-49d3-840a-33f79c3ce89f', 'classificationNodes', `${P}/{resource}/{structureGroup}/{*path}`, 2],
  [
    '608aac0a-32e1-4493-a863-b9cf4566d257',
    'comments',
    `${P}/workItems/{workItemId}/{resource}/{commentId}`,
    4,
    'preview',
  ],
  [
    'f6cb3f27-1028-4851-af96-887e570dc21f',
    'reactions',
    `${COMMENT}/{commentId}/{resource}/{reactionType}`,
    1,
    'preview',
  ],
  [
    'e33ca5e0-2349-4285-af3d-d72d86781c35',
    'users',
    `${COMMENT}/{commentId}/reactions/{reactionType}/{resource}`,
    1,
    'preview',
  ],
  ['49e03b34-3be0-42e3-8a5d-e8dfb88ac954', 'versions', `${COMMENT}/{commentId}/{resource}/{version}`, 1, 'preview'],
  ['b51fd764-e5c2-4b9b-aaf7-3395cf4bdd94', 'fields', `${P}/{resource}/{fieldNameOrRefName}`, 3],
  ['b70d8d39-926c-465e-b927-b1bf0e5ca0e0', 'recyclebin', `${P}/{resource}/{id}`, 2],
  ['a00c85a5-80fa-4565-99c3-bcd2181434bb', 'revisions', `${P}/workItems/{id}/{resource}/{revisionNumber}`, 3],
  ['bc15bc60-e7a8-43cb-ab01-2106be3983a1', 'tags', `${P}/{resource}/{tagIdOrName}`, 1],
  ['6570bf97-d02c-4a91-8d93-3abe9895b1a9', 'updates', `${P}/workItems/{id}/{resource}/{updateNumber}`, 3],
  ['1a9c53f7-f243-4447-b110-35ef023636e4', 'wiql', '{project}/{team}/_apis/wit/{resource}', 2],
  ['b5b5b6d0-0308-40a1-b3f4-b9bb3c66878f', 'workItemLinks', `${P}/reporting/{resource}`, 3],
  ['f5d33bc9-5b49-4a3c-a9bd-f3cd46dd2165', 'workItemRelationTypes', '_apis/wit/{resource}/{relation}', 2],
  ['f828fe59-dd87-495d-a17c-7a8d6211ca6c', 'workItemRevisions', `${P}/reporting/{resource}`, 2],
  ['4a644469-90c5-4fcc-9a9f-be0827d369ec', 'discussions', `${P}/reporting/workItemRevisions/{resource}`, 1],
  ['62d3d110-0047-428c-ad3c-4fe872c91c74', 'workItems', `${P}/{resource}/\${type}`, 3],
  ['72c7ddf8-2cdc-4f60-90cd-ab71c14a399b', 'workItems', `${P}/{resource}/{id}`, 3],
  ['908509b6-4248-4475-a1cd-829139ba419f', 'workItemsBatch', `${P}/{resource}`, 1],
  ['8bc57545-27e5-420d-b709-f6e3ebcc1fc1', 'workItemsDelete', `${P}/{resource}`, 1],
  ['afae844b-e2f6-44c2-8053-17b3bb936a40', 'workItemTransitions', '_apis/wit/{resource}', 1],
  ['9b9f5734-36c8-415e-ba67-f83b45c31408', 'workItemTypeCategories', `${P}/{resource}/{category}`, 2],
  ['7c8d7a76-4a09-43e8-b5df-bd792f4ac6aa', 'workItemTypes', `${P}/{resource}/{type}`, 2],
  ['bd293ce5-3d25-4192-8e67-e8092e879efb', 'fields', `${P}/workItemTypes/{type}/{resource}/{field}`, 3],
  ['7c9d7a76-4a09-43e8-b5df-bd792f4ac6aa', 'states', `${P}/workItemTypes/{type}/{resource}`, 1],
]);

const CORE = lines('core', [
  ['603fe2ac-9723-48b9-88ad-09305aa6c6e1', 'projects', '_apis/{resource}/{*projectId}', 4],
  ['4976a71a-4487-49aa-8aab-a1eda469037a', 'properties', '_apis/projects/{projectId}/{resource}', 1, 'preview'],
  ['d30a3dd1-f8ba-442a-b86a-bd0c0c383e59', 'teams', '_apis/projects/{projectId}/{resource}/{*teamId}', 3],
  ['294c494c-2600-4d7e-b76c-3dd50c3c95be', 'members', '_apis/projects/{projectId}/teams/{teamId}/{resource}', 2],
  ['7a4d9ee9-3433-4347-b47a-7a80f1cf307e', 'teams', '_apis/{resource}', 3, 'preview'],
  ['93878975-88c5-4e6a-8abb-7ddd77a8a7d8', 'processes', '_apis/process/{resource}/{processId}', 1],
]);

const T = '{project}/{team}/_apis/work/teamsettings';

const WORK = lines('work', [
  ['c3c1012b-bea7-49d7-b45e-1664e566f84c', 'teamsettings', '{project}/{team}/_apis/work/{resource}', 1],
  ['c9175577-28a1-4b06-9197-8636af9f64ad', 'iterations', `${T}/{resource}/{id}`, 1],
  ['5b3ef1a6-d3ab-44cd-bafd-c7f45db850fa', 'workitems', `${T}/iterations/{iterationId}/{resource}`, 1],
  ['07ced576-58ed-49e6-9c1e-5cb53ab8bf2a', 'teamfieldvalues', `${T}/{resource}`, 1],
]);

const HOOKS = lines('hooks', [
  ['fc50d02a-849f-41fb-8af1-0a5216103269', 'subscriptions', '_apis/{area}/{resource}/{subscriptionId}', 1],
  ['4301c514-5f34-4f5d-a145-f0ea7b5b7d19', 'consumers', '_apis/{area}/{resource}/{consumerId}', 1],
  ['1e83a210-5b53-43bc-90f0-d476a4e5d731', 'publishers', '_apis/{area}/{resource}/{publisherId}', 1],
  ['c7c3c1cf-9e05-4c0d-a425-a0f922c2c6ed', 'subscriptionsQuery', '_apis/{area}/{resource}', 1],
  ['1139462c-7e27-4524-a997-31b9b73551fe', 'testNotifications', '_apis/{area}/{resource}/{notificationId}', 1],
]);

const IMS = lines('IMS', [['28010c54-d0c0-4c89-a5b0-1c9e188b9fb7', 'identities', '_apis/{resource}/{identityId}', 1]]);

const LOCATION = lines('Location', [
  ['00d9565f-ed9c-4a06-9a50-00e7896ccab4', 'connectionData', '_apis/{resource}', 1, 'preview'],
  ['e81700f7-3be2-46de-8624-2eb35882fcaa', 'resourceAreas', '_apis/{resource}/{areaId}', 1, 'preview'],
]);

export const LOCATIONS: readonly Location[] = [...WIT, ...CORE, ...WORK, ...HOOKS, ...IMS, ...LOCATION];

/** https://learn.microsoft.com/azure/devops/extend/develop/work-with-urls#resource-area-ids-reference */
export const RESOURCE_AREAS: readonly { readonly id: string; readonly name: string }[] = [
  { id: '79134c72-4a58-4b42-976c-04e7115f32bf', name: 'core' },
  { id: '5264459e-e5e0-4bd8-b118-0985e68a4ec5', name: 'wit' },
  { id: '1d4f49f9-02b9-4e26-b826-2cdb6195f2a9', name: 'work' },
  { id: '8a3d49b8-91f0-46ef-b33d-dda338c25db3', name: 'IMS' },
  { id: 'bb1e7ec9-e901-4b68-999a-de7012b920f8', name: 'Graph' },
  { id: '5d6898bb-45ec-463f-95f9-54d49c71752e', name: 'process' },
];
