// The Atlassian Document Format as plain data, tolerant of nodes and marks this code has never heard of. Not a schema:
// what may stand where is in content-rules.ts.

export type AdfAttrs = Readonly<Record<string, unknown>>;

export interface AdfMark {
  readonly type: string;
  readonly attrs?: AdfAttrs;
}

export interface AdfNode {
  readonly type: string;
  readonly attrs?: AdfAttrs;
  readonly content?: readonly AdfNode[];
  readonly marks?: readonly AdfMark[];
  readonly text?: string;
}

/** The root. `version` is 1 in every document Jira writes, and missing in some that other tools wrote. */
export interface AdfDoc {
  readonly type: 'doc';
  readonly version: 1;
  readonly content: readonly AdfNode[];
}

export type AdfParse =
  | { readonly ok: true; readonly doc: AdfDoc }
  | { readonly ok: false; readonly path: string; readonly reason: string };

export const emptyDoc: AdfDoc = { type: 'doc', version: 1, content: [] };

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function stringAttr(node: { readonly attrs?: AdfAttrs }, name: string): string | undefined {
  const value = node.attrs?.[name];
  return typeof value === 'string' ? value : undefined;
}

export function numberAttr(node: { readonly attrs?: AdfAttrs }, name: string): number | undefined {
  const value = node.attrs?.[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function textNode(text: string, marks: readonly AdfMark[] = []): AdfNode {
  return marks.length === 0 ? { type: 'text', text } : { type: 'text', text, marks };
}

export function paragraph(content: readonly AdfNode[] = []): AdfNode {
  return content.length === 0 ? { type: 'paragraph' } : { type: 'paragraph', content };
}

export function docOf(content: readonly AdfNode[]): AdfDoc {
  return { type: 'doc', version: 1, content };
}

/**
 * Checks that a value has the shape of a document: objects with a `type`, arrays of them as `content` and `marks`,
 * strings as `text`. Names the first place that has not. Walks with its own stack, so depth does no harm.
 */
export function parseAdf(value: unknown): AdfParse {
  if (!isRecord(value)) return fail('$', `expected an object with "type": "doc", found ${kindOf(value)}`);
  if (value.type !== 'doc') return fail('$.type', `expected "doc", found ${show(value.type)}`);
  if (value.version !== undefined && value.version !== 1) {
    return fail('$.version', `expected 1, found ${show(value.version)}`);
  }
  const content = value.content ?? [];
  if (!Array.isArray(content)) return fail('$.content', `expected an array of nodes, found ${kindOf(content)}`);
  const pending: { readonly node: unknown; readonly path: string }[] = [];
  const push = (nodes: readonly unknown[], path: string) => {
    for (let i = nodes.length - 1; i >= 0; i -= 1) pending.push({ node: nodes[i], path: `${path}[${i}]` });
  };
  push(content, '$.content');
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, path } = next;
    if (!isRecord(node)) return fail(path, `expected a node, found ${kindOf(node)}`);
    if (typeof node.type !== 'string' || node.type === '') {
      return fail(`${path}.type`, `expected a node's name, found ${show(node.type)}`);
    }
    if (node.type === 'text' && typeof node.text !== 'string') {
      return fail(`${path}.text`, `expected a string, found ${kindOf(node.text)}`);
    }
    if (node.attrs !== undefined && node.attrs !== null && !isRecord(node.attrs)) {
      return fail(`${path}.attrs`, `expected an object, found ${kindOf(node.attrs)}`);
    }
    const marks = node.marks ?? [];
    if (!Array.isArray(marks)) return fail(`${path}.marks`, `expected an array of marks, found ${kindOf(marks)}`);
    for (const [i, mark] of marks.entries()) {
      if (!isRecord(mark) || typeof mark.type !== 'string') {
        return fail(`${path}.marks[${i}]`, `expected a mark with a type, found ${kindOf(mark)}`);
      }
    }
    const children = node.content ?? [];
    if (!Array.isArray(children)) return fail(`${path}.content`, `expected an array, found ${kindOf(children)}`);
    if (children.length > 0) push(children, path.length > 200 ? `${path.slice(0, 200)}…` : `${path}.content`);
  }
  return { ok: true, doc: { ...value, type: 'doc', version: 1, content: content as readonly AdfNode[] } as AdfDoc };
}

function fail(path: string, reason: string): AdfParse {
  return { ok: false, path, reason };
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  return Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : kindOf(value);
}

/** All text below a node in reading order, without recursion; atoms give their visible text. */
export function plainTextOf(root: AdfNode): string {
  const parts: string[] = [];
  const pending: AdfNode[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (typeof node.text === 'string') parts.push(node.text);
    else if (node.type === 'hardBreak') parts.push('\n');
    else if (node.content === undefined) parts.push(atomText(node));
    const children = node.content ?? [];
    for (let i = children.length - 1; i >= 0; i -= 1) {
      const child = children[i];
      if (child !== undefined) pending.push(child);
    }
  }
  return parts.join('');
}

function atomText(node: AdfNode): string {
  return stringAttr(node, 'text') ?? stringAttr(node, 'shortName') ?? stringAttr(node, 'url') ?? '';
}
