import { describe, expect, it } from 'vitest';
import { planAttachments } from '../../backend/src/sync/attachments.ts';
import { addAttribution, stripAttribution } from '../../backend/src/sync/attribution.ts';
import { type ChildRecord, childSubject } from '../../backend/src/sync/child-records.ts';
import { type CommentsInput, commentFingerprint } from '../../backend/src/sync/comment-edits.ts';
import { planComments } from '../../backend/src/sync/comments.ts';
import { makeToken } from '../../backend/src/sync/marker.ts';
import type { AttachmentSnapshot, CommentSnapshot, Side } from '../../backend/src/sync/model.ts';
import { ownWords } from '../../backend/src/sync/own-words.ts';
import { plainText, type RichText, textLines } from '../../backend/src/sync/rich-text.ts';
import { adf, html, key, people, profile } from './kit.ts';

const itemIds = { jira: '10001', azure: '51' };
const of = profile();
const token = (source: Side, id: string) =>
  makeToken(key, { ...childSubject(of, source, itemIds[source], id), nonce: `n${id}` });

const comment = (side: Side, id: string, body: RichText, more: Partial<CommentSnapshot> = {}): CommentSnapshot => ({
  id,
  body,
  author: { id: 'a', name: side === 'jira' ? 'Ana' : 'Vi' },
  createdAt: '2026-11-24T06:00:00Z',
  updatedAt: '2026-11-24T06:00:00Z',
  version: { at: 1 },
  url:
    side === 'jira'
      ? `https://acme.atlassian.net/browse/TAN-1?focusedCommentId=${id}`
      : `https://dev.azure.com/acme/_workitems/edit/51#${id}`,
  restricted: false,
  ...more,
});

const plan = (more: Partial<CommentsInput>) =>
  planComments({ profile: of, key, people, now: 100_000, itemIds, children: [], jira: [], azure: [], ...more });

const line = {
  name: 'Ana',
  side: 'jira',
  at: '2026-11-24T06:00:00Z',
  url: 'https://acme.atlassian.net/browse/TAN-1?a=1&b=2',
} as const;
const words = 'Ana · Jira · 2026-11-24 06:00 UTC';

describe('the attribution line', () => {
  it.each<readonly [string, RichText]>([
    ['a document', adf('Hello', 'there')],
    ['HTML', html('<div>Hello <b>there</b></div><!-- kept -->')],
    ['Markdown', { kind: 'richText', format: 'markdown', text: '**Hello**\n\nthere' }],
    ['an empty document', { kind: 'richText', format: 'adf', adf: { type: 'doc', version: 1, content: [] } }],
  ])('on %s comes off again and leaves what was there', (_, body) => {
    const marked = addAttribution(body, line, 'UTC');
    expect(plainText(marked).replaceAll('\\', '')).toContain(words);
    expect(stripAttribution(marked)).toEqual(body);
  });

  it('is never there twice', () => {
    const once = addAttribution(html('<p>Hi</p>'), line, 'UTC');
    expect(addAttribution(once, line, 'UTC')).toEqual(once);
    const twice = html(`<div><a href="x">${words}</a></div><div><a href="y">${words}</a></div><p>Hi</p>`);
    expect(stripAttribution(twice)).toEqual(html('<p>Hi</p>'));
  });

  it('is recognised where an editor wrapped and respaced it', () => {
    const edited = html(
      `<div>\n<p style="margin:0"><a href="x"><span>Ana&nbsp;· Jira ·\n 2026-11-24 06:00 UTC</span></a> </p><p>Hi</p></div>`,
    );
    expect(stripAttribution(edited)).toEqual(html('<div>\n<p>Hi</p></div>'));
  });

  it.each<readonly [string, RichText]>([
    ['words of a person without a link', html(`<p>${words}</p><p>Hi</p>`)],
    ['a quotation further down', html(`<p>As said:</p><p><a href="x">${words}</a></p>`)],
    ['a line with more than the link', html(`<p><a href="x">${words}</a> wrote</p>`)],
    [
      'a paragraph of which only a part is linked',
      {
        kind: 'richText',
        format: 'adf',
        adf: { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text: words }] }] },
      },
    ],
  ])('is not taken for %s', (_, body) => {
    expect(stripAttribution(body)).toEqual(body);
  });

  it('shows the time in the profile’s zone, and a name that would break it in one line', () => {
    const marked = addAttribution(html('<p>x</p>'), { ...line, name: 'A <b>\nB' }, 'Asia/Kolkata');
    expect(marked).toMatchObject({
      text: expect.stringContaining('A &lt;b&gt; B · Jira · 2026-11-24 11:30 UTC+05:30'),
    });
    expect(stripAttribution(marked)).toEqual(html('<p>x</p>'));
  });
});

describe('comments', () => {
  it('go to the other side once, oldest first, with the line on top', () => {
    const later = comment('jira', 'c2', adf('Second'), { createdAt: '2026-11-24T07:00:00Z' });
    const { operations } = plan({
      jira: [later, comment('jira', 'c1', adf('First'))],
      azure: [comment('azure', 'd1', html('<p>Reply</p>'))],
    });
    expect(
      operations.map((one) => ('body' in one ? [one.kind, one.side, one.sourceId, textLines(one.body).join(' ')] : [])),
    ).toEqual([
      ['add-comment', 'azure', 'c1', `${words} First`],
      ['add-comment', 'azure', 'c2', 'Ana · Jira · 2026-11-24 07:00 UTC Second'],
      ['add-comment', 'jira', 'd1', 'Vi · Azure DevOps · 2026-11-24 06:00 UTC Reply'],
    ]);
  });

  it('stay where they are when restricted, empty, of the other direction, or switched off', () => {
    const one = [comment('jira', 'c1', adf('x'))];
    const count = (more: Partial<CommentsInput>) => plan({ jira: one, ...more }).operations.length;
    expect(count({ jira: [comment('jira', 'c1', adf('x'), { restricted: true })] })).toBe(0);
    expect(count({ jira: [comment('jira', 'c1', html('<p> </p>'))] })).toBe(0);
    expect(count({ profile: profile({ comments: { direction: 'azure-to-jira' } }) })).toBe(0);
    expect(count({ profile: profile({ comments: { enabled: false } }) })).toBe(0);
    expect(count({})).toBe(1);
  });

  const source = comment('jira', 'c1', adf('First'));
  const copyBody = addAttribution(html('<p>First</p>'), line, 'UTC');
  const marked = comment('azure', 'd1', copyBody, { marker: { token: token('jira', 'c1'), sourceId: 'c1' } });
  const child = (more: Partial<ChildRecord> = {}): ChildRecord => ({
    kind: 'comment',
    source: 'jira',
    sourceId: 'c1',
    token: token('jira', 'c1'),
    sourceVersion: { at: 1 },
    intentAt: 99_000,
    ...more,
  });

  it('that are our copies are found again after a lost answer, and are no source', () => {
    const found = { source: 'jira', sourceId: 'c1', targetId: 'd1', token: token('jira', 'c1') };
    for (const children of [[], [child()]]) {
      const result = plan({ jira: [source], azure: [marked], children });
      expect([result.operations, result.found]).toEqual([[], [found]]);
    }
  });

  it('wait while their creation may still land', () => {
    expect(plan({ jira: [source], children: [child()], settleMs: 2_000 })).toMatchObject({
      operations: [],
      waiting: ['c1'],
    });
    expect(plan({ jira: [source], children: [child()], settleMs: 500 }).operations).toHaveLength(1);
  });

  it('with a forged or foreign marker are people’s own', () => {
    const forged = { ...marked, marker: { token: token('jira', 'c9'), sourceId: 'c1' } };
    expect(plan({ azure: [forged] }).operations).toHaveLength(1);
  });

  it('into which a person pasted a copy’s line are people’s own, as long as the copy is there', () => {
    const pasted = { ...marked, id: 'd2', body: html(`<p>See</p>${'text' in copyBody ? copyBody.text : ''}`) };
    const { operations } = plan({
      jira: [source],
      azure: [marked, pasted],
      children: [child({ targetId: 'd1', bodies: bodies() })],
    });
    expect(operations).toMatchObject([{ kind: 'add-comment', side: 'jira', sourceId: 'd2' }]);
  });

  const print = (side: Side, body: RichText) => commentFingerprint(key, side, itemIds[side], body);
  const bodies = () => ({ jira: print('jira', source.body), azure: print('azure', marked.body) });
  const paired = (jira: CommentSnapshot, azure: CommentSnapshot | undefined) =>
    plan({ jira: [jira], azure: azure ? [azure] : [], children: [child({ targetId: 'd1', bodies: bodies() })] });

  it('that agree are left alone', () => {
    expect(paired(source, marked).operations).toEqual([]);
  });

  it('that were edited are edited on the other side, from either side', () => {
    const edited = paired({ ...source, body: adf('First, edited') }, marked);
    expect(edited.operations).toMatchObject([
      { kind: 'update-comment', side: 'azure', sourceId: 'c1', targetId: 'd1' },
    ]);
    const copy = { ...marked, body: addAttribution(html('<p>Better</p>'), line, 'UTC') };
    const [back] = paired(source, copy).operations;
    expect(back).toMatchObject({
      kind: 'update-comment',
      side: 'jira',
      sourceId: 'd1',
      targetId: 'c1',
      returning: true,
    });
    expect(back && 'body' in back ? plainText(back.body) : '').toBe('Better');
  });

  it('that were edited on both sides take the newer edit', () => {
    const copy = { ...marked, body: addAttribution(html('<p>Mine</p>'), line, 'UTC') };
    const edited = { ...source, body: adf('Yours') };
    const at = (jira: string, azure: string) =>
      paired({ ...edited, updatedAt: jira }, { ...copy, updatedAt: azure }).operations[0]?.side;
    expect(at('2026-11-24T08:00:00Z', '2026-11-24T09:00:00Z')).toBe('jira');
    expect(at('2026-11-24T09:00:00Z', '2026-11-24T08:00:00Z')).toBe('azure');
    expect(at('2026-11-24T08:00:00Z', '2026-11-24T08:00:03Z')).toBe('azure');
  });

  it('that were edited alike are recorded as agreed', () => {
    const copy = { ...marked, body: addAttribution(html('<p>Same</p>'), line, 'UTC') };
    const result = paired({ ...source, body: adf('Same') }, copy);
    expect([result.operations, result.agreed.map(({ sourceId }) => sourceId)]).toEqual([[], ['c1']]);
  });

  it('that are too long for Jira are an error', () => {
    const long = comment('azure', 'd1', html(`<p>${'x'.repeat(32_767)}</p>`));
    expect(plan({ azure: [long] })).toMatchObject({
      operations: [],
      errors: [{ code: 'too-long', level: 'child', field: 'd1' }],
    });
  });
});

describe('comments that are gone', () => {
  const jira = comment('jira', 'c1', adf('First'));
  const azure = comment('azure', 'd1', addAttribution(html('<p>First</p>'), { ...line, url: jira.url }, 'UTC'), {
    marker: { token: token('jira', 'c1'), sourceId: 'c1' },
  });
  const print = (side: Side, one: CommentSnapshot) => commentFingerprint(key, side, itemIds[side], one.body);
  const child = (more: Partial<ChildRecord> = {}): ChildRecord => ({
    kind: 'comment',
    source: 'jira',
    sourceId: 'c1',
    targetId: 'd1',
    token: token('jira', 'c1'),
    sourceVersion: { at: 1 },
    bodies: { jira: print('jira', jira), azure: print('azure', azure) },
    intentAt: 0,
    ...more,
  });
  const unmade = (more: Partial<ChildRecord> = {}): ChildRecord => {
    const { targetId: _, bodies: __, ...open } = child(more);
    return open;
  };
  const deletion = (more: object) => ({ kind: 'delete-comment', ...more });
  const rules = (comments: object) => ({ profile: profile({ comments }) });
  const ofCopy = deletion({ side: 'azure', sourceId: 'c1', targetId: 'd1' });
  const ofSource = deletion({ side: 'jira', sourceId: 'd1', targetId: 'c1', returning: true });
  const edit = (one: CommentSnapshot, body: RichText) => ({ ...one, body });
  const editedCopy = edit(azure, addAttribution(html('<p>Edited</p>'), { ...line, url: jira.url }, 'UTC'));

  it.each<readonly [string, Partial<CommentsInput>, readonly object[]]>([
    ['the source: its copy goes', { azure: [azure] }, [ofCopy]],
    ['the source, leaving: the copy stays', { azure: [azure], ...rules({ deleted: 'leave' }) }, []],
    [
      'the source of the other direction: the copy stays',
      { azure: [azure], ...rules({ direction: 'azure-to-jira' }) },
      [],
    ],
    ['the source, which only was not read: nothing', { azure: [azure], asked: { jira: ['c9'] } }, []],
    [
      'the source, which was asked for: its copy goes',
      { azure: [azure], asked: { jira: ['c1'], azure: ['d1'] } },
      [ofCopy],
    ],
    ['the copy: the source goes', { jira: [jira] }, [ofSource]],
    ['the copy, leaving: not made again', { jira: [jira], ...rules({ deleted: 'leave' }) }, []],
    ['the copy of a one-way source: not made again', { jira: [jira], ...rules({ direction: 'jira-to-azure' }) }, []],
    ['the copy, which only was not read: nothing', { jira: [jira], asked: { azure: [] } }, []],
    ['the source, its copy edited: newest lets it pass', { azure: [editedCopy] }, [ofCopy]],
    ['the source, its copy edited, Jira wins', { azure: [editedCopy], ...rules({ conflict: 'jira' }) }, [ofCopy]],
    ['the source, its copy edited, Azure wins: it stays', { azure: [editedCopy], ...rules({ conflict: 'azure' }) }, []],
  ])('%s', (_, given, operations) => {
    expect(plan({ children: [child()], ...given }).operations).toEqual(operations);
  });

  it('both are forgotten, once it is known of both', () => {
    expect(plan({ children: [child()] }).forgotten).toMatchObject([{ sourceId: 'c1' }]);
    expect(plan({ children: [child()], asked: { jira: ['c1'], azure: [] } }).forgotten).toEqual([]);
    const open = unmade({ intentAt: 99_000 });
    expect(plan({ children: [open], settleMs: 5_000 })).toMatchObject({ forgotten: [], waiting: ['c1'] });
    expect(plan({ children: [open], settleMs: 500 })).toMatchObject({ forgotten: [{ sourceId: 'c1' }], waiting: [] });
  });

  it('a copy that landed after its source was deleted goes as well', () => {
    const open = unmade();
    expect(plan({ children: [open], azure: [azure] }).operations).toEqual([ofCopy]);
  });

  it('an edit that wins over the deletion of the copy gets another copy', () => {
    const given = { children: [child()], jira: [edit(jira, adf('Edited'))], ...rules({ conflict: 'jira' }) };
    expect(plan(given)).toMatchObject({
      forgotten: [{ sourceId: 'c1' }],
      operations: [{ kind: 'add-comment', side: 'azure', sourceId: 'c1' }],
    });
  });

  it('an edit against a deletion is asked about, and settled by the choice', () => {
    const given = { children: [child()], azure: [editedCopy], ...rules({ conflict: 'ask' }) };
    expect(plan(given)).toMatchObject({ operations: [], errors: [{ code: 'conflict', level: 'child', field: 'c1' }] });
    expect(plan({ ...given, choices: { 'comment:c1': 'jira' } }).operations).toEqual([ofCopy]);
    expect(plan({ ...given, choices: { 'comment:c1': 'azure' } })).toMatchObject({
      operations: [],
      forgotten: [{ sourceId: 'c1' }],
    });
  });

  describe('since the source became restricted', () => {
    const hidden = { ...jira, restricted: true };
    const hiding = { ...ofCopy, hidden: true };

    it('the copy goes, or stays as it is by the profile', () => {
      expect(plan({ children: [child()], jira: [hidden], azure: [azure] }).operations).toEqual([hiding]);
      const left = { children: [child()], jira: [edit(hidden, adf('Secret'))], azure: [azure] };
      expect(plan({ ...left, ...rules({ deleted: 'leave' }) }).operations).toEqual([]);
      expect(plan({ ...left, ...rules({ restricted: 'sync' }) }).operations).toMatchObject([
        { kind: 'update-comment', side: 'azure' },
      ]);
    });

    it('a process that died after its intent finds the copy by its marker, or makes it again once it is public', () => {
      const again = unmade();
      expect(plan({ children: [again], jira: [hidden], azure: [azure] }).operations).toEqual([hiding]);
      expect(plan({ children: [again], jira: [hidden] })).toMatchObject({ operations: [], forgotten: [{}] });
      expect(plan({ children: [again], jira: [jira], azure: [azure] }).found).toHaveLength(1);
      expect(plan({ children: [again], jira: [jira] }).operations).toMatchObject([{ kind: 'add-comment' }]);
    });
  });
});

describe('a copy whose line a person changed', () => {
  const source = { side: 'jira', id: '10' } as const;
  const url = 'https://acme.atlassian.net/browse/TAN-1?focusedCommentId=10';
  const link = (text: string) => ({ type: 'text', text, marks: [{ type: 'link', attrs: { href: url } }] });
  const doc = (...blocks: readonly (readonly object[])[]): RichText => ({
    kind: 'richText',
    format: 'adf',
    adf: { type: 'doc', version: 1, content: blocks.map((content) => ({ type: 'paragraph', content })) },
  });
  const said = { type: 'text', text: 'Hi' };
  const markdown = (text: string): RichText => ({ kind: 'richText', format: 'markdown', text });
  const a = (text: string, address = url) => `<a href="${address.replaceAll('&', '&amp;')}">${text}</a>`;

  it.each<readonly [string, RichText, RichText]>([
    ['another label', html(`<div>${a('Ana')}</div><p>Hi</p>`), html('<p>Hi</p>')],
    ['with its marker', html(`<div>${a('Ana', `${url}#tandem=10:x`)}</div><p>Hi</p>`), html('<p>Hi</p>')],
    ['words beside it', html(`<div>${a('Ana')}&nbsp;Hi</div>`), html('<div>Hi</div>')],
    ['the line and the text in one block', html(`<p>${a(words)}<br>Hi</p>`), html('<p>Hi</p>')],
    ['no block at all', html(`${a('Ana')}<br>Hi`), html('<br>Hi')],
    ['no link any more', html(`<div>${words}</div><p>Hi</p>`), html('<p>Hi</p>')],
    ['no line any more', html('<p>Hi</p>'), html('<p>Hi</p>')],
    [
      'another comment’s link',
      html(`<p>${a('see', url.replace('=10', '=101'))}</p>`),
      html(`<p>${a('see', url.replace('=10', '=101'))}</p>`),
    ],
    ['a link further down', html(`<p>Hi</p><p>${a('see')}</p>`), html(`<p>Hi</p><p>${a('see')}</p>`)],
    ['another label in a document', doc([link('Ana')], [said]), doc([said])],
    ['a card in a document', doc([{ type: 'inlineCard', attrs: { url } }], [said]), doc([said])],
    ['words beside it in a document', doc([link('Ana'), { type: 'hardBreak' }, said]), doc([said])],
    ['no link in a document', doc([{ type: 'text', text: words }], [said]), doc([said])],
    ['nothing of it in a document', doc([said]), doc([said])],
    ['another label in Markdown', markdown(`[Ana](<${url}>)\n\n**Hi**`), markdown('**Hi**')],
    ['words beside it in Markdown', markdown(`[Ana](${url}) Hi\n`), markdown('Hi\n')],
    ['nothing of it in Markdown', markdown('Hi'), markdown('Hi')],
  ])('shows %s: its own words are the text alone', (_, body, own) => {
    expect(ownWords(body, source)).toEqual(own);
  });
});

describe('attachments', () => {
  const file = (id: string, name = 'a.txt', size = 3, more: Partial<AttachmentSnapshot> = {}): AttachmentSnapshot => ({
    id,
    name,
    size,
    url: `https://acme.test/${id}`,
    createdAt: '2026-11-24T06:00:00Z',
    ...more,
  });
  const attach = (more: object) =>
    planAttachments({ profile: of, key, people, now: 100_000, itemIds, children: [], jira: [], azure: [], ...more });
  const record = (more: Partial<ChildRecord>): ChildRecord => ({
    kind: 'attachment',
    source: 'jira',
    sourceId: 'f1',
    token: token('jira', 'f1'),
    sourceVersion: {},
    intentAt: 99_000,
    ...more,
  });

  it('go across once each way', () => {
    const { operations } = attach({ jira: [file('f1')], azure: [file('g1', 'b.png', 9)] });
    expect(operations).toEqual([
      { kind: 'add-attachment', side: 'azure', sourceId: 'f1', name: 'a.txt', size: 3 },
      { kind: 'add-attachment', side: 'jira', sourceId: 'g1', name: 'b.png', size: 9 },
    ]);
    expect(
      attach({ jira: [file('f1')], azure: [file('g1')], children: [record({ targetId: 'g1' })] }).operations,
    ).toEqual([]);
  });

  it('that are there already are matched by marker, else by name and size, each once', () => {
    const marker = { token: token('jira', 'f1'), sourceId: 'f1' };
    expect(attach({ jira: [file('f1')], azure: [file('g1', 'renamed.txt', 3, { marker })] }).found).toMatchObject([
      { sourceId: 'f1', targetId: 'g1' },
    ]);
    const twins = attach({ jira: [file('f1'), file('f2')], azure: [file('g1')] });
    expect(twins.found.map(({ sourceId, targetId }) => [sourceId, targetId])).toEqual([['f1', 'g1']]);
    expect(twins.operations).toMatchObject([{ side: 'azure', sourceId: 'f2' }]);
  });

  it('whose copy was deleted are not sent again', () => {
    expect(attach({ jira: [file('f1')], children: [record({ targetId: 'g1' })] }).operations).toEqual([]);
  });

  it('wait while their creation may still land, and go again after', () => {
    expect(attach({ jira: [file('f1')], children: [record({})], settleMs: 5_000 })).toMatchObject({
      operations: [],
      waiting: ['f1'],
    });
    expect(attach({ jira: [file('f1')], children: [record({})], settleMs: 500 }).operations).toHaveLength(1);
  });

  it('over the other side’s limit are an error with the limit', () => {
    const result = attach({ jira: [file('f1', 'big.bin', 11)], maxSize: { azure: 10 } });
    expect(result).toMatchObject({ operations: [], errors: [{ code: 'too-large', field: 'f1', value: '10 bytes' }] });
  });
});
