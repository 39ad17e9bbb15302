// How a rule looks at the fields of the two sides when they are not alike as they stand: text that a template framed or
// made, effort in other units. Everything that is compared or fingerprinted is what `seenValue` shows; everything that is
// sent was made by `sentValue`.

import { hoursOf, rounded } from './durations.ts';
import { wordsOf } from './kinds.ts';
import { type FieldValue, type ItemSnapshot, otherSide, type Side } from './model.ts';
import type { FieldRule } from './rules.ts';
import { frameOf, framePatterns, isInvertible, renderTemplate, type TemplateSource, unrender } from './templates.ts';
import { frameText, unframeText } from './text-frame.ts';

type View = Pick<FieldRule, 'template' | 'units' | 'workingTime'>;

const sourceOf = (item: ItemSnapshot): TemplateSource => ({
  key: item.key,
  url: item.url,
  words: (field) => {
    const value = item.fields[field];
    return value === null || value === undefined ? '' : wordsOf(value).trim();
  },
});

/** Whether the other side gets a text that is made of this side's item and can't be undone. */
export const isComposed = (rule: View, side: Side): boolean => {
  const template = rule.template[otherSide(side)];
  return template !== undefined && !isInvertible(template);
};

/** The text that a one-way template makes of an item; `value` is its mapped field's. */
export function composedValue(rule: View, item: ItemSnapshot, value: FieldValue | null): FieldValue | null {
  const template = rule.template[otherSide(item.side)];
  if (template === undefined) return value;
  const text = renderTemplate(template, sourceOf(item), value === null ? '' : wordsOf(value).trim());
  return text === '' ? null : { kind: 'text', text };
}

/** A value as it stands on a side, as the rule compares it. */
export function seenValue(rule: View, side: Side, value: FieldValue | null): FieldValue | null {
  const unit = rule.units[side];
  if (value?.kind === 'number' && unit !== undefined) {
    return { kind: 'number', number: rounded(value.number * hoursOf(unit, rule.workingTime)) };
  }
  const template = rule.template[side];
  if (template === undefined || !isInvertible(template)) return value;
  if (value?.kind === 'text') return { kind: 'text', text: unrender(template, otherSide(side), value.text) };
  if (value?.kind === 'richText') return unframeText(value, framePatterns(template, otherSide(side)));
  return value;
}

/** A compared value as a side gets it. `source` is the item that it comes from. */
export function sentValue(rule: View, side: Side, value: FieldValue | null, source: ItemSnapshot): FieldValue | null {
  const unit = rule.units[side];
  if (value?.kind === 'number' && unit !== undefined) {
    return { kind: 'number', number: rounded(value.number / hoursOf(unit, rule.workingTime)) };
  }
  const template = rule.template[side];
  if (template === undefined || value === null || !isInvertible(template)) return value;
  if (value.kind === 'text') {
    return { kind: 'text', text: renderTemplate(template, sourceOf(source), value.text) };
  }
  return value.kind === 'richText' ? frameText(value, frameOf(template, sourceOf(source))) : value;
}
