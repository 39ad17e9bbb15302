// Measures single edits while Tandem runs: the calls that one costs, those of the echo that follows it, and how long it
// takes to reach the other side beside the services' own time.

import { otherSide, type Side } from '../../backend/src/sync/model.ts';
import { type ItemRun, type MeteredCall, tally } from './meter.ts';
import { exactNow } from './process.ts';
import { type Databases, startTandem, type Tandem } from './tandem.ts';

export interface LiveFigures {
  readonly change: string;
  readonly from: Side;
  readonly changes: number;
  readonly callsPerChange: number;
  /** Of all the changes, by side and operation. */
  readonly calls: Readonly<Record<string, number>>;
  /** Runs that the counterpart's own events started. */
  readonly echoes: number;
  readonly callsPerEcho: number;
  readonly statementsPerChange: number;
  readonly statementsPerEcho: number;
  /** From the answer to the person's edit to our write on the other side, both services' own time taken out, ms. */
  readonly latencyMs: { readonly median: number; readonly p99: number };
}

interface Pair {
  readonly jira: string;
  readonly azure: string;
}

interface Change {
  readonly name: string;
  readonly from: Side;
  readonly edit: (tandem: Tandem, pair: Pair, place: number) => Promise<unknown>;
}

const jira = (path: string, method: string, body: (place: number) => unknown) => ({
  from: 'jira' as const,
  edit: (tandem: Tandem, pair: Pair, place: number) =>
    tandem.ask('jira', method, `rest/api/3/issue/${pair.jira}${path}`, body(place)),
});

const azure = (field: string, value: (place: number) => unknown) => ({
  from: 'azure' as const,
  edit: (tandem: Tandem, pair: Pair, place: number) =>
    tandem.ask('azure', 'PATCH', `_apis/wit/workitems/${pair.azure}`, [
      { op: 'add', path: `/fields/${field}`, value: value(place) },
    ]),
});

const adf = (text: string) => ({
  version: 1,
  type: 'doc',
  content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
});

/** In this order on every pair: each finds the state that the one before left. */
const changes: readonly Change[] = [
  { name: 'field', ...jira('', 'PUT', (place) => ({ fields: { summary: `Renamed in Jira, ${place}` } })) },
  { name: 'field', ...azure('System.Title', (place) => `Renamed in Azure, ${place}`) },
  { name: 'comment', ...jira('/comment', 'POST', (place) => ({ body: adf(`From Jira, ${place}`) })) },
  {
    name: 'comment',
    from: 'azure',
    edit: (tandem, pair, place) =>
      tandem.ask('azure', 'POST', `Tandem/_apis/wit/workItems/${pair.azure}/comments?api-version=7.1-preview.4`, {
        text: `<p>From Azure, ${place}</p>`,
      }),
  },
  // To Do → In Progress, one transition away.
  { name: 'status', ...jira('/transitions', 'POST', () => ({ transition: { id: '11' } })) },
  // In Progress → In Review, one transition away.
  { name: 'status', ...azure('System.State', () => 'Resolved') },
];

/** Makes `pairs` pairs and changes each in every way, one change at a time. */
export async function measureLive(
  databases: Databases,
  pairs: number,
  tell: (line: string) => void,
): Promise<readonly LiveFigures[]> {
  const tandem = await startTandem(databases, 'empty');
  try {
    await tandem.service.call('work', null);
    const made: Pair[] = [];
    for (let place = 0; place < pairs; place += 1) made.push(await makePair(tandem, place));
    await tandem.settled();
    const figures: LiveFigures[] = [];
    for (const change of changes) {
      tell(`  ${change.name}, ${change.from} → ${otherSide(change.from)}`);
      figures.push(await measureChange(tandem, made, change));
    }
    return figures;
  } finally {
    await tandem.close();
  }
}

async function makePair(tandem: Tandem, place: number): Promise<Pair> {
  const created = (await tandem.ask('jira', 'POST', 'rest/api/3/issue', {
    fields: {
      project: { key: 'TAN' },
      issuetype: { name: 'Story' },
      summary: `Live ${place}`,
      description: adf('What must be done.'),
    },
  })) as { id: string };
  const ids = await tandem.service.call('counterpart', {
    side: 'jira',
    siteId: tandem.siteIds.jira,
    itemId: created.id,
  });
  if (ids.azure === null) throw new Error('a finished pair names both items');
  return { jira: created.id, azure: ids.azure };
}

async function measureChange(tandem: Tandem, pairs: readonly Pair[], change: Change): Promise<LiveFigures> {
  await tandem.service.call('metered', null);
  const latencies: number[] = [];
  const own: ItemRun[] = [];
  const echoes: ItemRun[] = [];
  for (const [place, pair] of pairs.entries()) {
    await change.edit(tandem, pair, place);
    const editedAt = exactNow();
    await tandem.settled();
    const { itemRuns } = await tandem.service.call('metered', null);
    const caused = itemRuns.filter(({ side }) => side === change.from);
    own.push(...caused);
    echoes.push(...itemRuns.filter(({ side }) => side !== change.from));
    latencies.push(latencyOf(caused, otherSide(change.from), editedAt));
  }
  const callsOf = (runs: readonly ItemRun[]) => runs.reduce((sum, { calls }) => sum + calls.length, 0);
  const statementsOf = (runs: readonly ItemRun[]) => runs.reduce((sum, { statements }) => sum + statements, 0);
  const perEcho = (total: number) => (echoes.length === 0 ? 0 : total / echoes.length);
  const sorted = latencies.toSorted((a, b) => a - b);
  return {
    change: change.name,
    from: change.from,
    changes: pairs.length,
    callsPerChange: callsOf(own) / pairs.length,
    calls: tally(own.flatMap(({ calls }) => calls)),
    echoes: echoes.length,
    callsPerEcho: perEcho(callsOf(echoes)),
    statementsPerChange: statementsOf(own) / pairs.length,
    statementsPerEcho: perEcho(statementsOf(echoes)),
    latencyMs: { median: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) },
  };
}

const writes = /^(POST|PUT|PATCH) /;

/** Throws when the edit did not reach the other side. */
function latencyOf(runs: readonly ItemRun[], target: Side, editedAt: number): number {
  const calls = runs.flatMap((run) => run.calls).toSorted((a, b) => a.endedAt - b.endedAt);
  const write = calls.find(({ side, operation, status }) => side === target && writes.test(operation) && status < 300);
  if (!write) throw new Error(`an edit did not reach ${target}`);
  return Math.max(0, write.endedAt - editedAt - coveredMs(calls, editedAt, write.endedAt));
}

/** How long at least one of the calls was under way between two times. */
function coveredMs(calls: readonly MeteredCall[], from: number, to: number): number {
  let covered = 0;
  let reached = from;
  for (const { start, end } of calls
    .map(({ endedAt, ms }) => ({ start: endedAt - ms, end: Math.min(endedAt, to) }))
    .toSorted((a, b) => a.start - b.start)) {
    covered += Math.max(0, end - Math.max(start, reached));
    reached = Math.max(reached, end);
  }
  return covered;
}

/** The value below which the share lies; the nearest rank. */
const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
