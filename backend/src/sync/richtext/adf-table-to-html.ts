// Tables and columns of ADF → HTML tables.
import { type AdfNode, numberAttr, stringAttr } from './adf.ts';
import { inlineHtml } from './adf-inline-to-html.ts';
import { parseColor } from './color.ts';
import { rowNumbers, wideWidths } from './conventions.ts';
import { breakoutStyles, type HtmlWriter, reportLayout, reportMarks, styleAttr } from './html-writer.ts';

const topAligned = ' style="vertical-align:top"';

/** What shows where a table stands; the reader of tables knows the same. */
const tableLayouts: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(wideWidths).map(([layout, most]) => [layout, `max-width:${most}`])),
  'align-start': 'margin-right:auto',
  'align-end': 'margin-left:auto',
};

export function tableHtml(node: AdfNode, path: string, writer: HtmlWriter): string {
  reportMarks(node, path, writer);
  const layout = stringAttr(node, 'layout') ?? 'default';
  reportLayout(node, path, writer, ['default', 'center', ...Object.keys(tableLayouts)]);
  const width = numberAttr(node, 'width');
  const styles = [
    'border-collapse:collapse',
    ...(width !== undefined && width > 0 ? [`width:${Math.round(width)}px`] : []),
    ...(tableLayouts[layout] === undefined ? [] : [tableLayouts[layout]]),
    ...(stringAttr(node, 'displayMode') === 'fixed' ? ['table-layout:fixed'] : []),
    ...(node.attrs?.isNumberColumnEnabled === true ? [rowNumbers] : []),
  ];
  const rows = (node.content ?? []).map((row, i) => {
    const at = `${path}.content[${i}]`;
    return `<tr>${(row.content ?? []).map((cell, j) => tableCell(cell, `${at}.content[${j}]`, writer)).join('')}</tr>`;
  });
  return `<table border="1" cellpadding="6"${styleAttr(styles)}><tbody${topAligned}>${rows.join('')}</tbody></table>`;
}

function tableCell(node: AdfNode, path: string, writer: HtmlWriter): string {
  const tag = node.type === 'tableHeader' ? 'th' : 'td';
  const span = (name: 'colspan' | 'rowspan') => {
    const value = Math.floor(numberAttr(node, name) ?? 1);
    return value > 1 ? ` ${name}="${value}"` : '';
  };
  // Browsers centre the text of header cells and, up and down, of all; Jira does neither.
  const styles: string[] = tag === 'th' ? ['text-align:left'] : [];
  const background = stringAttr(node, 'background');
  if (background !== undefined && background !== '') {
    const color = parseColor(background);
    if (color === undefined) writer.losses.add(path, 'odd-value', node.type, 'a background that is not a colour');
    else styles.push(`background-color:${color}`);
  }
  const widths = Array.isArray(node.attrs?.colwidth)
    ? node.attrs.colwidth.filter((width) => typeof width === 'number')
    : [];
  const total = Math.round(widths.reduce((sum: number, width: number) => sum + Math.max(0, width), 0));
  if (total > 0) styles.push(`width:${total}px`);
  const valign = stringAttr(node, 'valign');
  if (valign === 'middle' || valign === 'bottom') styles.push(`vertical-align:${valign}`);
  const content = node.content ?? [];
  const only = content.length === 1 && content[0]?.type === 'paragraph' ? content[0] : undefined;
  const inner =
    only !== undefined && (only.marks ?? []).length === 0
      ? inlineHtml(only.content ?? [], `${path}.content[0]`, writer)
      : writer.blocks(content, path);
  return `<${tag}${span('colspan')}${span('rowspan')}${styleAttr(styles)}>${inner}</${tag}>`;
}

/** Columns side by side: a borderless table of one row whose cells have widths in per cent. */
export function layoutHtml(node: AdfNode, path: string, writer: HtmlWriter): string {
  reportMarks(node, path, writer, ['breakout']);
  const count = node.content?.length ?? 0;
  if (count < 2 || count > 3)
    writer.losses.add(path, 'odd-value', 'layoutSection', 'columns that are not two or three come back as a table');
  const columns = (node.content ?? []).map((column, i) => {
    const valign = stringAttr(column, 'valign');
    const width = Math.round((numberAttr(column, 'width') ?? 0) * 100) / 100;
    const style = `width:${width}%;vertical-align:${valign === 'middle' || valign === 'bottom' ? valign : 'top'}`;
    return `<td style="${style}">${writer.blocks(column.content ?? [], `${path}.content[${i}]`)}</td>`;
  });
  const styles = ['border:none', 'width:100%', ...breakoutStyles(node)];
  return `<table border="0"${styleAttr(styles)}><tbody><tr>${columns.join('')}</tr></tbody></table>`;
}
