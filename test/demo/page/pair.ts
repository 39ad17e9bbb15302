// One pair, both sides open for editing; a part that the other side brought glows and says after how long.

import type { Change, Side } from '../seen.ts';
import { byId, h, icon } from './dom.ts';
import { openItem } from './item.ts';
import { duration } from './looks.ts';
import { names, otherSide, rowOf, sides } from './state.ts';

export interface PairView {
  changed(changes: readonly Change[]): void;
  close(): void;
}

export function openPair(side: Side, id: string): PairView {
  const cards: Record<Side, ReturnType<typeof openItem> | null> = { jira: null, azure: null };
  const places = { jira: h('section', { class: 'card jira' }), azure: h('section', { class: 'card azure' }) };
  const news = h('p', { class: 'news', role: 'status' });
  const links = h('span', { class: 'links' });

  const fill = (where: Side, itemId: string | null) => {
    if (itemId === null || rowOf(where, itemId) === null) {
      places[where].replaceChildren(
        h(
          'div',
          { class: 'pending' },
          h('b', {}, `Not in ${names[where]} yet`),
          h('p', {}, 'It appears here as soon as Tandem has made it.'),
        ),
      );
      return;
    }
    cards[where] = openItem(where, itemId, places[where]);
  };
  const partner = (): string | null => rowOf(side, id)?.counterpart ?? null;

  const drawLinks = () => {
    const issue = side === 'jira' ? rowOf('jira', id) : rowOf('jira', partner() ?? '');
    links.replaceChildren(
      ...(issue === null
        ? []
        : [
            h(
              'a',
              { class: 'button', href: `/browse/${issue.key}`, target: '_blank', rel: 'noreferrer' },
              `Issue panel of ${issue.key}`,
            ),
          ]),
    );
  };

  byId('main').replaceChildren(
    h(
      'div',
      { class: 'tools' },
      h('a', { class: 'button back', href: '#/' }, icon('M10 3 5 8l5 5'), 'All items'),
      news,
      links,
    ),
    h('div', { class: 'pair' }, places.jira, places.azure),
  );
  fill(side, id);
  fill(otherSide(side), partner());
  drawLinks();

  return {
    changed(changes) {
      for (const change of changes) {
        const { row, followedMs } = change;
        const mine = row.side === side ? row.id === id : row.id === partner();
        if (!mine) continue;
        const card = cards[row.side];
        if (card === null) {
          fill(row.side, row.id);
          drawLinks();
        } else card.changed(change);
        if (followedMs !== null) news.textContent = `${names[row.side]} followed after ${duration(followedMs)}.`;
        else if (!change.parts.includes('new')) news.textContent = `Changed in ${names[row.side]}…`;
      }
    },
    close() {
      for (const one of sides) cards[one]?.close();
    },
  };
}
