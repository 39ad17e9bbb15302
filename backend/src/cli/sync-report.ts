// How a sync ended, for people, for scripts and as an exit code.

import type { InitialSync, Scope } from '../reconcile/ports.ts';
import type { Service } from '../service.ts';
import { describeError } from '../sync/errors.ts';
import { type BySide, sides } from '../sync/model.ts';
import type { DrainEnd } from './drain.ts';
import { exitCodes } from './failure.ts';
import type { Tally } from './tally.ts';
import type { Terminal } from './terminal.ts';

interface Standing {
  readonly pairs: {
    readonly paired: number;
    readonly creating: number;
    readonly orphaned: number;
    readonly failing: number;
  };
  readonly itemErrors: number;
  readonly initial: InitialSync | null;
}

export async function standing({ state }: Service, scope: Scope, profileId: string): Promise<Standing> {
  const [pairs, itemErrors, initial] = await Promise.all([
    state.countPairs(scope, profileId),
    state.listItemErrors(scope, profileId),
    state.getInitialSync(scope, profileId),
  ]);
  return { pairs, itemErrors: itemErrors.filter(({ record }) => !record.ignored).length, initial };
}

export type Outcome = Standing & { readonly end: DrainEnd; readonly changes: readonly string[] };

export function exitOf({ end, pairs, itemErrors }: Outcome, watching: boolean): number {
  if (end.kind === 'not-enabled') {
    return end.profile.status === 'stopped' ? exitCodes.stopped : exitCodes.connection;
  }
  if (watching) return exitCodes.fine;
  return end.kind === 'aborted' || pairs.failing + itemErrors > 0 ? exitCodes.failed : exitCodes.fine;
}

export function reportOf(name: string, { end, changes, pairs, itemErrors, initial }: Outcome, tally: Tally) {
  const reason = end.kind === 'not-enabled' ? end.profile.reason : null;
  return {
    profile: name,
    end: end.kind === 'not-enabled' ? end.profile.status : end.kind === 'aborted' ? 'interrupted' : 'done',
    reason: reason ? { code: reason.code, ...describeError(reason), detail: reason.detail ?? null } : null,
    did: tally.did,
    pairs,
    errors: pairs.failing + itemErrors,
    waiting: end.kind === 'empty' ? end.waiting : null,
    initialSync: initial
      ? {
          status: initial.status,
          ...initial.options,
          done: initial.done,
          failed: initial.failed,
          linked: initial.linked,
          ambiguous: initial.ambiguous,
        }
      : null,
    profileChanges: changes,
    calls: tally.calls satisfies BySide<number>,
  };
}

export type Report = ReturnType<typeof reportOf> & { readonly ok: boolean; readonly seconds: number };

export function printReport(terminal: Terminal, report: Report, watching: boolean): void {
  const { did, pairs, errors, waiting, calls, reason } = report;
  const writes = Object.entries(did)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${kind}`);
  terminal.print(`${report.profile}: ${writes.length > 0 ? writes.join(', ') : 'nothing to write'}.`);
  terminal.print(
    `${pairs.paired} pairs; ${sides.map((side) => calls[side]).join(' + ')} calls (Jira + Azure DevOps) in ${report.seconds} s.`,
  );
  if (waiting) terminal.print(`${waiting} items are tried again later.`);
  if (errors > 0) terminal.print(terminal.paint('red', `${errors} items have errors: tandem errors`));
  if (report.end === 'interrupted' && !watching) terminal.print('Stopped before the end: run it again to go on.');
  if (reason) {
    const detail = reason.detail === null ? '' : ` ${reason.detail}`;
    terminal.note(`${terminal.paintNote('red', 'tandem:')} ${reason.cause}${detail}`);
    terminal.note(`  ${reason.remedy}`);
  }
}
