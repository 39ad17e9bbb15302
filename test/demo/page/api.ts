// What the page asks of the demo.

import type { Change, Choices, Detail, Edit, Row, Side, Status } from '../seen.ts';

async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(`/api/${path}`, init).catch(() => {
    throw new Error('The demo does not answer. Is it still running?');
  });
  if (response.status === 204) return undefined as T;
  const answer = (await response.json()) as T & { readonly error?: string };
  if (!response.ok) throw new Error(answer.error ?? `The demo answered ${response.status}.`);
  return answer;
}

const post = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

export const readBoard = () => ask<Record<Side, readonly Row[]> & { readonly status: Status }>('board');
export const readDetail = ({ side, id }: Pick<Row, 'side' | 'id'>) => ask<Detail>(`items/${side}/${id}`);
export const edit = ({ side, id }: Row, change: Edit) => ask<void>(`items/${side}/${id}`, post(change));
export const create = (side: Side, item: { type: string; title: string }) =>
  ask<{ readonly id: string }>(`items/${side}`, post(item));

export function attach({ side, id }: Row, file: File): Promise<void> {
  const body = new FormData();
  body.append('file', file);
  return ask<void>(`items/${side}/${id}/files`, { method: 'POST', body });
}

const choices = new Map<Side, Promise<Choices>>();
export function choicesOf(side: Side): Promise<Choices> {
  const known = choices.get(side) ?? ask<Choices>(`choices/${side}`);
  choices.set(side, known);
  return known;
}

export interface Listener {
  changes(changes: readonly Change[]): void;
  status(status: Status): void;
  /** Items went, or the stream broke and came back: the board is to be read anew. */
  again(): void;
}

export function listen(listener: Listener): void {
  const source = new EventSource('/api/changes');
  let broken = false;
  source.addEventListener('changes', ({ data }) => listener.changes(JSON.parse(data) as readonly Change[]));
  source.addEventListener('status', ({ data }) => listener.status(JSON.parse(data) as Status));
  source.addEventListener('again', () => listener.again());
  source.addEventListener('error', () => {
    broken = true;
  });
  source.addEventListener('open', () => {
    if (broken) listener.again();
    broken = false;
  });
}
