// Images and files that texts show: they point at the copy on the other side, whichever came first, and nothing is written
// for them again.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actions, actionsOf } from './actions.ts';
import { doc, type Files, filesOf, idIn, image, words } from './files.ts';
import { type Answer, type Harness, startHarness } from './harness.ts';

let tandem: Harness;
let people: Actions;
let files: Files;
beforeAll(async () => {
  tandem = await startHarness();
  people = actionsOf(tandem);
  files = filesOf(tandem);
  await tandem.startEvents();
  await tandem.startWorkers();
});
afterAll(() => tandem?.close());

/** Nodes of a type anywhere in a document, in order. */
function nodes(document: Answer, type: string): Answer[] {
  const found: Answer[] = [];
  const visit = (node: Answer) => {
    if (node.type === type) found.push(node);
    for (const child of node.content ?? []) visit(child);
  };
  visit(document);
  return found;
}

const imagesIn = (html: string): readonly string[] =>
  [...html.matchAll(/<img[^>]*src="?([^"\s>]+)/g)].map(([, src = '']) => src);

/** Our own writes to either side while nothing happens: a job for each item that finds nothing to do. */
async function writesOfAnotherRun(twins: { jira: string; azure: string }): Promise<readonly string[]> {
  await tandem.settled();
  tandem.calls.length = 0;
  const pair = await people.pair('jira', twins.jira);
  await tandem.service.queue.addItems([
    {
      installationId: tandem.scope.installationId,
      profileId: tandem.profile.id,
      pairId: pair?.id ?? '',
      side: 'jira',
      itemId: twins.jira,
      hints: [],
    },
  ]);
  await tandem.settled();
  expect(tandem.calls.length).toBeGreaterThan(0);
  return tandem.calls.filter(({ operation }) => !operation.startsWith('GET ')).map(({ operation }) => operation);
}

describe('an image in a text', () => {
  it('of Jira points at the copy in Azure DevOps, and an edit there leaves it in its place', async () => {
    const twins = await people.twins('jira', 'An image in Jira');
    people.hold();
    const attached = await files.attach('jira', twins.jira, 'shot.png', 'pixels');
    const media = await files.mediaId(attached);
    await files.describe('jira', twins.jira, doc(words('before'), image(media, 'shot.png'), words('after')));
    await people.letGo();

    const [copy] = await files.attached('azure', twins.azure);
    const html = await files.description('azure', twins.azure);
    expect(imagesIn(html).map(idIn)).toEqual([copy?.id]);
    expect(html).toContain('fileName=shot.png');
    expect(html).not.toContain('[Jira:');
    expect(await writesOfAnotherRun(twins)).toEqual([]);

    await files.describe('azure', twins.azure, html.replace('after', 'after all'));
    await tandem.settled();
    const document = await files.description('jira', twins.jira);
    expect(nodes(document, 'media').map(({ attrs }) => [attrs.id, attrs.alt])).toEqual([[media, 'shot.png']]);
    expect(JSON.stringify(document)).toContain('after all');
    expect(await files.attached('jira', twins.jira)).toHaveLength(1);
    expect(await files.attached('azure', twins.azure)).toHaveLength(1);
    expect(await writesOfAnotherRun(twins)).toEqual([]);
  });

  it('of Azure DevOps that its editor only uploaded becomes an attachment in Jira, and none of its own', async () => {
    const url = await files.upload('paste.png', 'clipboard');
    const html = `<div>see <b>this</b></div><div><img src="${url.replace('&', '&amp;')}" alt="paste.png"></div>`;
    const azure = await people.create('azure', 'An image in Azure', { 'System.Description': html });
    const jira = await people.counterpart('azure', azure);
    await tandem.settled();

    const [file, ...more] = await files.attached('jira', jira);
    expect([file?.name, file?.size, more]).toEqual(['paste.png', 9, []]);
    const media = nodes(await files.description('jira', jira), 'media');
    expect(media.map(({ attrs }) => attrs.id)).toEqual([await files.mediaId(file?.id ?? '')]);
    expect(await files.attached('azure', azure)).toEqual([]);
    expect(imagesIn(await files.description('azure', azure)).map(idIn)).toEqual([idIn(url)]);
    expect(await writesOfAnotherRun({ jira, azure })).toEqual([]);

    const document = await files.description('jira', jira);
    await files.describe('jira', jira, { ...document, content: [...document.content, words('more')] });
    await tandem.settled();
    expect(imagesIn(await files.description('azure', azure)).map(idIn)).toEqual([idIn(url)]);
    expect(await files.attached('azure', azure)).toEqual([]);
  });

  it('of a new issue is in its place as soon as the work item has its files', async () => {
    people.hold();
    const jira = await people.create('jira', 'New with an image');
    const media = await files.mediaId(await files.attach('jira', jira, 'new.png', 'new'));
    await files.describe('jira', jira, doc(image(media, 'new.png')));
    await people.letGo();
    const azure = await people.counterpart('jira', jira);
    await tandem.settled();
    const [copy] = await files.attached('azure', azure);
    expect(imagesIn(await files.description('azure', azure)).map(idIn)).toEqual([copy?.id]);
  });

  it('whose file comes later takes its place then, without a word of the rest written anew', async () => {
    const twins = await people.twins('jira', 'A late file');
    const answer = {
      kind: 'status',
      status: 503,
      match: { method: 'POST', path: '/*/_apis/wit/attachments' },
    } as const;
    people.fault('azure', answer);
    people.hold();
    const media = await files.mediaId(await files.attach('jira', twins.jira, 'late.png', 'late'));
    await files.describe('jira', twins.jira, doc(words('first'), image(media, 'late.png')));
    await tandem.asPerson('jira', 'POST', `issue/${twins.jira}/comment`, { body: doc(image(media, 'late.png')) });
    for (const { kernel } of [tandem.jira, tandem.azure]) kernel.events.setMode({ mode: 'deliver' });
    await tandem.idle();
    expect(await files.description('azure', twins.azure)).toContain('[Jira: file late.png]');
    expect((await people.comments('azure', twins.azure)).join()).toContain('[Jira: file late.png]');
    people.clearFaults();
    await tandem.advance(60_000);
    await tandem.settled();
    const [copy] = await files.attached('azure', twins.azure);
    const html: string = await files.description('azure', twins.azure);
    expect(imagesIn(html).map(idIn)).toEqual([copy?.id]);
    expect(html).not.toContain('[Jira:');
    const comments = await people.comments('azure', twins.azure);
    expect(comments.flatMap(imagesIn).map(idIn)).toEqual([copy?.id]);
    expect(nodes(await files.description('jira', twins.jira), 'media')).toHaveLength(1);
    expect(await writesOfAnotherRun(twins)).toEqual([]);
  });

  it('from anywhere else stays where it is', async () => {
    const twins = await people.twins('jira', 'External images');
    const external = 'https://images.example/a.png';
    await files.describe(
      'jira',
      twins.jira,
      doc({
        type: 'mediaSingle',
        attrs: { layout: 'center' },
        content: [{ type: 'media', attrs: { type: 'external', url: external } }],
      }),
    );
    await tandem.settled();
    expect(imagesIn(await files.description('azure', twins.azure))).toEqual([external]);
    const other = 'https://dev.azure.com/somebody/_apis/wit/attachments/11111111-2222-4333-8444-555555555555';
    await files.describe(
      'azure',
      twins.azure,
      `<div><img src="${external}"></div><div><img src="${other}" alt="x"></div>`,
    );
    await tandem.settled();
    expect(nodes(await files.description('jira', twins.jira), 'media').map(({ attrs }) => attrs.url)).toEqual([
      external,
    ]);
    expect(await files.attached('jira', twins.jira)).toEqual([]);
    expect(await people.errors('jira', twins.jira)).toEqual({});
  });
});

describe('a file in a comment', () => {
  it('is the same one on both sides', async () => {
    const twins = await people.twins('jira', 'Comments with files');
    people.hold();
    const media = await files.mediaId(await files.attach('jira', twins.jira, 'log.txt', 'a log'));
    const body = doc(words('see'), {
      type: 'mediaGroup',
      content: [{ type: 'media', attrs: { type: 'file', id: media, collection: '', alt: 'log.txt' } }],
    });
    await tandem.asPerson('jira', 'POST', `issue/${twins.jira}/comment`, { body });
    await people.letGo();
    const [copy] = await files.attached('azure', twins.azure);
    const [text = ''] = await people.comments('azure', twins.azure);
    expect(/<a[^>]*href="([^"]+\/attachments\/[^"]+)"/.exec(text)?.[1]).toContain(copy?.id);

    const url = await files.upload('there.png', 'pixels');
    await tandem.asPerson('azure', 'POST', `Tandem/_apis/wit/workItems/${twins.azure}/comments`, {
      text: `<div>look <img src="${url}"></div>`,
    });
    await tandem.settled();
    const there = (await files.attached('jira', twins.jira)).find(({ name }) => name === 'there.png');
    const { comments } = await tandem.asPerson('jira', 'GET', `issue/${twins.jira}/comment`);
    const shown = comments.flatMap((one: Answer) => [...nodes(one.body, 'media'), ...nodes(one.body, 'mediaInline')]);
    expect(shown.map(({ attrs }: Answer) => attrs.id)).toEqual([media, await files.mediaId(there?.id ?? '')]);
    expect(await files.attached('azure', twins.azure)).toHaveLength(1);
    expect(await writesOfAnotherRun(twins)).toEqual([]);
  });
});

describe('a link to an attachment', () => {
  it('leads to the copy on the other side, and back', async () => {
    const twins = await people.twins('azure', 'Links to files');
    people.hold();
    const id = await files.attach('azure', twins.azure, 'plan.pdf', 'a plan');
    const url = `${tandem.azure.url}/_apis/wit/attachments/${id}?fileName=plan.pdf`;
    await files.describe('azure', twins.azure, `<div>read <a href="${url}">the plan</a></div>`);
    await people.letGo();
    const [copy] = await files.attached('jira', twins.jira);
    const address = `${tandem.jira.url}/rest/api/3/attachment/content/${copy?.id}`;
    const document = await files.description('jira', twins.jira);
    expect(nodes(document, 'text').flatMap(({ marks = [] }) => marks.map(({ attrs }: Answer) => attrs.href))).toEqual([
      address,
    ]);

    await files.describe('jira', twins.jira, { ...document, content: [...document.content, words('soon')] });
    await tandem.settled();
    expect(await files.description('azure', twins.azure)).toContain(id);
    expect(await files.attached('jira', twins.jira)).toHaveLength(1);
    expect(await writesOfAnotherRun(twins)).toEqual([]);
  });
});
