// Work logged on issues: each entry moves the issue and writes the time spent into its changelog.
import type { Caller } from './caller.ts';
import type { NewWorklog } from './edit.ts';
import { carryOut } from './effects.ts';
import { issueNotFound } from './errors.ts';
import type { ChangeItem, WorklogRecord } from './model.ts';
import { requirePermission } from './permissions.ts';
import type { World } from './world.ts';

export function addWorklog(world: World, caller: Caller, issueId: number, input: NewWorklog): WorklogRecord {
  const now = world.clock.now();
  const author = caller.person?.accountId ?? '';
  const worklog: WorklogRecord = {
    id: world.store.nextId('worklog'),
    issueId,
    author,
    updateAuthor: author,
    created: now,
    updated: now,
    started: input.started ?? now,
    seconds: input.seconds,
    ...(input.comment === undefined ? {} : { comment: input.comment }),
  };
  change(world, caller, 'worklog.add', worklog, (list) => [...list, worklog]);
  return worklog;
}

export function replaceWorklog(world: World, caller: Caller, worklog: WorklogRecord): void {
  change(world, caller, 'worklog.edit', worklog, (list) => list.map((old) => (old.id === worklog.id ? worklog : old)));
}

export function removeWorklog(world: World, caller: Caller, worklog: WorklogRecord): void {
  change(world, caller, 'worklog.delete', worklog, (list) => list.filter(({ id }) => id !== worklog.id));
}

function change(
  world: World,
  caller: Caller,
  operation: 'worklog.add' | 'worklog.edit' | 'worklog.delete',
  worklog: WorklogRecord,
  apply: (list: readonly WorklogRecord[]) => readonly WorklogRecord[],
): void {
  const issue = world.store.issues.get(worklog.issueId);
  if (issue === undefined) throw issueNotFound();
  requirePermission(world, caller, 'WORK_ON_ISSUES', issue);
  const list = world.store.worklogs.get(issue.id) ?? [];
  const next = apply(list);
  world.store.worklogs.set(issue.id, next);
  carryOut(world, caller, operation, issue, [timeSpentItem(total(list), total(next))], { worklog });
}

const total = (list: readonly WorklogRecord[]): number => list.reduce((sum, { seconds }) => sum + seconds, 0);

function timeSpentItem(before: number, after: number): ChangeItem {
  const text = (seconds: number): string | null => (seconds === 0 ? null : String(seconds));
  return {
    field: 'timespent',
    fieldId: 'timespent',
    fieldtype: 'jira',
    from: text(before),
    fromString: text(before),
    to: text(after),
    toString: text(after),
  };
}
