// The demo's page: both projects pair by pair, each item to be opened and edited, changes shown as they arrive.

import type { Side } from '../seen.ts';
import { listen, readBoard } from './api.ts';
import { byId, fail } from './dom.ts';
import { drawList, drawResults } from './list.ts';
import { openPair } from './pair.ts';
import { apply, freshMs, setBoard, setStatus, statusNow } from './state.ts';
import { drawTop } from './top.ts';

let shown: ReturnType<typeof openPair> | null = null;

function route(): void {
  const [, side, id] = /^#\/(jira|azure)\/(\d+)$/.exec(location.hash) ?? [];
  shown?.close();
  shown = side === undefined || id === undefined ? null : openPair(side as Side, id);
  if (shown === null) drawList();
  byId('main').scrollTo({ top: 0 });
}

async function load(): Promise<void> {
  setBoard(await readBoard());
  const status = statusNow();
  if (status) drawTop(status);
  route();
}

let due = false;
/** Many changes in a moment are one drawing. */
function drawSoon(): void {
  if (due) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    drawResults();
  });
}

addEventListener('hashchange', route);
await load().catch(fail);
listen({
  changes(changes) {
    apply(changes);
    shown?.changed(changes);
    drawSoon();
    setTimeout(drawSoon, freshMs + 50);
  },
  status(status) {
    setStatus(status);
    drawTop(status);
  },
  again: () => void load().catch(fail),
});
