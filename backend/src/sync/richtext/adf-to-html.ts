// ADF → the HTML a person would have written in Azure DevOps. The way back is html-to-adf.ts; what both agree on is
// conventions.ts.
import { type AdfDoc, type AdfNode, numberAttr, stringAttr } from './adf.ts';
import { inlineHtml } from './adf-inline-to-html.ts';
import { fileHtml, imageHtml, mediaSingle } from './adf-media-to-html.ts';
import { layoutHtml, tableHtml } from './adf-table-to-html.ts';
import { boundAdf } from './bound.ts';
import { parseColor } from './color.ts';
import { type Loss, LossLog, type ToHtmlContext } from './context.ts';
import {
  boxBorder,
  boxGap,
  decisionLabels,
  doneBox,
  embedTitle,
  expandMark,
  indentPixels,
  layoutAligns,
  layoutFloats,
  noLineNumbers,
  panelIconOf,
  panelIconTitle,
  panelLooks,
  safeHref,
  standIn,
  todoBox,
  wideWidths,
} from './conventions.ts';
import { knownMentions } from './html-mentions.ts';
import { cleanText, escapeAttr, escapeText, shieldText } from './html-text.ts';
import {
  breakoutStyles,
  type HtmlWriter,
  reportCharacters,
  reportLayout,
  reportMarks,
  styleAttr,
} from './html-writer.ts';
import { cardUrl, labelOf } from './labels.ts';
import { translateLinks } from './links.ts';

export interface HtmlResult {
  readonly html: string;
  readonly losses: readonly Loss[];
}

/** Any document, also one with nodes nobody knows: those become a stand-in text and a loss. An empty one gives ''. */
export function adfToHtml(doc: AdfDoc, context: ToHtmlContext = {}): HtmlResult {
  const losses = new LossLog();
  const writer: HtmlWriter = {
    context,
    losses,
    mentions: knownMentions(context.original),
    blocks: (nodes, path) => blocksHtml(nodes, path, writer),
  };
  const own = boundAdf(doc, losses);
  const { content } = context.links ? translateLinks(own, 'azure', context.links) : own;
  const html = blocksHtml(content, '$', writer);
  return { html, losses: losses.all };
}

function blocksHtml(nodes: readonly AdfNode[], path: string, writer: HtmlWriter): string {
  return nodes.map((node, i) => blockHtml(node, `${path}.content[${i}]`, writer)).join('');
}

function blockHtml(node: AdfNode, path: string, writer: HtmlWriter): string {
  const content = node.content ?? [];
  switch (node.type) {
    case 'paragraph':
      return textBlock('p', node, path, writer);
    case 'heading': {
      const level = Math.min(6, Math.max(1, Math.round(numberAttr(node, 'level') ?? 1)));
      return textBlock(`h${level}`, node, path, writer);
    }
    case 'bulletList':
      return `<ul>${content.map((item, i) => listItem(item, `${path}.content[${i}]`, writer)).join('')}</ul>`;
    case 'orderedList': {
      const order = Math.floor(numberAttr(node, 'order') ?? 1);
      const start = order === 1 ? '' : ` start="${order}"`;
      return `<ol${start}>${content.map((item, i) => listItem(item, `${path}.content[${i}]`, writer)).join('')}</ol>`;
    }
    case 'taskList':
      return taskList(node, path, writer);
    case 'decisionList':
      return `<ul>${content.map((item, i) => decision(item, `${path}.content[${i}]`, writer)).join('')}</ul>`;
    case 'blockquote':
      return `<blockquote>${blocksHtml(content, path, writer)}</blockquote>`;
    case 'rule':
      if (['color', 'style', 'weight'].some((name) => node.attrs?.[name] !== undefined))
        writer.losses.add(path, 'odd-value', 'rule', 'colour, style and weight of a line');
      return '<hr>';
    case 'codeBlock':
      return codeBlock(node, path, writer);
    case 'panel':
      return panel(node, path, writer);
    case 'expand':
    case 'nestedExpand':
      return expand(node, path, writer);
    case 'table':
      return tableHtml(node, path, writer);
    case 'layoutSection':
      return layoutHtml(node, path, writer);
    case 'mediaSingle':
      return mediaSingle(node, path, writer);
    case 'mediaGroup':
      return `<div>${content.map((media, i) => fileHtml(media, `${path}.content[${i}]`, writer)).join('<br>')}</div>`;
    case 'media':
      return `<p>${imageHtml(node, path, writer)}</p>`;
    case 'blockCard':
    case 'embedCard':
      return card(node, path, writer);
    default:
      return unknownBlock(node, path, writer);
  }
}

function textBlock(tag: string, node: AdfNode, path: string, writer: HtmlWriter): string {
  const styles: string[] = [];
  let small = false;
  for (const mark of node.marks ?? []) {
    if (mark.type === 'alignment') {
      styles.push(`text-align:${stringAttr(mark, 'align') === 'center' ? 'center' : 'right'}`);
    } else if (mark.type === 'indentation') {
      styles.push(`margin-left:${indentPixels * (numberAttr(mark, 'level') ?? 1)}px`);
    } else if (mark.type === 'fontSize') {
      small = true;
    } else {
      writer.losses.add(path, 'block-style', mark.type, `not kept on ${node.type}`);
    }
  }
  const inner = inlineHtml(node.content ?? [], path, writer);
  return `<${tag}${styleAttr(styles)}>${small ? `<small>${inner}</small>` : inner}</${tag}>`;
}

/** An item of one line, with or without lists below it, needs no paragraph element of its own. */
function listItem(node: AdfNode, path: string, writer: HtmlWriter): string {
  const [first, ...rest] = node.content ?? [];
  const isList = (child: AdfNode) => ['bulletList', 'orderedList', 'taskList', 'decisionList'].includes(child.type);
  if (first === undefined) return '<li><br></li>';
  if (first.type !== 'paragraph' || (first.marks ?? []).length > 0 || !rest.every(isList)) {
    return `<li>${blocksHtml(node.content ?? [], path, writer)}</li>`;
  }
  const line = inlineHtml(first.content ?? [], `${path}.content[0]`, writer);
  return `<li>${line}${rest.map((child, i) => blockHtml(child, `${path}.content[${i + 1}]`, writer)).join('')}</li>`;
}

function taskList(node: AdfNode, path: string, writer: HtmlWriter): string {
  const items: string[] = [];
  for (const [i, child] of (node.content ?? []).entries()) {
    const at = `${path}.content[${i}]`;
    if (child.type !== 'taskItem' && child.type !== 'blockTaskItem') {
      const nested = blockHtml(child, at, writer);
      const owner = items.pop();
      items.push(
        owner === undefined ? nested : owner.endsWith('</li>') ? `${owner.slice(0, -5)}${nested}</li>` : owner + nested,
      );
      continue;
    }
    items.push(`<li>${taskItem(child, at, writer)}</li>`);
  }
  return `<ul style="list-style-type:none">${items.join('')}</ul>`;
}

function taskItem(node: AdfNode, path: string, writer: HtmlWriter): string {
  const box = `${stringAttr(node, 'state') === 'DONE' ? doneBox : todoBox} `;
  const content = node.content ?? [];
  if (node.type === 'taskItem') return box + inlineHtml(content, path, writer, box);
  return content
    .map((block, i) => {
      const at = `${path}.content[${i}]`;
      if (block.type !== 'paragraph') return `${i === 0 ? box : ''}${blockHtml(block, at, writer)}`;
      const lead = i === 0 ? box : '';
      const inner = lead + inlineHtml(block.content ?? [], at, writer, lead);
      return block.marks?.some((mark) => mark.type === 'fontSize')
        ? `<p><small>${inner}</small></p>`
        : `<p>${inner}</p>`;
    })
    .join('');
}

function decision(node: AdfNode, path: string, writer: HtmlWriter): string {
  const state = stringAttr(node, 'state') ?? 'DECIDED';
  const label = decisionLabels[state];
  if (label === undefined)
    writer.losses.add(path, 'odd-value', 'decisionItem', 'a state other than DECIDED and UNDECIDED');
  return `<li><strong>${label ?? decisionLabels.DECIDED}</strong> ${inlineHtml(node.content ?? [], path, writer, ' ')}</li>`;
}

function codeBlock(node: AdfNode, path: string, writer: HtmlWriter): string {
  reportMarks(node, path, writer, ['breakout']);
  const source = (node.content ?? []).map((child) => child.text ?? '').join('');
  reportCharacters(source, path, writer);
  const language = cleanText(stringAttr(node, 'language') ?? '').trim();
  const styles = [
    ...(node.attrs?.wrap === true ? ['white-space:pre-wrap'] : []),
    ...(node.attrs?.hideLineNumbers === true ? [noLineNumbers] : []),
    ...breakoutStyles(node),
  ];
  const title = language === '' ? '' : ` title="${escapeAttr(language)}"`;
  const className = language === '' || /\s/.test(language) ? '' : ` class="language-${escapeAttr(language)}"`;
  return `<pre${title}${styleAttr(styles)}><code${className}>${escapeText(cleanText(source))}</code></pre>`;
}

function panel(node: AdfNode, path: string, writer: HtmlWriter): string {
  const type = stringAttr(node, 'panelType') ?? 'info';
  const look = panelLooks[type] ?? panelLooks.info;
  const own = type === 'custom' ? parseColor(stringAttr(node, 'panelColor') ?? '') : undefined;
  if (panelLooks[type] === undefined)
    writer.losses.add(path, 'odd-value', 'panel', 'a panel type that is not known; shown as info');
  const icon = iconTitle(node, path, writer);
  if (stringAttr(node, 'panelColor') && own === undefined)
    writer.losses.add(path, 'odd-value', 'panel', 'the colour of a panel');
  const style = `background-color:${own ?? look?.background};border-left:4px solid ${look?.edge};padding:8px 12px;${boxGap}`;
  return `<div style="${style}"${icon}>${blocksHtml(node.content ?? [], path, writer)}</div>`;
}

function iconTitle(node: AdfNode, path: string, writer: HtmlWriter): string {
  const icon: Record<string, string> = {};
  for (const name of ['panelIcon', 'panelIconText', 'panelIconId']) {
    const value = stringAttr(node, name);
    if (value) icon[name] = value;
  }
  if (Object.keys(icon).length === 0) return '';
  const title = panelIconTitle(icon);
  const again: Readonly<Record<string, string>> = { ...panelIconOf(title) };
  if (Object.keys(icon).every((name) => icon[name] === again[name])) return ` title="${escapeAttr(title)}"`;
  writer.losses.add(path, 'odd-value', 'panel', 'an icon of a form that Jira does not write');
  return '';
}

function expand(node: AdfNode, path: string, writer: HtmlWriter): string {
  reportMarks(node, path, writer, ['breakout']);
  const title = shieldText(stringAttr(node, 'title') ?? '');
  const head = `<p><strong>${expandMark}${title === '' ? '' : ` ${escapeText(title)}`}</strong></p>`;
  const style = styleAttr([`border:${boxBorder}`, 'padding:8px', boxGap, ...breakoutStyles(node)]);
  return `<div${style}>${head}${blocksHtml(node.content ?? [], path, writer)}</div>`;
}

function card(node: AdfNode, path: string, writer: HtmlWriter): string {
  const url = cardUrl(node);
  const href = url === undefined ? undefined : safeHref(url);
  if (node.attrs?.data !== undefined)
    writer.losses.add(path, 'link-data', node.type, 'the data of a card; its address stays');
  if (node.attrs?.datasource !== undefined)
    writer.losses.add(path, 'link-data', node.type, 'the data source of a card; its address stays');
  if (href === undefined) {
    writer.losses.add(path, 'address', node.type, 'a card without an address that is allowed');
    return `<p>${escapeText(standIn(labelOf(node)))}</p>`;
  }
  const styles = [`border:${boxBorder}`, 'padding:8px', boxGap];
  let title = '';
  if (node.type === 'embedCard') {
    const layout = stringAttr(node, 'layout') ?? 'center';
    reportLayout(node, path, writer, Object.keys({ ...layoutAligns, ...layoutFloats, ...wideWidths }));
    title = embedTitle(numberAttr(node, 'originalWidth'), numberAttr(node, 'originalHeight'));
    styles.push(`text-align:${layoutAligns[layout] === '' ? 'left' : (layoutAligns[layout] ?? 'center')}`);
    if (layoutFloats[layout] !== undefined) styles.push(`float:${layoutFloats[layout]}`);
    if (wideWidths[layout] !== undefined) styles.push(`max-width:${wideWidths[layout]}`);
    const width = numberAttr(node, 'width');
    if (width !== undefined) styles.push(`width:${Math.round(width * 100) / 100}%`);
  } else if (node.attrs?.layout !== undefined || node.attrs?.width !== undefined) {
    writer.losses.add(path, 'link-data', node.type, 'layout and width of a card');
  }
  const sized = title === '' ? '' : ` title="${title}"`;
  return `<div${styleAttr(styles)}><a href="${escapeAttr(href)}"${sized}>${escapeText(shieldText(href))}</a></div>`;
}

/** Extensions and nodes nobody knows: a stand-in line, then what they contain. */
function unknownBlock(node: AdfNode, path: string, writer: HtmlWriter): string {
  const content = node.content ?? [];
  const inline = content.some((child) => child.type === 'text');
  if (node.type === 'text' || node.type === 'hardBreak' || node.type === 'mention' || node.type === 'emoji') {
    return `<p>${inlineHtml([node], path, writer)}</p>`;
  }
  writer.losses.add(path, 'jira-only', node.type, 'only Jira can show it; a stand-in text takes its place');
  const head = `<p>${escapeText(standIn(labelOf(node)))}</p>`;
  if (content.length === 0) return head;
  const body = inline ? `<p>${inlineHtml(content, path, writer)}</p>` : blocksHtml(content, path, writer);
  return `<div style="border:${boxBorder};padding:8px;${boxGap}">${head}${body}</div>`;
}
