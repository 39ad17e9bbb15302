// Microsoft's own client, unmodified, against the simulator: a whole round of what a synchronizer does.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { getPersonalAccessTokenHandler, WebApi } from 'azure-devops-node-api';
import {
  CommentExpandOptions,
  CommentSortOrder,
  TreeStructureGroup,
  WorkItemErrorPolicy,
  WorkItemExpand,
} from 'azure-devops-node-api/interfaces/WorkItemTrackingInterfaces.js';
import type { IWorkItemTrackingApi } from 'azure-devops-node-api/WorkItemTrackingApi.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AzureSimulator, startAzureSimulator } from './server.ts';

const PATCH = { 'Content-Type': 'application/json-patch+json' };
const put = (path: string, value: unknown) => ({ op: 'add', path, value });
const field = (name: string, value: unknown) => put(`/fields/${name}`, value);

let simulator: AzureSimulator;
let connection: WebApi;
let wit: IWorkItemTrackingApi;

beforeAll(async () => {
  simulator = await startAzureSimulator();
  connection = new WebApi(simulator.url, getPersonalAccessTokenHandler(simulator.synchronizer.pat));
  wit = await connection.getWorkItemTrackingApi();
});

afterAll(() => simulator.close());

const create = async (type: string, title: string): Promise<number> => {
  const item = await wit.createWorkItem(PATCH, [field('System.Title', title)], simulator.project, type);
  if (item?.id === undefined) throw new Error('no work item was made');
  return item.id;
};

const patch = (id: number, ...ops: unknown[]) => wit.updateWorkItem(PATCH, ops, id);

describe("Microsoft's azure-devops-node-api against the simulator", () => {
  it('logs in and finds the project, its team and its iterations', async () => {
    const data = await connection.connect();
    expect(data.authenticatedUser?.id).toBe(simulator.synchronizer.id);
    const core = await connection.getCoreApi();
    const projects = await core.getProjects();
    expect(projects.map((project) => project.name)).toContain('Tandem');
    const project = await core.getProject('Tandem', true);
    expect(project.capabilities?.processTemplate?.templateName).toBe('Agile');
    const work = await connection.getWorkApi();
    const iterations = await work.getTeamIterations({ project: 'Tandem' });
    expect(iterations.some((iteration) => iteration.attributes?.timeFrame === 1)).toBe(true);
  });

  it('creates, reads, edits and guards by revision', async () => {
    const id = await create('User Story', 'Écrire à Zoë 🚚');
    const read = await wit.getWorkItem(id, undefined, undefined, WorkItemExpand.All);
    expect(read.rev).toBe(1);
    expect(read.fields?.['System.Rev']).toBe(1);
    const edited = await patch(id, { op: 'test', path: '/rev', value: 1 }, field('System.Title', 'Zoë schreiben'));
    expect(edited.rev).toBe(2);
    await expect(
      patch(id, { op: 'test', path: '/rev', value: 1 }, field('System.Title', 'Too late')),
    ).rejects.toMatchObject({ statusCode: 412, message: expect.stringContaining('VS403351') });
    const batch = await wit.getWorkItemsBatch({
      ids: [id, 999_999],
      fields: ['System.Title'],
      errorPolicy: WorkItemErrorPolicy.Omit,
    });
    expect(batch.map((item) => item?.fields?.['System.Title'])).toEqual(['Zoë schreiben', undefined]);
    expect((await wit.getRevisions(id)).map((revision) => revision.rev)).toEqual([1, 2]);
    expect((await wit.getUpdates(id))[1]?.fields?.['System.Title']).toEqual({
      oldValue: 'Écrire à Zoë 🚚',
      newValue: 'Zoë schreiben',
    });
  });

  it('moves through the workflow and is refused a jump', async () => {
    const id = await create('User Story', 'From new to closed');
    await expect(patch(id, field('System.State', 'Closed'))).rejects.toMatchObject({
      statusCode: 400,
      message: expect.stringContaining('not in the list of supported values'),
    });
    for (const state of ['Active', 'Resolved', 'Closed']) await patch(id, field('System.State', state));
    const item = await wit.getWorkItem(id);
    expect(item.fields?.['System.State']).toBe('Closed');
    expect(item.fields?.['System.Reason']).toBe('Acceptance tests pass');
    expect(item.fields?.['Microsoft.VSTS.Common.ClosedDate']).toBeDefined();
  });

  it('searches once the index has caught up', async () => {
    const id = await create('Task', 'Quicksilver');
    const query = {
      query: `SELECT [System.Id], [System.Title] FROM WorkItems WHERE [System.TeamProject] = @project AND [System.Title] CONTAINS 'quicksilver'`,
    };
    const early = await wit.queryByWiql(query, { project: 'Tandem' });
    expect(early.workItems).toEqual([]);
    await simulator.kernel.clock.advance(5000);
    const late = await wit.queryByWiql(query, { project: 'Tandem' });
    expect(late.workItems?.map((item) => item.id)).toEqual([id]);
  });

  it('comments, pages through comments, edits, reacts and deletes', async () => {
    const id = await create('Task', 'To talk about');
    for (const text of ['one', 'two', 'three']) await wit.addComment({ text: `<b>${text}</b>` }, 'Tandem', id);
    const first = await wit.getComments(
      'Tandem',
      id,
      2,
      undefined,
      false,
      CommentExpandOptions.None,
      CommentSortOrder.Asc,
    );
    expect(first.comments?.map((comment) => comment.text)).toEqual(['<b>one</b>', '<b>two</b>']);
    const rest = await wit.getComments(
      'Tandem',
      id,
      2,
      first.continuationToken,
      false,
      undefined,
      CommentSortOrder.Asc,
    );
    expect(rest.comments?.map((comment) => comment.text)).toEqual(['<b>three</b>']);
    expect(rest.continuationToken).toBeUndefined();
    const commentId = first.comments?.[0]?.id ?? 0;
    const edited = await wit.updateComment({ text: 'uno' }, 'Tandem', id, commentId);
    expect(edited.version).toBe(2);
    expect((await wit.getCommentVersions('Tandem', id, commentId)).length).toBe(2);
    const reaction = await wit.createCommentReaction('Tandem', id, commentId, 2);
    expect(reaction.count).toBe(1);
    await wit.deleteComment('Tandem', id, commentId);
    expect((await wit.getComments('Tandem', id)).totalCount).toBe(2);
  });

  it('attaches a file and a stream, and reads them back', async () => {
    const id = await create('Bug', 'With evidence');
    const bytes = Buffer.from('naïve plain text\n'.repeat(20_000));
    for (const name of ['log ü.txt', 'copy.txt']) {
      const stream = Readable.from([bytes.subarray(0, 100_000), bytes.subarray(100_000)]);
      const reference = await wit.createAttachment({}, stream, name, 'simple', 'Tandem');
      await patch(
        id,
        put('/relations/-', { rel: 'AttachedFile', url: reference.url, attributes: { comment: 'seen' } }),
      );
    }
    const item = await wit.getWorkItem(id, undefined, undefined, WorkItemExpand.Relations);
    const [relation] = item.relations ?? [];
    expect(relation?.attributes).toMatchObject({ name: 'log ü.txt', resourceSize: bytes.length, comment: 'seen' });
    const attachmentId = relation?.url?.split('/').at(-1) ?? '';
    const content = await wit.getAttachmentContent(attachmentId, 'log ü.txt', 'Tandem', true);
    const chunks: Buffer[] = [];
    for await (const chunk of content) chunks.push(Buffer.from(chunk));
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
  });

  it('links parent and child from either end, and is refused a second parent and a cycle', async () => {
    const [epic, feature, other] = [await create('Epic', 'E'), await create('Feature', 'F'), await create('Epic', 'O')];
    const link = (rel: string, to: number) =>
      put('/relations/-', { rel: `System.LinkTypes.${rel}`, url: `${simulator.url}/_apis/wit/workItems/${to}` });
    await patch(feature, link('Hierarchy-Reverse', epic));
    const parent = await wit.getWorkItem(epic, undefined, undefined, WorkItemExpand.Relations);
    expect(parent.relations?.map((one) => [one.rel, one.attributes?.name])).toEqual([
      ['System.LinkTypes.Hierarchy-Forward', 'Child'],
    ]);
    await expect(patch(feature, link('Hierarchy-Reverse', other))).rejects.toMatchObject({
      message: expect.stringContaining('TF201036'),
    });
    await expect(patch(epic, link('Hierarchy-Reverse', feature))).rejects.toMatchObject({
      message: expect.stringContaining('TF201035'),
    });
    await patch(feature, { op: 'remove', path: '/relations/0' });
    expect((await wit.getWorkItem(epic, undefined, undefined, WorkItemExpand.Relations)).relations).toBeUndefined();
  });

  it('reads types, fields, nodes, tags and the reporting feeds', async () => {
    const types = await wit.getWorkItemTypes('Tandem');
    expect(types.map((type) => type.name)).toContain('User Story');
    const states = await wit.getWorkItemTypeStates('Tandem', 'Bug');
    expect(states.map((state) => state.category)).toContain('Completed');
    const priority = await wit.getWorkItemTypeFieldWithReferences('Tandem', 'Bug', 'Microsoft.VSTS.Common.Priority', 3);
    expect(priority.allowedValues).toEqual(['1', '2', '3', '4']);
    expect((await wit.getFields('Tandem')).length).toBeGreaterThan(50);
    const made = await wit
      .createOrUpdateClassificationNode({ name: 'Sprint X' }, 'Tandem', TreeStructureGroup.Iterations)
      .catch((error: unknown) => error);
    // The synchronizer may edit nodes.
    expect(made).toMatchObject({ name: 'Sprint X' });
    expect((await wit.getTags('Tandem')).length).toBeGreaterThan(10);
    await simulator.kernel.clock.advance(5000);
    let token: string | undefined;
    let revisions = 0;
    for (let last = false; !last; ) {
      const batch = await wit.readReportingRevisionsGet(
        'Tandem',
        ['System.Rev'],
        undefined,
        token,
        undefined,
        undefined,
        true,
        undefined,
        undefined,
        undefined,
        undefined,
        100,
      );
      revisions += batch.values?.length ?? 0;
      token = batch.continuationToken;
      last = batch.isLastBatch === true;
    }
    expect(revisions).toBe(simulator.world().revisionFeed.length);
  });

  it('deletes, finds in the recycle bin, restores', async () => {
    const id = await create('Task', 'Short-lived');
    await wit.deleteWorkItem(id, 'Tandem');
    expect(await wit.getWorkItem(id)).toBeNull();
    const binned = await wit.getDeletedWorkItem(id, 'Tandem');
    expect(binned.name).toBe('Short-lived');
    await wit.restoreWorkItem({ isDeleted: false }, id, 'Tandem');
    expect((await wit.getWorkItem(id)).fields?.['System.Title']).toBe('Short-lived');
  });

  it('subscribes to service hooks that really arrive, with the secret', async () => {
    const received: { authorization: string | undefined; body: Record<string, unknown> }[] = [];
    const server = createServer((request: IncomingMessage, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        received.push({
          authorization: request.headers.authorization,
          body: JSON.parse(Buffer.concat(chunks).toString()),
        });
        response.writeHead(200).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const subscription = await connection.rest.create<{ id: string }>(
      `${simulator.url}/_apis/hooks/subscriptions?api-version=7.1`,
      {
        publisherId: 'tfs',
        eventType: 'workitem.updated',
        resourceVersion: '5.1-preview.3',
        consumerId: 'webHooks',
        consumerActionId: 'httpRequest',
        publisherInputs: { projectId: simulator.world().projects[0]?.id ?? '' },
        consumerInputs: {
          url: `http://127.0.0.1:${port}/hook`,
          basicAuthUsername: 'tandem',
          basicAuthPassword: 'secret',
        },
      },
    );
    expect(JSON.stringify(subscription.result)).not.toContain('secret');
    const id = await create('Task', 'Watched');
    const item = await patch(id, field('System.Tags', 'b; A; a'));
    await simulator.kernel.events.idle();
    await connection.rest.del(
      `${simulator.url}/_apis/hooks/subscriptions/${subscription.result?.id ?? ''}?api-version=7.1`,
    );
    await new Promise((resolve) => server.close(resolve));
    expect(received.map((one) => one.authorization)).toEqual([
      `Basic ${Buffer.from('tandem:secret').toString('base64')}`,
    ]);
    expect(received[0]?.body).toMatchObject({
      eventType: 'workitem.updated',
      resource: { workItemId: id, rev: item.rev, fields: { 'System.Tags': { newValue: 'A; b' } } },
    });
  });

  it('has kept to the official descriptions all along', () => {
    expect(simulator.kernel.checker.violations).toEqual([]);
    if (simulator.kernel.checker.enabled) {
      expect(simulator.kernel.checker.operationsChecked().length).toBeGreaterThan(30);
    }
  });
});
