// Files of one name, deleted ones, names, and what texts say of files.

import { describe, expect, it } from 'vitest';
import { type AttachmentsInput, contentName, planAttachments } from '../../backend/src/sync/attachments.ts';
import { type ChildRecord, childSubject } from '../../backend/src/sync/child-records.ts';
import { syncError } from '../../backend/src/sync/errors.ts';
import { storedName } from '../../backend/src/sync/file-names.ts';
import { makeToken } from '../../backend/src/sync/marker.ts';
import { azureFiles, jiraLinks, jiraMedia, lateMedia, mediaResolver } from '../../backend/src/sync/media-references.ts';
import type { AttachmentSnapshot, Side } from '../../backend/src/sync/model.ts';
import type { Direction } from '../../backend/src/sync/profile.ts';
import { convertText, type RichText } from '../../backend/src/sync/rich-text.ts';
import { html, key, people, profile } from './kit.ts';

const itemIds = { jira: '10001', azure: '51' };

const file = (id: string, name = 'a.txt', size = 3, more: Partial<AttachmentSnapshot> = {}): AttachmentSnapshot => ({
  id,
  name,
  size,
  url: `https://acme.test/${id}`,
  createdAt: '2026-11-24T06:00:00Z',
  ...more,
});

const of = (attachments: { deleted?: 'leave' | 'delete'; direction?: Direction } = {}) =>
  profile({ attachments: { deleted: 'delete', ...attachments } });

const attach = (more: Partial<AttachmentsInput>) =>
  planAttachments({ profile: of(), key, people, now: 100_000, itemIds, children: [], jira: [], azure: [], ...more });

const record = (source: Side, sourceId: string, targetId?: string, more: Partial<ChildRecord> = {}): ChildRecord => ({
  kind: 'attachment',
  source,
  sourceId,
  ...(targetId === undefined ? {} : { targetId }),
  token: makeToken(key, { ...childSubject(of(), source, itemIds[source], sourceId), nonce: `n${sourceId}` }),
  sourceVersion: {},
  intentAt: 0,
  ...more,
});

describe('files of one name and size', () => {
  const contents = (prints: Readonly<Record<string, string>>) => new Map(Object.entries(prints));

  it('are looked at before they count as the same', () => {
    const plan = attach({ jira: [file('f1')], azure: [file('g1')], contents: new Map() });
    expect(plan.unknown).toEqual([
      { side: 'jira', id: 'f1' },
      { side: 'azure', id: 'g1' },
    ]);
    expect(attach({ jira: [file('f1')], azure: [file('g1', 'a.txt', 4)], contents: new Map() }).unknown).toEqual([]);
    expect(attach({ jira: [file('f1', 'e', 0)], azure: [file('g1', 'e', 0)], contents: new Map() }).found).toHaveLength(
      1,
    );
  });

  it('pair up by content, whatever their order', () => {
    const plan = attach({
      jira: [file('f1'), file('f2')],
      azure: [file('g2'), file('g1')],
      contents: contents({
        [contentName('jira', 'f1')]: 'one',
        [contentName('jira', 'f2')]: 'two',
        [contentName('azure', 'g1')]: 'one',
        [contentName('azure', 'g2')]: 'two',
      }),
    });
    expect(plan.found.map(({ sourceId, targetId }) => [sourceId, targetId])).toEqual([
      ['f1', 'g1'],
      ['f2', 'g2'],
    ]);
    expect(plan.operations).toEqual([]);
  });

  it('with other contents go across both ways, and an open creation is not taken for done', () => {
    const prints = contents({ [contentName('jira', 'f1')]: 'one', [contentName('azure', 'g1')]: 'two' });
    const lists = { jira: [file('f1')], azure: [file('g1')], contents: prints };
    expect(attach(lists).operations.map(({ side }) => side)).toEqual(['azure', 'jira']);
    expect(attach({ ...lists, children: [record('jira', 'f1')] }).found).toEqual([]);
  });
});

describe('a file of which one is gone', () => {
  const there = { jira: [file('f1')], azure: [file('g1')] };
  const gone = { jira: { ...there, jira: [] }, azure: { ...there, azure: [] } };

  it.each<[Side, Side, Direction, 'delete' | 'leave', readonly object[]]>([
    ['jira', 'jira', 'both', 'delete', [{ side: 'azure', sourceId: 'f1', targetId: 'g1' }]],
    ['jira', 'azure', 'both', 'delete', [{ side: 'jira', sourceId: 'g1', targetId: 'f1', returning: true }]],
    ['azure', 'azure', 'both', 'delete', [{ side: 'jira', sourceId: 'g1', targetId: 'f1' }]],
    ['azure', 'jira', 'both', 'delete', [{ side: 'azure', sourceId: 'f1', targetId: 'g1', returning: true }]],
    ['jira', 'azure', 'jira-to-azure', 'delete', []],
    ['jira', 'jira', 'jira-to-azure', 'delete', [{ side: 'azure', sourceId: 'f1', targetId: 'g1' }]],
    ['jira', 'jira', 'both', 'leave', []],
    ['azure', 'jira', 'both', 'leave', []],
  ])('source %s, gone from %s, %s, %s', (source, from, direction, deleted, expected) => {
    const [sourceId, targetId] = source === 'jira' ? ['f1', 'g1'] : ['g1', 'f1'];
    const children = [record(source, sourceId, targetId)];
    const plan = attach({ ...gone[from], children, profile: of({ deleted, direction }) });
    expect(plan.operations).toEqual(expected.map((one) => ({ kind: 'delete-attachment', ...one })));
    expect(plan.forgotten).toEqual([]);
  });

  it('on both sides is forgotten, also one that was never copied', () => {
    const children = [record('jira', 'f1', 'g1'), record('azure', 'g2')];
    expect(attach({ children }).forgotten).toEqual([
      { source: 'jira', sourceId: 'f1' },
      { source: 'azure', sourceId: 'g2' },
    ]);
  });

  it('is not deleted while a text of Azure DevOps shows it, nor where that text is its only place', () => {
    const children = [record('azure', 'g1', 'f1')];
    expect(attach({ ...gone.azure, children, shown: new Set(['g1']) }).operations).toEqual([]);
    const inline = [record('azure', 'g1', 'f1', { file: { inline: true } })];
    expect(attach({ ...gone.azure, children: inline }).operations).toEqual([]);
    expect(attach({ jira: [], azure: [file('g1', '', 0, { inline: true })], children: inline }).operations).toEqual([]);
  });

  it('is not asked for again once that was refused', () => {
    const refused = new Map([['f1', syncError('forbidden', { side: 'azure', field: 'f1' })]]);
    const plan = attach({ ...gone.jira, children: [record('jira', 'f1', 'g1')], refused });
    expect([plan.operations, plan.errors.map(({ code }) => code)]).toEqual([[], ['forbidden']]);
  });
});

describe('a name', () => {
  it.each([
    ['.hidden', '.hidden'],
    ['a/b\\c"d\'e<f>.txt', 'a/b\\c"d\'e<f>.txt'],
    ['two\r\nlines\t.txt', 'two lines .txt'],
    ['\0', 'attachment'],
    ['   ', 'attachment'],
    ['half \ud83d.txt', 'half \ufffd.txt'],
    [`${'x'.repeat(300)}.tar.gz`, `${'x'.repeat(251)}….gz`],
    [`${'x'.repeat(250)}🚀🚀🚀.md`, `${'x'.repeat(250)}….md`],
  ])('%j is kept as %j', (name, kept) => {
    expect(storedName(name)).toBe(kept);
    expect(storedName(kept)).toBe(kept);
    expect(kept.length).toBeLessThanOrEqual(255);
  });
});

const guid = '0a1b2c3d-0000-4000-8000-00000000000a';
const other = '0a1b2c3d-0000-4000-8000-00000000000b';
const mediaId = 'ffffffff-0000-4000-8000-00000000000f';
const organization = 'https://dev.azure.com/acme';
const site = 'https://acme.atlassian.net';
const media = mediaResolver(
  [
    {
      jira: { id: '10900', name: 'shot.png', mediaId },
      azure: { id: guid, name: 'shot.png', url: `${organization}/p/_apis/wit/attachments/${guid}` },
    },
  ],
  site,
);

const document = (...content: readonly object[]): RichText => ({
  kind: 'richText',
  format: 'adf',
  adf: { type: 'doc', version: 1, content },
});

const shown = (id: string): RichText =>
  document({
    type: 'mediaSingle',
    attrs: { layout: 'center' },
    content: [{ type: 'media', attrs: { type: 'file', id, collection: '', alt: 'shot.png' } }],
  });

describe('files in texts', () => {
  it('of Azure DevOps are found by today’s addresses and by those of old, once each', () => {
    const text = `<img src="${organization}/p/_apis/wit/attachments/${guid.toUpperCase()}?fileName=a%20b.png&amp;x=1">
      <a href=/acme/_apis/wit/attachments/${guid}>again</a>
      <img src="https://acme.visualstudio.com/WorkItemTracking/v1.0/AttachFileHandler.ashx?FileNameGuid=${other}&amp;FileName=old.png">
      <img src="https://elsewhere.example/${guid}.png">`;
    expect(azureFiles(text).map(({ id, name }) => [id, name])).toEqual([
      [guid, 'a b.png'],
      [other, 'old.png'],
    ]);
  });

  it('of Jira are found in media nodes and in links', () => {
    expect(jiraMedia(shown(mediaId))).toEqual([{ id: mediaId, name: 'shot.png', standIn: '[Jira: file shot.png]' }]);
    const external = document({
      type: 'mediaSingle',
      content: [{ type: 'media', attrs: { type: 'external', url: 'https://x' } }],
    });
    expect(jiraMedia(external)).toEqual([]);
    expect(
      jiraLinks(
        `${site}/rest/api/3/attachment/content/10900 ${site}/secure/attachment/10901/a.txt /attachment/content/`,
      ),
    ).toEqual(['10900', '10901']);
  });

  it('go to the other side and come back as they were', () => {
    const there = convertText(shown(mediaId), 'azure', { media });
    expect(there).toMatchObject({ format: 'html', text: expect.stringContaining(`${guid}?fileName=shot.png"`) });
    const back = convertText(there, 'jira', { media });
    expect(jiraMedia(back).map(({ id }) => id)).toEqual([mediaId]);

    const link = html(`<div><a href="${organization}/_apis/wit/attachments/${guid}">the shot</a></div>`);
    const inJira = convertText(link, 'jira', { media });
    expect(JSON.stringify(inJira)).toContain(`${site}/rest/api/3/attachment/content/10900`);
    expect(convertText(inJira, 'azure', { media })).toMatchObject({ text: expect.stringContaining(guid) });
  });

  it('are late where the other text shows something in their place', () => {
    const early = { jira: shown(mediaId), azure: convertText(shown(mediaId), 'azure', {}) };
    expect(lateMedia(early, media)).toEqual(['azure']);
    expect(lateMedia({ ...early, azure: convertText(early.jira, 'azure', { media }) }, media)).toEqual([]);
    expect(lateMedia(early, mediaResolver([], site))).toEqual([]);
    const image = html(`<div><img src="${organization}/_apis/wit/attachments/${guid}?fileName=shot.png"></div>`);
    expect(lateMedia({ jira: convertText(image, 'jira', {}), azure: image }, media)).toEqual(['jira']);
    expect(lateMedia({ jira: convertText(image, 'jira', { media }), azure: image }, media)).toEqual([]);
    expect(lateMedia({ jira: null, azure: null }, media)).toEqual([]);
  });
});
