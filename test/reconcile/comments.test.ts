// Comments through events and queue: edits, deletions, restrictions, mentions, conflicts, both ways; and what each costs.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readBothValues } from '../../backend/src/reconcile/conflict-values.ts';
import { chooseSide } from '../../backend/src/reconcile/settle-errors.ts';
import type { ProfileSettings } from '../../backend/src/sync/profile.ts';
import { rightsOf } from '../simulators/azure/store/people.ts';
import { type Actions, actionsOf, paragraph, type Twins } from './actions.ts';
import { type Answer, basic, eventually, type Harness, startHarness } from './harness.ts';

let tandem: Harness;
let people: Actions;
let twins: Twins;
beforeAll(async () => {
  tandem = await startHarness();
  people = actionsOf(tandem);
  await tandem.startEvents();
  await tandem.startWorkers();
});
afterAll(() => tandem?.close());
beforeEach(async () => {
  twins = await people.twins('jira', 'Discussed');
  await tandem.settled();
});

/** What only an administrator of that side may do. */
async function asAdmin(side: 'jira' | 'azure', method: string, path: string, body?: unknown): Promise<Answer> {
  const { jira, azure } = tandem;
  const url =
    side === 'jira'
      ? `${jira.url}/rest/api/3/${path}`
      : `${azure.url}/Tandem/_apis/wit/workItems/${path}${path.includes('?') ? '&' : '?'}api-version=7.1-preview.4`;
  const { email, token } = jira.accounts.admin;
  const answer = await fetch(url, {
    method,
    headers: {
      authorization: side === 'jira' ? basic(email, token) : basic('', azure.admin.pat),
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} → ${answer.status}: ${text}`);
  return text === '' ? null : JSON.parse(text);
}

const jiraComments = async (): Promise<Answer[]> =>
  (await asAdmin('jira', 'GET', `issue/${twins.jira}/comment`)).comments;
const azureComments = async (): Promise<Answer[]> =>
  (await asAdmin('azure', 'GET', `${twins.azure}/comments?order=asc`)).comments;
const inJira = (id: string) => `issue/${twins.jira}/comment/${id}`;
const inAzure = (id: string) => `${twins.azure}/comments/${id}`;

/** Calls of ours until all is quiet after `act`, with those of the echoes. */
async function callsOf(act: () => Promise<unknown>): Promise<readonly string[]> {
  tandem.calls.length = 0;
  await act();
  await tandem.settled();
  return tandem.calls.map(({ side, operation }) => `${side} ${operation}`).toSorted();
}

const items = ['azure GET workitems/{id}', 'jira GET issue/{id}'];
/** The items, the comment that an event names, and its counterpart. */
const named = [...items, 'azure GET workItems/{id}/comments?ids', 'jira POST comment/list'];
/** Azure DevOps tells of an edited or deleted comment without naming it, ours as well. */
const lookAgain = ['azure GET workItems/{id}/comments', ...items];

async function withSettings(change: Partial<ProfileSettings['comments']>, act: () => Promise<void>): Promise<void> {
  let before: ProfileSettings['comments'] | undefined;
  await people.saveSettings((settings) => {
    before = settings.comments;
    return { ...settings, comments: { ...settings.comments, ...change } };
  });
  try {
    await act();
  } finally {
    await people.saveSettings((settings) => ({ ...settings, comments: before ?? settings.comments }));
  }
}

describe('a comment', () => {
  it('from Jira is made, edited and deleted on the other side', async () => {
    let id = '';
    const made = await callsOf(async () => {
      id = await people.comment('jira', twins.jira, 'first words');
    });
    expect(made).toEqual([
      'azure GET workitems/{id}',
      'azure POST workItems/{id}/comments',
      'jira GET issue/{id}',
      'jira POST comment/list',
    ]);
    const edited = await callsOf(() => people.editComment('jira', twins.jira, id, 'second words'));
    expect(edited).toEqual([...lookAgain, ...named, 'azure PATCH workItems/{id}/comments/{commentId}'].toSorted());
    expect(await people.comments('azure', twins.azure)).toEqual([expect.stringContaining('second words')]);
    const deleted = await callsOf(() => tandem.asPerson('jira', 'DELETE', inJira(id)));
    // Without any comment left there is none to look through.
    expect(deleted).toEqual(
      [...lookAgain.slice(1), ...named, 'azure DELETE workItems/{id}/comments/{commentId}'].toSorted(),
    );
    expect(await azureComments()).toEqual([]);
    expect(await people.errors('jira', twins.jira)).toEqual({});
    expect(await people.audit()).toEqual({ duplicates: [], open: [] });
  });

  it('from Azure DevOps is made and deleted on the other side, whose events of it cost no call', async () => {
    let id = '';
    const made = await callsOf(async () => {
      id = await people.comment('azure', twins.azure, 'said in Azure');
    });
    expect(made).toEqual([
      'azure GET workItems/{id}/comments?ids',
      'azure GET workitems/{id}',
      'jira GET issue/{id}',
      'jira POST issue/{id}/comment',
    ]);
    const deleted = await callsOf(() => asAdmin('azure', 'DELETE', inAzure(id)));
    expect(deleted).toEqual([
      'azure GET workItems/{id}/comments?ids',
      'azure GET workitems/{id}',
      'jira DELETE issue/{id}/comment/{id}',
      'jira GET issue/{id}',
    ]);
    expect(await jiraComments()).toEqual([]);
    expect(await people.audit()).toEqual({ duplicates: [], open: [] });
  });

  it('goes when its copy is deleted, unless the direction or the profile keeps it', async () => {
    await people.comment('jira', twins.jira, 'to be removed');
    await tandem.settled();
    const [copy] = await azureComments();
    await withSettings({ direction: 'jira-to-azure' }, async () => {
      await asAdmin('azure', 'DELETE', inAzure(copy.id));
      await tandem.settled();
      expect(await jiraComments()).toHaveLength(1);
      expect(await azureComments()).toEqual([]);
    });
    await people.comment('jira', twins.jira, 'also to be removed');
    await tandem.settled();
    const [second] = await azureComments();
    await withSettings({ deleted: 'leave' }, async () => {
      await asAdmin('azure', 'DELETE', inAzure(second.id));
      await tandem.settled();
      expect(await jiraComments()).toHaveLength(2);
      expect(await azureComments()).toEqual([]);
    });
    await people.comment('jira', twins.jira, 'removed');
    await tandem.settled();
    const [third] = await azureComments();
    await asAdmin('azure', 'DELETE', inAzure(third.id));
    await tandem.settled();
    expect(JSON.stringify(await jiraComments())).not.toContain('"removed"');
  });

  it('that an admin may delete and Tandem may not is an error of it, and stays', async () => {
    await people.comment('azure', twins.azure, 'mine');
    await tandem.settled();
    const [copy] = await jiraComments();
    await asAdmin('jira', 'DELETE', inJira(copy.id));
    await tandem.settled();
    const [own] = await azureComments();
    expect(await people.errors('azure', twins.azure)).toEqual({ [`comment:${own.id}`]: 'forbidden' });
  });

  it('that becomes restricted leaves the other side, and enters again once it is public', async () => {
    const made = await asAdmin('jira', 'POST', `issue/${twins.jira}/comment`, { body: paragraph('for all') });
    await tandem.settled();
    expect(await azureComments()).toHaveLength(1);
    const visibility = { type: 'role', value: 'Developers' };
    await asAdmin('jira', 'PUT', inJira(made.id), { body: paragraph('for few'), visibility });
    await tandem.settled();
    expect([await azureComments(), (await jiraComments()).length]).toEqual([[], 1]);
    await asAdmin('jira', 'PUT', inJira(made.id), { body: paragraph('for all again'), visibility: null });
    await tandem.settled();
    expect(await people.comments('azure', twins.azure)).toEqual([expect.stringContaining('for all again')]);
    await withSettings({ restricted: 'sync' }, async () => {
      const few = { body: paragraph('a secret of the team'), visibility };
      await asAdmin('jira', 'POST', `issue/${twins.jira}/comment`, few);
      await tandem.settled();
      expect(await azureComments()).toHaveLength(2);
    });
    expect(await people.audit()).toEqual({ duplicates: [], open: [] });
  });

  it('that meets a limit after the title went across: the timeline tells what was done until then', async () => {
    people.hold();
    await people.rename('jira', twins.jira, 'Discussed at length');
    const comment = await people.comment('jira', twins.jira, 'at last');
    const match = { method: 'POST', path: '/_apis/wit/workItems/*/comments' };
    people.fault('azure', { kind: 'status', status: 429, retryAfter: 1, match, times: 1 });
    await people.letGo();
    await eventually(async () => (await azureComments()).length === 1);
    await tandem.settled();
    const pair = await people.pair('jira', twins.jira);
    const timeline = await tandem.service.state.timeline(tandem.scope, pair?.id ?? '', tandem.clock.now());
    const told = timeline
      .slice(0, 2)
      .map(({ what, operations, codes }) => [what, operations.map(({ kind }) => kind), codes.map(({ code }) => code)]);
    expect(told).toEqual([
      ['updated', ['add-comment'], []],
      ['failed', ['update'], ['rate-limited']],
    ]);
    expect(timeline[0]?.operations[0]?.child).toBe(comment);
    // Alone, so that nothing but the comment's own intent is left of the first try.
    people.fault('azure', { kind: 'status', status: 429, retryAfter: 1, match, times: 1 });
    await people.comment('jira', twins.jira, 'and once more');
    await tandem.settled();
    expect(await azureComments()).toHaveLength(2);
  });

  it('of a new work item that meets a limit is made, whatever was told of the item', async () => {
    tandem.azure.kernel.events.setMode({ mode: 'drop' });
    const id = await people.create('azure', 'Commented before anybody told of it');
    await people.comment('azure', id, 'said early');
    await people.letGo();
    const match = { method: 'POST', path: '/rest/api/3/issue/*/comment' };
    people.fault('jira', { kind: 'status', status: 429, retryAfter: 1, match, times: 1 });
    await people.rename('azure', id, 'Told of');
    const twin = await people.counterpart('azure', id);
    await tandem.settled();
    expect(await people.comments('jira', twin)).toEqual([expect.stringContaining('said early')]);
  });

  it('mentions whom the profile knows, and names whom it does not', async () => {
    const [mara] = await tandem.asPerson('jira', 'GET', 'user/search?query=Mara');
    const mention = (id: string, text: string) => ({ type: 'mention', attrs: { id, text } });
    const content = [
      mention(mara.accountId, '@Mara Lindqvist'),
      { type: 'text', text: ' and ' },
      mention('nobody:1', '@Nobody'),
    ];
    await tandem.asPerson('jira', 'POST', `issue/${twins.jira}/comment`, {
      body: { type: 'doc', version: 1, content: [{ type: 'paragraph', content }] },
    });
    await tandem.settled();
    const [copy] = await azureComments();
    expect(copy.text).toMatch(/data-vss-mention="version:2\.0,[0-9a-f-]{36}"[^>]*>@Mara Lindqvist</);
    expect(copy.text).toContain('@Nobody');
    expect(await tandem.service.config.people(tandem.scope, 'jira')).toMatchObject([
      { id: 'nobody:1', name: 'Nobody', seenIn: ['mention'] },
    ]);
    const guid = /version:2\.0,([0-9a-f-]{36})/.exec(copy.text)?.[1];
    await tandem.asPerson('azure', 'POST', `Tandem/_apis/wit/workItems/${twins.azure}/comments`, {
      text: `<div><a href="#" data-vss-mention="version:2.0,${guid}">@Mara</a> look</div>`,
    });
    await tandem.settled();
    const said = JSON.stringify((await jiraComments()).at(-1).body);
    expect(said).toContain(`"id":"${mara.accountId}"`);
  });

  it('whose copy’s line was edited or deleted stays one comment, and its text comes back without the line', async () => {
    await people.comment('jira', twins.jira, 'Words');
    await tandem.settled();
    const [copy] = await azureComments();
    const link = /<a href="([^"]+)"/.exec(copy.text)?.[1];
    const edits = [
      { text: `<div><a href="${link}">Somebody, on Jira</a></div><p>Words one</p>`, words: 'Words one' },
      { text: `<div><a href="${link}">Somebody</a>&nbsp;says:</div><p>Words two</p>`, words: 'Words two' },
      { text: '<p>Words three</p>', words: 'Words three' },
    ];
    for (const { text, words } of edits) {
      await asAdmin('azure', 'PATCH', inAzure(copy.id), { text });
      await tandem.settled();
      const comments = await jiraComments();
      expect(comments).toHaveLength(1);
      expect(JSON.stringify(comments[0].body)).toContain(words);
      expect(JSON.stringify(comments[0].body)).not.toMatch(/Somebody|focusedCommentId/);
    }
    expect(await azureComments()).toHaveLength(1);
    await people.editComment('jira', twins.jira, (await jiraComments())[0].id, 'Words four');
    await tandem.settled();
    expect((await azureComments())[0].text).toMatch(/Dana Whitfield · Jira.*Words four/s);
  });

  it('in Markdown stays Markdown when its copy is edited', async () => {
    const { id } = await asAdmin('azure', 'POST', `${twins.azure}/comments?format=markdown`, {
      text: '**Bold** words\n\n- one\n- two',
    });
    await tandem.settled();
    const [copy] = await jiraComments();
    expect(JSON.stringify(copy.body)).toContain('bulletList');
    await grantEdits(async () => {
      const body = structuredClone(copy.body);
      body.content.push({ type: 'paragraph', content: [{ type: 'text', text: 'three' }] });
      await asAdmin('jira', 'PUT', inJira(copy.id), { body });
      await tandem.settled();
    });
    const own = (await azureComments()).find((one) => one.id === id);
    expect(own).toMatchObject({ format: 'markdown', text: expect.stringMatching(/^\*\*Bold\*\* words\n[\s\S]*three/) });
    expect(own.text).not.toMatch(/tandem|·/);
  });

  it('edited on both sides waits for an admin where the profile says ask, and is the chosen one then', async () => {
    const id = await people.comment('jira', twins.jira, 'Words');
    await tandem.settled();
    const [copy] = await azureComments();
    await withSettings({ conflict: 'ask' }, async () => {
      people.hold();
      await people.editComment('jira', twins.jira, id, 'Jira says');
      await asAdmin('azure', 'PATCH', inAzure(copy.id), { text: copy.text.replace('Words', 'Azure says') });
      await people.letGo();
      expect(await people.errors('jira', twins.jira)).toEqual({ [`comment:${id}`]: 'conflict' });
      expect(JSON.stringify(await jiraComments())).toContain('Jira says');
      expect(JSON.stringify(await azureComments())).toContain('Azure says');
      const pair = await people.pair('jira', twins.jira);
      const asked = [{ pairId: pair?.id ?? '', mapping: `comment:${id}` }];
      const [both] = await readBothValues(tandem.service.deps, tandem.scope, asked);
      expect(JSON.stringify(both?.values.jira)).toContain('Jira says');
      expect(both?.values.azure).toMatchObject({ format: 'html', text: '<p>Azure says</p>' });
      await chooseSide(tandem.service.deps, tandem.scope, pair?.id ?? '', `comment:${id}`, 'azure');
      await tandem.settled();
      expect(JSON.stringify(await jiraComments())).toContain('Azure says');
      expect(await people.errors('jira', twins.jira)).toEqual({});
    });
  });

  it('on an item with 5,000 costs no more calls than any other', async () => {
    await people.comment('jira', twins.jira, 'the first');
    await tandem.settled();
    const world = tandem.azure.world();
    const item = [...world.items.values()].find(({ id }) => String(id) === twins.azure);
    const model = item?.comments[0];
    if (!item || !model) throw new Error('the first comment was copied');
    for (let count = 0; count < 4_997; count += 1) {
      world.counters.comment += 1;
      const comment = { ...model, id: world.counters.comment };
      item.comments.push(comment);
      world.commentsById.set(comment.id, comment);
    }
    const pair = await people.pair('jira', twins.jira);
    const lease = await tandem.service.state.acquireLease(tandem.scope, pair?.id ?? '', tandem.clock.now(), 60_000);
    if (!pair || !lease) throw new Error('the pair is there');
    const [known] = await tandem.service.state.children(tandem.scope, pair.id, 'comment');
    if (!known) throw new Error('the first comment is recorded');
    const children = item.comments.slice(1).map(({ id }) => ({ ...known, sourceId: `9${id}`, targetId: String(id) }));
    await tandem.service.state.commit(tandem.scope, lease.lease, { children }, { release: true });

    const fromJira = await callsOf(() => people.comment('jira', twins.jira, 'one more'));
    const fromAzure = await callsOf(() => people.comment('azure', twins.azure, 'and one more'));
    expect([fromJira.length, fromAzure.length]).toEqual([4, 4]);
    expect(item.comments).toHaveLength(5_000);
  });

  it('that is too long for Jira is an error that names the limit, and nothing of it is lost', async () => {
    const { id } = await tandem.asPerson('azure', 'POST', `Tandem/_apis/wit/workItems/${twins.azure}/comments`, {
      text: `<p>${'long '.repeat(7_000)}</p>`,
    });
    await tandem.settled();
    const pair = await people.pair('azure', twins.azure);
    expect(pair?.errors).toMatchObject([
      { subject: `comment:${id}`, error: { code: 'too-long', detail: expect.stringContaining('32767') } },
    ]);
    expect(await jiraComments()).toEqual([]);
  });

  it('is not deleted once the budget of deletions is used up: the profile stops, and goes on when it is resumed', async () => {
    const { service, scope, profile } = tandem;
    const ids = [await people.comment('jira', twins.jira, 'one'), await people.comment('jira', twins.jira, 'two')];
    await tandem.settled();
    const limit = async (allowed: number) =>
      people.saveSettings((settings) => ({
        ...settings,
        policies: { ...settings.policies, brake: { limit: allowed, windowMinutes: 60 } },
      }));
    await limit(1);
    for (const id of ids) await tandem.asPerson('jira', 'DELETE', inJira(id));
    await eventually(async () => (await service.config.profileRecord(scope, profile.id))?.status === 'stopped');
    expect((await azureComments()).length).toBeGreaterThan(0);
    await limit(1_000);
    await service.config.setStatus(scope, profile.id, 'enabled', null);
    await eventually(async () => {
      // A job that looked in the moment of the stop waits longer than the waking.
      await service.queue.wake(scope, profile.id);
      return (await azureComments()).length === 0;
    });
    await tandem.settled();
  });
});

/** Our account may edit what others wrote, as an administrator of the organization may. */
async function grantEdits(act: () => Promise<void>): Promise<void> {
  const { permissions } = rightsOf(tandem.azure.world(), tandem.azure.synchronizer.id);
  permissions.add('editAnyComment');
  try {
    await act();
  } finally {
    permissions.delete('editAnyComment');
  }
}
