// Templates of text fields: a written side may get more than the bare value, such as a prefix, a suffix, a fixed text or
// several fields in one. Says what a template makes of an item, and what its value was when the text comes back. Which
// field has one is the profile's; how values of other kinds map is mapping.ts' work.
//
// | template                      | value   | written           | on the way back |
// | ----------------------------- | ------- | ----------------- | --------------- |
// | `[Jira] {value}`              | `Login` | `[Jira] Login`    | `Login`         |
// | `{value} ({key})`             | `Login` | `Login (TAN-7)`   | `Login`         |
// | `{value} for {customfield_1}` | `Login` | `Login for Acme`  | one way only    |
// | `From Jira`                   | `Login` | `From Jira`       | one way only    |

import type { Side } from './model.ts';

export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value' }
  | { readonly kind: 'key' }
  | { readonly kind: 'url' }
  | { readonly kind: 'field'; readonly field: string };

export type Template = readonly TemplatePart[];

/** Null when the braces don't match or name nothing. `{{` and `}}` stand for braces. */
export function parseTemplate(text: string): Template | null {
  const parts: TemplatePart[] = [];
  let words = '';
  const flush = () => {
    if (words !== '') parts.push({ kind: 'text', text: words });
    words = '';
  };
  for (const [piece] of text.matchAll(/\{\{|\}\}|\{[^{}]*\}|[^{}]+|[{}]/g)) {
    if (piece === '{{' || piece === '}}') words += piece[0];
    else if (piece === '{' || piece === '}') return null;
    else if (piece.startsWith('{')) {
      const name = piece.slice(1, -1).trim();
      if (name === '') return null;
      flush();
      parts.push(placeholder(name));
    } else words += piece;
  }
  flush();
  return parts;
}

const placeholder = (name: string): TemplatePart =>
  name === 'value' || name === 'key' || name === 'url' ? { kind: name } : { kind: 'field', field: name };

/** Native ids of the fields that it reads beside the mapped one. */
export const templateFields = (template: Template): readonly string[] =>
  template.flatMap((part) => (part.kind === 'field' ? [part.field] : []));

/** Whether the value can be taken out of the text again: it stands there once, among what never changes of an item. */
export const isInvertible = (template: Template): boolean =>
  template.filter(({ kind }) => kind === 'value').length === 1 && template.every(({ kind }) => kind !== 'field');

/** What a template is filled from: the source item, its fields as words. */
export interface TemplateSource {
  readonly key: string;
  readonly url: string;
  readonly words: (field: string) => string;
}

/** Empty when everything that it would show is empty; a text without any placeholder is always the same. */
export function renderTemplate(template: Template, source: TemplateSource, value: string): string {
  const filled = template.map((part) => wordsOfPart(part, source, value));
  const shows = template.filter(({ kind }) => kind === 'value' || kind === 'field');
  const empty = shows.length > 0 && template.every((part, index) => !shows.includes(part) || filled[index] === '');
  return empty ? '' : filled.join('').trim();
}

function wordsOfPart(part: TemplatePart, source: TemplateSource, value: string): string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'value':
      return value;
    case 'key':
      return source.key;
    case 'url':
      return source.url;
    case 'field':
      return source.words(part.field);
    default: {
      const never: never = part;
      return never;
    }
  }
}

/** Of an invertible template: what stands before and after the value. */
export function frameOf(
  template: Template,
  source: TemplateSource,
): { readonly before: string; readonly after: string } {
  const at = template.findIndex(({ kind }) => kind === 'value');
  const words = (parts: Template) => parts.map((part) => wordsOfPart(part, source, '')).join('');
  return { before: words(template.slice(0, at)), after: words(template.slice(at + 1)) };
}

const keyPatterns: { readonly [side in Side]: string } = { jira: '[A-Z][A-Z0-9_]+-\\d+', azure: '\\d+' };

const escaped = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** Patterns of what stands before and after the value, whichever item of `from` it was made of. */
export function framePatterns(template: Template, from: Side): { readonly before: RegExp; readonly after: RegExp } {
  const at = template.findIndex(({ kind }) => kind === 'value');
  const source = (parts: Template) =>
    parts
      .map((part) => {
        if (part.kind === 'text') return escaped(part.text).replaceAll(/\s+/g, '\\s+');
        return part.kind === 'key' ? keyPatterns[from] : 'https?://\\S+';
      })
      .join('');
  const before = source(template.slice(0, at)).replace(/^(\\s\+)+/, '');
  const after = source(template.slice(at + 1)).replace(/(\\s\+)+$/, '');
  // The blank between a frame and an empty value is trimmed with it.
  const soft = (pattern: string, end: 'before' | 'after') =>
    end === 'before' ? pattern.replace(/\\s\+$/, '\\s*') : pattern.replace(/^\\s\+/, '\\s*');
  return {
    before: new RegExp(`^\\s*${soft(before, 'before')}`, 'u'),
    after: new RegExp(`${soft(after, 'after')}\\s*$`, 'u'),
  };
}

/** The value in a text that an invertible template made; the whole text where somebody took its frame away. */
export function unrender(template: Template, from: Side, text: string): string {
  const { before, after } = framePatterns(template, from);
  return text.replace(before, '').replace(after, '');
}
