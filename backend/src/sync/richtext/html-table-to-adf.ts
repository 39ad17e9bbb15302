// Tables of HTML → ADF tables, or the columns of a layout where the table only lays out.
import type { AdfNode } from './adf.ts';
import { parseColor } from './color.ts';
import { withColumnWidths } from './column-widths.ts';
import { fitBlocks } from './content-rules.ts';
import { rowNumbers } from './conventions.ts';
import { colorPart, percentage, pixels } from './css.ts';
import { breakoutMarks, wideLayout } from './html-inline-to-adf.ts';
import { type MarkState, withElement } from './html-marks.ts';
import { type BlockState, type Reader, readLoose } from './html-reader.ts';
import { alignOf } from './html-style.ts';
import { elementsOf, type HtmlElement, rawText } from './html-tree.ts';

const maxSpan = 1000;

interface Row {
  readonly row: HtmlElement;
  readonly inHead: boolean;
}

export function readTable(table: HtmlElement, marks: MarkState, state: BlockState, reader: Reader): readonly AdfNode[] {
  const inside: BlockState = { tag: 'td', indent: 0, align: undefined, path: state.path };
  const tableMarks = withElement(marks, table);
  const rows = rowsOf(table);
  const layout = layoutOf(table, rows, tableMarks, inside, reader);
  if (layout !== undefined) return [layout];
  const only = rows.length === 1 && rows[0] ? cellsOf(rows[0].row) : [];
  if (only.length === 1 && only[0] !== undefined && holdsTable(only[0])) {
    return readLoose(reader, only[0].children, tableMarks, inside);
  }
  const content = rows.flatMap(({ row, inHead }): readonly AdfNode[] => {
    const cells = cellsOf(row).map((cell) => readCell(cell, row, inHead, tableMarks, inside, reader));
    return cells.length === 0 ? [] : [{ type: 'tableRow', content: cells }];
  });
  const caption = elementsOf(table.children).find((child) => child.tag === 'caption');
  const before = caption === undefined ? [] : readLoose(reader, caption.children, marks, { ...inside, tag: 'caption' });
  if (content.length === 0) return before;
  const width = pixels(table.style.get('width'));
  const attrs = {
    ...(width !== undefined && width > 0 ? { width: Math.round(width) } : {}),
    ...placeOf(table),
    ...(/^fixed$/i.test(table.style.get('table-layout') ?? '') ? { displayMode: 'fixed' } : {}),
    ...(`counter-reset:${table.style.get('counter-reset')}` === rowNumbers ? { isNumberColumnEnabled: true } : {}),
  };
  const described = Object.keys(attrs).length === 0 ? {} : { attrs };
  return [...before, { type: 'table', ...described, content: withColumnWidths(content) }];
}

function placeOf(table: HtmlElement): { readonly layout?: string } {
  const [left, right] = [table.style.get('margin-left'), table.style.get('margin-right')];
  const layout =
    wideLayout(table.style.get('max-width')) ??
    (left === 'auto' && right === undefined
      ? 'align-end'
      : right === 'auto' && left === undefined
        ? 'align-start'
        : undefined);
  return layout === undefined ? {} : { layout };
}

function rowsOf(table: HtmlElement): readonly Row[] {
  return elementsOf(table.children).flatMap((part): readonly Row[] => {
    if (part.tag === 'tr') return [{ row: part, inHead: false }];
    if (!['thead', 'tbody', 'tfoot'].includes(part.tag)) return [];
    return elementsOf(part.children)
      .filter((row) => row.tag === 'tr')
      .map((row) => ({ row, inHead: part.tag === 'thead' }));
  });
}

function cellsOf(row: HtmlElement): readonly HtmlElement[] {
  return elementsOf(row.children).filter((cell) => cell.tag === 'td' || cell.tag === 'th');
}

function holdsTable(element: HtmlElement): boolean {
  return elementsOf(element.children).some((child) => child.tag === 'table' || holdsTable(child));
}

function readCell(
  cell: HtmlElement,
  row: HtmlElement,
  inHead: boolean,
  marks: MarkState,
  state: BlockState,
  reader: Reader,
): AdfNode {
  const cellMarks = withElement(withElement(marks, row), cell);
  const aligned: BlockState = { ...state, align: alignOf(cell, alignOf(row, undefined)) };
  const blocks = readLoose(reader, cell.children, unbold(cell, cellMarks), aligned);
  const colspan = span(cell, 'colspan');
  const rowspan = span(cell, 'rowspan');
  const background = backgroundOf(cell) ?? backgroundOf(row);
  const width = pixels(cell.style.get('width')) ?? pixels(cell.attrs.get('width'));
  const valign = (cell.style.get('vertical-align') ?? cell.attrs.get('valign'))?.toLowerCase();
  const attrs = {
    ...(colspan > 1 ? { colspan } : {}),
    ...(rowspan > 1 ? { rowspan } : {}),
    ...(background === undefined ? {} : { background }),
    ...(width !== undefined && Math.round(width) > 0 ? { colwidth: spread(Math.round(width), colspan) } : {}),
    ...(valign === 'middle' || valign === 'bottom' ? { valign } : {}),
  };
  return {
    type: cell.tag === 'th' || inHead ? 'tableHeader' : 'tableCell',
    ...(Object.keys(attrs).length === 0 ? {} : { attrs }),
    content: fitBlocks(blocks, 'tableCell', reader.losses, state.path),
  };
}

/** Vertical alignment of a cell is no sub- or superscript; a weight set on a header cell is what headers look like. */
function unbold(cell: HtmlElement, marks: MarkState): MarkState {
  return cell.tag === 'th' && marks.strong
    ? { ...marks, strong: false, subsup: undefined }
    : { ...marks, subsup: undefined };
}

function span(cell: HtmlElement, name: string): number {
  const value = Number.parseInt(cell.attrs.get(name) ?? '1', 10);
  return Number.isNaN(value) ? 1 : Math.max(1, Math.min(maxSpan, value));
}

function backgroundOf(element: HtmlElement): string | undefined {
  const { style, attrs } = element;
  const color = parseColor(
    style.get('background-color') ?? colorPart(style.get('background')) ?? attrs.get('bgcolor') ?? '',
  );
  return color === '#ffffff' ? undefined : color;
}

/** Whole pixels for each column that a cell covers, together the cell's width. */
function spread(width: number, columns: number): readonly number[] {
  const base = Math.floor(width / columns);
  return Array.from({ length: columns }, (_, i) => base + (i < width - base * columns ? 1 : 0));
}

/** One row of two or three cells with widths in per cent and no border: columns, not data. */
export function isLayout(table: HtmlElement): boolean {
  return layoutCells(table, rowsOf(table)) !== undefined;
}

function layoutCells(table: HtmlElement, rows: readonly Row[]): readonly HtmlElement[] | undefined {
  const [only, ...more] = rows;
  const border = table.attrs.get('border');
  if (only === undefined || more.length > 0 || (border !== undefined && border !== '0' && border !== ''))
    return undefined;
  const cells = cellsOf(only.row);
  if (cells.length < 2 || cells.length > 3) return undefined;
  if (cells.some((cell) => cell.tag === 'th' || hasBorder(cell) || percentage(cell.style.get('width')) === undefined))
    return undefined;
  return cells.every((cell) => rawText(cell.children).trim() === '' && elementsOf(cell.children).length === 0)
    ? undefined
    : cells;
}

function layoutOf(
  table: HtmlElement,
  rows: readonly Row[],
  marks: MarkState,
  state: BlockState,
  reader: Reader,
): AdfNode | undefined {
  const cells = layoutCells(table, rows);
  if (cells === undefined) return undefined;
  const path = state.path;
  const content = cells.map((cell): AdfNode => {
    const valign = cell.style.get('vertical-align')?.toLowerCase();
    const attrs = {
      width: Math.min(100, percentage(cell.style.get('width')) ?? 0),
      ...(valign === 'middle' || valign === 'bottom' ? { valign } : {}),
    };
    const blocks = readLoose(reader, cell.children, withElement(marks, cell), state);
    return { type: 'layoutColumn', attrs, content: fitBlocks(blocks, 'layoutColumn', reader.losses, path) };
  });
  const wide = breakoutMarks(table);
  return { type: 'layoutSection', ...(wide.length === 0 ? {} : { marks: wide }), content };
}

function hasBorder(cell: HtmlElement): boolean {
  const border = cell.style.get('border');
  return border !== undefined && !/\bnone\b|\bhidden\b|^0/i.test(border);
}
