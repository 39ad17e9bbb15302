// What a plan's items come to, counted, as text and as JSON.

import type { LeftReason, PreviewEntry } from '../reconcile/preview-all.ts';
import { planJson, showPlan } from '../sync/diff.ts';
import { describeError, type SyncError } from '../sync/errors.ts';
import type { Operation, PairPlan } from '../sync/plan.ts';
import type { ProfileFile } from './profile-file.ts';
import type { Terminal } from './terminal.ts';

export type Counts = Record<
  'items' | 'create' | 'link' | 'update' | 'transition' | 'comment' | 'attachment' | 'unchanged' | 'skip' | 'error',
  number
>;

export interface PlanResult {
  readonly counts: Counts;
  readonly listed: readonly PreviewEntry[];
  /** Where the next page starts; null on the last. */
  readonly next: number | null;
  /** Named items that can't be read. */
  readonly unknown: readonly string[];
}

/** Nothing to write and nothing wrong; of named items that is told too. */
export const isQuiet = ({ action }: PreviewEntry): boolean =>
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

export function count(counts: Counts, { action }: PreviewEntry): void {
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

export function printPlan(terminal: Terminal, { counts, listed, next, unknown }: PlanResult, named: boolean): void {
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

export function planResultJson(file: ProfileFile, { counts, listed, next, unknown }: PlanResult) {
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
