// All items, pair by pair: an issue on the left, its work item on the right, and between them how fast one followed the other.

import type { Row, Side } from '../seen.ts';
import { openCreate } from './create.ts';
import { byId, h, icon } from './dom.ts';
import { avatar, duration, meta, stateChip, typeIcon } from './looks.ts';
import { count, freshMs, freshOf, type Line, lines, names } from './state.ts';

const perPage = 25;
let page = 0;
let search = '';

export function drawList(): void {
  const results = h('div', { class: 'results' });
  const input = h('input', {
    type: 'search',
    id: 'search',
    placeholder: 'Search title, key, person, tag…',
    'aria-label': 'Search both projects',
    value: search,
    oninput: () => {
      search = input.value;
      page = 0;
      drawResults();
    },
  });
  byId('main').replaceChildren(
    h(
      'div',
      { class: 'tools' },
      input,
      h('p', { class: 'hint' }, 'Open an item, change something on one side, and watch the other follow.'),
      h('button', { type: 'button', class: 'button main', onclick: () => void openCreate() }, 'New item'),
    ),
    h(
      'div',
      { class: 'heads' },
      h('h2', { class: 'jira' }, names.jira, h('small', {}, '')),
      h('h2', { class: 'azure' }, names.azure, h('small', {}, '')),
    ),
    results,
  );
  drawResults();
}

/** Redraws what the board changed, and leaves the search field alone. */
export function drawResults(): void {
  const results = document.querySelector('.results');
  if (results === null) return;
  for (const side of ['jira', 'azure'] as const) {
    const small = document.querySelector(`.heads .${side} small`);
    if (small) small.textContent = `${count(side)} ${side === 'jira' ? 'issues' : 'work items'}`;
  }
  const found = lines(search);
  const pages = Math.max(1, Math.ceil(found.length / perPage));
  page = Math.min(page, pages - 1);
  const focused = document.activeElement instanceof HTMLAnchorElement ? document.activeElement.hash : null;
  results.replaceChildren(
    found.length === 0
      ? h('p', { class: 'empty' }, search === '' ? 'Nothing here yet.' : `Nothing matches “${search}”.`)
      : h('ol', { class: 'lines' }, ...found.slice(page * perPage, (page + 1) * perPage).map(lineOf)),
    pager(found.length, pages),
  );
  if (focused) results.querySelector<HTMLElement>(`a[href="${focused}"]`)?.focus({ preventScroll: true });
}

function lineOf(line: Line): HTMLElement {
  return h('li', { class: 'line' }, cell('jira', line.jira, line), between(line), cell('azure', line.azure, line));
}

function cell(side: Side, row: Row | null, line: Line): HTMLElement {
  if (row === null) {
    const from = line.jira ?? line.azure;
    return h('div', { class: 'cell missing' }, from === null ? '' : `Not in ${names[side]} yet`);
  }
  const fresh = freshOf(row);
  const age = fresh === null ? 0 : freshMs - (fresh.until - Date.now());
  return h(
    'a',
    {
      class: `cell ${side}${fresh === null ? '' : ' fresh'}`,
      href: `#/${row.side}/${row.id}`,
      style: fresh === null ? null : `--age:-${age}ms`,
    },
    typeIcon(row.type),
    h('span', { class: 'key' }, row.key),
    h('span', { class: 'title', title: row.title, dir: 'auto' }, row.title),
    h('span', { class: 'meta' }, meta(row)),
    stateChip(row.state),
    avatar(row.assignee),
  );
}

function between({ jira, azure }: Line): HTMLElement {
  const [left, right] = [freshOf(jira), freshOf(azure)];
  const ms = right?.followedMs ?? left?.followedMs ?? null;
  if (ms !== null) {
    const toRight = right?.followedMs !== null && right !== null;
    return h('span', { class: 'between followed' }, toRight ? `${duration(ms)} →` : `← ${duration(ms)}`);
  }
  if (jira === null || azure === null) return h('span', { class: 'between waiting', title: 'No counterpart yet' }, '…');
  return h('span', { class: 'between', title: 'A pair' }, icon('M3 6h9L9.5 3.5M13 10H4l2.5 2.5'));
}

function pager(total: number, pages: number): HTMLElement {
  const to = (next: number) => () => {
    page = next;
    drawResults();
    byId('main').scrollTo({ top: 0 });
  };
  const first = total === 0 ? 0 : page * perPage + 1;
  return h(
    'nav',
    { class: 'pager', 'aria-label': 'Pages' },
    h('button', { type: 'button', disabled: page === 0, onclick: to(page - 1) }, 'Previous'),
    h('span', {}, `${first}–${Math.min(total, (page + 1) * perPage)} of ${total}`),
    h('button', { type: 'button', disabled: page >= pages - 1, onclick: to(page + 1) }, 'Next'),
  );
}
