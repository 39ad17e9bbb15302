import { describe, expect, it } from 'vitest';
import { formatFixed, formatPairs, parseFixed, parsePairs } from '../../forge-app/admin/editor/lines.ts';
import fc from '../property.ts';

describe('pairs as lines', () => {
  it('are read with any spacing, empty lines and line ends', () => {
    expect(parsePairs('To Do = New\r\n\n  In Arbeit=Active  \nBlocked = Active')).toEqual({
      ok: true,
      value: [
        { jira: 'To Do', azure: 'New' },
        { jira: 'In Arbeit', azure: 'Active' },
        { jira: 'Blocked', azure: 'Active' },
      ],
    });
  });

  it.each([
    ['To Do - New', 1, 'To Do - New'],
    ['To Do = New\n\nDone =', 3, 'Done ='],
    ['= New', 1, '= New'],
  ])('%j: the first line that can’t be read is told', (text, line, shown) => {
    expect(parsePairs(text)).toEqual({ ok: false, line, text: shown });
  });

  it('keep a name that holds an equals sign apart by its spaces or quotes', () => {
    expect(parsePairs('a=b = c\n"x = y" = z')).toEqual({
      ok: true,
      value: [
        { jira: 'a=b', azure: 'c' },
        { jira: 'x = y', azure: 'z' },
      ],
    });
  });

  it('come back as they were written', () => {
    const name = fc.stringMatching(/^[\p{L}\p{N}_.:()/ ="-]{1,12}$/u).filter((text) => text.trim() !== '');
    fc.assert(
      fc.property(fc.array(fc.record({ jira: name, azure: name })), (pairs) => {
        expect(parsePairs(formatPairs(pairs))).toEqual({ ok: true, value: pairs });
      }),
    );
  });
});

describe('fixed values as lines', () => {
  it('tell numbers, texts and lists apart', () => {
    const values = { resolution: 'Done', 'Custom.Effort': 5, customfield_1: '5', labels: ['a', 'b c'] };
    const text = 'resolution = Done\nCustom.Effort = 5\ncustomfield_1 = "5"\nlabels = [a, b c]';
    expect(parseFixed(text)).toEqual({ ok: true, value: values });
    expect(formatFixed(values)).toBe(text);
  });
});
