// Widths of the columns below a cell that spans several: HTML tells the cell's whole width, the other rows tell the columns'.
import { type AdfNode, numberAttr } from './adf.ts';

/** Rows in which each spanning cell has its columns' own widths, where other cells tell them and they add up. */
export function withColumnWidths(rows: readonly AdfNode[]): readonly AdfNode[] {
  const placed = placeCells(rows);
  const columns = new Map<number, number>();
  for (const { cell, column } of placed.values()) {
    const [width, ...more] = widthsOf(cell);
    if (width !== undefined && more.length === 0 && !columns.has(column)) columns.set(column, width);
  }
  return rows.map((row) => {
    const content = (row.content ?? []).map((cell) => fitted(cell, placed.get(cell)?.column ?? 0, columns));
    return content.every((cell, i) => cell === row.content?.[i]) ? row : { ...row, content };
  });
}

interface Placed {
  readonly cell: AdfNode;
  readonly column: number;
}

/** Where each cell begins, with regard to cells that reach down from rows above. */
function placeCells(rows: readonly AdfNode[]): ReadonlyMap<AdfNode, Placed> {
  const placed = new Map<AdfNode, Placed>();
  let reaching = new Map<number, number>();
  for (const row of rows) {
    const below = new Map<number, number>();
    for (const [column, left] of reaching) if (left > 1) below.set(column, left - 1);
    let column = 0;
    for (const cell of row.content ?? []) {
      while (reaching.has(column)) column += 1;
      placed.set(cell, { cell, column });
      const down = numberAttr(cell, 'rowspan') ?? 1;
      for (let i = 0; i < (numberAttr(cell, 'colspan') ?? 1); i += 1, column += 1)
        if (down > 1) below.set(column, down - 1);
    }
    reaching = below;
  }
  return placed;
}

function widthsOf(cell: AdfNode): readonly number[] {
  const widths = cell.attrs?.colwidth;
  return Array.isArray(widths) ? widths.filter((width) => typeof width === 'number') : [];
}

function fitted(cell: AdfNode, from: number, columns: ReadonlyMap<number, number>): AdfNode {
  const own = widthsOf(cell);
  if (own.length < 2) return cell;
  const told = own.map((_, i) => columns.get(from + i));
  const sum = (widths: readonly (number | undefined)[]) => widths.reduce<number>((all, width) => all + (width ?? 0), 0);
  if (told.includes(undefined) || sum(told) !== sum(own)) return cell;
  return { ...cell, attrs: { ...cell.attrs, colwidth: told } };
}
