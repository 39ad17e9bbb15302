// The line that says whose comment a copy is: `Name · Jira · 2026-11-24 06:00 UTC`, a link to the comment it came from.
// It is told by its structure, first block, one link, this text, so it can be taken off again wherever it comes back.

import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';
import type { Side } from './model.ts';
import type { RichText } from './rich-text.ts';
import { escapeAttr, escapeText } from './richtext/html-text.ts';
import { showTime } from './zones.ts';

interface Attribution {
  readonly name: string;
  readonly side: Side;
  /** ISO 8601. */
  readonly at: string;
  /** The source comment's page. */
  readonly url: string;
}

const sideNames = { jira: 'Jira', azure: 'Azure DevOps' } as const;
const pattern = /^.+ · (?:Jira|Azure DevOps) · \d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC(?:[+-]\d{2}:\d{2})?$/u;

/** Whether the words are those of a line, with or without its link. */
export const isAttributionLine = (text: string): boolean => pattern.test(text.replaceAll(/\s+/gu, ' ').trim());

const attributionText = ({ name, side, at }: Attribution, timeZone: string): string =>
  `${name.replaceAll(/\s+/gu, ' ').trim() || '?'} · ${sideNames[side]} · ${showTime(timeZone, at)}`;

/** The body with the line on top, in place of any that it brought along. The body's form stays. */
export function addAttribution(body: RichText, attribution: Attribution, timeZone: string): RichText {
  const bare = stripAttribution(body);
  const text = attributionText(attribution, timeZone);
  switch (bare.format) {
    case 'adf': {
      const link = { type: 'text', text, marks: [{ type: 'link', attrs: { href: attribution.url } }] };
      const content = [{ type: 'paragraph', content: [link] }, ...blocksOf(bare.adf)];
      return { kind: 'richText', format: 'adf', adf: { type: 'doc', version: 1, content } };
    }
    case 'html': {
      const line = `<div><a href="${escapeAttr(attribution.url)}">${escapeText(text)}</a></div>`;
      return { kind: 'richText', format: 'html', text: line + bare.text };
    }
    case 'markdown': {
      const safe = text.replaceAll(/[[\]\\]/g, '\\$&');
      return { kind: 'richText', format: 'markdown', text: `[${safe}](<${attribution.url}>)\n\n${bare.text}` };
    }
    default: {
      const never: never = bare;
      return never;
    }
  }
}

/** The body without the line. A body that has none comes back as it is. */
export function stripAttribution(body: RichText): RichText {
  switch (body.format) {
    case 'adf': {
      const blocks = blocksOf(body.adf);
      const count = blocks.findIndex((block) => !isAdfLine(block));
      const rest = count < 0 ? [] : blocks.slice(count);
      if (rest.length === blocks.length) return body;
      return { ...body, adf: { ...(isObject(body.adf) ? body.adf : { type: 'doc', version: 1 }), content: rest } };
    }
    case 'html':
      return stripHtml(body, body.text);
    case 'markdown': {
      const text = body.text.replace(
        /^\s*\[((?:[^\]\\\n]|\\.)+)\]\([^\n]*\)[ \t]*(?:\r?\n)*/u,
        (line, label: string) => (isAttributionLine(label.replaceAll(/\\([[\]\\])/g, '$1')) ? '' : line),
      );
      return text === body.text ? body : { ...body, text };
    }
    default: {
      const never: never = body;
      return never;
    }
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const blocksOf = (adf: unknown): readonly unknown[] => {
  const content = isObject(adf) ? adf.content : undefined;
  return Array.isArray(content) ? content : [];
};

/** A paragraph of nothing but linked text. */
function isAdfLine(block: unknown): boolean {
  if (!isObject(block) || block.type !== 'paragraph') return false;
  const nodes = blocksOf(block);
  const linked = (node: unknown) =>
    isObject(node) &&
    Array.isArray(node.marks) &&
    node.marks.some((mark: unknown) => isObject(mark) && mark.type === 'link');
  const words = nodes.map((node) => (isObject(node) && typeof node.text === 'string' ? node.text : ''));
  const visible = nodes.filter((_, index) => (words[index] ?? '').trim() !== '');
  return visible.length > 0 && visible.every(linked) && isAttributionLine(words.join(''));
}

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;

const isElement = (node: Node): node is Element => 'tagName' in node;
const isBlank = (node: Node) => node.nodeName === '#text' && textOf(node).trim() === '';

function textOf(node: Node): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}

/** Cuts the line out of the source text, so that the rest stays letter for letter what it was. */
function stripHtml(body: RichText & { readonly format: 'html' | 'markdown' }, html: string): RichText {
  const root = parseFragment(html, { sourceCodeLocationInfo: true });
  const line = firstLine(root.childNodes);
  const place = line?.sourceCodeLocation;
  if (!place) return body;
  const rest = html.slice(0, place.startOffset) + html.slice(place.endOffset);
  return stripHtml({ ...body, text: rest }, rest);
}

/** The outermost first block that is the line and nothing else; editors may have wrapped the whole body in a `div`. */
function firstLine(nodes: readonly Node[]): Element | undefined {
  const first = nodes.find((node) => !isBlank(node));
  if (first === undefined || !isElement(first) || !['div', 'p'].includes(first.tagName)) return undefined;
  if (isAttributionLine(textOf(first))) return linksIn(first) === 1 ? first : undefined;
  return first.tagName === 'div' ? firstLine(first.childNodes) : undefined;
}

function linksIn(element: Element): number {
  const own = element.tagName === 'a' ? 1 : 0;
  return own + element.childNodes.filter(isElement).reduce((sum, child) => sum + linksIn(child), 0);
}
