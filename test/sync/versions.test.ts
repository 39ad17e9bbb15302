import { describe, expect, it } from 'vitest';
import type { Version } from '../../backend/src/sync/model.ts';
import { type ChangeHint, isEcho, mergeHints, newerVersion, notNewer } from '../../backend/src/sync/versions.ts';
import fc from '../property.ts';

const hint = (more: Partial<ChangeHint>): ChangeHint => ({ side: 'jira', itemId: '1', aspect: 'fields', ...more });

const pair = {
  versions: {
    jira: { fields: { seq: 500, at: 1_000 }, attachments: { set: 'S' } },
    azure: { fields: { seq: 7, at: 2_000 } },
  },
  children: [
    { source: 'jira', sourceId: 'c1', targetId: 'd1', sourceVersion: { at: 10 }, targetVersion: { seq: 2, at: 20 } },
    { source: 'azure', sourceId: 'd9', sourceVersion: { seq: 1 } },
  ],
} as const;

describe('an echo', () => {
  it.each<readonly [string, Partial<ChangeHint>, boolean]>([
    ['the recorded history id', { version: { seq: 500 } }, true],
    ['an older history id', { version: { seq: 499, at: 9_999 } }, true],
    ['a newer history id, even at the same time', { version: { seq: 501, at: 1_000 } }, false],
    ['the recorded time, without a history id', { version: { at: 1_000 } }, true],
    ['a later time', { version: { at: 1_001 } }, false],
    ['no version', {}, false],
    ['the recorded revision', { side: 'azure', version: { seq: 7 } }, true],
    ['the next revision', { side: 'azure', version: { seq: 8 } }, false],
    ['the recorded set of attachments', { aspect: 'attachments', version: { set: 'S' } }, true],
    ['another set of attachments', { aspect: 'attachments', version: { set: 'T' } }, false],
    ['links, of which nothing is recorded', { aspect: 'links', version: { set: 'S' } }, false],
    ['a comment of ours, as recorded', { side: 'azure', aspect: 'comments', childId: 'd1', version: { seq: 2 } }, true],
    [
      'a comment of ours, edited since',
      { side: 'azure', aspect: 'comments', childId: 'd1', version: { seq: 3 } },
      false,
    ],
    ['a source comment, as recorded', { aspect: 'comments', childId: 'c1', version: { at: 10 } }, true],
    [
      'a source comment whose copy is not made yet',
      { side: 'azure', aspect: 'comments', childId: 'd9', version: { seq: 1 } },
      false,
    ],
    ['a comment of the same id on the other side', { aspect: 'comments', childId: 'd1', version: { at: 1 } }, false],
    ['a comment that nobody knows', { aspect: 'comments', childId: 'c2', version: { at: 1 } }, false],
    ['the end of a comment that is recorded', { aspect: 'comments', childId: '-c1' }, false],
    ['the end of a copy that is recorded', { side: 'azure', aspect: 'comments', childId: '-d1' }, false],
    ['the end of a comment that nobody knows', { aspect: 'comments', childId: '-c2' }, true],
    ['a deletion', { aspect: 'deleted', version: { seq: 1 } }, false],
    ['anything', { aspect: 'any', version: { seq: 1 } }, false],
  ])('%s', (_, more, expected) => {
    expect(isEcho(hint(more), pair)).toBe(expected);
  });
});

const version: fc.Arbitrary<Version> = fc.record({ seq: fc.nat(9), at: fc.nat(9) }, { requiredKeys: [] });

describe('versions', () => {
  it('are never lowered', () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        const newer = newerVersion(a, b);
        for (const part of ['seq', 'at'] as const) {
          for (const one of [a, b]) expect(newer[part] ?? -1).toBeGreaterThanOrEqual(one[part] ?? -1);
        }
        expect(newer).toEqual(newerVersion(b, a));
      }),
    );
  });

  it('without anything to compare count as newer', () => {
    expect(notNewer({ seq: 1 }, { at: 5 })).toBe(false);
    expect(notNewer({}, {})).toBe(false);
    expect(notNewer({ seq: 1 }, undefined)).toBe(false);
  });
});

describe('hints that merge', () => {
  it('keep the greatest version per side and aspect, and children apart', () => {
    const merged = mergeHints(
      [hint({ version: { seq: 5 } }), hint({ aspect: 'comments', childId: 'c1', version: { at: 5 } })],
      [
        hint({ version: { seq: 3 } }),
        hint({ aspect: 'comments', childId: 'c2', version: { at: 4 } }),
        hint({ side: 'azure' }),
      ],
    );
    expect(merged).toEqual([
      hint({ version: { seq: 5 } }),
      hint({ aspect: 'comments', childId: 'c1', version: { at: 5 } }),
      hint({ aspect: 'comments', childId: 'c2', version: { at: 4 } }),
      hint({ side: 'azure' }),
    ]);
  });

  it('stay apart where nothing ranks them: without a version, with other parts, with another set of ids', () => {
    const none = hint({});
    const bySeq = hint({ version: { seq: 3 } });
    const byTime = hint({ version: { at: 9 } });
    expect(mergeHints([none, bySeq], [byTime, none, bySeq])).toEqual([none, bySeq, byTime]);
    const sets = ['S', 'T'].map((set) => hint({ aspect: 'attachments', version: { set } }));
    expect(mergeHints(sets, sets)).toEqual(sets);
  });

  it('never hide a change: what is no echo stays none', () => {
    const hints = fc.array(
      fc.record({
        side: fc.constantFrom('jira' as const, 'azure' as const),
        version: fc.option(version, { nil: undefined }),
      }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(hints, hints, (a, b) => {
        const as = (list: typeof a): ChangeHint[] =>
          list.map(({ side, version: of }) => hint(of ? { side, version: of } : { side }));
        const known = { versions: { jira: { fields: { seq: 4, at: 4 } }, azure: { fields: { seq: 4, at: 4 } } } };
        const news = (list: readonly ChangeHint[]) => list.some((one) => !isEcho(one, known));
        if (news(as(a)) || news(as(b))) expect(news(mergeHints(as(a), as(b)))).toBe(true);
      }),
    );
  });
});
