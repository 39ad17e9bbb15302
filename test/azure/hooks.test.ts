// Service hook subscriptions, and what they deliver when the simulated service is worked with.

import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AzureClient } from '../../backend/src/azure/client.ts';
import { readHookEvent } from '../../backend/src/azure/events.ts';
import {
  type HookTarget,
  listHooks,
  missingEvents,
  registerHooks,
  removeHooks,
} from '../../backend/src/azure/hooks.ts';
import { openAzureClient } from '../../backend/src/azure/side.ts';
import type { Hint } from '../../backend/src/reconcile/ports.ts';
import { found, newMarker, openSite, project, type Site, streamOf } from './site.ts';

let site: Site;
let client: AzureClient;
let server: Server;
let target: HookTarget;
let received: { readonly authorization: string | undefined; readonly hints: readonly Hint[] }[] = [];
let status = 204;

beforeAll(async () => {
  site = await openSite();
  await site.control('POST', 'rights', { user: site.simulator.synchronizer.uniqueName, grant: ['editSubscriptions'] });
  client = openAzureClient(
    { id: 'c', url: site.simulator.url, pat: site.simulator.synchronizer.pat },
    site.transport,
    'hooks',
  );
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const event = readHookEvent(JSON.parse(Buffer.concat(chunks).toString('utf8')));
      if (event.kind === 'hints') received.push({ authorization: request.headers.authorization, hints: event.hints });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  target = { project, url: `http://127.0.0.1:${address.port}/hooks/azure/1`, username: 'tandem', password: 's3cret' };
});
afterEach(async () => {
  status = 204;
  await removeHooks(client, target);
  received = [];
});
afterAll(async () => {
  expect(site.simulator.kernel.checker.violations).toEqual([]);
  server.close();
  await site.close();
});

const idle = () => site.control('POST', 'events/idle');
const hints = () => received.flatMap((one) => one.hints);

describe('subscriptions', () => {
  it('are one per event, however often they are registered', async () => {
    const first = await registerHooks(client, target);
    expect(first.map(({ event }) => event)).toEqual([
      'workitem.created',
      'workitem.updated',
      'workitem.deleted',
      'workitem.restored',
      'workitem.commented',
    ]);
    expect(missingEvents(first)).toEqual([]);
    const second = await registerHooks(client, target);
    expect(second.map(({ id }) => id)).toEqual(first.map(({ id }) => id));
    expect(await listHooks(client, target)).toHaveLength(5);
  });

  it('of other addresses and projects are left alone', async () => {
    const other = { ...target, url: `${target.url}-other` };
    await registerHooks(client, other);
    await registerHooks(client, target);
    await removeHooks(client, target);
    expect(await listHooks(client, target)).toEqual([]);
    expect(await listHooks(client, other)).toHaveLength(5);
    await removeHooks(client, other);
  });

  it('lose duplicates and get back what someone removed', async () => {
    const [first, second] = await registerHooks(client, target);
    if (first === undefined || second === undefined) throw new Error('no hooks');
    await client.answer({
      operation: 'DELETE',
      method: 'DELETE',
      path: ['hooks', 'subscriptions', first.id],
      endpoint: 'write',
      scope: 'Work Items (Read)',
    });
    expect(missingEvents(await listHooks(client, target))).toEqual([first.event]);
    expect(missingEvents(await registerHooks(client, target))).toEqual([]);
  });

  it('that the service stopped are told and started again', async () => {
    await registerHooks(client, target);
    status = 410;
    const made = await site.worker.create('Task', { 'System.Title': 'nobody listens' });
    await idle();
    const stopped = (await listHooks(client, target)).find(({ event }) => event === 'workitem.created');
    expect(stopped).toMatchObject({ status: 'disabled', reason: 'disabledBySystem' });
    expect(missingEvents(await listHooks(client, target))).toEqual(['workitem.created']);
    status = 204;
    expect(missingEvents(await registerHooks(client, target))).toEqual([]);
    received = [];
    await site.worker.create('Task', { 'System.Title': `after ${made.id}` });
    await idle();
    expect(hints()).toHaveLength(1);
  });

  it('need a permission that is named', async () => {
    await site.control('POST', 'rights', {
      user: site.simulator.synchronizer.uniqueName,
      revoke: ['editSubscriptions'],
    });
    await expect(registerHooks(client, target)).rejects.toMatchObject({
      error: { code: 'forbidden', value: expect.stringMatching(/subscription/i) },
    });
    await site.control('POST', 'rights', {
      user: site.simulator.synchronizer.uniqueName,
      grant: ['editSubscriptions'],
    });
  });
});

describe('deliveries', () => {
  it('carry the secret and are cut to hints with versions', async () => {
    await registerHooks(client, target);
    const made = await site.worker.create('Task', { 'System.Title': 'told' });
    await site.worker.edit(made.id, { 'System.Title': 'told again' });
    await idle();
    const itemId = String(made.id);
    expect(hints()).toEqual([
      { side: 'azure', itemId, aspect: 'fields', version: { seq: 1 } },
      { side: 'azure', itemId, aspect: 'fields', version: { seq: 2 } },
    ]);
    expect(received[0]?.authorization).toBe(`Basic ${Buffer.from('tandem:s3cret').toString('base64')}`);
  });

  it('of our own write are no newer than what its answer proved', async () => {
    await registerHooks(client, target);
    const created = await site.side.writer.create({
      type: 'Task',
      fields: [{ field: 'System.Title', value: { kind: 'text', text: 'ours' } }],
      marker: newMarker(),
      sourceUrl: 'https://acme.atlassian.net/browse/TAN-1',
    });
    if (created.kind !== 'created') throw new Error('not created');
    const written = await site.side.writer.update(created.item, [
      { field: 'System.Title', value: { kind: 'text', text: 'ours too' } },
    ]);
    await idle();
    const known = written.kind === 'written' ? written.version?.seq : undefined;
    expect(hints().map(({ version }) => version?.seq)).toEqual([1, 2]);
    expect(known).toBe(2);
  });

  it('of a comment name it with its version; of its edit they lead to a read', async () => {
    const made = await site.worker.create('Task', { 'System.Title': 'said' });
    await registerHooks(client, target);
    const said = await site.side.writer.addComment(
      String(made.id),
      { kind: 'richText', format: 'html', text: 'hi' },
      newMarker(),
    );
    await idle();
    expect(hints()).toEqual([
      { side: 'azure', itemId: String(made.id), aspect: 'comments', childId: said.id, version: { seq: 1 } },
    ]);
    received = [];
    await site.side.writer.updateComment(String(made.id), said.id, said.body, newMarker());
    await idle();
    expect(hints()).toEqual([{ side: 'azure', itemId: String(made.id), aspect: 'any' }]);
  });

  it('of attachments and links name the aspect, and the revision that a read then shows', async () => {
    const made = await site.worker.create('Task', { 'System.Title': 'joined' });
    await registerHooks(client, target);
    await site.side.writer.addAttachment(
      await found(site.side, made.id),
      { name: 'a', size: 1 },
      streamOf(new Uint8Array(1)),
      newMarker(),
    );
    await idle();
    const item = await found(site.side, made.id);
    expect(hints()).toEqual([
      { side: 'azure', itemId: item.id, aspect: 'attachments', version: { seq: item.versions.attachments?.seq } },
    ]);
    received = [];
    const value = { rel: 'Hyperlink', url: 'https://example.com/' };
    await site.worker.patch(made.id, [{ op: 'add', path: '/relations/-', value }]);
    await idle();
    const { seq } = (await found(site.side, made.id)).versions.fields ?? {};
    expect(hints()).toEqual([{ side: 'azure', itemId: item.id, aspect: 'links', version: { seq } }]);
  });

  it('tell deleted and restored items', async () => {
    const made = await site.worker.create('Task', { 'System.Title': 'goes' });
    await registerHooks(client, target);
    await site.worker.call('DELETE', `${project}/_apis/wit/workitems/${made.id}`);
    await site.worker.call('PATCH', `${project}/_apis/wit/recyclebin/${made.id}`, { isDeleted: false });
    await idle();
    expect(hints().map(({ aspect }) => aspect)).toEqual(['deleted', 'any']);
  });
});
