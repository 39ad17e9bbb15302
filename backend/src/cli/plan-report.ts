// What a plan's items come to, counted, as text and as JSON.

import type { PreviewEntry } from '../reconcile/preview-all.ts';
import { type Counts, childrenPlan } from '../reconcile/preview-count.ts';
import { linesOf, titleOf } from '../reconcile/preview-text.ts';
import { planJson } from '../sync/diff.ts';
import { describeError, type SyncError } from '../sync/errors.ts';
import type { ProfileFile } from './profile-file.ts';
import type { Terminal } from './terminal.ts';

export interface PlanResult {
  readonly counts: Counts;
  readonly listed: readonly PreviewEntry[];
  /** Where the next page starts; null on the last. */
  readonly next: number | null;
  /** Named items that can't be read. */
  readonly unknown: readonly string[];
}

const wordsOf = (counts: Counts): string =>
  [
    `${counts.create} to create`,
    ...(counts.link > 0 ? [`${counts.link} to pair`] : []),
    `${counts.update} to update`,
    `${counts.transition} to transition`,
    `${counts.comment} comments`,
    `${counts.attachment} attachments`,
    `${counts.itemLink} links`,
    `${counts.unchanged} unchanged`,
    `${counts.skip} skipped`,
    `${counts.error} with errors`,
  ].join(', ');

export function printPlan(terminal: Terminal, { counts, listed, next, unknown }: PlanResult, named: boolean): void {
  for (const entry of listed) {
    terminal.print(terminal.paint('bold', titleOf(entry)));
    for (const line of linesOf(entry)) terminal.print(painted(terminal, `  ${line}`));
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
      : action.pairs
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
    waitsFor: action.waitsFor.map(({ side, name }) => ({ side, key: name })),
  };
}
