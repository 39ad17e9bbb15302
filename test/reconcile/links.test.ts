// Links between items, both ways and in any order of arrival; what a service refuses; texts that name items.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openContext } from '../../backend/src/reconcile/context.ts';
import { noTwins, previewNamed } from '../../backend/src/reconcile/preview-all.ts';
import { linesOf } from '../../backend/src/reconcile/preview-text.ts';
import type { Side } from '../../backend/src/sync/model.ts';
import { type Actions, actionsOf, paragraph, type Twins } from './actions.ts';
import { type Answer, eventually, type Harness, startHarness } from './harness.ts';

let tandem: Harness;
let people: Actions;
beforeAll(async () => {
  tandem = await startHarness();
  people = actionsOf(tandem);
  await tandem.startEvents();
  await tandem.startWorkers();
});
afterEach(() => people.letGo());
afterAll(() => tandem?.close());

const L = 'System.LinkTypes';
const called = () => tandem.calls.map(({ side, operation }) => `${side} ${operation}`);

async function relations(id: string): Promise<readonly string[]> {
  const item = await tandem.asPerson('azure', 'GET', `_apis/wit/workitems/${id}?$expand=relations`);
  return (item.relations ?? [])
    .filter(({ attributes }: Answer) => !/Tandem/.test(attributes.comment ?? '') || attributes.name !== undefined)
    .map(({ rel, url }: Answer) => `${rel.replace(`${L}.`, '')} ${/\/workItems\/(\d+)$/.exec(url)?.[1] ?? url}`)
    .sort();
}

async function issueLinks(id: string): Promise<readonly string[]> {
  const { issuelinks, parent } = await people.fields('jira', id);
  const links = issuelinks.map(({ type, outwardIssue, inwardIssue }: Answer) =>
    outwardIssue ? `${type.outward} ${outwardIssue.id}` : `${type.inward} ${inwardIssue.id}`,
  );
  return [...links, ...(parent ? [`parent ${parent.id}`] : [])].sort();
}

const linkIssues = (type: string, from: string, to: string) =>
  tandem.asPerson('jira', 'POST', 'issueLink', {
    type: { name: type },
    inwardIssue: { id: from },
    outwardIssue: { id: to },
  });

const unlinkIssues = async (id: string) => {
  const { issuelinks } = await people.fields('jira', id);
  for (const link of issuelinks) await tandem.asPerson('jira', 'DELETE', `issueLink/${link.id}`);
};

const relate = (id: string, rel: string, target: string) =>
  tandem.asPerson('azure', 'PATCH', `_apis/wit/workitems/${id}`, [
    {
      op: 'add',
      path: '/relations/-',
      value: {
        rel: /^\w+$/.test(rel) && rel !== 'Related' ? rel : `${L}.${rel}`,
        url: /^\d+$/.test(target) ? `${tandem.azure.url}/_apis/wit/workItems/${target}` : target,
      },
    },
  ]);

const unrelate = async (id: string, rel: string) => {
  const item = await tandem.asPerson('azure', 'GET', `_apis/wit/workitems/${id}?$expand=relations`);
  const place = item.relations.findIndex((one: Answer) => one.rel.endsWith(rel));
  await tandem.asPerson('azure', 'PATCH', `_apis/wit/workitems/${id}`, [{ op: 'remove', path: `/relations/${place}` }]);
};

const twins = (title: string, type?: string): Promise<Twins> => people.twins('jira', title, {}, type);
const settled = () => tandem.settled(10_000);

describe('a link between two paired items', () => {
  it.each([
    ['Blocks', 'blocks', 'Dependency-Forward', 'Dependency-Reverse'],
    ['Duplicate', 'duplicates', 'Duplicate-Reverse', 'Duplicate-Forward'],
    ['Relates', 'relates to', 'Related', 'Related'],
  ])(
    '%s goes to Azure in three calls, and its echoes cost none; removed there, it goes',
    async (type, words, rel, back) => {
      const [a, b] = [await twins(`${type} a`), await twins(`${type} b`)];
      tandem.calls.length = 0;
      await linkIssues(type, a.jira, b.jira);
      await settled();
      expect(await relations(a.azure)).toEqual([`${rel} ${b.azure}`]);
      expect(await relations(b.azure)).toEqual([`${back} ${a.azure}`]);
      expect(called().sort()).toEqual([
        'azure GET workitems/{id}',
        'azure PATCH workitems/{id}',
        'jira GET issue/{id}',
      ]);
      expect(await issueLinks(a.jira)).toEqual([`${words} ${b.jira}`]);
      await unrelate(a.azure, rel);
      await settled();
      expect(await issueLinks(a.jira)).toEqual([]);
      expect(await relations(b.azure)).toEqual([]);
      expect([await people.errors('jira', a.jira), await people.errors('jira', b.jira)]).toEqual([{}, {}]);
    },
  );

  it.each([
    ['Dependency-Forward', 'blocks', 'is blocked by'],
    ['Related', 'relates to', 'relates to'],
  ])('%s goes to Jira, and is removed where it was removed in Jira', async (rel, words, back) => {
    const [a, b] = [await twins(`${rel} a`), await twins(`${rel} b`)];
    tandem.calls.length = 0;
    await relate(a.azure, rel, b.azure);
    await settled();
    expect(await issueLinks(a.jira)).toEqual([`${words} ${b.jira}`]);
    expect(await issueLinks(b.jira)).toEqual([`${back} ${a.jira}`]);
    expect(called().sort()).toEqual(['azure GET workitems/{id}', 'jira GET issue/{id}', 'jira POST issueLink']);
    await unlinkIssues(a.jira);
    await settled();
    expect(await relations(a.azure)).toEqual([]);
    expect(await issueLinks(b.jira)).toEqual([]);
  });

  it('that both sides add is one', async () => {
    const [a, b] = [await twins('both a'), await twins('both b')];
    people.hold();
    await linkIssues('Relates', b.jira, a.jira);
    await relate(a.azure, 'Related', b.azure);
    await people.letGo();
    expect(await issueLinks(a.jira)).toEqual([`relates to ${b.jira}`]);
    expect(await relations(a.azure)).toEqual([`Related ${b.azure}`]);
    await unlinkIssues(a.jira);
    await settled();
    expect(await relations(a.azure)).toEqual([]);
  });

  it('stays when the linked item goes to the recycle bin', async () => {
    const [a, b] = [await twins('bin a'), await twins('bin b')];
    await linkIssues('Blocks', a.jira, b.jira);
    await settled();
    await people.remove('azure', b.azure);
    await settled();
    expect(await issueLinks(a.jira)).toEqual([`blocks ${b.jira}`]);
  });
});

describe('a parent', () => {
  it('goes both ways, changes and goes', async () => {
    const [epic, other, story] = [await twins('E', 'Epic'), await twins('E2', 'Epic'), await twins('S', 'Story')];
    tandem.calls.length = 0;
    await people.edit('jira', story.jira, { parent: { id: epic.jira } });
    await settled();
    expect(await relations(story.azure)).toEqual([`Hierarchy-Reverse ${epic.azure}`]);
    expect(called()).toHaveLength(3);
    await people.edit('jira', story.jira, { parent: { id: other.jira } });
    await settled();
    expect(await relations(story.azure)).toEqual([`Hierarchy-Reverse ${other.azure}`]);
    await unrelate(story.azure, 'Hierarchy-Reverse');
    await settled();
    expect(await issueLinks(story.jira)).toEqual([]);
    // Said from the parent's end.
    await relate(epic.azure, 'Hierarchy-Forward', story.azure);
    await settled();
    expect(await issueLinks(story.jira)).toEqual([`parent ${epic.jira}`]);
    expect(await people.errors('jira', story.jira)).toEqual({});
  });

  it.each(['jira', 'azure'] as const)('that is paired after its child is made then (from %s)', async (side) => {
    people.hold();
    const epic = await people.create(side, `Late ${side}`, {}, 'Epic');
    const type = side === 'jira' ? 'Story' : 'User Story';
    const child = await people.create(side, `Early ${side}`, {}, type);
    if (side === 'jira') await people.edit('jira', child, { parent: { id: epic } });
    else await relate(child, 'Hierarchy-Reverse', epic);
    const { scope, profile } = tandem;
    const job = (itemId: string) => ({ ...scope, profileId: profile.id, side, itemId, hints: [] });
    await tandem.service.deps.queue.addItems([job(child)]);
    const twin = await eventually(async () => {
      const found = await people.pair(side, child);
      return found?.syncedAt ? found : null;
    });
    expect(await people.pair(side, epic)).toBeNull();
    await tandem.service.deps.queue.addItems([job(epic)]);
    await eventually(async () => (await people.pair(side, epic))?.syncedAt);
    const top = await people.pair(side, epic);
    await eventually(async () => {
      const shown = side === 'jira' ? await relations(twin.ids.azure ?? '') : await issueLinks(twin.ids.jira ?? '');
      const wanted = side === 'jira' ? `Hierarchy-Reverse ${top?.ids.azure}` : `parent ${top?.ids.jira}`;
      return shown.includes(wanted);
    });
  });

  it('of a level that Jira does not have stays in Azure, is not tried again and is nobody’s error', async () => {
    const [story, task] = [await twins('wrong S', 'Story'), await twins('wrong T', 'Task')];
    await relate(task.azure, 'Hierarchy-Reverse', story.azure);
    await people.rename('azure', task.azure, 'renamed all the same');
    await settled();
    expect(await people.title('jira', task.jira)).toBe('renamed all the same');
    expect(await people.errors('jira', task.jira)).toEqual({});
    expect(await relations(task.azure)).toContain(`Hierarchy-Reverse ${story.azure}`);
    tandem.calls.length = 0;
    await people.rename('azure', task.azure, 'renamed again');
    await settled();
    expect(tandem.calls.filter(({ operation }) => operation.startsWith('PUT issue'))).toHaveLength(1);
    await unrelate(task.azure, 'Hierarchy-Reverse');
    await settled();
    expect(await relations(task.azure)).not.toContain(`Hierarchy-Reverse ${story.azure}`);
  });
});

describe('a task that becomes a sub-task', () => {
  beforeAll(() => people.saveSettings((before) => ({ ...before, types: before.types.filter(isSubtaskProfile) })));
  afterAll(() => people.saveSettings((before) => ({ ...before, types: tandem.profile.settings.types })));
  const isSubtaskProfile = ({ jira, azure }: { jira: string; azure: string }) =>
    azure !== 'Issue' && (azure !== 'Task' || jira === 'Sub-task');
  const queued = (itemId: string) =>
    tandem.service.deps.queue.addItems([
      { ...tandem.scope, profileId: tandem.profile.id, side: 'azure', itemId, hints: [] },
    ]);

  it('waits for its parent and is made beneath it, in one call', async () => {
    people.hold();
    const task = await people.create('azure', 'Part');
    const story = await people.create('azure', 'Whole', {}, 'User Story');
    await relate(task, 'Hierarchy-Reverse', story);
    await queued(task);
    const waits = () => tandem.service.deps.state.waitersOf(tandem.scope, [{ side: 'azure', name: story }]);
    await eventually(async () => (await waits()).length > 0);
    expect(await people.errors('azure', task)).toEqual({});
    expect(await people.pair('azure', task)).toBeNull();
    tandem.calls.length = 0;
    await queued(story);
    const made = (id: string) => eventually(async () => (await people.pair('azure', id))?.syncedAt);
    await Promise.all([made(story), made(task)]);
    await people.letGo();
    const [parent, issue] = [await people.counterpart('azure', story), await people.counterpart('azure', task)];
    expect(await people.fields('jira', issue)).toMatchObject({
      issuetype: { name: 'Sub-task' },
      parent: { id: parent },
    });
    expect(called().filter((call) => /jira (POST|PUT)/.test(call))).toEqual(['jira POST issue', 'jira POST issue']);
    expect(await relations(task)).toEqual([`Hierarchy-Reverse ${story}`]);
    expect(await people.errors('azure', task)).toEqual({});
  });

  it('tells what it lacks, until it has it', async () => {
    const alone = await people.create('azure', 'Alone');
    const outside = await people.create('azure', 'Not synchronized', {}, 'Issue');
    const beneath = await people.create('azure', 'Beneath');
    await relate(beneath, 'Hierarchy-Reverse', outside);
    await settled();
    expect(await people.errors('azure', alone)).toEqual({ item: 'parent-required' });
    expect(await people.errors('azure', beneath)).toEqual({ item: 'parent-unpaired' });
    const story = await people.twins('azure', 'Found', {}, 'User Story');
    await relate(alone, 'Hierarchy-Reverse', story.azure);
    const issue = await people.counterpart('azure', alone);
    expect((await people.fields('jira', issue)).parent.id).toBe(story.jira);
    expect(await people.errors('azure', alone)).toEqual({});
  });
});

describe('what Azure refuses', () => {
  it('is told of the one link; the others are made', async () => {
    const [a, b, c] = [await twins('cycle a'), await twins('cycle b'), await twins('cycle c')];
    await linkIssues('Blocks', a.jira, b.jira);
    await settled();
    people.hold();
    await linkIssues('Blocks', b.jira, a.jira);
    await linkIssues('Relates', b.jira, c.jira);
    await linkIssues('Blocks', b.jira, c.jira);
    await people.letGo();
    expect(await relations(b.azure)).toEqual(
      [`Dependency-Forward ${c.azure}`, `Dependency-Reverse ${a.azure}`, `Related ${c.azure}`].sort(),
    );
    const errors = (await people.pair('jira', b.jira))?.errors ?? [];
    expect(errors.map(({ error }) => [error.code, error.level, error.value])).toEqual([
      ['link-refused', 'child', 'it would make a cycle'],
    ]);
    expect(await issueLinks(b.jira)).toHaveLength(4);
  });
});

describe('links to addresses', () => {
  const webLinks = async (id: string) =>
    (await tandem.asPerson('jira', 'GET', `issue/${id}/remotelink`)).map(({ object }: Answer) => object);

  it('go both ways, and go when they are removed', async () => {
    const one = await twins('web');
    await relate(one.azure, 'Hyperlink', 'https://example.com/a?b=ü');
    await settled();
    expect(await webLinks(one.jira)).toMatchObject([{ url: 'https://example.com/a?b=ü' }]);
    await unrelate(one.azure, 'Hyperlink');
  });

  it('come with a new issue', async () => {
    people.hold();
    const id = await people.create('jira', 'with a web link');
    const object = { url: 'https://example.com/wiki', title: 'The wiki' };
    await tandem.asPerson('jira', 'POST', `issue/${id}/remotelink`, { object });
    await people.letGo();
    const twin = await people.counterpart('jira', id);
    const item = await tandem.asPerson('azure', 'GET', `_apis/wit/workitems/${twin}?$expand=relations`);
    expect(item.relations).toContainEqual(
      expect.objectContaining({ url: object.url, attributes: expect.objectContaining({ comment: 'The wiki' }) }),
    );
  });

  it('of Jira, of which no event tells, come with a change of the issue a while later; the timeline tells no address', async () => {
    const one = await twins('web link in Jira');
    const object = { url: 'https://example.com/late', title: 'Late' };
    await tandem.asPerson('jira', 'POST', `issue/${one.jira}/remotelink`, { object });
    tandem.calls.length = 0;
    await people.rename('jira', one.jira, 'renamed at once');
    await settled();
    expect(called()).toHaveLength(3);
    await tandem.advance(15 * 60_000);
    await people.rename('jira', one.jira, 'renamed later');
    await settled();
    expect(await relations(one.azure)).toContain(`Hyperlink ${object.url}`);
    const pair = await people.pair('jira', one.jira);
    const timeline = await tandem.service.state.timeline(tandem.scope, pair?.id ?? '', tandem.clock.now());
    const operations = timeline.flatMap((decision) => decision.operations);
    expect(operations).toContainEqual({ side: 'azure', kind: 'add-link', to: 'Hyperlink' });
    expect(JSON.stringify(timeline)).not.toMatch(/example\.com|Late/);
  });

  it('show the counterpart on a work item that was first', async () => {
    const id = await people.create('azure', 'first here');
    const twin = await people.counterpart('azure', id);
    const { key } = await tandem.asPerson('jira', 'GET', `issue/${twin}`);
    const item = await tandem.asPerson('azure', 'GET', `_apis/wit/workitems/${id}?$expand=relations`);
    expect(item.relations.map(({ url }: Answer) => url)).toEqual([`${tandem.jira.url}/browse/${key}`]);
    expect(await webLinks(twin)).toEqual([]);
  });
});

describe('items in texts', () => {
  it('are named as on the other side, also those that are paired later', async () => {
    const one = await twins('named');
    const { key } = await tandem.asPerson('jira', 'GET', `issue/${one.jira}`);
    people.hold();
    const late = await people.create('jira', 'named later');
    const lateKey = (await tandem.asPerson('jira', 'GET', `issue/${late}`)).key;
    const text = `see ${key} and ${lateKey}`;
    const id = await people.create('jira', 'names', { description: paragraph(text) });
    await people.comment('jira', id, `as in ${lateKey}`);
    const { scope, profile } = tandem;
    const job = (itemId: string) => ({ ...scope, profileId: profile.id, side: 'jira' as const, itemId, hints: [] });
    await tandem.service.deps.queue.addItems([job(id)]);
    const pair = await eventually(async () => {
      const found = await people.pair('jira', id);
      return found?.syncedAt ? found : null;
    });
    const azure = pair.ids.azure ?? '';
    const described = async () => (await people.fields('azure', azure))['System.Description'];
    expect(await described()).toContain(`>#${one.azure}</a>`);
    expect(await described()).toContain(lateKey);
    await people.letGo();
    const twin = await people.counterpart('jira', late);
    expect(await described()).toContain(`>#${twin}</a>`);
    expect((await people.comments('azure', azure)).join()).toContain(`>#${twin}</a>`);
    expect((await people.fields('jira', id)).description).toEqual(paragraph(text));
    tandem.calls.length = 0;
    await people.edit('azure', azure, { 'System.Description': `<p>first</p>${await described()}` });
    await settled();
    const { description } = await people.fields('jira', id);
    expect(description.content.at(-1)).toEqual(paragraph(text).content[0]);
    expect(called()).toHaveLength(3);
  });
});

describe('a preview', () => {
  const preview = async (side: Side, id: string) => {
    const { service, scope, profile } = tandem;
    const record = await service.config.profileRecord(scope, profile.id);
    if (!record) throw new Error('the profile is stored');
    const entry = await previewNamed(await openContext(service.deps, scope, record), side, id, noTwins);
    if (entry?.action.kind !== 'plan') throw new Error('the item can be planned');
    return { action: entry.action, text: linesOf(entry).join('\n') };
  };

  it('shows links, files and names in texts as the run makes them, and what waits for what', async () => {
    const [epic, story] = [await twins('Previewed epic', 'Epic'), await twins('Previewed story', 'Story')];
    const { key } = await tandem.asPerson('jira', 'GET', `issue/${story.jira}`);
    people.hold();
    await linkIssues('Blocks', story.jira, epic.jira);
    const later = await people.create('jira', 'Later');
    const fresh = await people.create('jira', 'Fresh', {
      parent: { id: epic.jira },
      description: paragraph(`As ${key}`),
    });
    await linkIssues('Blocks', fresh, later);
    await people.attach('jira', fresh, 'notes.txt', 'notes');
    const { key: laterKey } = await tandem.asPerson('jira', 'GET', `issue/${later}`);

    const paired = await preview('jira', story.jira);
    expect(paired.action.children).toEqual([
      { kind: 'add-link', side: 'azure', type: `${L}.Dependency-Forward`, direction: 'outward', target: epic.azure },
    ]);
    const created = await preview('jira', fresh);
    expect(created.text).toContain(`+ As #${story.azure}`);
    expect(created.text).toContain('Azure DevOps: attach notes.txt (5 bytes)');
    expect(created.text).toContain(`Azure DevOps: link ${L}.Hierarchy-Reverse ${epic.azure}`);
    expect(created.action.waitsFor).toEqual([{ side: 'jira', name: laterKey }]);

    await people.letGo();
    expect(await relations(story.azure)).toEqual([`Dependency-Forward ${epic.azure}`]);
    expect((await preview('jira', story.jira)).text).toBe('nothing to write');
    await unlinkIssues(story.jira);
  });
});
