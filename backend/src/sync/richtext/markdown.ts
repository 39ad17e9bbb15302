// ADF ↔ Markdown, for the text fields that Azure DevOps holds as Markdown (`multilineFieldsFormat`). Simpler than HTML:
// what Markdown has no sign for becomes plain text and a loss.
import type { BlockContent, DefinitionContent, ListItem, PhrasingContent, TableRow } from 'mdast';
import { gfmToMarkdown } from 'mdast-util-gfm';
import { toMarkdown } from 'mdast-util-to-markdown';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { type AdfDoc, type AdfMark, type AdfNode, docOf, numberAttr, stringAttr } from './adf.ts';
import { boundAdf } from './bound.ts';
import { inlinesOf } from './content-rules.ts';
import { type ConversionContext, type Loss, LossLog } from './context.ts';
import { dateMark, expandMark, fileMark, safeHref, standIn } from './conventions.ts';
import { cleanText } from './html-text.ts';
import { type AdfResult, htmlToAdf } from './html-to-adf.ts';
import { cardUrl, isoDay, labelOf, mediaLabel } from './labels.ts';
import { translateLinks } from './links.ts';

export interface MarkdownResult {
  readonly markdown: string;
  readonly losses: readonly Loss[];
}

/** `@<GUID>`: how Markdown texts of Azure DevOps mention people. Source: the page on @mentions beside the HTML form. */
const mention = /@<([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})>/gi;
const mentionTag = /<a href="#" data-vss-mention="version:2\.0,([0-9a-f-]{36})">@[0-9a-f-]{36}<\/a>/gi;

/** Markdown as GitHub extends it (tables, tasks, strikethrough, bare links), with HTML in it. */
export function markdownToAdf(markdown: string, context: ConversionContext = {}): AdfResult {
  const source = markdown.replace(mention, '<a href="#" data-vss-mention="version:2.0,$1">@$1</a>');
  const html = micromark(source, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
  const { doc, losses } = htmlToAdf(html, context);
  return { doc: docOf(doc.content.map(asWritten)), losses };
}

/** Code ends without the line end that the renderer adds, and names people as it was written. */
function asWritten(node: AdfNode): AdfNode {
  if (node.type === 'text' && node.marks?.some((mark) => mark.type === 'code'))
    return { ...node, text: unmention(node.text) };
  if (node.content === undefined) return node;
  if (node.type !== 'codeBlock') return { ...node, content: node.content.map(asWritten) };
  const text = unmention(node.content.map((child) => child.text ?? '').join('')).replace(/\n$/, '');
  const { content: _, ...bare } = node;
  return text === '' ? bare : { ...bare, content: [{ type: 'text', text }] };
}

function unmention(text: string | undefined): string {
  return (text ?? '').replace(mentionTag, '@<$1>');
}

interface MarkdownWriter {
  readonly context: ConversionContext;
  readonly losses: LossLog;
}

export function adfToMarkdown(doc: AdfDoc, context: ConversionContext = {}): MarkdownResult {
  const losses = new LossLog();
  const writer: MarkdownWriter = { context, losses };
  const own = boundAdf(doc, losses);
  const { content } = context.links ? translateLinks(own, 'azure', context.links) : own;
  const children = content.flatMap((node, i) => blockOf(node, `$.content[${i}]`, writer));
  const markdown = toMarkdown(
    { type: 'root', children },
    { extensions: [gfmToMarkdown()], bullet: '-', emphasis: '_', rule: '-', fences: true, resourceLink: false },
  );
  return { markdown: markdown.replace(/\\?@\\?<([0-9a-f-]{36})>/gi, '@<$1>'), losses: losses.all };
}

type Block = BlockContent | DefinitionContent;

function blocksOf(nodes: readonly AdfNode[], path: string, writer: MarkdownWriter): Block[] {
  return nodes.flatMap((node, i) => blockOf(node, `${path}.content[${i}]`, writer));
}

function blockOf(node: AdfNode, path: string, writer: MarkdownWriter): Block[] {
  const content = node.content ?? [];
  const lost = (reason: string) => writer.losses.add(path, 'markdown', node.type, reason);
  for (const mark of node.marks ?? []) writer.losses.add(path, 'markdown', mark.type, `not kept on ${node.type}`);
  switch (node.type) {
    case 'paragraph':
      return [{ type: 'paragraph', children: lineOf(content, path, writer) }];
    case 'heading': {
      const depth = Math.min(6, Math.max(1, numberAttr(node, 'level') ?? 1)) as 1 | 2 | 3 | 4 | 5 | 6;
      return [{ type: 'heading', depth, children: lineOf(content, path, writer) }];
    }
    case 'bulletList':
    case 'decisionList':
    case 'taskList':
      return [{ type: 'list', ordered: false, spread: false, children: itemsOf(node, path, writer) }];
    case 'orderedList':
      return [
        {
          type: 'list',
          ordered: true,
          start: numberAttr(node, 'order') ?? 1,
          spread: false,
          children: itemsOf(node, path, writer),
        },
      ];
    case 'blockquote':
      return [{ type: 'blockquote', children: blocksOf(content, path, writer) }];
    case 'codeBlock': {
      const lang = stringAttr(node, 'language');
      return [
        {
          type: 'code',
          lang: lang && /^\S+$/.test(lang) ? lang : null,
          value: content.map((child) => child.text ?? '').join(''),
        },
      ];
    }
    case 'rule':
      return [{ type: 'thematicBreak' }];
    case 'table':
      return [{ type: 'table', children: rowsOf(node, path, writer) }];
    case 'panel':
      lost('a panel became a quotation');
      return [{ type: 'blockquote', children: blocksOf(content, path, writer) }];
    case 'expand':
    case 'nestedExpand': {
      lost('the content of an expand is always shown');
      const title = `${expandMark} ${cleanText(stringAttr(node, 'title') ?? '')}`.trim();
      return [
        { type: 'paragraph', children: [{ type: 'strong', children: [{ type: 'text', value: title }] }] },
        ...blocksOf(content, path, writer),
      ];
    }
    case 'layoutSection':
      lost('columns stand one below the other');
      return content.flatMap((column, i) => blocksOf(column.content ?? [], `${path}.content[${i}]`, writer));
    case 'mediaSingle':
    case 'mediaGroup':
      return content.map((child, i): Block => {
        const at = `${path}.content[${i}]`;
        return {
          type: 'paragraph',
          children:
            child.type === 'caption'
              ? lineOf(child.content ?? [], at, writer)
              : mediaOf(child, at, writer, node.type === 'mediaSingle'),
        };
      });
    case 'blockCard':
    case 'embedCard':
    case 'inlineCard':
      return [{ type: 'paragraph', children: cardOf(node, path, writer) }];
    default:
      lost('only Jira can show it; a stand-in text takes its place');
      return [
        { type: 'paragraph', children: [{ type: 'text', value: standIn(labelOf(node)) }] },
        ...blocksOf(content, path, writer),
      ];
  }
}

function itemsOf(list: AdfNode, path: string, writer: MarkdownWriter): ListItem[] {
  const items: ListItem[] = [];
  for (const [i, child] of (list.content ?? []).entries()) {
    const at = `${path}.content[${i}]`;
    const done = stringAttr(child, 'state') === 'DONE';
    const owner = items.at(-1);
    if (child.type === 'taskList') {
      const nested = blockOf(child, at, writer);
      if (owner === undefined) items.push({ type: 'listItem', children: nested });
      else owner.children.push(...nested);
    } else if (child.type === 'taskItem') {
      const line: Block = { type: 'paragraph', children: lineOf(child.content ?? [], at, writer) };
      items.push({ type: 'listItem', checked: done, spread: false, children: [line] });
    } else if (child.type === 'decisionItem') {
      writer.losses.add(at, 'markdown', 'decisionItem', 'a decision became a list item');
      items.push({
        type: 'listItem',
        spread: false,
        children: [{ type: 'paragraph', children: lineOf(child.content ?? [], at, writer) }],
      });
    } else {
      items.push({
        type: 'listItem',
        ...(child.type === 'blockTaskItem' ? { checked: done } : {}),
        spread: false,
        children: blocksOf(child.content ?? [], at, writer),
      });
    }
  }
  return items;
}

/** Cells hold one line; the first row is the header, as Markdown has no table without one. */
function rowsOf(table: AdfNode, path: string, writer: MarkdownWriter): TableRow[] {
  return (table.content ?? []).map((row, i) => ({
    type: 'tableRow',
    children: (row.content ?? []).map((cell, j) => {
      const at = `${path}.content[${i}].content[${j}]`;
      const simple = cell.content?.length === 1 && cell.content[0]?.type === 'paragraph';
      if (!simple) writer.losses.add(at, 'markdown', cell.type, 'a table cell became a single line');
      if ((numberAttr(cell, 'colspan') ?? 1) > 1 || (numberAttr(cell, 'rowspan') ?? 1) > 1)
        writer.losses.add(at, 'markdown', cell.type, 'a cell over several columns or rows');
      if (stringAttr(cell, 'background')) writer.losses.add(at, 'markdown', cell.type, 'the background of a cell');
      if ((cell.type === 'tableHeader') !== (i === 0))
        writer.losses.add(at, 'markdown', cell.type, 'only the first row is a header');
      return { type: 'tableCell', children: lineOf(inlinesOf(cell.content ?? []), at, writer) };
    }),
  }));
}

function lineOf(nodes: readonly AdfNode[], path: string, writer: MarkdownWriter): PhrasingContent[] {
  return nodes.flatMap((node, i): PhrasingContent[] => {
    const at = `${path}.content[${i}]`;
    switch (node.type) {
      case 'text':
        return markedText(cleanText(node.text ?? ''), node.marks ?? [], at, writer);
      case 'hardBreak':
        return [{ type: 'break' }];
      case 'mention': {
        const person = writer.context.people?.toAzure(stringAttr(node, 'id') ?? '');
        if (person !== undefined) return [{ type: 'html', value: `@<${person.id}>` }];
        writer.losses.add(
          at,
          'person',
          'mention',
          'the person has no counterpart in Azure DevOps; the name stays as text',
        );
        return [{ type: 'text', value: `@${(stringAttr(node, 'text') ?? 'unknown').replace(/^@/, '')}` }];
      }
      case 'emoji':
        writer.losses.add(at, 'markdown', 'emoji', 'an emoji became its character');
        return [{ type: 'text', value: stringAttr(node, 'text') || (stringAttr(node, 'shortName') ?? '') }];
      case 'date': {
        const day = isoDay(stringAttr(node, 'timestamp') ?? '');
        return [
          { type: 'text', value: day === undefined ? (stringAttr(node, 'timestamp') ?? '') : `${dateMark} ${day}` },
        ];
      }
      case 'status':
        writer.losses.add(at, 'markdown', 'status', 'a status became bold text');
        return [{ type: 'strong', children: [{ type: 'text', value: stringAttr(node, 'text') ?? '' }] }];
      case 'inlineCard':
        return cardOf(node, at, writer);
      case 'media':
      case 'mediaInline':
        return mediaOf(node, at, writer, stringAttr(node, 'type') === 'image');
      default:
        writer.losses.add(at, 'jira-only', node.type, 'only Jira can show it; a stand-in text takes its place');
        return [{ type: 'text', value: standIn(labelOf(node)) }];
    }
  });
}

/** Tags that Markdown texts may hold for what has no sign. */
const inlineTags: Readonly<Record<string, string>> = { underline: 'u', sub: 'sub', sup: 'sup' };

function markedText(text: string, marks: readonly AdfMark[], path: string, writer: MarkdownWriter): PhrasingContent[] {
  const isCode = marks.some((mark) => mark.type === 'code');
  let inner: PhrasingContent[] = [isCode ? { type: 'inlineCode', value: text } : { type: 'text', value: text }];
  for (const mark of [...marks].reverse()) {
    const href = mark.type === 'link' ? safeHref(stringAttr(mark, 'href') ?? '') : undefined;
    const tag = inlineTags[mark.type === 'subsup' ? (stringAttr(mark, 'type') ?? '') : mark.type];
    if (mark.type === 'strong') inner = [{ type: 'strong', children: inner }];
    else if (mark.type === 'em') inner = [{ type: 'emphasis', children: inner }];
    else if (mark.type === 'strike') inner = [{ type: 'delete', children: inner }];
    else if (tag !== undefined)
      inner = [{ type: 'html', value: `<${tag}>` }, ...inner, { type: 'html', value: `</${tag}>` }];
    else if (href !== undefined) {
      const url = writer.context.media?.linkToAzure?.(href) ?? href;
      inner = [{ type: 'link', url, title: stringAttr(mark, 'title') ?? null, children: inner }];
    } else if (mark.type !== 'code') writer.losses.add(path, 'markdown', mark.type, 'no sign for it in Markdown');
  }
  return inner;
}

function cardOf(node: AdfNode, path: string, writer: MarkdownWriter): PhrasingContent[] {
  const href = safeHref(cardUrl(node) ?? '');
  writer.losses.add(path, 'markdown', node.type, 'a card became a link');
  return href === undefined
    ? [{ type: 'text', value: standIn(labelOf(node)) }]
    : [{ type: 'link', url: href, children: [{ type: 'text', value: href }] }];
}

function mediaOf(media: AdfNode, path: string, writer: MarkdownWriter, asImage: boolean): PhrasingContent[] {
  const external = stringAttr(media, 'type') === 'external' ? safeHref(stringAttr(media, 'url') ?? '') : undefined;
  const id = stringAttr(media, 'id');
  const file =
    id === undefined
      ? undefined
      : writer.context.media?.toAzure({ id, collection: stringAttr(media, 'collection') ?? '' });
  const url = external ?? file?.url;
  const name = cleanText(stringAttr(media, 'alt') ?? file?.name ?? '');
  if (url === undefined) {
    writer.losses.add(
      path,
      'file',
      media.type,
      'the file has no counterpart in Azure DevOps; a stand-in text takes its place',
    );
    return [{ type: 'text', value: standIn(mediaLabel(media)) }];
  }
  if (asImage) return [{ type: 'image', url, alt: name }];
  return [{ type: 'link', url, children: [{ type: 'text', value: `${fileMark} ${name || 'attachment'}` }] }];
}
