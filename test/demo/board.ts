// Both projects as the page shows them, kept up to date: the simulators' events say what to look at again. Which items belong
// together is read off their markers, and off their titles where both were there before Tandem.

import { readHookEvent } from '../../backend/src/azure/events.ts';
import { cutJiraEvent } from '../../forge-app/handlers/cut-event.ts';
import type { SimulatorEvent } from '../simulators/kernel/events.ts';
import { lookAtAzure, lookAtIssues, lookAtJira, lookAtWorkItems } from './look.ts';
import type { Change, Part, Row, Seen, Side } from './seen.ts';
import type { Stack } from './stack.ts';
import type { Hands } from './visitor.ts';

export interface Board {
  rows(side: Side): readonly Row[];
  row(side: Side, id: string): Row | null;
  /** `listener` hears of every change until it is taken off. */
  watch(listener: (changes: readonly Change[]) => void): () => void;
  /** Median of the last changes that the other side followed, and how many there were. */
  following(): { readonly medianMs: number | null; readonly count: number };
  close(): void;
}

const other = (side: Side): Side => (side === 'jira' ? 'azure' : 'jira');
const sides = ['jira', 'azure'] as const;

/** Items that change at once are looked at together, a little later when there are many. */
const calmMs = 10;
const busyMs = 700;
const manyItems = 20;
/** A change that comes later after one on the other side is one of its own. */
const followsWithinMs = 120_000;
const keptLatencies = 101;

export async function startBoard(stack: Pick<Stack, 'jira' | 'azure'>, hands: Hands): Promise<Board> {
  const seen = { jira: new Map<string, Seen>(), azure: new Map<string, Seen>() };
  const partner = { jira: new Map<string, string>(), azure: new Map<string, string>() };
  const unpairedTitles = { jira: new Map<string, string>(), azure: new Map<string, string>() };
  /** When a side's item changed of its own, by the page's clock, until the other side has followed. */
  const open = { jira: new Map<string, number>(), azure: new Map<string, number>() };
  const dirty = { jira: new Map<string, number>(), azure: new Map<string, number>() };
  const listeners = new Set<(changes: readonly Change[]) => void>();
  const latencies: number[] = [];
  let followed = 0;

  const pair = (side: Side, id: string, counterpart: string) => {
    partner[side].set(id, counterpart);
    partner[other(side)].set(counterpart, id);
  };

  const learn = (item: Seen) => {
    const { side, id, madeFrom } = item;
    if (partner[side].has(id)) return;
    if (madeFrom !== null) {
      // A copy of an item carries its marker along: the first that has it keeps it.
      if (!partner[other(side)].has(madeFrom)) pair(side, id, madeFrom);
      return;
    }
    const title = titleOf(item);
    const twin = unpairedTitles[other(side)].get(title);
    if (twin !== undefined && !partner[other(side)].has(twin)) pair(side, id, twin);
    else unpairedTitles[side].set(title, id);
  };

  const rowOf = ({ description: _, restricted: __, madeFrom: ___, ...item }: Seen): Row => ({
    ...item,
    counterpart: partner[item.side].get(item.id) ?? null,
  });

  const take = (item: Seen, changedAt: number): Change | null => {
    const before = seen[item.side].get(item.id);
    seen[item.side].set(item.id, item);
    learn(item);
    const parts = changed(before, item);
    if (parts.length === 0) return null;
    const { side, id } = item;
    const counterpart = partner[side].get(id);
    const began = counterpart === undefined ? undefined : open[other(side)].get(counterpart);
    const follows = began !== undefined && changedAt - began < followsWithinMs;
    if (counterpart !== undefined) open[other(side)].delete(counterpart);
    if (!follows) open[side].set(id, changedAt);
    else {
      followed += 1;
      latencies.push(changedAt - began);
      if (latencies.length > keptLatencies) latencies.shift();
    }
    return { row: rowOf(item), parts, followedMs: follows ? Math.round(changedAt - began) : null };
  };

  const tell = (changes: readonly Change[]) => {
    if (changes.length > 0) for (const listener of listeners) listener(changes);
  };

  const lookAgain = async (side: Side): Promise<void> => {
    const wanted = new Map(dirty[side]);
    if (wanted.size === 0) return;
    dirty[side].clear();
    const ids = [...wanted.keys()];
    const items = await (side === 'jira' ? lookAtIssues(hands.jira, ids) : lookAtWorkItems(hands.azure, ids));
    tell(items.flatMap((item) => take(item, wanted.get(item.id) ?? performance.now()) ?? []));
  };

  const timers: Record<Side, NodeJS.Timeout | undefined> = { jira: undefined, azure: undefined };
  const lookSoon = (side: Side, id: string) => {
    if (!dirty[side].has(id)) dirty[side].set(id, performance.now());
    timers[side] ??= setTimeout(
      () => {
        timers[side] = undefined;
        // A service that is made to fail answers at the next change.
        lookAgain(side).catch(() => {});
      },
      dirty[side].size > 1 || items(side) === 0 ? Math.min(busyMs, calmMs * manyItems) : calmMs,
    ).unref();
  };
  const items = (side: Side) => seen[side].size;

  const leave = [
    stack.jira.kernel.events.subscribe({
      id: 'demo page',
      deliver: async ({ body }: SimulatorEvent) => {
        for (const { issueId } of cutJiraEvent(body)) if (issueId !== undefined) lookSoon('jira', issueId);
      },
    }),
    stack.azure.kernel.events.subscribe({
      id: 'demo page',
      deliver: async ({ body }: SimulatorEvent) => {
        const event = readHookEvent(body);
        if (event.kind === 'hints') for (const { itemId } of event.hints) lookSoon('azure', itemId);
      },
    }),
  ];

  for (const item of await lookAtJira(hands.jira, hands.jiraProject)) seen.jira.set(item.id, item);
  for (const item of await lookAtAzure(hands.azure, hands.azureProject)) seen.azure.set(item.id, item);
  for (const side of sides) for (const item of seen[side].values()) learn(item);

  return {
    rows: (side) => [...seen[side].values()].map(rowOf),
    row: (side, id) => {
      const item = seen[side].get(id);
      return item === undefined ? null : rowOf(item);
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    following() {
      const sorted = latencies.toSorted((a, b) => a - b);
      const median = sorted[Math.floor(sorted.length / 2)];
      return { medianMs: median === undefined ? null : Math.round(median), count: followed };
    },
    close() {
      for (const one of leave) one();
      for (const side of sides) clearTimeout(timers[side]);
    },
  };
}

const titleOf = ({ title }: Seen) => title.normalize('NFC').replaceAll(/\s+/g, ' ').trim();

function changed(before: Seen | undefined, now: Seen): readonly Part[] {
  if (before === undefined) return ['new'];
  const parts = {
    title: [before.title, now.title],
    state: [before.state, now.state],
    priority: [before.priority, now.priority],
    tags: [[...before.tags].sort(), [...now.tags].sort()],
    assignee: [before.assignee?.id, now.assignee?.id],
    description: [before.description, now.description],
    comments: [before.comments, now.comments],
    files: [before.files, now.files],
  } satisfies Partial<Record<Part, unknown>>;
  return (Object.keys(parts) as (keyof typeof parts)[]).filter(
    (part) => JSON.stringify(parts[part][0]) !== JSON.stringify(parts[part][1]),
  );
}
