// ADF as Jira's issue view draws it, near enough to see with one's own eyes whether a text still says the same. For pictures
// only; nothing of the product draws ADF by itself.
import { type AdfMark, type AdfNode, numberAttr, stringAttr } from '../../../../backend/src/sync/richtext/adf.ts';
import { escapeAttr, escapeText } from '../../../../backend/src/sync/richtext/html-text.ts';

/** Where the picture of a media node lies. */
export type MediaAddress = (node: AdfNode) => string;

export function adfView(nodes: readonly AdfNode[], media: MediaAddress): string {
  return nodes.map((node) => view(node, media)).join('');
}

function view(node: AdfNode, media: MediaAddress): string {
  const inner = adfView(node.content ?? [], media);
  const attr = (name: string): string => stringAttr(node, name) ?? '';
  switch (node.type) {
    case 'text':
      return (node.marks ?? []).reduceRight(markedText, escapeText(node.text ?? '').replaceAll('\n', '<br>'));
    case 'hardBreak':
      return '<br>';
    case 'paragraph':
      return `<p${blockStyle(node)}>${inner || '&nbsp;'}</p>`;
    case 'heading':
      return `<h${numberAttr(node, 'level') ?? 1}${blockStyle(node)}>${inner || '&nbsp;'}</h${numberAttr(node, 'level') ?? 1}>`;
    case 'bulletList':
      return `<ul>${inner}</ul>`;
    case 'orderedList':
      return `<ol start="${numberAttr(node, 'order') ?? 1}">${inner}</ol>`;
    case 'listItem':
      return `<li>${inner}</li>`;
    case 'taskList':
      return `<div class="tasks">${inner}</div>`;
    case 'taskItem':
    case 'blockTaskItem':
      return `<div class="task"><span class="box${attr('state') === 'DONE' ? ' done' : ''}"></span><div>${inner}</div></div>`;
    case 'decisionList':
      return `<div>${inner}</div>`;
    case 'decisionItem':
      return `<div class="decision"><b>${attr('state') === 'DECIDED' ? '⤷' : '?'}</b><div>${inner}</div></div>`;
    case 'blockquote':
      return `<blockquote>${inner}</blockquote>`;
    case 'rule':
      return '<hr>';
    case 'codeBlock':
      return `<div class="code">${codeLines(node)}</div>`;
    case 'panel':
      return panel(node, inner);
    case 'expand':
    case 'nestedExpand':
      return `<div class="expand"><div class="title">⌄ ${escapeText(attr('title') || 'Click here to expand…')}</div>${inner}</div>`;
    case 'table':
      return `<table class="${attr('layout')}"${width(node, 'px')}>${node.attrs?.isNumberColumnEnabled === true ? numbered(node, media) : inner}</table>`;
    case 'tableRow':
      return `<tr>${inner}</tr>`;
    case 'tableHeader':
      return `<th${cell(node)}>${inner}</th>`;
    case 'tableCell':
      return `<td${cell(node)}>${inner}</td>`;
    case 'layoutSection':
      return `<div class="columns">${inner}</div>`;
    case 'layoutColumn':
      return `<div style="flex:${numberAttr(node, 'width') ?? 1};align-self:${attr('valign') === 'middle' ? 'center' : attr('valign') === 'bottom' ? 'end' : 'start'}">${inner}</div>`;
    case 'mediaSingle':
      return `<figure class="${attr('layout')}"${width(node, attr('widthType') === 'pixel' ? 'px' : '%')}>${inner}</figure>`;
    case 'caption':
      return `<figcaption>${inner}</figcaption>`;
    case 'mediaGroup':
      return `<div class="files">${(node.content ?? []).map((file) => `<span class="file">🗎 ${escapeText(stringAttr(file, 'alt') ?? 'file')}</span>`).join('')}</div>`;
    case 'media':
    case 'mediaInline':
      return mediaView(node, media);
    case 'mention':
      return `<span class="mention">${escapeText(attr('text') || '@user')}</span>`;
    case 'emoji':
      return `<span class="emoji">${escapeText(attr('text') || attr('shortName'))}</span>`;
    case 'date':
      return `<span class="date">${new Date(Number(attr('timestamp'))).toISOString().slice(0, 10)}</span>`;
    case 'status':
      return `<span class="status ${attr('color')}"${attr('style') === 'mixedCase' ? ' style="text-transform:none"' : ''}>${escapeText(attr('text'))}</span>`;
    case 'placeholder':
      return `<span class="placeholder">${escapeText(attr('text'))}</span>`;
    case 'inlineCard':
      return `<span class="card">🔗 ${escapeText(attr('url'))}</span>`;
    case 'blockCard':
    case 'embedCard':
      return `<div class="blockcard">🔗 ${escapeText(attr('url'))}</div>`;
    case 'inlineExtension':
      return `<span class="macro"><span>⧉ ${escapeText(attr('extensionKey'))}</span></span>`;
    default:
      return `<div class="macro"><span>⧉ ${escapeText(attr('extensionKey') || node.type)}</span>${inner}</div>`;
  }
}

function markedText(html: string, mark: AdfMark): string {
  const value = stringAttr(mark, 'color') ?? '';
  switch (mark.type) {
    case 'link':
      return `<a href="${escapeAttr(stringAttr(mark, 'href') ?? '')}">${html}</a>`;
    case 'strong':
      return `<b>${html}</b>`;
    case 'em':
      return `<i>${html}</i>`;
    case 'underline':
      return `<u>${html}</u>`;
    case 'strike':
      return `<s>${html}</s>`;
    case 'code':
      return `<code>${html}</code>`;
    case 'subsup':
      return stringAttr(mark, 'type') === 'sup' ? `<sup>${html}</sup>` : `<sub>${html}</sub>`;
    case 'textColor':
      return `<span style="color:${escapeAttr(value)}">${html}</span>`;
    case 'backgroundColor':
      return `<span style="background:${escapeAttr(value)};border-radius:2px">${html}</span>`;
    case 'annotation':
      return `<span class="comment">${html}</span>`;
    default:
      return html;
  }
}

function blockStyle(node: AdfNode): string {
  const styles = (node.marks ?? []).map((mark) => {
    if (mark.type === 'alignment') return `text-align:${stringAttr(mark, 'align')}`;
    if (mark.type === 'indentation') return `margin-left:${30 * (numberAttr(mark, 'level') ?? 1)}px`;
    return mark.type === 'fontSize' ? 'font-size:12px' : '';
  });
  return styles.length === 0 ? '' : ` style="${styles.join(';')}"`;
}

const icons: Readonly<Record<string, string>> = {
  info: 'ℹ️',
  note: '📝',
  tip: '💡',
  success: '✅',
  warning: '⚠️',
  error: '⛔',
};

function panel(node: AdfNode, inner: string): string {
  const type = stringAttr(node, 'panelType') ?? 'info';
  const own = stringAttr(node, 'panelColor');
  const icon = stringAttr(node, 'panelIconText') ?? icons[type] ?? '';
  const style = type === 'custom' && own !== undefined ? ` style="background:${escapeAttr(own)}"` : '';
  return `<div class="panel ${escapeAttr(type)}"${style}><span class="emoji">${escapeText(icon)}</span><div>${inner}</div></div>`;
}

function codeLines(node: AdfNode): string {
  const lines = (node.content ?? [])
    .map(({ text }) => text ?? '')
    .join('')
    .split('\n');
  const numbers = node.attrs?.hideLineNumbers !== true;
  return lines
    .map((line, i) => `<div>${numbers ? `<i>${i + 1}</i>` : ''}<span>${escapeText(line) || ' '}</span></div>`)
    .join('');
}

function numbered(node: AdfNode, media: MediaAddress): string {
  let count = 0;
  return (node.content ?? [])
    .map((row) => {
      const head = row.content?.every(({ type }) => type === 'tableHeader') === true;
      count += head ? 0 : 1;
      return `<tr><td class="number">${head ? '' : count}</td>${adfView(row.content ?? [], media)}</tr>`;
    })
    .join('');
}

function cell(node: AdfNode): string {
  const widths = Array.isArray(node.attrs?.colwidth) ? node.attrs.colwidth.map(Number) : [];
  const total = widths.reduce((sum, each) => sum + each, 0);
  const background = stringAttr(node, 'background');
  const styles = [
    ...(background ? [`background:${background}`] : []),
    ...(total > 0 ? [`width:${total}px`] : []),
    `vertical-align:${stringAttr(node, 'valign') ?? 'top'}`,
  ];
  return ` colspan="${numberAttr(node, 'colspan') ?? 1}" rowspan="${numberAttr(node, 'rowspan') ?? 1}" style="${escapeAttr(styles.join(';'))}"`;
}

function width(node: AdfNode, unit: string): string {
  const value = numberAttr(node, 'width');
  return value === undefined ? '' : ` style="width:${value}${unit}"`;
}

function mediaView(node: AdfNode, media: MediaAddress): string {
  const inline = node.type === 'mediaInline';
  if (inline && stringAttr(node, 'type') !== 'image')
    return `<span class="file">🗎 ${escapeText(stringAttr(node, 'alt') ?? 'file')}</span>`;
  const border = node.marks?.find((mark) => mark.type === 'border');
  const wide = numberAttr(node, 'width');
  const size = wide === undefined ? '' : ` width="${wide}"`;
  const line = border
    ? ` style="border:${numberAttr(border, 'size') ?? 1}px solid ${escapeAttr(stringAttr(border, 'color') ?? '')}"`
    : '';
  return `<img${inline ? ' class="inline"' : ''} src="${escapeAttr(media(node))}" alt=""${size}${line}>`;
}

/** The look of Jira's issue view. */
export const jiraStyle = `
.jira { font: 14px/20px 'Noto Sans', sans-serif; color: #292a2e; }
.jira p { margin: 0 0 12px; white-space: pre-wrap } .jira li p { margin: 0 0 4px } .jira h1 { font-size: 24px; line-height: 28px; margin: 0 0 12px }
.jira h2 { font-size: 20px; margin: 12px 0 8px } .jira h3 { font-size: 16px; margin: 12px 0 8px } .jira h4, .jira h5, .jira h6 { margin: 12px 0 8px; font-size: 14px }
.jira a { color: #1868db } .jira code { background: #f0f1f2; padding: 2px 4px; border-radius: 3px; font: 12px monospace }
.jira ul, .jira ol { margin: 0 0 12px; padding-left: 24px }
.jira .code { background: #f8f8f8; font: 12px/18px monospace; padding: 8px 0; margin: 0 0 12px; border-radius: 3px; white-space: pre-wrap }
.jira .code i { display: inline-block; width: 28px; text-align: right; margin-right: 12px; color: #7d818a; font-style: normal } .jira .code div { padding-left: 4px }
.jira blockquote { border-left: 2px solid #dddee1; margin: 0 0 12px; padding-left: 16px } .jira hr { border: 0; border-top: 2px solid #dddee1; margin: 20px 0 }
.jira table { border-collapse: collapse; margin: 0 0 12px } .jira td, .jira th { border: 1px solid #c1c7d0; padding: 8px; text-align: left; min-width: 30px }
.jira th { background: #f0f1f2 } .jira td p:last-child, .jira th p:last-child { margin: 0 } .jira .number { background: #f0f1f2; color: #6b778c; width: 20px }
.jira .wide, .jira .full-width { width: 100% } .jira table.align-end { margin-left: auto }
.jira .panel { display: flex; gap: 10px; padding: 10px 12px; border-radius: 3px; margin: 0 0 12px; background: #e9f2fe } .jira .panel > div { flex: 1 } .jira .panel p:last-child { margin: 0 }
.jira .note { background: #f8eefe } .jira .tip, .jira .success { background: #efffd6 } .jira .warning { background: #fef7c8 } .jira .error { background: #ffeceb }
.jira .expand { border: 1px solid #c1c7d0; border-radius: 4px; padding: 8px 12px; margin: 0 0 12px } .jira .title { font-weight: 500; color: #505258; margin-bottom: 8px }
.jira .columns { display: flex; gap: 16px; margin-bottom: 12px } .jira figure { margin: 0 0 12px } .jira figure img { max-width: 100% } .jira figure[style] img { width: 100% } .jira figure.center, .jira figure.wide { margin: 0 auto 12px; text-align: center }
.jira figure.align-end { margin-left: auto } .jira figure.wrap-left { float: left; margin-right: 16px } .jira figure.wrap-right { float: right; margin-left: 16px } .jira figcaption { color: #6b778c; text-align: center }
.jira .file { display: inline-block; border: 1px solid #c1c7d0; border-radius: 3px; padding: 0 6px; margin-right: 6px; background: #fff } .jira .inline { height: 18px; vertical-align: middle }
.jira .mention { background: #dddee1; border-radius: 12px; padding: 1px 6px; color: #44546f } .jira .date { background: #dddee1; border-radius: 3px; padding: 2px 4px }
.jira .status { font-size: 11px; font-weight: 700; text-transform: uppercase; padding: 1px 4px; border-radius: 3px; background: #dddee1 } .jira .status.blue { background: #cfe1fd } .jira .status.red { background: #ffd5d2 } .jira .status.yellow { background: #fbd779 } .jira .status.green { background: #baf3db } .jira .status.purple { background: #eed7fc }
.jira .placeholder { color: #7d818a } .jira .card { background: #fff; border: 1px solid #dddee1; border-radius: 4px; padding: 1px 5px; color: #1868db } .jira .blockcard { border: 1px solid #dddee1; border-radius: 6px; padding: 12px; margin: 0 0 12px; color: #1868db; box-shadow: 0 1px 1px #0002 }
.jira .task, .jira .decision { display: flex; gap: 8px; margin: 0 0 6px } .jira .tasks .tasks { margin-left: 22px } .jira .box { width: 13px; height: 13px; border: 1px solid #7d818a; border-radius: 3px; margin-top: 3px; flex: none } .jira .box.done { background: #1868db } .jira .decision { background: #f0f1f2; padding: 6px 10px; border-radius: 3px } .jira .decision b { color: #1f845a }
.jira .macro { border: 1px dashed #8590a2; padding: 6px 10px; margin: 0 0 12px; border-radius: 3px } .jira p .macro { display: inline-block; margin: 0; padding: 0 6px } .jira .macro > span { color: #505258 } .jira .comment { background: #fff7d6; border-bottom: 2px solid #f5cd47 }
`;

/** The look of a text field on Azure DevOps' work item form. */
export const azureStyle = `
.azure { font: 14px/1.4 'Noto Sans', sans-serif; color: rgba(0, 0, 0, .9); overflow-wrap: break-word; }
.azure p { margin: 0 0 10px } .azure h1 { font-size: 26px } .azure h2 { font-size: 21px } .azure h3 { font-size: 17px } .azure h1, .azure h2, .azure h3, .azure h4, .azure h5, .azure h6 { margin: 12px 0 6px; font-weight: 600 }
.azure ul, .azure ol { padding-left: 28px; margin: 0 0 10px } .azure a { color: #005a9e } .azure img { max-width: 100% }
.azure pre { background: #f8f8f8; padding: 8px; overflow: auto; font: 12px/18px monospace } .azure code { font-family: monospace; background: #f8f8f8 } .azure table { margin-bottom: 10px } .azure td p:last-child { margin: 0 }
`;
