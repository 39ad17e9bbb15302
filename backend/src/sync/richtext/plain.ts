// Plain text ↔ both rich forms, for fields that are rich on one side only.
import { type AdfDoc, type AdfNode, docOf, numberAttr, paragraph, stringAttr, textNode } from './adf.ts';
import { boundAdf } from './bound.ts';
import { LossLog } from './context.ts';
import { doneBox, expandMark, todoBox } from './conventions.ts';
import { cleanText, escapeText, shieldText } from './html-text.ts';
import { htmlToAdf } from './html-to-adf.ts';
import { isoDay } from './labels.ts';

/** Blank lines part paragraphs, single line ends are breaks. */
export function plainToAdf(text: string): AdfDoc {
  return docOf(
    paragraphsOf(text).map((lines) =>
      paragraph(
        lines.flatMap((line, i): readonly AdfNode[] => [
          ...(i > 0 ? [{ type: 'hardBreak' }] : []),
          ...(line === '' ? [] : [textNode(line)]),
        ]),
      ),
    ),
  );
}

export function plainToHtml(text: string): string {
  return paragraphsOf(text)
    .map((lines) => `<p>${lines.map((line) => escapeText(shieldText(line))).join('<br>')}</p>`)
    .join('');
}

function paragraphsOf(text: string): readonly (readonly string[])[] {
  return cleanText(text)
    .split(/\n[ \t]*\n+/)
    .map((part) => part.replace(/^\n+|\n+$/g, ''))
    .filter((part) => part.trim() !== '')
    .map((part) => part.split('\n'));
}

export function htmlToPlain(html: string): string {
  return adfToPlain(htmlToAdf(html).doc);
}

/** Readable without any markup: lists with their marks, table cells parted by tabs, a blank line between paragraphs. */
export function adfToPlain(doc: AdfDoc): string {
  return blocksText(boundAdf(doc, new LossLog()).content)
    .replace(/[ \t]+$/gm, '')
    .trim();
}

function blocksText(nodes: readonly AdfNode[]): string {
  return nodes
    .map(blockText)
    .filter((text) => text !== '')
    .join('\n\n');
}

function blockText(node: AdfNode): string {
  const content = node.content ?? [];
  switch (node.type) {
    case 'bulletList':
      return content.map((item) => itemText('- ', item)).join('\n');
    case 'orderedList': {
      const start = numberAttr(node, 'order') ?? 1;
      return content.map((item, i) => itemText(`${start + i}. `, item)).join('\n');
    }
    case 'decisionList':
      return content.map((item) => `- ${inlineText(item.content ?? [])}`).join('\n');
    case 'taskList':
      return content.map(taskText).join('\n');
    case 'table':
      return content
        .map((row) =>
          (row.content ?? []).map((cell) => blocksText(cell.content ?? []).replace(/\s*\n\s*/g, ' ')).join('\t'),
        )
        .join('\n');
    case 'blockquote':
      return indented(blocksText(content), '> ', '> ');
    case 'codeBlock':
      return content.map((child) => child.text ?? '').join('');
    case 'rule':
      return '---';
    case 'expand':
    case 'nestedExpand':
      return [`${expandMark} ${stringAttr(node, 'title') ?? ''}`.trim(), blocksText(content)]
        .filter((part) => part !== '')
        .join('\n');
    case 'paragraph':
    case 'heading':
    case 'caption':
      return inlineText(content);
    default:
      return content.length > 0 ? blocksText(content) : atomText(node);
  }
}

function itemText(mark: string, item: AdfNode): string {
  const parts = (item.content ?? []).map(blockText).filter((text) => text !== '');
  return indented(parts.join('\n'), mark, ' '.repeat(mark.length));
}

function taskText(task: AdfNode): string {
  if (task.type === 'taskList') return indented(blockText(task), '  ', '  ');
  const box = `${stringAttr(task, 'state') === 'DONE' ? doneBox : todoBox} `;
  return box + (task.type === 'taskItem' ? inlineText(task.content ?? []) : blocksText(task.content ?? []));
}

function indented(text: string, first: string, rest: string): string {
  return first + text.replaceAll('\n', `\n${rest}`);
}

function inlineText(nodes: readonly AdfNode[]): string {
  return nodes
    .map((node) => {
      if (node.type === 'text') return linkText(node);
      return node.type === 'hardBreak' ? '\n' : atomText(node);
    })
    .join('');
}

/** A link whose text hides its address tells it in brackets. */
function linkText(node: AdfNode): string {
  const href = stringAttr(node.marks?.find((mark) => mark.type === 'link') ?? {}, 'href');
  const text = node.text ?? '';
  return href === undefined || text.includes(href) ? text : `${text} (${href})`;
}

function atomText(node: AdfNode): string {
  const text = stringAttr(node, 'text') ?? '';
  switch (node.type) {
    case 'mention':
      return text.startsWith('@') ? text : `@${text || 'unknown'}`;
    case 'emoji':
      return text || (stringAttr(node, 'shortName') ?? '');
    case 'date':
      return isoDay(stringAttr(node, 'timestamp') ?? '') ?? '';
    case 'media':
    case 'mediaInline':
      return stringAttr(node, 'alt') ?? stringAttr(node, 'url') ?? '';
    default:
      return text || (stringAttr(node, 'url') ?? '');
  }
}
