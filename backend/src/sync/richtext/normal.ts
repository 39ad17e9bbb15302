// The normal form of ADF blocks: what a text says, without what editors and servers change by themselves. Fingerprints
// are made of it, so any change here needs a new `normalizerVersion`.
import { type AdfAttrs, type AdfMark, type AdfNode, isRecord, stringAttr, textNode } from './adf.ts';
import { parseColor } from './color.ts';
import { mergeTexts } from './content-rules.ts';
import { cleanText } from './html-text.ts';

export const normalizerVersion = 2;

/** Ids and views that editors make up. */
const noise = new Set(['localId', 'uniqueId', 'occurrenceKey', 'collection', 'accessLevel', 'userType']);

const defaults: Readonly<Record<string, readonly unknown[]>> = {
  order: [1],
  colspan: [1],
  rowspan: [1],
  valign: ['top'],
  isNumberColumnEnabled: [false],
  displayMode: ['default'],
  hideLineNumbers: [false],
  wrap: [false],
  widthType: ['percentage'],
  title: [''],
  language: [''],
  background: [''],
  alt: [''],
  panelIcon: [''],
  panelIconId: [''],
  panelIconText: [''],
};

const colorAttrs = new Set(['color', 'background', 'panelColor']);
const lines = new Set(['paragraph', 'heading', 'taskItem', 'decisionItem', 'caption']);

/** One line of JSON with sorted keys. */
export function normalForm(node: AdfNode): string {
  return JSON.stringify(normalNode(node));
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

function normalNode(given: AdfNode): Json {
  const node = given.type === 'mediaSingle' ? withInnerLink(given) : given;
  const content = lines.has(node.type)
    ? normalLine(node.content ?? [])
    : node.type === 'codeBlock'
      ? normalCode(node)
      : (node.content ?? []);
  const attrs = normalAttrs(node);
  const marks = (node.marks ?? []).map(normalMark).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return {
    ...(Object.keys(attrs).length === 0 ? {} : { attrs }),
    ...(content.length === 0 ? {} : { content: content.map(normalNode) }),
    ...(marks.length === 0 ? {} : { marks }),
    ...(node.text === undefined ? {} : { text: node.text }),
    type: node.type,
  };
}

/** The link of an image, which may stand on either node, on the inner one. */
function withInnerLink(node: AdfNode): AdfNode {
  const { marks, ...bare } = node;
  if (marks === undefined || marks.length === 0) return node;
  const content = node.content?.map((child) =>
    child.type === 'media' && child.marks?.some(({ type }) => type === 'link') !== true
      ? { ...child, marks: [...marks, ...(child.marks ?? [])] }
      : child,
  );
  return content === undefined ? bare : { ...bare, content };
}

function normalCode(node: AdfNode): readonly AdfNode[] {
  const text = cleanText((node.content ?? []).map((child) => child.text ?? '').join('')).replaceAll('\u00a0', ' ');
  return text === '' ? [] : [textNode(text)];
}

/** Line feeds are breaks, non-breaking spaces are spaces, the end is trimmed, neighbours with the same marks are one. */
function normalLine(content: readonly AdfNode[]): readonly AdfNode[] {
  const split = content.flatMap((node): readonly AdfNode[] => {
    if (node.type !== 'text') return [node];
    const parts = cleanText(node.text ?? '')
      .replaceAll('\u00a0', ' ')
      .split('\n');
    return parts.flatMap((part, i) => [
      ...(i > 0 ? [{ type: 'hardBreak' }] : []),
      ...(part === '' ? [] : [{ ...node, text: part }]),
    ]);
  });
  const sorted = split.map((node) =>
    (node.marks?.length ?? 0) > 1 ? { ...node, marks: sortedMarks(node.marks ?? []) } : node,
  );
  const merged = [...mergeTexts(sorted)];
  for (let last = merged.at(-1); last?.type === 'text'; last = merged.at(-1)) {
    merged.pop();
    const text = (last.text ?? '').trimEnd();
    if (text === '') continue;
    merged.push({ ...last, text });
    break;
  }
  return merged;
}

function sortedMarks(marks: readonly AdfMark[]): readonly AdfMark[] {
  return [...marks].sort((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : 0));
}

function normalMark(mark: AdfMark): Json {
  const attrs = sortedJson(mark.attrs ?? {});
  return Object.keys(attrs as object).length === 0 ? { type: mark.type } : { attrs, type: mark.type };
}

function normalAttrs(node: AdfNode): { readonly [key: string]: Json } {
  return sortedJson(node.attrs ?? {}, (name, value) => {
    if (value === null || value === undefined || noise.has(name) || defaults[name]?.includes(value)) return false;
    if (node.type === 'mention') return name === 'id';
    if (node.type === 'hardBreak') return false;
    if (node.type === 'table' && name === 'layout') return value !== 'default' && value !== 'center';
    if (node.type === 'emoji' && name === 'text') return value !== stringAttr(node, 'shortName');
    return !(node.type === 'emoji' && name === 'id' && typeof value === 'string' && /^[0-9a-f-]+$/i.test(value));
  });
}

function sortedJson(
  value: AdfAttrs,
  keep: (name: string, value: unknown) => boolean = () => true,
): { readonly [key: string]: Json } {
  const names = Object.keys(value).filter(
    (name) => keep(name, value[name]) && !noise.has(name) && value[name] !== undefined,
  );
  return Object.fromEntries(
    names
      .sort()
      .map((name) => [
        name,
        colorAttrs.has(name)
          ? normalColor(value[name])
          : addresses.has(name)
            ? plainAddress(value[name])
            : plainJson(value[name]),
      ]),
  );
}

const addresses = new Set(['href', 'url']);

function plainAddress(value: unknown): Json {
  return typeof value === 'string' ? value.trim().replaceAll(' ', '%20') : plainJson(value);
}

function normalColor(value: unknown): Json {
  return typeof value === 'string'
    ? value.length === 9
      ? value.toLowerCase()
      : (parseColor(value) ?? value)
    : plainJson(value);
}

/** Attributes of extensions may hold anything; what lies deeper than this many levels doesn't count. */
const maxAttrDepth = 64;

function plainJson(value: unknown, depth = 0): Json {
  if (depth > maxAttrDepth) return null;
  if (Array.isArray(value)) return value.map((item) => plainJson(item, depth + 1));
  if (isRecord(value)) {
    const names = Object.keys(value).filter((name) => value[name] !== undefined);
    return Object.fromEntries(names.sort().map((name) => [name, plainJson(value[name], depth + 1)]));
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
