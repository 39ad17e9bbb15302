// The bench's figures as tables for people.

import { otherSide, type Side } from '../../backend/src/sync/model.ts';
import type { QueueMeasurement } from '../jobs/measure.ts';
import type { InitialSyncFigures } from './initial-sync.ts';
import type { LargeFileFigures } from './large-file.ts';
import type { LiveFigures } from './live.ts';

/** What was measured; a measurement that was left out is not there. */
export interface Figures {
  /** As asked for. */
  readonly items: number;
  readonly seed?: InitialSyncFigures;
  readonly generated?: InitialSyncFigures;
  readonly live?: readonly LiveFigures[];
  readonly queue?: QueueMeasurement;
  readonly file?: LargeFileFigures;
}

const shown = { jira: 'Jira', azure: 'Azure' } as const satisfies Record<Side, string>;

/** Two digits that count: 0.057, 4.2, 31, 1234. */
const digits = (value: number): string => {
  if (Number.isInteger(value)) return String(value);
  const places = Math.max(0, 1 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(3, places));
};

/** The first column to the left, the others to the right. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const initialSyncRows: readonly (readonly [string, (figures: InitialSyncFigures) => number])[] = [
  ['items', ({ items }) => items],
  ['  paired', ({ pairs }) => pairs],
  ['  without a counterpart', ({ failed }) => failed],
  ['items a second', ({ itemsPerSecond }) => itemsPerSecond],
  ['calls an item', ({ callsPerItem }) => callsPerItem.total],
  ['  to Jira', ({ callsPerItem }) => callsPerItem.jira],
  ['  to Azure', ({ callsPerItem }) => callsPerItem.azure],
  ['statements an item', ({ statementsPerItem }) => statementsPerItem.engine + statementsPerItem.around],
  ['  of the engine', ({ statementsPerItem }) => statementsPerItem.engine],
  ['CPU ms an item, service', ({ cpuMsPerItem }) => cpuMsPerItem.service],
  ['  Jira simulator', ({ cpuMsPerItem }) => cpuMsPerItem.jira],
  ['  Azure simulator', ({ cpuMsPerItem }) => cpuMsPerItem.azure],
  ['peak memory, MiB', ({ peakMemoryMiB }) => peakMemoryMiB],
];

function initialSyncTable({ seed, generated }: Figures): string {
  const columns = [
    ...(seed ? [['seed', seed] as const] : []),
    ...(generated ? [['generated', generated] as const] : []),
  ];
  return aligned([
    ['Initial sync', ...columns.map(([name]) => name)],
    ...initialSyncRows.map(([name, of]) => [name, ...columns.map(([, figures]) => digits(of(figures)))]),
  ]);
}

const liveTable = (live: readonly LiveFigures[]): string =>
  aligned([
    ['Live edit', 'edits', 'calls', 'an echo', 'statements', 'an echo', 'median ms', 'p99 ms'],
    ...live.map((one) => [
      `${one.change}, ${shown[one.from]} → ${shown[otherSide(one.from)]}`,
      digits(one.changes),
      digits(one.callsPerChange),
      digits(one.callsPerEcho),
      digits(one.statementsPerChange),
      digits(one.statementsPerEcho),
      digits(one.latencyMs.median),
      digits(one.latencyMs.p99),
    ]),
  ]);

const fileTable = ({ bytes, heapLimitMiB, memoryMiB, ways }: LargeFileFigures): string =>
  aligned([
    ['Large file', `${Math.round(bytes / 1024 / 1024)} MiB`],
    ['memory before, MiB', digits(memoryMiB.before)],
    ['peak memory, MiB', digits(memoryMiB.peak)],
    ['heap limit, MiB', digits(heapLimitMiB)],
    ...ways.flatMap(({ from, seconds, calls }) => [
      [`seconds, ${shown[from]} → ${shown[otherSide(from)]}`, digits(seconds)],
      ['  calls', digits(calls)],
    ]),
  ]);

export function table(figures: Figures): string {
  const { seed, generated, live, queue, file } = figures;
  return [
    ...(seed || generated ? [initialSyncTable(figures)] : []),
    ...(live ? [`${liveTable(live)}\n(ms: without the services' own time)`] : []),
    ...(queue
      ? [
          aligned([
            ['Queue', `${queue.jobs} jobs`],
            ['added a second', digits(queue.addedPerSecond)],
            ['run a second', digits(queue.runPerSecond)],
          ]),
        ]
      : []),
    ...(file ? [fileTable(file)] : []),
  ].join('\n\n');
}
