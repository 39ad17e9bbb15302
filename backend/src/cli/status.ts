// `tandem status`: how far the profiles of the data folder are. Asks no site.

import type { Command } from 'commander';
import { backlogOf, liveWorkers } from '../jobs/backlog.ts';
import { shownInitialSync } from '../routes/shown.ts';
import type { Service } from '../service.ts';
import { describeError } from '../sync/errors.ts';
import { type CommandContext, examples, type StateOptions, settingsFor, withStateOptions } from './common.ts';
import { exitCodes } from './failure.ts';
import { type StoredProfile, storedProfiles } from './stored-profiles.ts';
import type { Terminal } from './terminal.ts';
import { hasState, withState } from './workspace.ts';

export function addStatus(program: Command, context: CommandContext): void {
  withStateOptions(
    program
      .command('status')
      .summary('show how far the profiles are')
      .description(
        'Shows each profile of the data folder: its state, pairs, errors, and what waits. Asks no site.\nExits 0 whatever the state is; --json tells it to scripts.',
      )
      .argument('[profile]', 'a profile file or the name of a profile; all when left out'),
  )
    .addHelpText('after', examples('tandem status', "tandem status --json | jq '.profiles[].pairs'"))
    .action((wanted: string | undefined, options: StateOptions) => runStatus(context, wanted, options));
}

async function runStatus(context: CommandContext, wanted: string | undefined, options: StateOptions): Promise<void> {
  const { terminal, env, exit } = context;
  const settings = settingsFor(options, env);
  // Looking must not make a database where there is none.
  const status = (await hasState(settings))
    ? await withState(context, options, settings, async (service) => ({
        workers: await liveWorkers(service.pool, settings.timing.deadAfterMs),
        profiles: await Promise.all((await storedProfiles(service, wanted)).map((one) => profileStatus(service, one))),
      }))
    : { workers: 0, profiles: [] };
  const data = settings.databaseUrl === null ? settings.dataDir : 'DATABASE_URL';
  if (options.json) terminal.json({ ok: true, data, ...status });
  else print(terminal, data, status);
  exit(exitCodes.fine);
}

const instant = (ms: number | null | undefined) => (typeof ms === 'number' ? new Date(ms).toISOString() : null);

async function profileStatus({ state, pool, deps }: Service, { scope, record, jiraUrl, azureUrl }: StoredProfile) {
  const [pairs, itemErrors, initial, backlog] = await Promise.all([
    state.countPairs(scope, record.id),
    state.listItemErrors(scope, record.id),
    state.getInitialSync(scope, record.id),
    backlogOf(pool, scope.installationId, record.id),
  ]);
  const { settings } = record;
  const { reason } = record;
  return {
    name: settings.name,
    status: record.status,
    reason: reason ? { code: reason.code, ...describeError(reason), detail: reason.detail ?? null } : null,
    jira: { url: jiraUrl, project: settings.jira.project },
    azure: { url: azureUrl, project: settings.azure.project },
    pairs,
    errors: pairs.failing + itemErrors.filter(({ record: error }) => !error.ignored).length,
    queue: { now: backlog.busy, later: backlog.later.length, nextAt: instant(backlog.later[0]?.at) },
    initialSync: initial ? shownInitialSync(initial, deps.now()) : null,
    changedAt: instant(record.updatedAt),
    revision: record.revision,
  };
}

interface Status {
  readonly workers: number;
  readonly profiles: readonly Awaited<ReturnType<typeof profileStatus>>[];
}

function print(terminal: Terminal, data: string, { workers, profiles }: Status): void {
  if (profiles.length === 0) {
    terminal.print(`Nothing was synchronized yet from ${data}.`);
    return;
  }
  for (const one of profiles) {
    const { name, status, reason, pairs, errors, queue, initialSync } = one;
    const state = terminal.paint(status === 'enabled' ? 'green' : 'red', status);
    terminal.print(`${terminal.paint('bold', name)}  ${state}`);
    if (reason) terminal.print(`  ${reason.cause}${reason.detail ? ` ${reason.detail}` : ''} ${reason.remedy}`);
    terminal.print(`  ${one.jira.url} ${one.jira.project} ↔ ${one.azure.url} ${one.azure.project}`);
    const rest = [
      ...(pairs.creating > 0 ? [`${pairs.creating} being created`] : []),
      ...(pairs.orphaned > 0 ? [`${pairs.orphaned} with a side deleted or out of scope`] : []),
    ];
    terminal.print(`  ${[`${pairs.paired} pairs`, ...rest].join(', ')}`);
    if (errors > 0) terminal.print(`  ${terminal.paint('red', `${errors} items have errors`)}: tandem errors`);
    terminal.print(
      `  queue: ${queue.now} now, ${queue.later} later${queue.nextAt ? ` (next at ${queue.nextAt})` : ''}`,
    );
    if (initialSync) {
      const { status: sync, done, queued, failed, ambiguous, itemsPerMinute: rate, secondsLeft: left } = initialSync;
      const rest = [
        ...(ambiguous > 0 ? [`${ambiguous} left alone, as others hold the same value`] : []),
        ...(rate === null ? [] : [`${rate} a minute`]),
        ...(left === null ? [] : [`about ${Math.ceil(left / 60)} min left`]),
      ];
      terminal.print(`  ${[`initial sync: ${sync}, ${done} of ${queued} done, ${failed} failed`, ...rest].join(', ')}`);
    }
  }
  terminal.print(workers > 0 ? `${workers} process at work.` : 'No process is at work: tandem sync, or sync --watch.');
}
