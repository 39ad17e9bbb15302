// What a document of the corpus is, and short words to write one in ADF.
import type { AdfMark, AdfNode } from '../../../../backend/src/sync/richtext/adf.ts';
import type { LossKind } from '../../../../backend/src/sync/richtext/losses.ts';

export interface CorpusDocument {
  readonly name: string;
  readonly form: 'adf' | 'html' | 'markdown';
  /** The document itself: JSON of ADF, HTML, or Markdown. */
  readonly text: string;
  /** What a round trip loses, a word for each loss; none is a lossless document. */
  readonly losses: readonly LossKind[];
  /** Not valid against the schema: as other tools write it, or as an attacker does. */
  readonly invalid?: true;
  /** The form on the other side, if it is not the usual one: HTML for ADF, ADF for the others. */
  readonly over?: 'markdown';
  /** Without a counterpart for any person or file. */
  readonly unmapped?: true;
}

export type Part = string | AdfNode;

const node = (part: Part): AdfNode => (typeof part === 'string' ? { type: 'text', text: part } : part);

/** A document of ADF from its blocks. */
export function adf(name: string, blocks: readonly AdfNode[], ...losses: readonly LossKind[]): CorpusDocument {
  return { name, form: 'adf', text: JSON.stringify({ type: 'doc', version: 1, content: blocks }), losses };
}

export function html(name: string, text: string, ...losses: readonly LossKind[]): CorpusDocument {
  return { name, form: 'html', text, losses };
}

/** For a field that Azure DevOps holds as Markdown. */
export const overMarkdown = (document: CorpusDocument): CorpusDocument => ({ ...document, over: 'markdown' });
export const unmapped = (document: CorpusDocument): CorpusDocument => ({ ...document, unmapped: true });
export const invalid = (document: CorpusDocument): CorpusDocument => ({ ...document, invalid: true });

export const el = (type: string, attrs?: Readonly<Record<string, unknown>>, ...content: readonly Part[]): AdfNode => ({
  type,
  ...(attrs === undefined ? {} : { attrs }),
  ...(content.length === 0 ? {} : { content: content.map(node) }),
});

export const withMarks = (base: AdfNode, ...marks: readonly AdfMark[]): AdfNode => ({ ...base, marks });

export const mark = (type: string, attrs?: Readonly<Record<string, unknown>>): AdfMark =>
  attrs === undefined ? { type } : { type, attrs };

/** Text with marks: by name, or written out. */
export const t = (text: string, ...marks: readonly (string | AdfMark)[]): AdfNode => ({
  type: 'text',
  text,
  ...(marks.length === 0 ? {} : { marks: marks.map((one) => (typeof one === 'string' ? { type: one } : one)) }),
});

export const link = (href: string, title?: string): AdfMark =>
  mark('link', title === undefined ? { href } : { href, title });
export const color = (value: string): AdfMark => mark('textColor', { color: value });
export const highlight = (value: string): AdfMark => mark('backgroundColor', { color: value });
export const comment = (id: string): AdfMark => mark('annotation', { id, annotationType: 'inlineComment' });
export const align = (where: 'center' | 'end'): AdfMark => mark('alignment', { align: where });
export const indent = (level: number): AdfMark => mark('indentation', { level });
export const small: AdfMark = mark('fontSize', { fontSize: 'small' });

export const p = (...content: readonly Part[]): AdfNode => el('paragraph', undefined, ...content);
export const h = (level: number, ...content: readonly Part[]): AdfNode => el('heading', { level }, ...content);
export const li = (...content: readonly Part[]): AdfNode =>
  el('listItem', undefined, ...content.map((part) => (typeof part === 'string' ? p(part) : part)));
const items = (parts: readonly Part[]) =>
  parts.map((part) => (typeof part !== 'string' && part.type === 'listItem' ? part : li(part)));
export const ul = (...parts: readonly Part[]): AdfNode => el('bulletList', undefined, ...items(parts));
export const ol = (...parts: readonly Part[]): AdfNode => el('orderedList', undefined, ...items(parts));
export const todo = (...content: readonly Part[]): AdfNode =>
  el('taskItem', { localId: 'a1', state: 'TODO' }, ...content);
export const done = (...content: readonly Part[]): AdfNode =>
  el('taskItem', { localId: 'a2', state: 'DONE' }, ...content);
export const tasks = (...content: readonly AdfNode[]): AdfNode => el('taskList', { localId: 'a0' }, ...content);
export const code = (text: string, attrs?: Readonly<Record<string, unknown>>): AdfNode =>
  text === '' ? el('codeBlock', attrs) : el('codeBlock', attrs, text);
export const br: AdfNode = { type: 'hardBreak' };
export const rule: AdfNode = { type: 'rule' };

const cellOf =
  (type: string) =>
  (attrs: Readonly<Record<string, unknown>> | undefined, ...content: readonly Part[]): AdfNode =>
    el(type, attrs, ...content.map((part) => (typeof part === 'string' ? p(...(part === '' ? [] : [part])) : part)));
export const td = cellOf('tableCell');
export const th = cellOf('tableHeader');
/** A row of plain cells. */
export const row = (...cells: readonly Part[]): AdfNode =>
  el('tableRow', undefined, ...cells.map((cell) => (typeof cell === 'string' ? td(undefined, cell) : cell)));
export const head = (...cells: readonly string[]): AdfNode => row(...cells.map((cell) => th(undefined, cell)));
export const table = (attrs: Readonly<Record<string, unknown>> | undefined, ...rows: readonly AdfNode[]): AdfNode =>
  el('table', attrs, ...rows);
export const panel = (panelType: string, ...content: readonly Part[]): AdfNode =>
  el('panel', { panelType }, ...content.map((part) => (typeof part === 'string' ? p(part) : part)));

export const ann: AdfNode = el('mention', { id: 'acc-1', text: '@Ann Lee' });
export const bob: AdfNode = el('mention', { id: 'acc-2', text: '@Bob Ödegård' });
export const date = (day: string): AdfNode => el('date', { timestamp: String(Date.parse(`${day}T00:00:00Z`)) });
export const status = (text: string, shade: string): AdfNode => el('status', { text, color: shade });
export const emoji = (shortName: string, text: string, id?: string): AdfNode =>
  el('emoji', id === undefined ? { shortName, text } : { shortName, id, text });
export const file = (id: string, attrs: Readonly<Record<string, unknown>> = {}): AdfNode =>
  el('media', { type: 'file', id, collection: 'files', ...attrs });
export const single = (attrs: Readonly<Record<string, unknown>>, ...content: readonly AdfNode[]): AdfNode =>
  el('mediaSingle', attrs, ...content);
