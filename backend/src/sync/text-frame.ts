// A rich text with a paragraph before and after it, as a template asks for, and the same text without them again.

import { plainText, type RichText } from './rich-text.ts';
import { type AdfNode, paragraph, parseAdf, plainTextOf, textNode } from './richtext/adf.ts';
import { htmlParts, joinHtml } from './richtext/blocks.ts';
import { plainToHtml } from './richtext/plain.ts';

export interface TextFrame {
  readonly before: string;
  readonly after: string;
}

export function frameText(value: RichText, frame: TextFrame): RichText {
  const [before, after] = [frame.before.trim(), frame.after.trim()];
  switch (value.format) {
    case 'adf': {
      const parsed = parseAdf(value.adf);
      if (!parsed.ok) return value;
      const line = (words: string) => (words === '' ? [] : [paragraph([textNode(words)])]);
      const content = [...line(before), ...parsed.doc.content, ...line(after)];
      return { ...value, adf: { ...parsed.doc, content } };
    }
    case 'html':
      return { ...value, text: `${plainToHtml(before)}${value.text}${plainToHtml(after)}` };
    case 'markdown':
      return { ...value, text: [before, value.text, after].filter((part) => part !== '').join('\n\n') };
    default: {
      const never: never = value;
      return never;
    }
  }
}

/** Takes the first and the last paragraph away where they read as the patterns say. Null when nothing is left. */
export function unframeText(
  value: RichText,
  frame: { readonly before: RegExp; readonly after: RegExp },
): RichText | null {
  switch (value.format) {
    case 'adf': {
      const parsed = parseAdf(value.adf);
      if (!parsed.ok) return value;
      const content = inner(parsed.doc.content, frame, (node: AdfNode) => plainTextOf(node));
      if (content.length === parsed.doc.content.length) return value;
      return content.length === 0 ? null : { ...value, adf: { ...parsed.doc, content } };
    }
    case 'html': {
      const parts = htmlParts(value.text);
      const words = ({ source }: { readonly source: string }) =>
        plainText({ kind: 'richText', format: 'html', text: source });
      const blocks = inner(parts.blocks, frame, words);
      if (blocks.length === parts.blocks.length) return value;
      return blocks.length === 0 ? null : { ...value, text: `${parts.open}${joinHtml(blocks)}${parts.close}` };
    }
    case 'markdown': {
      const paragraphs = value.text.split(/\n{2,}/);
      const rest = inner(paragraphs, frame, (words) => words);
      if (rest.length === paragraphs.length) return value;
      return rest.length === 0 ? null : { ...value, text: rest.join('\n\n') };
    }
    default: {
      const never: never = value;
      return never;
    }
  }
}

function inner<T>(
  blocks: readonly T[],
  frame: { readonly before: RegExp; readonly after: RegExp },
  words: (block: T) => string,
): readonly T[] {
  const [first] = blocks;
  const rest = first !== undefined && isAll(frame.before, words(first)) ? blocks.slice(1) : blocks;
  const last = rest.at(-1);
  return last !== undefined && isAll(frame.after, words(last)) ? rest.slice(0, -1) : rest;
}

/** An empty frame matches no paragraph. */
const isAll = (pattern: RegExp, text: string): boolean => text.trim() !== '' && text.replace(pattern, '') === '';
