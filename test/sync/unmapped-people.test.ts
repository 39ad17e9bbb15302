import { describe, expect, it } from 'vitest';
import { mapValue } from '../../backend/src/sync/mapping.ts';
import type { CommentSnapshot, FieldValue, Side } from '../../backend/src/sync/model.ts';
import { buildPeople } from '../../backend/src/sync/people.ts';
import type { RichText } from '../../backend/src/sync/rich-text.ts';
import { fieldRules } from '../../backend/src/sync/rules.ts';
import { unmappedPeople } from '../../backend/src/sync/unmapped-people.ts';
import { brief, html, item, key, profile, user } from './kit.ts';

const ana = 'aaaaaaaa-0000-4000-8000-000000000001';
const vi = 'aaaaaaaa-0000-4000-8000-000000000002';
const stranger = 'aaaaaaaa-0000-4000-8000-000000000003';
const known = {
  jira: [
    { id: 'acc-ana', name: 'Ana', email: 'ana@acme.test' },
    { id: 'acc-old', name: 'Old', active: false },
    { id: 'acc-solo', name: 'Solo' },
  ],
  azure: [
    { id: 'ana@acme.test', name: 'Ana A.', email: 'ana@acme.test', mentionId: ana },
    { id: 'old@acme.test', name: 'Old', active: false },
    { id: 'retired@acme.test', name: 'Retired' },
    { id: 'vi@acme.test', name: 'Vi', mentionId: vi },
  ],
};
const pairs = [
  { jira: 'acc-solo', azure: 'old@acme.test' },
  { jira: 'acc-old', azure: 'retired@acme.test' },
];
const people = buildPeople(pairs, known);

const rulesOf = (settings: Record<string, object> = {}) =>
  fieldRules({ settings: profile(settings).settings, key }, { jira: 'Story', azure: 'User Story' });

const inHtml = (id: string, name: string) => `<a href="#" data-vss-mention="version:2.0,${id}">@${name}</a>`;
const adfMention = (id: string, words: string): RichText => ({
  kind: 'richText',
  format: 'adf',
  adf: {
    type: 'doc',
    content: [
      { type: 'panel', content: [{ type: 'paragraph', content: [{ type: 'mention', attrs: { id, text: words } }] }] },
    ],
  },
});
const comment = (body: RichText): CommentSnapshot => ({
  id: '1',
  body,
  author: { id: 'x', name: 'X' },
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  version: {},
  url: '',
  restricted: false,
});
const seen = (
  side: Side,
  fields: Record<string, FieldValue>,
  texts: readonly RichText[] = [],
  settings: Record<string, object> = {},
) =>
  unmappedPeople(rulesOf(settings), item(side, fields), texts.map(comment), people, known[side]).map(
    ({ id, name, seenIn }) => `${id} (${name}) in ${seenIn.join(', ')}`,
  );

describe('people without a counterpart', () => {
  it('are told once, with every place', () => {
    const texts = [html(`<p>${inHtml(vi, 'Vi')}</p>`), html(inHtml(vi, 'Vi'))];
    expect(seen('azure', { 'System.AssignedTo': user('vi@acme.test', 'Vi') }, texts)).toEqual([
      'vi@acme.test (Vi) in System.AssignedTo, mention',
    ]);
  });

  it('are found in texts of every form, and by their name where the site does not list them', () => {
    const markdown: RichText = { kind: 'richText', format: 'markdown', text: `see @<${vi.toUpperCase()}>` };
    expect(seen('azure', { 'System.Description': html(inHtml(stranger, 'Stranger')) }, [markdown])).toEqual([
      'vi@acme.test (Vi) in mention',
      `${stranger} (Stranger) in mention`,
    ]);
    expect(seen('jira', { description: adfMention('acc-nobody', '@Nobody') })).toEqual([
      'acc-nobody (Nobody) in mention',
    ]);
  });

  it('are nobody who is mapped, and nobody in what does not travel', () => {
    expect(seen('azure', { 'System.AssignedTo': user('ana@acme.test') }, [html(inHtml(ana, 'Ana'))])).toEqual([]);
    const oneWay = { field: { description: { direction: 'azure-to-jira' }, assignee: { direction: 'azure-to-jira' } } };
    const fields = { description: adfMention('acc-nobody', '@Nobody'), assignee: user('acc-nobody') };
    expect(seen('jira', fields, [], oneWay)).toEqual([]);
  });

  it('may be mapped by the identity that texts name', () => {
    const byIdentity = buildPeople([{ jira: 'acc-nobody', azure: vi }], known);
    const text = [comment(html(inHtml(vi, 'Vi')))];
    expect(unmappedPeople(rulesOf(), item('azure'), text, byIdentity, known.azure)).toEqual([]);
  });

  it('with a counterpart whose account is closed are told for fields, since a mention needs no open account', () => {
    expect(seen('jira', { assignee: user('acc-solo') }, [adfMention('acc-solo', '@Solo')])).toEqual([
      'acc-solo (acc-solo) in assignee',
    ]);
  });
});

describe('a closed account on the other side', () => {
  const fields = [
    ['assignee', 'System.AssignedTo'],
    ['reporter', 'Custom.Reporter'],
    ['customfield_10050', 'Custom.Reviewer'],
  ] as const;
  const rules = [
    ['skip', 'skip', 'skip'],
    ['error', 'unassignable-user', 'unassignable-user'],
    [{ set: { jira: 'acc-ana', azure: 'ana@acme.test' } }, 'ana@acme.test', 'acc-ana'],
  ] as const;
  const cases = fields.flatMap(([jira, azure]) => rules.map((rule) => [jira, azure, ...rule] as const));

  it.each(cases)('%s ↔ %s, unmapped people: %j', (jira, azure, unmapped, toAzure, toJira) => {
    const { settings } = profile({ fields: [{ jira, azure, kind: 'user', unmapped }] });
    const [rule] = fieldRules({ settings, key }, { jira: 'Story', azure: 'User Story' });
    if (rule === undefined) throw new Error('the mapping makes a rule');
    const map = (from: Side, id: string) => {
      const result = mapValue(rule, from, user(id), { settings, people });
      return result.kind === 'value' ? brief(result.value) : result.kind === 'error' ? result.error.code : result.kind;
    };
    expect(map('jira', 'acc-solo')).toBe(toAzure);
    expect(map('azure', 'retired@acme.test')).toBe(toJira);
  });
});
