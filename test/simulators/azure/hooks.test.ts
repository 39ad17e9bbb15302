// Service hooks: who is told of what, in which form, and what happens when a receiver fails.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PROBATION_DELAYS_MS, RETRY_DELAYS_MS } from './hooks/board.ts';
import { type AzureSimulator, startAzureSimulator } from './server.ts';
import {
  type Body,
  clientOf,
  control,
  field,
  type Receiver,
  relation,
  startReceiver,
  type TestClient,
} from './test-client.ts';

let simulator: AzureSimulator;
let client: TestClient;
let receiver: Receiver;

beforeAll(async () => {
  simulator = await startAzureSimulator({ seed: 'empty' });
  client = clientOf(simulator, simulator.synchronizer.pat);
  receiver = await startReceiver();
});
afterAll(async () => {
  expect(simulator.kernel.checker.violations).toEqual([]);
  await receiver.close();
  await simulator.close();
});
afterEach(async () => {
  await control(simulator, 'POST', '/events', { mode: 'deliver' });
  for (const { id } of (await client.get('/_apis/hooks/subscriptions')).body.value) {
    await client.call('DELETE', `/_apis/hooks/subscriptions/${id}`);
  }
  receiver.received.length = 0;
  receiver.answers.length = 0;
});

interface Wanted {
  readonly eventType?: string;
  readonly resourceVersion?: string;
  readonly publisher?: Record<string, string>;
  readonly consumer?: Record<string, string>;
}

const input = ({
  eventType = 'workitem.updated',
  resourceVersion = '1.0',
  publisher = {},
  consumer = {},
}: Wanted = {}) => ({
  publisherId: 'tfs',
  eventType,
  resourceVersion,
  consumerId: 'webHooks',
  consumerActionId: 'httpRequest',
  publisherInputs: { projectId: simulator.world().projects[0]?.id ?? '', ...publisher },
  consumerInputs: { url: receiver.url, ...consumer },
});
const subscribe = async (wanted: Wanted = {}): Promise<string> => {
  const answer = await client.post('/_apis/hooks/subscriptions', input(wanted));
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body.id;
};
const idle = () => simulator.kernel.events.idle();
const arrived = async (): Promise<Body[]> => {
  await idle();
  return receiver.received.map((one) => one.body);
};
const statusOf = async (id: string): Promise<string> =>
  (await client.get(`/_apis/hooks/subscriptions/${id}`)).body.status;

describe('what is sent', () => {
  it('version 1.0 gives people as text, later ones as objects', async () => {
    await subscribe({ eventType: 'workitem.created' });
    await subscribe({ eventType: 'workitem.created', resourceVersion: '5.1-preview.3' });
    const id = await client.create('Task', { 'System.AssignedTo': simulator.ordinary.uniqueName });
    const events = await arrived();
    const assigned = Object.fromEntries(
      events.map((one) => [one.resourceVersion, one.resource.fields['System.AssignedTo']]),
    );
    expect(assigned['1.0']).toBe('Dana Whitfield <dana.whitfield@acme.example>');
    expect(assigned['5.1-preview.3']).toMatchObject({ uniqueName: simulator.ordinary.uniqueName });
    expect(events[0]).toMatchObject({
      eventType: 'workitem.created',
      publisherId: 'tfs',
      resource: { id, rev: 1 },
      message: { text: expect.stringContaining(`Task #${id} (A title) created by tandem-sync`) },
      resourceContainers: { project: { id: simulator.world().projects[0]?.id } },
    });
  });

  it('each kind of event names its item as the service does', async () => {
    for (const eventType of ['workitem.updated', 'workitem.commented', 'workitem.deleted', 'workitem.restored']) {
      await subscribe({ eventType });
    }
    const id = await client.create('Task');
    await client.patch(id, [field('System.History', '<b>said</b>')]);
    await client.call('DELETE', `/_apis/wit/workitems/${id}`);
    await client.call('PATCH', `/_apis/wit/recyclebin/${id}`, { isDeleted: false });
    const byType = new Map((await arrived()).map((one) => [one.eventType, one.resource]));
    expect(byType.get('workitem.updated')).toMatchObject({ id: 2, workItemId: id, rev: 2, revision: { id, rev: 2 } });
    expect(byType.get('workitem.updated').revisedBy.name).toContain('tandem-sync');
    expect(byType.get('workitem.commented')).toMatchObject({ id, fields: { 'System.History': '<b>said</b>' } });
    expect(byType.get('workitem.deleted')).toMatchObject({ id, url: expect.stringContaining('/recyclebin/') });
    expect(byType.get('workitem.restored')).toMatchObject({ id });
  });

  it('as much as was asked for, with headers and basic auth', async () => {
    const consumer = {
      resourceDetailsToSend: 'minimal',
      messagesToSend: 'none',
      detailedMessagesToSend: 'text',
      httpHeaders: 'X-One: 1\nX-Two:two',
      basicAuthUsername: 'u',
      basicAuthPassword: 'p',
    };
    const subscriptionId = await subscribe({ consumer });
    const id = await client.create('Task');
    await client.patch(id, [field('System.Title', 'b')]);
    const [event] = await arrived();
    expect(event).toMatchObject({ subscriptionId, notificationId: 1 });
    expect(Object.keys(event.resource).toSorted()).toEqual(['id', 'url', 'workItemId']);
    expect(event.message).toBeUndefined();
    expect(Object.keys(event.detailedMessage)).toEqual(['text']);
    expect(receiver.received[0]?.headers).toMatchObject({
      'x-one': '1',
      'x-two': 'two',
      authorization: `Basic ${Buffer.from('u:p').toString('base64')}`,
    });
  });
});

describe('filters', () => {
  it.each<[string, Record<string, string>, number]>([
    ['a type', { workItemType: 'Bug' }, 1],
    ['an area with all below', { areaPath: 'Tandem\\Routing' }, 1],
    ['a tag', { tag: 'RED' }, 1],
    ['a changed field', { changedFields: 'System.Title' }, 2],
    ['changed links', { linksChanged: 'true' }, 2],
    ['nothing', {}, 4],
  ])('by %s', async (_, publisher, count) => {
    const bug = await client.create('Bug', { 'System.AreaPath': 'Tandem\\Routing', 'System.Tags': 'red' });
    const task = await client.create('Task');
    await idle();
    await subscribe({ publisher });
    await client.patch(bug, [field('System.Title', 'b')]);
    await client.patch(task, [field('System.Title', 'b')]);
    const others = [await client.create('Task'), await client.create('Task')] as const;
    await client.patch(others[0], [relation('System.LinkTypes.Related', others[1])]);
    expect(await arrived()).toHaveLength(count);
  });

  it('by project and by a word of the comment', async () => {
    await subscribe({ eventType: 'workitem.commented', publisher: { commentPattern: 'deploy' } });
    const id = await client.create('Task');
    await client.patch(id, [field('System.History', 'nothing')]);
    await client.patch(id, [field('System.History', 'please DEPLOY')]);
    await client.patch(id, [field('System.TeamProject', 'Archive'), field('System.History', 'deploy there')]);
    expect((await arrived()).map((one) => one.resource.fields['System.History'])).toEqual(['please DEPLOY']);
  });
});

describe('subscriptions', () => {
  it.each<[string, Wanted & { readonly raw?: Record<string, unknown> }, string]>([
    ['an unknown event', { eventType: 'build.complete' }, 'build.complete'],
    ['an unknown version', { resourceVersion: '9' }, 'resource version'],
    ['an unknown input', { publisher: { colour: 'red' } }, 'colour'],
    ['an unknown project', { publisher: { projectId: 'nowhere' } }, 'TF200016'],
    ['no URL', { consumer: { url: 'ftp://x' } }, 'url'],
    ['another consumer', { raw: { consumerId: 'slack' } }, 'slack'],
  ])('with %s are refused', async (_, { raw, ...wanted }, message) => {
    const answer = await client.post('/_apis/hooks/subscriptions', { ...input(wanted), ...raw });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body.message).toContain(message);
  });

  it('hide their secret and keep it when it comes back masked', async () => {
    const id = await subscribe({ consumer: { basicAuthUsername: 'u', basicAuthPassword: 'secret' } });
    const shown = (await client.get(`/_apis/hooks/subscriptions/${id}`)).body;
    expect(shown.consumerInputs.basicAuthPassword).toBe('********');
    await client.call('PUT', `/_apis/hooks/subscriptions/${id}`, { ...shown, eventType: 'workitem.created' });
    await client.create('Task');
    await idle();
    expect(receiver.received[0]?.headers.authorization).toBe(`Basic ${Buffer.from('u:secret').toString('base64')}`);
  });

  it('are listed, queried by inputs, and deleted', async () => {
    const id = await subscribe();
    const other = await subscribe({ eventType: 'workitem.created' });
    const listed = await client.get('/_apis/hooks/subscriptions?eventType=workitem.created');
    expect(listed.body.value.map((one: Body) => one.id)).toEqual([other]);
    const found = await client.post('/_apis/hooks/subscriptionsquery', {
      publisherId: 'tfs',
      consumerInputFilters: [{ conditions: [{ inputId: 'url', operator: 'equals', inputValue: receiver.url }] }],
    });
    expect(found.body.results).toHaveLength(2);
    const none = await client.post('/_apis/hooks/subscriptionsquery', {
      consumerInputFilters: [{ conditions: [{ inputId: 'url', operator: 'notEquals', inputValue: receiver.url }] }],
    });
    expect(none.body.results).toEqual([]);
    expect((await client.call('DELETE', `/_apis/hooks/subscriptions/${id}`)).status).toBe(204);
    expect((await client.get(`/_apis/hooks/subscriptions/${id}`)).status).toBe(404);
  });

  it('need a right to be made', async () => {
    expect((await clientOf(simulator).post('/_apis/hooks/subscriptions', input())).status).toBe(403);
  });

  it('can be tested, and their notifications read', async () => {
    const id = await subscribe();
    await client.create('Task');
    const tested = await client.post('/_apis/hooks/testnotifications', { subscriptionId: id });
    expect(tested.body).toMatchObject({ status: 'completed', result: 'succeeded' });
    expect(receiver.received).toHaveLength(1);
    const listed = await client.get(`/_apis/hooks/subscriptions/${id}/notifications`);
    expect(listed.body.value).toHaveLength(1);
    const one = await client.get(`/_apis/hooks/subscriptions/${id}/notifications/1`);
    expect(one.body.details.event.eventType).toBe('workitem.updated');
  });

  it('find consumers and publishers described', async () => {
    expect(
      (await client.get('/_apis/hooks/publishers/tfs/eventtypes')).body.value.map((one: Body) => one.id),
    ).toContain('workitem.commented');
    expect((await client.get('/_apis/hooks/consumers/webHooks/actions/httpRequest')).body.id).toBe('httpRequest');
  });
});

describe('a receiver that fails', () => {
  const change = async (id: number, title: string) => client.patch(id, [field('System.Title', title)]);

  it('in passing is tried again after a while', async () => {
    const id = await client.create('Task');
    await subscribe();
    receiver.answers.push(503, 500);
    receiver.answers.length = 1;
    await change(id, 'b');
    await until(() => receiver.received.length === 1);
    await until(() => simulator.kernel.events.report().failed === 1);
    await simulator.kernel.clock.advance(1_000);
    await idle();
    expect(receiver.received.map((one) => one.body.id)).toEqual([
      receiver.received[0]?.body.id,
      receiver.received[0]?.body.id,
    ]);
    expect(receiver.received.map((one) => one.body.notificationId)).toEqual([1, 1]);
  });

  it('in passing is given eight more chances, one to sixty seconds apart; then it counts as failed for good', async () => {
    const id = await client.create('Task');
    const subscription = await subscribe();
    const before = simulator.kernel.events.report().failed;
    receiver.answers.push(...Array.from({ length: 9 }, () => 503));
    await change(id, 'b');
    for (const [attempts, delay] of RETRY_DELAYS_MS.entries()) {
      await until(() => receiver.received.length === attempts + 1);
      await until(() => simulator.kernel.events.report().failed === before + attempts + 1);
      expect(await statusOf(subscription)).toBe('enabled');
      await simulator.kernel.clock.advance(delay);
    }
    await idle();
    expect(receiver.received).toHaveLength(9);
    expect(await statusOf(subscription)).toBe('onProbation');
  });

  it('for good is put on probation: new events are lost, and a success with the old one ends it', async () => {
    const id = await client.create('Task');
    const subscription = await subscribe();
    receiver.answers.push(500, 503);
    await change(id, 'b');
    await idle();
    expect(await statusOf(subscription)).toBe('onProbation');
    await change(id, 'lost');
    await idle();
    expect(receiver.received).toHaveLength(1);
    const [first, second] = PROBATION_DELAYS_MS;
    await simulator.kernel.clock.advance((first ?? 0) - 60_000);
    expect(receiver.received).toHaveLength(1);
    await simulator.kernel.clock.advance(60_000);
    expect([receiver.received.length, await statusOf(subscription)]).toEqual([2, 'onProbation']);
    await simulator.kernel.clock.advance(second ?? 0);
    expect([receiver.received.length, await statusOf(subscription)]).toEqual([3, 'enabled']);
    expect(new Set(receiver.received.map((one) => one.body.id)).size).toBe(1);
    await change(id, 'told again');
    await idle();
    expect(receiver.received).toHaveLength(4);
  });

  it('seven times more is disabled by the system, until a person enables it', async () => {
    const id = await client.create('Task');
    const subscription = await subscribe();
    receiver.answers.push(...Array.from({ length: 1 + PROBATION_DELAYS_MS.length }, () => 400));
    await change(id, 'b');
    await idle();
    for (const delay of PROBATION_DELAYS_MS) await simulator.kernel.clock.advance(delay);
    expect(await statusOf(subscription)).toBe('disabledBySystem');
    expect(receiver.received).toHaveLength(1 + PROBATION_DELAYS_MS.length);
    await change(id, 'never told');
    await idle();
    expect(receiver.received).toHaveLength(1 + PROBATION_DELAYS_MS.length);
    const { body } = await client.get(`/_apis/hooks/subscriptions/${subscription}`);
    await client.call('PUT', `/_apis/hooks/subscriptions/${subscription}`, { ...body, status: 'enabled' });
    await change(id, 'told');
    await idle();
    expect(receiver.received).toHaveLength(2 + PROBATION_DELAYS_MS.length);
  });

  it('with 410 is disabled at once', async () => {
    const id = await client.create('Task');
    const subscription = await subscribe();
    receiver.answers.push(410);
    await change(id, 'b');
    await idle();
    expect(await statusOf(subscription)).toBe('disabledBySystem');
  });
});

describe('modes of delivery', () => {
  it('events can be dropped, doubled and turned round', async () => {
    const id = await client.create('Task');
    await idle();
    await subscribe();
    await control(simulator, 'POST', '/events', { mode: 'drop' });
    await client.patch(id, [field('System.Title', 'dropped')]);
    await control(simulator, 'POST', '/events', { mode: 'duplicate' });
    await client.patch(id, [field('System.Title', 'twice')]);
    await idle();
    expect(receiver.received.map((one) => one.body.resource.rev)).toEqual([3, 3]);
    expect(receiver.received[0]?.body.id).toBe(receiver.received[1]?.body.id);
    receiver.received.length = 0;
    await control(simulator, 'POST', '/events', { mode: 'reorder', ms: 1000 });
    await client.patch(id, [field('System.Title', 'first')]);
    await client.patch(id, [field('System.Title', 'second')]);
    await simulator.kernel.clock.advance(1000);
    await idle();
    expect(receiver.received.map((one) => one.body.resource.rev)).toEqual([5, 4]);
  });
});

/** Waits for something that another process' answer brings about. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
