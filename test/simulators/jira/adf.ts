// Atlassian Document Format as the server treats it: what it refuses, and how a stored document differs from the one that was sent.
//
// Normal form (seen in documents that Jira Cloud returns; each rule has a test):
//   1. `version: 1` is put in where it was missing.
//   2. Text nodes side by side with the same marks become one; marks stand in the order of the editor's schema, each once;
//      an empty `marks` is left out.
//   3. `localId`s are the server's: task and decision lists and items, expands and statuses get new ones where they had none
//      or an empty one, and a value that stands twice in a document is replaced the second time.
//   4. Defaults are written out for tables (`isNumberColumnEnabled`, `layout`), ordered lists (`order: 1`) and single media
//      (`layout: center`), and dropped where they say nothing: `colspan`/`rowspan` of 1, an empty `language`, `title`,
//      `attrs` or `accessLevel`.
//   5. A mention's text is the account's present name; an unknown account keeps what was sent.
//   6. A document without any text or object counts as empty and is stored as null.
import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';
import type { AdfMark, AdfNode } from './model.ts';

let validate: ValidateFunction | undefined;

/** The schema that the editor's own package publishes; its draft-04 words mean the same in the draft that ajv reads. */
function validator(): ValidateFunction {
  if (validate === undefined) {
    const { $schema: _, ...schema } = createRequire(import.meta.url)(
      '@atlaskit/adf-schema/dist/json-schema/v1/full.json',
    ) as Record<string, unknown>;
    validate = new Ajv({ strict: false, allErrors: false, inlineRefs: false }).compile(schema);
  }
  return validate;
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Loosely: an object that means to be a document. Anything else gets another error than a faulty document does. */
export const looksLikeDocument = (value: unknown): value is AdfNode =>
  isRecord(value) && value.type === 'doc' && (value.content === undefined || Array.isArray(value.content));

/** Strictly, by the schema; a missing version is let through. */
export const isValidDocument = (document: AdfNode): boolean =>
  validator()({ content: [], ...document, version: document.version ?? 1 });

export interface NormalizeContext {
  newLocalId(): string;
  displayName(accountId: string): string | undefined;
}

/** The stored form of a valid document; null for an empty one. */
export function normalizeDocument(document: AdfNode, context: NormalizeContext): AdfNode | null {
  const seen = new Set<string>();
  const content = (document.content ?? []).map((node) => normalizeNode(node, context, seen));
  return content.every(isEmptyParagraph) ? null : { version: 1, type: 'doc', content };
}

const isEmptyParagraph = (node: AdfNode): boolean => node.type === 'paragraph' && (node.content ?? []).length === 0;

const NEEDS_LOCAL_ID = new Set([
  'taskList',
  'taskItem',
  'blockTaskItem',
  'decisionList',
  'decisionItem',
  'expand',
  'nestedExpand',
  'status',
]);

const DEFAULTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  table: { isNumberColumnEnabled: false, layout: 'default' },
  orderedList: { order: 1 },
  mediaSingle: { layout: 'center' },
};

const SILENT: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  tableCell: { colspan: 1, rowspan: 1 },
  tableHeader: { colspan: 1, rowspan: 1 },
  codeBlock: { language: '' },
  expand: { title: '' },
  nestedExpand: { title: '' },
  mention: { accessLevel: '' },
};

/** The order in which the editor's schema nests marks, outermost first. */
const MARK_ORDER = [
  'fragment',
  'link',
  'em',
  'strong',
  'textColor',
  'backgroundColor',
  'strike',
  'subsup',
  'underline',
  'code',
  'annotation',
];

function normalizeNode(node: AdfNode, context: NormalizeContext, seen: Set<string>): AdfNode {
  const attrs = normalizeAttrs(node, context, seen);
  const marks = normalizeMarks(node.marks);
  const content = node.content?.map((child) => normalizeNode(child, context, seen));
  return {
    type: node.type,
    ...(attrs === undefined ? {} : { attrs }),
    ...(content === undefined || content.length === 0 ? {} : { content: mergeText(content) }),
    ...(node.text === undefined ? {} : { text: node.text }),
    ...(marks === undefined ? {} : { marks }),
  };
}

function normalizeAttrs(
  node: AdfNode,
  context: NormalizeContext,
  seen: Set<string>,
): Readonly<Record<string, unknown>> | undefined {
  const attrs: Record<string, unknown> = { ...DEFAULTS[node.type], ...node.attrs };
  for (const [name, value] of Object.entries(SILENT[node.type] ?? {})) if (attrs[name] === value) delete attrs[name];
  if (node.type === 'mention' && typeof attrs.id === 'string') {
    const name = context.displayName(attrs.id);
    if (name !== undefined) attrs.text = `@${name}`;
  }
  const localId = attrs.localId;
  const usable = typeof localId === 'string' && localId !== '' && !seen.has(localId);
  if (usable) seen.add(localId);
  else if (NEEDS_LOCAL_ID.has(node.type)) attrs.localId = context.newLocalId();
  else delete attrs.localId;
  return Object.keys(attrs).length === 0 ? undefined : attrs;
}

function normalizeMarks(marks: readonly AdfMark[] | undefined): readonly AdfMark[] | undefined {
  if (marks === undefined || marks.length === 0) return undefined;
  const byType = new Map(marks.map((mark) => [mark.type, mark]));
  return [...byType.values()].sort((a, b) => MARK_ORDER.indexOf(a.type) - MARK_ORDER.indexOf(b.type));
}

function mergeText(nodes: readonly AdfNode[]): readonly AdfNode[] {
  const merged: AdfNode[] = [];
  for (const node of nodes) {
    const last = merged.at(-1);
    if (
      last?.text !== undefined &&
      node.text !== undefined &&
      JSON.stringify(last.marks) === JSON.stringify(node.marks)
    ) {
      merged[merged.length - 1] = { ...last, text: last.text + node.text };
    } else merged.push(node);
  }
  return merged;
}

const BLOCKS = new Set(['paragraph', 'heading', 'codeBlock', 'rule', 'tableRow', 'taskItem', 'decisionItem']);

/** The text of a document, a line a block: for the changelog, for search and for the limit on length. */
export function plainText(node: AdfNode): string {
  const parts: string[] = [];
  const visit = (inner: AdfNode): void => {
    if (inner.text !== undefined) parts.push(inner.text);
    else if (inner.type === 'hardBreak') parts.push('\n');
    else if (typeof inner.attrs?.text === 'string') parts.push(inner.attrs.text);
    else if (inner.type === 'emoji' || inner.type === 'inlineCard' || inner.type === 'blockCard') {
      parts.push(String(inner.attrs?.shortName ?? inner.attrs?.url ?? ''));
    }
    for (const child of inner.content ?? []) visit(child);
    if (BLOCKS.has(inner.type)) parts.push('\n');
  };
  visit(node);
  return parts.join('').trimEnd();
}

/** Media files that a document shows; external images are not among them. */
export function mediaOf(node: AdfNode): readonly string[] {
  const found = new Set<string>();
  const visit = (inner: AdfNode): void => {
    const { type, id } = inner.attrs ?? {};
    const isMedia = inner.type === 'media' || inner.type === 'mediaInline';
    if (isMedia && type !== 'external' && typeof id === 'string') found.add(id);
    for (const child of inner.content ?? []) visit(child);
  };
  visit(node);
  return [...found];
}

/** Account ids that a document mentions. */
export function mentionsOf(node: AdfNode): readonly string[] {
  const found = new Set<string>();
  const visit = (inner: AdfNode): void => {
    if (inner.type === 'mention' && typeof inner.attrs?.id === 'string') found.add(inner.attrs.id);
    for (const child of inner.content ?? []) visit(child);
  };
  visit(node);
  return [...found];
}

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign);

/** A plain rendering for `renderedFields` and `renderedBody`: paragraphs of escaped text. The real one is richer. */
export function renderHtml(node: AdfNode): string {
  return plainText(node)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `<p>${escapeHtml(line)}</p>`)
    .join('\n');
}
