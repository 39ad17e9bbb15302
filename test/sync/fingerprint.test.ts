import { describe, expect, it } from 'vitest';
import { fingerprintOf, normalForm, setFingerprint } from '../../backend/src/sync/fingerprint.ts';
import { makeToken, tokenIn, verifyToken } from '../../backend/src/sync/marker.ts';
import type { FieldValue, Side } from '../../backend/src/sync/model.ts';
import { adf, date, dateTime, html, key, number, option, options, text, user } from './kit.ts';

const same = (side: Side, a: FieldValue | null, b: FieldValue | null) =>
  normalForm(side, a, { kind: a?.kind === 'dateTime' ? 'date' : (a?.kind ?? 'text'), timeZone: 'Europe/Berlin' }) ===
  normalForm(side, b, { kind: b?.kind === 'dateTime' ? 'date' : (b?.kind ?? 'text'), timeZone: 'Europe/Berlin' });

describe('what counts as the same on one side', () => {
  it.each<readonly [string, Side, FieldValue | null, FieldValue | null, boolean]>([
    ['composed and decomposed letters', 'jira', text('é'), text('e\u0301'), true],
    ['line ends of either kind and blanks around', 'jira', text('a\r\nb '), text('a\nb'), true],
    ['letters of another case', 'jira', text('A'), text('a'), false],
    ['no value, an empty text, an empty set, an empty document', 'jira', null, text('  '), true],
    ['an empty set', 'azure', null, options(), true],
    ['an empty document', 'jira', null, adf(), true],
    ['empty HTML', 'azure', null, html('<div><br></div>'), true],
    ['numbers by value', 'azure', number(3), number(3.0), true],
    ['zero and minus zero', 'azure', number(0), number(-0), true],
    ['zero and nothing', 'azure', number(0), null, false],
    ['two moments of one day in the zone', 'azure', dateTime('2026-11-24T22:59:00Z'), date('2026-11-24'), true],
    ['two moments of two days in the zone', 'azure', dateTime('2026-11-24T23:01:00Z'), date('2026-11-24'), false],
    ['sets in another order', 'jira', options('b', 'a'), options('a', 'b'), true],
    ['labels of another case', 'jira', options('API'), options('api'), false],
    ['tags of another case', 'azure', options('API'), options('api'), true],
    [
      'options by name, whatever the id',
      'jira',
      { kind: 'option', option: { id: '1', name: 'Red' } },
      option('Red'),
      true,
    ],
    ['people by id, whatever the name', 'jira', user('a1', 'Ana'), user('a1', 'Ana Aalto'), true],
    ['unique names of another case', 'azure', user('ANA@acme.test'), user('ana@acme.test'), true],
    ['account ids of another case', 'jira', user('A1'), user('a1'), false],
    ['HTML that an editor wrapped', 'azure', html('<p>One</p>'), html('<div><p>One</p></div>'), true],
    ['other words', 'azure', html('<p>One</p>'), html('<p>Two</p>'), false],
  ])('%s', (_, side, a, b, expected) => {
    expect(same(side, a, b)).toBe(expected);
  });

  it('a text and an option of the same words are two things', () => {
    expect(normalForm('jira', text('Red'))).not.toBe(normalForm('jira', option('Red')));
  });
});

describe('fingerprints', () => {
  const of = (over: { key?: typeof key; side?: Side; id?: string; field?: string }) =>
    fingerprintOf(over.key ?? key, over.side ?? 'jira', over.id ?? '1', over.field ?? 'summary', text('x'));

  it('depend on key, side, item and field, so that equal values elsewhere cannot be told', () => {
    const other = { id: 'k2', secret: new Uint8Array(32).fill(8) };
    const all = [of({}), of({ key: other }), of({ side: 'azure' }), of({ id: '2' }), of({ field: 'description' })];
    expect(new Set(all).size).toBe(5);
    expect(of({})).toBe(of({}));
  });

  it('of a set of ids take no account of order or repetition', () => {
    expect(setFingerprint(key, ['2', '1', '2'])).toBe(setFingerprint(key, ['1', '2']));
    expect(setFingerprint(key, ['12'])).not.toBe(setFingerprint(key, ['1', '2']));
  });
});

describe('tokens', () => {
  const subject = { installationId: 'i1', profileId: 'p1', side: 'jira', sourceId: '10001' } as const;
  const token = makeToken(key, { ...subject, nonce: 'n0nce_-' });

  it('prove the installation, the profile, the side and the source', () => {
    expect(token).toMatch(/^tandem1\.n0nce_-\.[A-Za-z0-9_-]{22}$/);
    expect(verifyToken(key, token, subject)).toBe(true);
    const others = [
      { ...subject, installationId: 'i2' },
      { ...subject, profileId: 'p2' },
      { ...subject, side: 'azure' as const },
      { ...subject, sourceId: '10002' },
    ];
    for (const other of others) expect(verifyToken(key, token, other)).toBe(false);
    expect(verifyToken({ id: 'k2', secret: new Uint8Array(32) }, token, subject)).toBe(false);
  });

  it.each([
    '',
    'tandem1',
    'tandem1..',
    token.slice(0, -1),
    `${token}x`,
    token.replace('tandem1', 'tandem2'),
    token.replace('n0nce', 'other'),
  ])('%j is none', (forged) => {
    expect(verifyToken(key, forged, subject)).toBe(false);
  });

  it('are found in a longer text', () => {
    expect(tokenIn(`https://acme.test/browse/TAN-1#${token}&x=1`)).toBe(token);
    expect(tokenIn('nothing here')).toBeUndefined();
  });

  it('take no nonce that would break them', () => {
    expect(() => makeToken(key, { ...subject, nonce: 'a.b' })).toThrow(RangeError);
  });
});
