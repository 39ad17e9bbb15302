// `tandem plan`: the exact writes that a sync would make, for all items or for named ones. Writes nothing to either site.

import { type Command, InvalidArgumentError } from 'commander';
import { openContext, type ProfileContext } from '../reconcile/context.ts';
import {
  type LeftReason,
  noTwins,
  type PreviewEntry,
  previewAll,
  previewNamed,
  twinsOf,
} from '../reconcile/preview-all.ts';
import { planJson, showPlan } from '../sync/diff.ts';
import { describeError, type SyncError } from '../sync/errors.ts';
import type { Operation, PairPlan } from '../sync/plan.ts';
import { validateProfile } from '../sync/validate-profile.ts';
import { type CommandContext, examples, type StateOptions, settingsFor, withStateOptions } from './common.ts';
import { exitCodes, type Problem } from './failure.ts';
import { type ItemName, itemName } from './item-names.ts';
import { invalid, type ProfileFile, readProfileFile } from './profile-file.ts';
import { openSites } from './sites.ts';
import type { Terminal } from './terminal.ts';
import { openWorkspace, profileOfFile, storeConnection, type Workspace, withState } from './workspace.ts';

interface PlanOptions extends StateOptions {
  readonly limit: number;
  readonly offset: number;
}

const wholeNumber = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('A whole number is needed.');
  return Number(text);
};

export function addPlan(program: Command, context: CommandContext): void {
  withStateOptions(
    program
      .command('plan')
      .summary('show every write, without writing')
      .description(
        'Reads both sites and prints what `tandem sync` would write for all items, or for the named ones.\nNothing is written. Items are listed in pages; the counts are of all of them. Exits 1 when some item could not\nbe synchronized as it is.',
      )
      .argument('<profile>', 'the profile file')
      .argument('[keys...]', 'issue keys (TAN-12) and work item numbers (345)'),
  )
    .option('--limit <n>', 'items to list; 0 lists all', wholeNumber, 500)
    .option('--offset <n>', 'items to leave out at the start', wholeNumber, 0)
    .addHelpText(
      'after',
      examples(
        'tandem plan profile.yml',
        'tandem plan profile.yml TAN-12 345',
        "tandem plan profile.yml --json | jq '.counts'",
      ),
    )
    .action((path: string, keys: string[], options: PlanOptions) => runPlan(context, path, keys, options));
}

async function runPlan(context: CommandContext, path: string, keys: readonly string[], options: PlanOptions) {
  const { terminal, env, exit } = context;
  const settings = settingsFor(options, env);
  const named = keys.map(itemName);
  const file = await readProfileFile(path, { env, allowedOrigins: settings.allowedOrigins });
  const result = await withState(context, options, settings, async (service) => {
    const workspace = await openWorkspace(service, file);
    for (const note of workspace.notes) terminal.note(note);
    return collect(await openPlanContext(workspace), workspace, named, options, terminal);
  });
  terminal.progress(null);
  if (options.json) terminal.json(resultJson(file, result));
  else print(terminal, result, named.length > 0);
  exit(result.counts.error > 0 ? exitCodes.failed : exitCodes.fine);
}

/** With the settings of the file and the schemas as they are now. Throws Failure when the mapping does not fit them. */
async function openPlanContext(workspace: Workspace): Promise<ProfileContext> {
  const { service, scope, file, credentials } = workspace;
  const sites = openSites(credentials, file.settings, service.settings.allowedOrigins);
  try {
    const catalogs = await sites.catalogs();
    requireFit(file, catalogs);
    const connections = {
      jira: await storeConnection(workspace, 'jira'),
      azure: await storeConnection(workspace, 'azure'),
    };
    return await openContext(service.deps, scope, profileOfFile(workspace, connections), catalogs);
  } finally {
    await sites.close();
  }
}

/** Throws Failure with the mapping's errors; warnings pass. */
export function requireFit(file: ProfileFile, catalogs: Parameters<typeof validateProfile>[1]): void {
  const problems = validateProfile(file.settings, catalogs)
    .filter(({ level }) => level === 'error')
    .map((problem): Problem => ({ ...problem, ...file.locate(problem.path) }));
  if (problems.length > 0) throw invalid(file.path, problems);
}

type Counts = Record<
  'items' | 'create' | 'link' | 'update' | 'transition' | 'comment' | 'attachment' | 'unchanged' | 'skip' | 'error',
  number
>;

interface PlanResult {
  readonly counts: Counts;
  readonly listed: readonly PreviewEntry[];
  /** Where the next page starts; null on the last. */
  readonly next: number | null;
  /** Named items that can't be read. */
  readonly unknown: readonly string[];
}

async function collect(
  context: ProfileContext,
  workspace: Workspace,
  named: readonly ItemName[],
  { limit, offset }: PlanOptions,
  terminal: Terminal,
): Promise<PlanResult> {
  const { service, scope, record } = workspace;
  const counts: Counts = {
    items: 0,
    create: 0,
    link: 0,
    update: 0,
    transition: 0,
    comment: 0,
    attachment: 0,
    unchanged: 0,
    skip: 0,
    error: 0,
  };
  const listed: PreviewEntry[] = [];
  const unknown: string[] = [];
  let place = 0;
  const take = (entry: PreviewEntry) => {
    count(counts, entry);
    terminal.progress(`${counts.items} items read`);
    if (named.length === 0 && isQuiet(entry)) return;
    if (place >= offset && (limit === 0 || listed.length < limit)) listed.push(entry);
    place += 1;
  };
  const initial = record === null ? null : await service.state.getInitialSync(scope, record.id);
  const twins = initial?.status === 'done' ? noTwins : await twinsOf(context);
  if (named.length === 0) for await (const entry of previewAll(context, twins)) take(entry);
  for (const { side, key } of named) {
    const entry = await previewNamed(context, side, key, twins);
    if (entry) take(entry);
    else {
      unknown.push(key);
      counts.error += 1;
    }
  }
  const end = offset + listed.length;
  return { counts, listed, next: end < place ? end : null, unknown };
}

/** Nothing to write and nothing wrong; of named items that is told too. */
const isQuiet = ({ action }: PreviewEntry): boolean =>
  action.kind === 'left' ||
  (action.kind === 'plan' && operationsOf(action).length === 0 && errorsOf(action).length === 0 && !action.links);

type Planned = PreviewEntry['action'] & { kind: 'plan' };

const operationsOf = ({ plan, children }: Planned): readonly Operation[] => [
  ...('operations' in plan ? plan.operations : []),
  ...children,
];

const childrenPlan = ({ children, errors }: Planned): PairPlan => ({
  operations: children,
  outcomes: [],
  errors,
  needsHistory: [],
});

const errorsOf = ({ plan, errors }: Planned): readonly SyncError[] => [
  ...('errors' in plan ? plan.errors : []),
  ...('outcomes' in plan ? plan.outcomes.flatMap(({ error }) => (error ? [error] : [])) : []),
  ...errors,
];

const countOf = {
  create: 'create',
  update: 'update',
  transition: 'transition',
  'add-comment': 'comment',
  'update-comment': 'comment',
  'add-attachment': 'attachment',
} as const satisfies Record<Operation['kind'], keyof Counts>;

function count(counts: Counts, { action }: PreviewEntry): void {
  counts.items += 1;
  if (action.kind === 'left') counts.skip += 1;
  if (action.kind === 'unreadable') counts.error += 1;
  if (action.kind !== 'plan') return;
  const operations = operationsOf(action);
  for (const { kind } of operations) counts[countOf[kind]] += 1;
  if (action.links) counts.link += 1;
  if (errorsOf(action).length > 0) counts.error += 1;
  else if (operations.length === 0 && !action.links) counts.unchanged += 1;
}

const leftWords: Readonly<Record<LeftReason, string>> = {
  creating: 'its counterpart is being created',
  orphaned: 'its counterpart was deleted',
  'other-profile': 'it belongs to another profile',
  filter: 'it is outside the project or the filter of the profile',
  direction: 'the profile creates nothing in this direction',
  type: 'its type has no counterpart in the profile',
  restricted: 'it has a security level',
};

const titleOf = ({ ids, keys }: PreviewEntry): string =>
  [keys.jira ?? ids.jira, keys.azure ?? ids.azure].filter((name) => name !== null && name !== undefined).join(' ↔ ');

function entryLines(entry: PreviewEntry): readonly string[] {
  const { action } = entry;
  const title = titleOf(entry);
  if (action.kind === 'left') return [title, `  left alone: ${leftWords[action.reason]}`];
  if (action.kind === 'unreadable') return [title, `  ${errorWords(action.error)}`];
  const shown = [showPlan(action.plan), showPlan(childrenPlan(action))].filter((text) => text !== '');
  const lines = [
    ...(action.links ? ['both exist already: they are paired'] : []),
    ...shown.flatMap((text) => text.split('\n').map((line) => line.replace(/^ {2}/, ''))),
  ];
  return [title, ...(lines.length === 0 ? ['nothing to write'] : lines).map((line) => `  ${line}`)];
}

function errorWords(error: SyncError): string {
  const { cause, remedy } = describeError(error);
  return `! ${error.code}: ${cause} ${remedy}`;
}

const wordsOf = (counts: Counts): string =>
  [
    `${counts.create} to create`,
    ...(counts.link > 0 ? [`${counts.link} to pair`] : []),
    `${counts.update} to update`,
    `${counts.transition} to transition`,
    `${counts.comment} comments`,
    `${counts.attachment} attachments`,
    `${counts.unchanged} unchanged`,
    `${counts.skip} skipped`,
    `${counts.error} with errors`,
  ].join(', ');

function print(terminal: Terminal, { counts, listed, next, unknown }: PlanResult, named: boolean): void {
  for (const entry of listed) {
    const [title = '', ...lines] = entryLines(entry);
    terminal.print(terminal.paint('bold', title));
    for (const line of lines) terminal.print(painted(terminal, line));
  }
  for (const key of unknown) terminal.print(`${key}\n  ! it does not exist, or the account may not see it`);
  if (next !== null) terminal.print(`… more: --offset ${next}`);
  terminal.print(
    terminal.paint('bold', `${counts.items} ${counts.items === 1 ? 'item' : 'items'}: ${wordsOf(counts)}`),
  );
  if (!named) terminal.print('Nothing was written.');
}

function painted(terminal: Terminal, line: string): string {
  const mark = line.trimStart()[0];
  return mark === '+'
    ? terminal.paint('green', line)
    : mark === '-' || mark === '!'
      ? terminal.paint('red', line)
      : line;
}

function resultJson(file: ProfileFile, { counts, listed, next, unknown }: PlanResult) {
  return {
    ok: counts.error === 0,
    profile: file.settings.name,
    counts,
    items: listed.map(entryJson),
    unknown,
    next,
  };
}

function entryJson({ ids, keys, action }: PreviewEntry) {
  const names = {
    jira: ids.jira === null ? null : { id: ids.jira, key: keys.jira ?? null },
    azure: ids.azure === null ? null : { id: ids.azure },
  };
  const errorJson = (error: SyncError) => ({ code: error.code, ...describeError(error) });
  if (action.kind === 'left') return { ...names, action: 'skip', reason: action.reason, operations: [], errors: [] };
  if (action.kind === 'unreadable') {
    return { ...names, action: 'error', operations: [], errors: [errorJson(action.error)] };
  }
  const { operations, fields, errors } = planJson(action.plan);
  const children = planJson(childrenPlan(action));
  const all = [...errors, ...children.errors];
  const operationsJson = [...operations, ...children.operations];
  const main =
    action.plan && 'kind' in action.plan
      ? action.plan.kind
      : action.links
        ? 'link'
        : operationsJson.length > 0
          ? 'update'
          : 'nothing';
  return {
    ...names,
    action: operationsJson.length === 0 && all.length > 0 ? 'error' : main,
    operations: operationsJson,
    fields,
    errors: all,
  };
}
