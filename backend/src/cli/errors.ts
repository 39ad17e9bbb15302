// `tandem errors`: what needs a person, why, and what to do; and doing it: try again, ignore, or choose which side's value
// stays.

import type { Command } from 'commander';
import { readBothValues } from '../reconcile/conflict-values.ts';
import type { Pair } from '../reconcile/ports.ts';
import { chooseSide, ignoreError, retryItem, retryPair } from '../reconcile/settle-errors.ts';
import { shownItemError, shownPairError } from '../routes/shown.ts';
import { shownValue } from '../routes/shown-value.ts';
import type { Service } from '../service.ts';
import { describeError, SyncFailure } from '../sync/errors.ts';
import type { Side } from '../sync/model.ts';
import { type CommandContext, examples, type StateOptions, settingsFor, withStateOptions } from './common.ts';
import { drain, startWorkers } from './drain.ts';
import { exitCodes, Failure } from './failure.ts';
import { isItemName, itemName } from './item-names.ts';
import { type StoredProfile, storedProfiles } from './stored-profiles.ts';
import type { Terminal } from './terminal.ts';
import { hasState, withState } from './workspace.ts';

type Keys = readonly string[] | true;

interface ErrorsOptions extends StateOptions {
  readonly retry?: Keys;
  readonly ignore?: Keys;
  readonly useJira?: Keys;
  readonly useAzure?: Keys;
  readonly all?: boolean;
  readonly field?: string;
}

export function addErrors(program: Command, context: CommandContext): void {
  withStateOptions(
    program
      .command('errors')
      .summary('show what needs a person, and settle it')
      .description(
        'Lists the errors of the data folder’s profiles with their causes and remedies, and with both values, read from the\nsites, of those that wait for a choice. Exits 1 when there are any.\nWith --retry, --use-jira or --use-azure the items are synchronized again at once.',
      )
      .argument('[profile]', 'a profile file or the name of a profile; all when left out'),
  )
    .option('--retry [keys...]', 'try these items again')
    .option('--ignore [keys...]', 'keep the errors of these items out of the counts until they change')
    .option('--use-jira [keys...]', 'settle conflicts of these items: the value in Jira stays')
    .option('--use-azure [keys...]', 'settle conflicts of these items: the value in Azure DevOps stays')
    .option('--all', 'with one of these: all items; else: list ignored errors too')
    .option('--field <field>', 'only errors of this field, by its id on either side')
    .addHelpText(
      'after',
      examples(
        'tandem errors',
        'tandem errors --retry TAN-12 345',
        'tandem errors --retry --all',
        'tandem errors --use-azure TAN-12 --field summary',
        'tandem errors --ignore TAN-12',
      ),
    )
    .action((wanted: string | undefined, options: ErrorsOptions) => runErrors(context, wanted, options));
}

type Action = { readonly kind: 'retry' | 'ignore' } | { readonly kind: 'use'; readonly side: Side };

interface Request {
  readonly action: Action | null;
  /** Null for all. */
  readonly keys: readonly string[] | null;
  readonly profile: string | undefined;
}

/** Throws Failure. */
function requestOf(wanted: string | undefined, options: ErrorsOptions): Request {
  const given: readonly (readonly [Action, Keys | undefined])[] = [
    [{ kind: 'retry' }, options.retry],
    [{ kind: 'ignore' }, options.ignore],
    [{ kind: 'use', side: 'jira' }, options.useJira],
    [{ kind: 'use', side: 'azure' }, options.useAzure],
  ];
  const [first, second] = given.filter(([, keys]) => keys !== undefined);
  if (first === undefined) return { action: null, keys: null, profile: wanted };
  const usage = (message: string, remedy: string) =>
    new Failure(message, { code: 'usage', exit: exitCodes.usage, remedy });
  if (second) throw usage('Only one of --retry, --ignore, --use-jira and --use-azure can be given.', 'Run it twice.');
  const [action, names] = first;
  const texts = names === true || names === undefined ? [] : names;
  // A profile may stand behind the keys, where the option takes it for one of them.
  const profile = wanted ?? texts.find((text) => !isItemName(text));
  const keys = texts.filter((text) => text !== profile).map((text) => itemName(text).key);
  if (keys.length === 0 && !options.all)
    throw usage('No item is named.', 'Name items such as TAN-12 or 345, or say --all.');
  return { action, keys: keys.length > 0 ? keys : null, profile };
}

async function runErrors(context: CommandContext, wanted: string | undefined, options: ErrorsOptions): Promise<void> {
  const { terminal, env, exit } = context;
  const settings = settingsFor(options, env);
  const request = requestOf(wanted, options);
  if (!(await hasState(settings))) {
    if (options.json) terminal.json({ ok: true, settled: 0, errors: [] });
    else terminal.print(`Nothing was synchronized yet from ${settings.dataDir}.`);
    return;
  }
  const result = await withState(context, options, settings, (service) =>
    settleAndList(service, request, options, terminal),
  );
  terminal.progress(null);
  const open = result.errors.filter(({ ignored }) => !ignored);
  if (options.json) terminal.json({ ok: open.length === 0, ...result });
  else print(terminal, result, request);
  exit(open.length > 0 ? exitCodes.failed : exitCodes.fine);
}

type Shown = Omit<ReturnType<typeof shownPairError>, 'ref'> & {
  readonly profile: string;
  /** Of an error that waits for a choice: both values as they are now; absent where the sites could not be asked. */
  readonly values?: { readonly jira: string | null; readonly azure: string | null };
};

/** What an action is taken on. */
type Target =
  | { readonly pair: string; readonly record: string; readonly subject: string | null }
  | { readonly profile: string; readonly side: Side; readonly item: string; readonly record: string };

interface Entry {
  readonly shown: Shown;
  readonly target: Target;
}

interface Result {
  /** How many errors the action was taken on. */
  readonly settled: number;
  readonly errors: readonly Shown[];
}

async function settleAndList(
  service: Service,
  { action, keys, profile }: Request,
  options: ErrorsOptions,
  terminal: Terminal,
): Promise<Result> {
  const profiles = await storedProfiles(service, profile);
  const fits = ({ shown }: Entry) =>
    (keys === null || keys.some((key) => key === shown.jiraKey || key === shown.azureId)) &&
    (options.field === undefined || (shown.subject ?? '').split('~').includes(options.field));
  const list = async (one: StoredProfile) => (await errorsOf(service, one)).filter(fits);
  let settled = 0;
  if (action) {
    for (const one of profiles) {
      const entries = (await list(one)).filter(({ shown }) => keys !== null || !shown.ignored);
      if (entries.length === 0) continue;
      settled += await settle(service, one, action, entries);
      if (action.kind !== 'ignore') await work(service, one, terminal);
    }
    if (settled === 0) terminal.note('There is no such error.');
  }
  const entries = await Promise.all(profiles.map(async (one) => withValues(service, one, await list(one), terminal)));
  const left = entries.flat();
  return { settled, errors: action || options.all ? left : left.filter(({ ignored }) => !ignored) };
}

async function errorsOf({ state }: Service, { scope, record, pages }: StoredProfile): Promise<readonly Entry[]> {
  const profile = record.settings.name;
  const named = ({ ref: _, ...shown }: ReturnType<typeof shownPairError>): Shown => ({ profile, ...shown });
  const found = (await state.listItemErrors(scope, record.id)).map(
    (entry): Entry => ({
      shown: named(shownItemError(record.id, entry, pages)),
      target: { profile: record.id, side: entry.side, item: entry.itemId, record: entry.record.id },
    }),
  );
  let after: string | undefined;
  do {
    const page = await state.listErrors(scope, record.id, { limit: 500, ...(after === undefined ? {} : { after }) });
    for (const { pair, record: error } of page.errors) {
      const target = { pair: pair.id, record: error.id, subject: error.subject ?? null };
      found.push({ shown: named(shownPairError(pair, error, pages)), target });
    }
    after = page.next;
  } while (after !== undefined);
  return found;
}

/** Whose values are read: more than a person looks through at once. */
const mostValues = 100;

/** Adds both values to those that wait for a choice. That a site can't be asked now keeps nothing else from being told. */
async function withValues(
  { deps }: Service,
  { scope }: StoredProfile,
  entries: readonly Entry[],
  terminal: Terminal,
): Promise<readonly Shown[]> {
  const asked = entries.flatMap(({ shown, target }) =>
    shown.choosable && !shown.ignored && 'pair' in target && target.subject !== null
      ? [{ pairId: target.pair, mapping: target.subject, record: target.record }]
      : [],
  );
  const some = asked.slice(0, mostValues);
  const read = await readBothValues(deps, scope, some).catch((error: unknown) => {
    if (!(error instanceof SyncFailure)) throw error;
    terminal.note(`The values of conflicts could not be read. ${describeError(error.error).cause}`);
    return [];
  });
  const keyOf = (pair: string, record: string) => `${pair} ${record}`;
  const values = new Map(some.map(({ pairId, record }, index) => [keyOf(pairId, record), read[index] ?? null]));
  return entries.map(({ shown, target }) => {
    const both = 'pair' in target ? values.get(keyOf(target.pair, target.record)) : undefined;
    if (!both) return shown;
    const words = (side: Side) => (both.values[side] === 'unavailable' ? null : shownValue(both.values[side]));
    return { ...shown, values: { jira: words('jira'), azure: words('azure') } };
  });
}

/** How many errors it was done to. */
async function settle(
  { deps }: Service,
  { scope }: StoredProfile,
  action: Action,
  entries: readonly Entry[],
): Promise<number> {
  let count = 0;
  for (const { shown, target } of entries) {
    if (action.kind === 'ignore') await ignoreError(deps, scope, target);
    else if (action.kind === 'use') {
      if (!('pair' in target) || target.subject === null || !shown.choosable) continue;
      await chooseSide(deps, scope, target.pair, target.subject, action.side);
    } else if ('pair' in target) await retryPair(deps, scope, target.pair, target.subject);
    else await retryItem(deps, scope, target.profile, target.side, target.item);
    count += 1;
  }
  return count;
}

/** Runs what was queued; a paused or stopped profile is left as it is. */
async function work(service: Service, { scope, record }: StoredProfile, terminal: Terminal): Promise<void> {
  if (record.status !== 'enabled') {
    terminal.note(`"${record.settings.name}" is ${record.status}: it is tried when it goes on (tandem sync).`);
    return;
  }
  const workers = await startWorkers(service);
  try {
    await drain(service, scope, record.id, {
      signal: new AbortController().signal,
      onProgress: ({ busy }) => terminal.progress(`${busy} to go`),
    });
  } finally {
    await workers.stop();
  }
}

export const nameOf = ({ jiraKey, azureId }: { jiraKey: Pair['keys']['jira']; azureId: string | null }): string =>
  [jiraKey, azureId].filter((name) => name !== null).join(' ↔ ');

/** The lines of a long text below each other; a person compares the beginnings. */
function valueLines(value: string | null): string {
  if (value === null) return '(empty)';
  const lines = value.split('\n');
  const shown = lines.length > mostLines ? [...lines.slice(0, mostLines), '…'] : lines;
  return shown.join('\n                     ');
}

const mostLines = 12;

function print(terminal: Terminal, { settled, errors }: Result, { action }: Request): void {
  if (action && settled > 0) {
    const open = errors.filter(({ ignored }) => !ignored).length;
    terminal.print(
      action.kind === 'ignore' ? `${settled} errors are ignored.` : `${settled} tried again, ${open} errors are left.`,
    );
  }
  for (const entry of action?.kind === 'ignore' ? [] : errors) {
    const field = entry.subject === null ? '' : `  ${entry.subject.replace('~', ' ↔ ')}`;
    const ignored = entry.ignored ? '  (ignored)' : '';
    terminal.print(`${terminal.paint('bold', nameOf(entry))}  ${terminal.paint('red', entry.code)}${field}${ignored}`);
    terminal.print(`  ${entry.cause}${entry.detail ? ` ${entry.detail}` : ''}`);
    terminal.print(`  ${entry.remedy}`);
    const retry = entry.retryAt ? `, tried again at ${entry.retryAt}` : '';
    terminal.print(`  since ${entry.firstAt}, ${entry.count} times${retry}`);
    if (entry.values) {
      terminal.print(`  Jira has:          ${valueLines(entry.values.jira)}`);
      terminal.print(`  Azure DevOps has:  ${valueLines(entry.values.azure)}`);
    }
    if (entry.choosable) terminal.print(`  tandem errors --use-jira ${entry.jiraKey}, or --use-azure ${entry.jiraKey}`);
  }
  if (errors.length === 0 && !action) terminal.print('No errors.');
}
