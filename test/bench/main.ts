// `npm run bench`: what an initial sync and a live edit cost, in calls, statements, time and memory. Calls and statements
// are the same on every machine; times are not.

import { parseArgs } from 'node:util';
import { migrateQueue } from '../../backend/src/jobs/queue-schema.ts';
import { openPool } from '../../backend/src/store/database.ts';
import { migrate } from '../../backend/src/store/migrate.ts';
import { measureQueue, type QueueMeasurement } from '../jobs/measure.ts';
import { measureInitialSync } from './initial-sync.ts';
import { measureLargeFile } from './large-file.ts';
import { measureLive } from './live.ts';
import { type Figures, table } from './table.ts';
import { type Databases, startDatabases } from './tandem.ts';

const names = ['seed', 'generated', 'live', 'queue', 'file'] as const;
type Name = (typeof names)[number];

const usage = `Usage: npm run bench -- [--items N] [--only NAME]… [--json]

Measures, with both services simulated in processes of their own:
  seed        the initial sync of the simulators' own projects
  generated   the initial sync of N generated items, half of them on each side
  live        single edits: calls, echoes, milliseconds to the other side
  queue       jobs a second of the queue by itself
  file        one file of a gigabyte each way, through a service whose memory is limited

  --items N     how many items are generated; 5000 when left out. The other measurements shrink with it
  --mebibytes N how large the file is; 1024 when left out
  --only NAME   only this measurement; may be given several times
  --json        print one JSON line instead of tables
  --help        print this

Progress goes to standard error.`;

interface Options {
  readonly items: number;
  readonly mebibytes: number;
  readonly only: ReadonlySet<Name>;
  readonly json: boolean;
  readonly help: boolean;
}

/** Throws an Error that says which argument is wrong and what would be right. */
function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: false,
    options: {
      items: { type: 'string', default: '5000' },
      mebibytes: { type: 'string', default: '1024' },
      only: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const items = /^\d{1,6}$/.test(values.items) ? Number(values.items) : 0;
  if (items < 1 || items > 100_000) throw new Error(`--items ${values.items}: give a number from 1 to 100000`);
  const mebibytes = /^\d{1,4}$/.test(values.mebibytes) ? Number(values.mebibytes) : 0;
  if (mebibytes < 1 || mebibytes > 2000)
    throw new Error(`--mebibytes ${values.mebibytes}: give a number from 1 to 2000`);
  const only = values.only.map((name) => {
    const known = names.find((candidate) => candidate === name);
    if (known === undefined) throw new Error(`--only ${name}: give one of ${names.join(', ')}`);
    return known;
  });
  return { items, mebibytes, only: new Set(only.length > 0 ? only : names), json: values.json, help: values.help };
}

const tell = (line: string) => console.error(line);

/** Edits of each kind, and jobs for the queue, in keeping with the number of items. */
const livePairs = (items: number) => Math.min(50, Math.max(3, Math.round(items / 100)));
const queueJobs = (items: number) => Math.min(20_000, items * 4);

async function measureAll({ items, mebibytes, only }: Options, databases: Databases): Promise<Figures> {
  let figures: Figures = { items };
  for (const name of names) {
    if (!only.has(name)) continue;
    const started = performance.now();
    tell(`${name} …`);
    switch (name) {
      case 'seed':
        figures = { ...figures, seed: await measureInitialSync(databases, 'seed', tell) };
        break;
      case 'generated':
        figures = { ...figures, generated: await measureInitialSync(databases, { generated: items }, tell) };
        break;
      case 'live':
        figures = { ...figures, live: await measureLive(databases, livePairs(items), tell) };
        break;
      case 'queue':
        figures = { ...figures, queue: await measureQueueAlone(databases, queueJobs(items)) };
        break;
      case 'file':
        figures = { ...figures, file: await measureLargeFile(databases, mebibytes * 1024 * 1024, tell) };
        break;
      default: {
        const never: never = name;
        throw new Error(never);
      }
    }
    tell(`${name}: ${Math.round((performance.now() - started) / 1_000)} s`);
  }
  return figures;
}

async function measureQueueAlone(databases: Databases, jobs: number): Promise<QueueMeasurement> {
  const pool = openPool(await databases.create());
  try {
    await migrate(pool);
    await migrateQueue(pool);
    return await measureQueue(pool, { jobs, concurrency: 8 });
  } finally {
    await pool.end();
  }
}

async function run(options: Options): Promise<void> {
  const databases = await startDatabases();
  // The other programs end by themselves when this one does; the database would stay.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void databases.close().finally(() => process.exit(1)));
  try {
    const figures = await measureAll(options, databases);
    console.log(options.json ? JSON.stringify(figures) : table(figures));
  } finally {
    await databases.close();
  }
}

let options: Options;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  process.exit(2);
}
if (options.help) console.log(usage);
else await run(options);
