// What the page knows: both projects, what changed lately, how Tandem fares. Draws nothing.

import type { Change, Part, Row, Side, Status } from '../seen.ts';

export const names = { jira: 'Jira', azure: 'Azure DevOps' } as const;
export const sides = ['jira', 'azure'] as const;
export const otherSide = (side: Side): Side => (side === 'jira' ? 'azure' : 'jira');

/** How long a change is shown as one. */
export const freshMs = 8_000;

export interface Fresh {
  readonly parts: readonly Part[];
  readonly followedMs: number | null;
  readonly until: number;
}

const rows = { jira: new Map<string, Row>(), azure: new Map<string, Row>() };
const fresh = new Map<string, Fresh>();
let status: Status | null = null;

const keyOf = (side: Side, id: string) => `${side}/${id}`;

export const rowOf = (side: Side, id: string): Row | null => rows[side].get(id) ?? null;
export const partnerOf = (row: Row): Row | null =>
  row.counterpart === null ? null : rowOf(otherSide(row.side), row.counterpart);
export const statusNow = (): Status | null => status;
export const count = (side: Side): number => rows[side].size;

export function freshOf(row: Row | null): Fresh | null {
  const found = row === null ? undefined : fresh.get(keyOf(row.side, row.id));
  return found !== undefined && found.until > Date.now() ? found : null;
}

export function setBoard(board: Record<Side, readonly Row[]> & { readonly status: Status }): void {
  for (const side of sides) {
    rows[side].clear();
    for (const row of board[side]) rows[side].set(row.id, row);
  }
  status = board.status;
}

export function setStatus(now: Status): void {
  status = now;
}

export function apply(changes: readonly Change[]): void {
  for (const { row, parts, followedMs } of changes) {
    rows[row.side].set(row.id, row);
    // The other row may have been read before it had this counterpart.
    const partner = partnerOf(row);
    if (partner !== null && partner.counterpart !== row.id)
      rows[partner.side].set(partner.id, { ...partner, counterpart: row.id });
    fresh.set(keyOf(row.side, row.id), { parts, followedMs, until: Date.now() + freshMs });
  }
}

/** One line of the list: a pair, or an item that has no counterpart yet. */
export interface Line {
  readonly jira: Row | null;
  readonly azure: Row | null;
}

const updated = ({ jira, azure }: Line) => Math.max(jira?.updated ?? 0, azure?.updated ?? 0);

/** The latest change first. */
export function lines(search: string): readonly Line[] {
  const all: Line[] = [];
  for (const jira of rows.jira.values()) all.push({ jira, azure: partnerOf(jira) });
  for (const azure of rows.azure.values()) if (partnerOf(azure) === null) all.push({ jira: null, azure });
  const wanted = search.trim().toLowerCase();
  const text = (row: Row | null) =>
    row === null
      ? ''
      : [row.key, row.title, row.type, row.state, row.assignee?.name ?? '', ...row.tags].join('\n').toLowerCase();
  return all
    .filter(({ jira, azure }) => wanted === '' || `${text(jira)}\n${text(azure)}`.includes(wanted))
    .sort((a, b) => updated(b) - updated(a));
}
