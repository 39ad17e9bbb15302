// What a service's words are masked by: what the call sent, and what the run has read.

import { describe, expect, test } from 'vitest';
import { maskDetail } from '../../backend/src/http/mask.ts';
import { readValues, rememberingReads, rememberRead } from '../../backend/src/http/read-values.ts';

const issue = {
  id: '10001',
  key: 'TAN-1',
  fields: {
    summary: 'Invoice of Mrs. Zebra',
    labels: ['quartz-secret'],
    description: {
      type: 'doc',
      content: [{ type: 'text', text: 'The pump in hall seven leaks since Tuesday morning' }],
    },
    'Custom.Html': '<div>Kept <b>within tags</b></div>',
  },
};
const masked = (message: string, failed: unknown = null) =>
  rememberingReads(() => {
    rememberRead('GET issue/{id}', issue, 500, false);
    rememberRead('PUT issue/{id}', failed, 500, true);
    return maskDetail(message, ['sent value']);
  });

describe('the words of a service', () => {
  test.each([
    ['what was sent', 'cannot take sent value', 'cannot take ***'],
    ['what was read before', "'Invoice of Mrs. Zebra' is locked", "'***' is locked"],
    ['an element of a list', 'label quartz-secret is unknown', 'label *** is unknown'],
    ['text between tags', 'near within tags', 'near ***'],
    ['a part that a service cut out', 'at "in hall seven leaks since Tue…"', 'at "***…"'],
    ['a value in escaped JSON', JSON.stringify({ m: 'Invoice of Mrs. Zebra' }), '{"m":"***"}'],
  ])('lose %s', (_, message, expected) => expect(masked(message)).toBe(expected));

  test('keep ids, keys and what only begins alike', () => {
    const message = 'issue TAN-1 (10001) has quartz-secrets';
    expect(masked(message)).toBe(message);
  });

  test('lose what the failing answer itself repeats, and keep what it says', () => {
    const failed = { message: 'The value is wrong: Kiwi jam', customProperties: { value: 'Kiwi jam' }, typeKey: 'Bad' };
    expect(masked(failed.message, failed)).toBe('The value is wrong: ***');
  });

  test('keep what the site calls its things', () => {
    const found = rememberingReads(() => {
      for (const operation of ['GET field', 'GET project/search', 'GET issue/createmeta/{key}/issuetypes']) {
        rememberRead(operation, [{ name: 'Severity', schema: { type: 'priority' } }], 60, false);
      }
      rememberRead('GET projects/{id}/teams/{team}/members', [{ name: 'Ana Nowak' }], 60, false);
      return maskDetail('The priority field Severity is not for Ana Nowak', []);
    });
    expect(found).toBe('The priority field Severity is not for ***');
  });

  test('are masked by nothing of another run', () => {
    masked('x');
    expect(readValues()).toEqual([]);
    expect(maskDetail('Invoice of Mrs. Zebra', [])).toBe('Invoice of Mrs. Zebra');
  });
});

describe('a value that a service writes otherwise', () => {
  test.each([
    ['in HTML', 'Größe <b>"7" & mehr</b>', 'Größe &lt;b&gt;&quot;7&quot; &amp; mehr&lt;/b&gt;'],
    ['in ASCII', 'Größe & Maß', String.raw`Gr\u00f6\u00dfe \u0026 Ma\u00df`],
    ['in ASCII with capitals', 'Größe', String.raw`Gr\u00F6\u00DFe`],
    ['beyond the first plane', 'Ziel 🎯', String.raw`Ziel \ud83c\udfaf`],
    ['in an address', 'Größe & Maß', 'Gr%C3%B6%C3%9Fe%20%26%20Ma%C3%9F'],
  ])('%s is masked', (_, value, written) => {
    expect(maskDetail(`It can't be ${written}.`, [value])).toBe("It can't be ***.");
    const read = rememberingReads(() => {
      rememberRead('GET issue/{id}', { fields: { summary: value } }, 500, false);
      return maskDetail(`It can't be ${written}.`, []);
    });
    expect(read).toBe("It can't be ***.");
  });
});

describe('what a run read', () => {
  test('is looked through however deep it nests, and kept up to a limit', () => {
    let deep: unknown = 'at the bottom';
    for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
    rememberingReads(() => {
      rememberRead('GET issue/{id}', deep, 100, false);
      expect(readValues()).toEqual(['at the bottom']);
      for (let page = 0; page < 5; page += 1)
        rememberRead('GET issue/{id}', { text: `page ${page}` }, 1024 * 1024, false);
      expect(readValues()).toEqual(['page 3', 'page 4']);
      rememberRead('GET issue/{id}', { text: 'too large to keep' }, 3 * 1024 * 1024, false);
      expect(readValues()).toHaveLength(2);
    });
  });
});
