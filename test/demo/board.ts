// Both projects as the page shows them, kept up to date: the simulators' events say what to look at again. Which items belong
// together is read off their markers, and off their titles where both were there before Tandem.

import { z } from 'zod';
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
  watch(listener: Listener): () => void;
  /** Median of the last changes that the other side followed, and how many there were. */
  following(): { readonly medianMs: number | null; readonly count: number };
  close(): void;
}

/** `gone`: some items are no longer there. */
type Listener = (changes: readonly Change[], gone: boolean) => void;

const other = (side: Side): Side => (side === 'jira' ? 'azure' : 'jira');
const sides = ['jira', 'azure'] as const;

/** How long after a change its item is looked at: soon, and together with others while much is going on. */
const soonMs = 10;
const togetherMs = 150;
const keptLatencies = 101;

interface Happened {
  /** By the page's clock. */
  readonly at: number;
  readonly byTandem: boolean;
}

const jiraEventSchema = z.object({ selfGenerated: z.boolean().default(false) });
const identitySchema = z.object({ uniqueName: z.string().optional() });
const azureEventSchema = z.object({
  resource: z.object({
    revisedBy: identitySchema.optional(),
    /** Of an update: what changed; otherwise the fields as they are. */
    fields: z.object({ 'System.ChangedBy': identitySchema.optional() }).optional().catch(undefined),
  }),
});

export async function startBoard(stack: Pick<Stack, 'jira' | 'azure'>, hands: Hands): Promise<Board> {
  const seen = { jira: new Map<string, Seen>(), azure: new Map<string, Seen>() };
  const partner = { jira: new Map<string, string>(), azure: new Map<string, string>() };
  const unpairedTitles = { jira: new Map<string, string>(), azure: new Map<string, string>() };
  /** When a person changed an item, by the page's clock, until the other side has followed. */
  const open = { jira: new Map<string, number>(), azure: new Map<string, number>() };
  const dirty = { jira: new Map<string, Happened>(), azure: new Map<string, Happened>() };
  const listeners = new Set<Listener>();
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

  const take = (item: Seen, { at, byTandem }: Happened): Change | null => {
    const before = seen[item.side].get(item.id);
    seen[item.side].set(item.id, item);
    learn(item);
    const parts = changed(before, item);
    if (parts.length === 0) return null;
    const { side, id } = item;
    if (!byTandem) {
      open[side].set(id, at);
      return { row: rowOf(item), parts, followedMs: null };
    }
    const counterpart = partner[side].get(id) ?? '';
    const began = open[other(side)].get(counterpart);
    open[other(side)].delete(counterpart);
    if (began === undefined) return { row: rowOf(item), parts, followedMs: null };
    followed += 1;
    latencies.push(at - began);
    if (latencies.length > keptLatencies) latencies.shift();
    return { row: rowOf(item), parts, followedMs: Math.round(at - began) };
  };

  const lookAgain = async (side: Side): Promise<void> => {
    const wanted = new Map(dirty[side]);
    if (wanted.size === 0) return;
    dirty[side].clear();
    lookedAt[side] = performance.now();
    const ids = [...wanted.keys()];
    const items = await (side === 'jira' ? lookAtIssues(hands.jira, ids) : lookAtWorkItems(hands.azure, ids));
    const changes = items.flatMap((item) => {
      const happened = wanted.get(item.id);
      wanted.delete(item.id);
      return (happened && take(item, happened)) ?? [];
    });
    const gone = [...wanted.keys()].filter((id) => seen[side].delete(id));
    if (changes.length > 0 || gone.length > 0) for (const listener of listeners) listener(changes, gone.length > 0);
  };

  const lookedAt: Record<Side, number> = { jira: 0, azure: 0 };
  const timers: Record<Side, NodeJS.Timeout | undefined> = { jira: undefined, azure: undefined };
  const lookSoon = (side: Side, id: string, byTandem: boolean) => {
    // What a person did counts from its first event; of Tandem's writes that come together the first is the answer.
    const before = dirty[side].get(id);
    if (before === undefined) dirty[side].set(id, { at: performance.now(), byTandem });
    else if (before.byTandem && !byTandem) dirty[side].set(id, { ...before, byTandem });
    timers[side] ??= setTimeout(
      () => {
        timers[side] = undefined;
        // A service that is made to fail answers at the next change.
        lookAgain(side).catch(() => {});
      },
      performance.now() - lookedAt[side] > togetherMs ? soonMs : togetherMs,
    ).unref();
  };

  const leave = [
    stack.jira.kernel.events.subscribe({
      id: 'demo page',
      deliver: async ({ body }: SimulatorEvent) => {
        const byTandem = jiraEventSchema.parse(body).selfGenerated;
        for (const { issueId } of cutJiraEvent(body)) if (issueId !== undefined) lookSoon('jira', issueId, byTandem);
      },
    }),
    stack.azure.kernel.events.subscribe({
      id: 'demo page',
      deliver: async ({ body }: SimulatorEvent) => {
        const event = readHookEvent(body);
        if (event.kind !== 'hints') return;
        const { revisedBy, fields } = azureEventSchema.parse(body).resource;
        const by = revisedBy ?? fields?.['System.ChangedBy'];
        const byTandem = by?.uniqueName === stack.azure.synchronizer.uniqueName;
        for (const { itemId } of event.hints) lookSoon('azure', itemId, byTandem);
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
