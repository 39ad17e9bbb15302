// Builders for the seed's rich text in Atlassian Document Format. Only what the seed needs; they check nothing.
import type { PersonKey } from './team.ts';

export interface AdfMark {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
}

export interface AdfNode {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly content?: readonly AdfNode[];
  readonly text?: string;
  readonly marks?: readonly AdfMark[];
}

export interface AdfDocument {
  readonly type: 'doc';
  readonly version: 1;
  readonly content: readonly AdfNode[];
}

/** Text, or an inline node. */
export type Inline = string | AdfNode;
/** A paragraph's text, or a block node. */
export type Block = string | AdfNode;

const inline = (parts: readonly Inline[]): AdfNode[] =>
  parts.filter((part) => part !== '').map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part));
const block = (part: Block): AdfNode => (typeof part === 'string' ? p(part) : part);

export const doc = (...blocks: Block[]): AdfDocument => ({ type: 'doc', version: 1, content: blocks.map(block) });

export const p = (...parts: Inline[]): AdfNode => ({ type: 'paragraph', content: inline(parts) });
export const h = (level: 1 | 2 | 3 | 4 | 5 | 6, ...parts: Inline[]): AdfNode => ({
  type: 'heading',
  attrs: { level },
  content: inline(parts),
});
/** Each item is one text, or the blocks of one list item. */
const items = (entries: readonly (Block | readonly Block[])[]): AdfNode[] =>
  entries.map((entry) => ({
    type: 'listItem',
    content: (isList(entry) ? entry : [entry]).map(block),
  }));
const isList = (entry: Block | readonly Block[]): entry is readonly Block[] => Array.isArray(entry);
export const ul = (...entries: (Block | readonly Block[])[]): AdfNode => ({
  type: 'bulletList',
  content: items(entries),
});
export const ol = (...entries: (Block | readonly Block[])[]): AdfNode => ({
  type: 'orderedList',
  attrs: { order: 1 },
  content: items(entries),
});
/** `[x] text` is done, `[ ] text` is to do. */
export const tasks = (id: string, ...entries: string[]): AdfNode => ({
  type: 'taskList',
  attrs: { localId: `${id}-list` },
  content: entries.map((entry, index) => ({
    type: 'taskItem',
    attrs: { localId: `${id}-${index + 1}`, state: entry.startsWith('[x]') ? 'DONE' : 'TODO' },
    content: inline([entry.replace(/^\[[ x]\] /, '')]),
  })),
});
export const code = (language: string, text: string): AdfNode => ({
  type: 'codeBlock',
  attrs: { language },
  content: [{ type: 'text', text }],
});
export const quote = (...blocks: Block[]): AdfNode => ({ type: 'blockquote', content: blocks.map(block) });
export const panel = (panelType: 'info' | 'note' | 'success' | 'warning' | 'error', ...blocks: Block[]): AdfNode => ({
  type: 'panel',
  attrs: { panelType },
  content: blocks.map(block),
});
export const expand = (title: string, ...blocks: Block[]): AdfNode => ({
  type: 'expand',
  attrs: { title },
  content: blocks.map(block),
});
export const rule = (): AdfNode => ({ type: 'rule' });
/** The first row is the header. */
export const table = (...rows: (readonly Block[])[]): AdfNode => ({
  type: 'table',
  attrs: { isNumberColumnEnabled: false, layout: 'default' },
  content: rows.map((row, index) => ({
    type: 'tableRow',
    content: row.map((cell) => ({
      type: index === 0 ? 'tableHeader' : 'tableCell',
      attrs: {},
      content: [block(cell)],
    })),
  })),
});

const marked =
  (type: string) =>
  (text: string): AdfNode => ({ type: 'text', text, marks: [{ type }] });
export const b = marked('strong');
export const i = marked('em');
export const c = marked('code');
export const s = marked('strike');
export const u = marked('underline');
export const color = (hex: string, text: string): AdfNode => ({
  type: 'text',
  text,
  marks: [{ type: 'textColor', attrs: { color: hex } }],
});
export const link = (href: string, text: string): AdfNode => ({
  type: 'text',
  text,
  marks: [{ type: 'link', attrs: { href } }],
});
export const br = (): AdfNode => ({ type: 'hardBreak' });
export const emoji = (shortName: string, text: string): AdfNode => ({
  type: 'emoji',
  attrs: { shortName: `:${shortName}:`, text },
});
export const status = (text: string, colour: 'neutral' | 'purple' | 'blue' | 'red' | 'yellow' | 'green'): AdfNode => ({
  type: 'status',
  attrs: { text, color: colour, localId: `status-${text.toLowerCase().replace(/\W+/g, '-')}` },
});
/** `isoDay` such as `2026-03-01`. */
export const date = (isoDay: string): AdfNode => ({
  type: 'date',
  attrs: { timestamp: String(Date.parse(`${isoDay}T00:00:00Z`)) },
});

const MENTION_PREFIX = 'person:';

/** Stands for the person until withAccountIds() puts the account id in. */
export const mention = (person: PersonKey, name: string): AdfNode => ({
  type: 'mention',
  attrs: { id: `${MENTION_PREFIX}${person}`, text: `@${name}` },
});

/** Puts the simulator's own account ids into mentions. */
export function withAccountIds(document: AdfDocument, accountIdOf: (person: PersonKey) => string): AdfDocument {
  const visit = (node: AdfNode): AdfNode => {
    const id = node.attrs?.id;
    if (node.type === 'mention' && typeof id === 'string' && id.startsWith(MENTION_PREFIX)) {
      return { ...node, attrs: { ...node.attrs, id: accountIdOf(id.slice(MENTION_PREFIX.length)) } };
    }
    return node.content ? { ...node, content: node.content.map(visit) } : node;
  };
  return { ...document, content: document.content.map(visit) };
}
