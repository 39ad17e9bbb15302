// What ADF allows inside what, after @atlaskit/adf-schema's JSON schema, and how a block that may not stand somewhere is
// turned into what may, keeping its text.
import { type AdfMark, type AdfNode, paragraph, stringAttr, textNode } from './adf.ts';
import type { LossLog, Path } from './context.ts';
import { decisionLabels, doneBox, standIn, todoBox } from './conventions.ts';
import { labelOf } from './labels.ts';

export type Container =
  | 'doc'
  | 'layoutColumn'
  | 'listItem'
  | 'blockquote'
  | 'panel'
  | 'tableCell'
  | 'expand'
  | 'nestedExpand'
  | 'body';

const basics = ['paragraph', 'bulletList', 'orderedList', 'codeBlock', 'mediaSingle', 'extension'];
const common = [...basics, 'heading', 'taskList', 'decisionList', 'mediaGroup', 'rule'];
const body = [...common, 'panel', 'blockquote', 'table', 'blockCard', 'embedCard'];

const allowed: Readonly<Record<Exclude<Container, 'doc'>, ReadonlySet<string>>> = {
  listItem: new Set([...basics, 'taskList']),
  blockquote: new Set([...basics, 'mediaGroup']),
  panel: new Set([...common, 'blockCard']),
  nestedExpand: new Set([...common, 'panel', 'blockquote']),
  body: new Set(body),
  expand: new Set([...body, 'nestedExpand']),
  tableCell: new Set([...common, 'panel', 'blockquote', 'blockCard', 'embedCard', 'nestedExpand']),
  layoutColumn: new Set([...body, 'expand', 'bodiedExtension']),
};

const blockMarks: Readonly<Record<Container, Readonly<Record<'paragraph' | 'heading', readonly string[]>>>> = {
  doc: { paragraph: ['fontSize', 'alignment', 'indentation'], heading: ['alignment', 'indentation'] },
  layoutColumn: { paragraph: ['fontSize', 'alignment', 'indentation'], heading: ['alignment', 'indentation'] },
  tableCell: { paragraph: ['fontSize', 'alignment'], heading: ['alignment', 'indentation'] },
  listItem: { paragraph: ['fontSize'], heading: [] },
  panel: { paragraph: ['fontSize'], heading: [] },
  expand: { paragraph: ['fontSize'], heading: [] },
  nestedExpand: { paragraph: ['fontSize'], heading: [] },
  body: { paragraph: ['fontSize'], heading: [] },
  blockquote: { paragraph: [], heading: [] },
};

/** The blocks as they may stand in the container, never none where it needs one. */
export function fitBlocks(
  blocks: readonly AdfNode[],
  container: Container,
  losses: LossLog,
  path: Path | string,
): readonly AdfNode[] {
  const fitted = blocks.flatMap((block) => fitBlock(block, container, losses, path));
  return fitted.length === 0 && container !== 'doc' ? [paragraph()] : fitted;
}

function fitBlock(block: AdfNode, container: Container, losses: LossLog, path: Path | string): readonly AdfNode[] {
  if (block.type === 'nestedExpand' && (container === 'doc' || container === 'layoutColumn')) {
    return [{ ...block, type: 'expand', content: fitBlocks(block.content ?? [], 'expand', losses, path) }];
  }
  if (container === 'doc' || allowed[container].has(block.type))
    return [withAllowedMarks(block, container, losses, path)];
  if (block.type === 'expand' && allowed[container].has('nestedExpand')) {
    return [
      {
        type: 'nestedExpand',
        attrs: block.attrs ?? {},
        content: fitBlocks(block.content ?? [], 'nestedExpand', losses, path),
      },
    ];
  }
  losses.add(path, 'placement', block.type, `Jira allows no ${block.type} inside a ${container}; its text stays`);
  return replacement(block).flatMap((part) => fitBlock(part, container, losses, path));
}

function withAllowedMarks(block: AdfNode, container: Container, losses: LossLog, path: Path | string): AdfNode {
  if (block.marks === undefined) return block;
  if (block.type !== 'paragraph' && block.type !== 'heading') {
    if (container === 'doc' || !block.marks.some((mark) => mark.type === 'breakout')) return block;
    losses.add(
      path,
      'block-style',
      'breakout',
      `Jira allows no ${block.type} wider than the text inside a ${container}`,
    );
    const { marks: all, ...narrow } = block;
    const others = all.filter((mark) => mark.type !== 'breakout');
    return others.length === 0 ? narrow : { ...narrow, marks: others };
  }
  const kept = block.marks.filter((mark) =>
    blockMarks[container][block.type as 'paragraph' | 'heading'].includes(mark.type),
  );
  if (kept.length === block.marks.length) return block;
  losses.add(
    path,
    'block-style',
    'style',
    `Jira allows no ${missing(block.marks, kept)} of a ${block.type} inside a ${container}`,
  );
  const { marks: _, ...bare } = block;
  return kept.length === 0 ? bare : { ...bare, marks: kept };
}

function missing(all: readonly AdfMark[], kept: readonly AdfMark[]): string {
  return all
    .filter((mark) => !kept.includes(mark))
    .map((mark) => mark.type)
    .join(' and ');
}

/** Simpler blocks with the same text. Every step leads towards paragraphs and lists, which every container allows. */
function replacement(block: AdfNode): readonly AdfNode[] {
  const content = block.content ?? [];
  switch (block.type) {
    case 'heading':
      return [paragraph(content.map(strong))];
    case 'blockquote':
    case 'panel':
    case 'layoutColumn':
    case 'layoutSection':
      return content;
    case 'expand':
    case 'nestedExpand': {
      const title = stringAttr(block, 'title');
      return title ? [paragraph([textNode(title, [{ type: 'strong' }])]), ...content] : content;
    }
    case 'table':
      return content.map((row) =>
        paragraph(
          joined(
            (row.content ?? []).map((cell) => inlinesOf(cell.content ?? [])),
            ' | ',
          ),
        ),
      );
    case 'rule':
      return [];
    case 'mediaGroup':
      return content.map((media) => paragraph(mediaInlines({ type: 'mediaGroup', content: [media] })));
    case 'taskList':
      return [taskListAsBullets(block)];
    case 'decisionList':
      return [{ type: 'bulletList', content: content.map((item) => listItem(decisionText(item))) }];
    case 'blockCard':
    case 'embedCard': {
      const url = stringAttr(block, 'url');
      return [paragraph(url === undefined ? [] : [{ type: 'inlineCard', attrs: { url } }])];
    }
    default:
      return [paragraph([textNode(standIn(labelOf(block)))])];
  }
}

function strong(node: AdfNode): AdfNode {
  const marks = node.marks ?? [];
  if (node.type !== 'text' || marks.some((mark) => mark.type === 'code' || mark.type === 'strong')) return node;
  const links = marks.filter((mark) => mark.type === 'link');
  return { ...node, marks: [...links, { type: 'strong' }, ...marks.filter((mark) => mark.type !== 'link')] };
}

function listItem(content: readonly AdfNode[]): AdfNode {
  return { type: 'listItem', content: [paragraph(content)] };
}

function taskListAsBullets(list: AdfNode): AdfNode {
  const items: AdfNode[] = [];
  for (const child of list.content ?? []) {
    if (child.type === 'taskList') {
      const owner = items.pop();
      items.push({ type: 'listItem', content: [...(owner?.content ?? []), taskListAsBullets(child)] });
      continue;
    }
    const box = `${stringAttr(child, 'state') === 'DONE' ? doneBox : todoBox} `;
    const inlines = child.type === 'taskItem' ? (child.content ?? []) : inlinesOf(child.content ?? []);
    items.push(listItem(mergeTexts([textNode(box), ...inlines])));
  }
  return { type: 'bulletList', content: items };
}

function decisionText(item: AdfNode): readonly AdfNode[] {
  const label = decisionLabels[stringAttr(item, 'state') ?? ''] ?? decisionLabels.DECIDED ?? '';
  return mergeTexts([textNode(label, [{ type: 'strong' }]), textNode(' '), ...(item.content ?? [])]);
}

/** All inline content below some blocks, a space between two blocks. */
export function inlinesOf(blocks: readonly AdfNode[]): readonly AdfNode[] {
  const parts = blocks.map((block) => {
    if (block.type === 'codeBlock') {
      const code = (block.content ?? []).map((node) => node.text ?? '').join('');
      return code.trim() === '' ? [] : [textNode(code.replace(/\s+/g, ' ').trim(), [{ type: 'code' }])];
    }
    if (block.type === 'blockCard' || block.type === 'embedCard') {
      const url = stringAttr(block, 'url');
      return url === undefined ? [] : [{ type: 'inlineCard', attrs: { url } }];
    }
    if (block.type === 'mediaSingle' || block.type === 'mediaGroup') return mediaInlines(block);
    const content = block.content ?? [];
    const inline = ['paragraph', 'heading', 'taskItem', 'decisionItem', 'caption'].includes(block.type);
    return inline ? content.map((node) => (node.type === 'hardBreak' ? textNode(' ') : node)) : inlinesOf(content);
  });
  return joined(parts, ' ');
}

function mediaInlines(block: AdfNode): readonly AdfNode[] {
  return (block.content ?? []).flatMap((child): readonly AdfNode[] => {
    if (child.type === 'caption') return inlinesOf([child]);
    if (child.type !== 'media') return [];
    if (stringAttr(child, 'type') !== 'external') return [{ ...child, type: 'mediaInline' }];
    const url = stringAttr(child, 'url') ?? '';
    return url === '' ? [] : [textNode(stringAttr(child, 'alt') || url, [{ type: 'link', attrs: { href: url } }])];
  });
}

function joined(parts: readonly (readonly AdfNode[])[], separator: string): readonly AdfNode[] {
  const full = parts.filter((part) => part.length > 0);
  return mergeTexts(full.flatMap((part, i) => (i === 0 ? part : [textNode(separator), ...part])));
}

/** Joins neighbouring texts with the same marks, as editors do. */
export function mergeTexts(nodes: readonly AdfNode[]): readonly AdfNode[] {
  const merged: AdfNode[] = [];
  for (const node of nodes) {
    const last = merged.at(-1);
    if (node.type === 'text' && last?.type === 'text' && sameMarks(last.marks ?? [], node.marks ?? [])) {
      merged[merged.length - 1] = { ...last, text: (last.text ?? '') + (node.text ?? '') };
    } else if (node.type !== 'text' || node.text !== '') {
      merged.push(node);
    }
  }
  return merged;
}

function sameMarks(a: readonly AdfMark[], b: readonly AdfMark[]): boolean {
  return a.length === b.length && JSON.stringify(a) === JSON.stringify(b);
}
