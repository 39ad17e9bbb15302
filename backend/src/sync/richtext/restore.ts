// Finds in the document that a conversion replaces what HTML could only show as text: extensions, files and people
// without a counterpart. Each is handed out once, in order, where its stand-in text turns up again.
import { type AdfDoc, type AdfNode, stringAttr } from './adf.ts';
import { boundAdf } from './bound.ts';
import { type ConversionContext, LossLog } from './context.ts';
import { dateMark } from './conventions.ts';
import { escapePattern, shownText } from './html-text.ts';
import { standInOf } from './labels.ts';

export interface Restorer {
  /** A block whose stand-in is this whole text. */
  readonly block: (text: string) => AdfNode | undefined;
  readonly inline: (text: string) => AdfNode | undefined;
  /** `@Name` of people without a counterpart, longest first. */
  readonly mentions: ReadonlyMap<string, AdfNode>;
  /** Everything that may be more than text: dates, stand-ins, those people. */
  readonly pattern: RegExp;
}

function patternOf(names: readonly string[]): RegExp {
  const people = names.map((name) => `${escapePattern(name)}(?![\\p{L}\\p{N}_])`);
  return new RegExp([`${dateMark} \\d{4}-\\d\\d-\\d\\d`, '\\[Jira: [^\\][]{1,200}\\]', ...people].join('|'), 'gu');
}

export const nothingToRestore: Restorer = {
  block: () => undefined,
  inline: () => undefined,
  mentions: new Map(),
  pattern: patternOf([]),
};

const inlineTypes = new Set(['inlineExtension', 'mediaInline', 'inlineCard']);
const plainTypes = new Set(
  (
    'doc paragraph heading bulletList orderedList listItem taskList taskItem blockTaskItem decisionList decisionItem blockquote rule codeBlock ' +
    'panel expand nestedExpand table tableRow tableCell tableHeader layoutSection layoutColumn mediaGroup media caption text hardBreak ' +
    'mention emoji date status placeholder'
  ).split(' '),
);
const inlineParents = new Set(['paragraph', 'heading', 'taskItem', 'decisionItem', 'caption']);

export function restorerFor(doc: AdfDoc | undefined, context: ConversionContext): Restorer {
  if (doc === undefined) return nothingToRestore;
  const blocks = new Map<string, AdfNode[]>();
  const inlines = new Map<string, AdfNode[]>();
  const mentions = new Map<string, AdfNode>();
  const visit = (node: AdfNode, inline: boolean) => {
    if (node.type === 'mention') {
      const name = shownText(stringAttr(node, 'text') ?? '').replace(/^@/, '');
      if (name !== '' && context.people?.toAzure(stringAttr(node, 'id') ?? '') === undefined)
        mentions.set(`@${name}`, node);
    } else if (!plainTypes.has(node.type)) {
      const map = inline || inlineTypes.has(node.type) ? inlines : blocks;
      const key = standInOf(node);
      map.set(key, [...(map.get(key) ?? []), node]);
    }
    for (const child of node.content ?? []) visit(child, inlineParents.has(node.type));
  };
  for (const node of boundAdf(doc, new LossLog()).content) visit(node, false);
  const names = [...mentions].sort(([a], [b]) => b.length - a.length);
  return {
    block: (text) => blocks.get(text)?.shift(),
    inline: (text) => inlines.get(text)?.shift(),
    mentions: new Map(names),
    pattern: patternOf(names.map(([name]) => name)),
  };
}
