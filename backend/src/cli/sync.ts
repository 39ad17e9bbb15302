// `tandem sync`: brings both sides to agreement until nothing is left, or keeps them there with --watch. The work is done
// by the queue's jobs, so that a second command, or a run after a crash, goes on where this one is.

import { type Command, InvalidArgumentError } from 'commander';
import { openProfile } from '../reconcile/context.ts';
import { keepCatalogs } from '../reconcile/keep-catalogs.ts';
import type { InitialSyncOptions, Scope } from '../reconcile/ports.ts';
import { countStrays } from '../reconcile/unpaired.ts';
import { enableProfile } from '../routes/profile-lifecycle.ts';
import type { Service } from '../service.ts';
import type { Settings } from '../settings.ts';
import type { ProfileRecord } from '../store/config-store.ts';
import { describeError } from '../sync/errors.ts';
import { type CommandContext, examples, type StateOptions, settingsFor, withStateOptions } from './common.ts';
import { type DrainEnd, drain, startWorkers } from './drain.ts';
import { exitCodes, Failure } from './failure.ts';
import { askedRun, beginRun, day, type InitialRunOptions, linkFields, requireLinkFields } from './initial-run.ts';
import { readProfileFile } from './profile-file.ts';
import { requireFit } from './require-fit.ts';
import { openSites, requireUsable } from './sites.ts';
import { alreadyMade } from './state-lost.ts';
import { exitOf, printReport, reportOf, standing } from './sync-report.ts';
import { countCall, countStep, newTally, progressLine, snapshot, type Tally, writesSince } from './tally.ts';
import type { Terminal } from './terminal.ts';
import { openWorkspace, saveWorkspace, type Workspace, withState } from './workspace.ts';

interface SyncOptions extends StateOptions, InitialRunOptions {
  readonly watch?: boolean;
  readonly every: number;
  readonly resume?: boolean;
}

const seconds = (text: string): number => {
  if (!/^\d{1,6}$/.test(text) || Number(text) < 1) throw new InvalidArgumentError('A number of seconds is needed.');
  return Number(text);
};

export function addSync(program: Command, context: CommandContext): void {
  withStateOptions(
    program
      .command('sync')
      .summary('bring both sides to agreement')
      .description(
        'Pairs existing items (the first time), gives new ones their counterparts, finds what changed since the last run\nand brings it across, until nothing is left. With --watch it goes on, looking for changes at an interval, until\nSIGTERM or Ctrl-C. Exits 1 when items have errors, 4 when the profile stopped itself.',
      )
      .argument('<profile>', 'the profile file'),
  )
    .option('--watch', 'go on until SIGTERM or Ctrl-C')
    .option('--every <seconds>', 'with --watch: how often to look for changes', seconds, 15)
    .option('--all', 'look at every pair, not only at what changed: after a change of the mapping, or a restore')
    .option(
      '--from <day>',
      'of items that have no pair, and with --all of pairs, take those last changed from this day on, in the profile’s time zone',
      day,
    )
    .option('--to <day>', 'and until this day', day)
    .option(
      '--link-by <jira=azure>',
      'pair items that exist on both sides by two fields with the same value; issuekey and System.Id stand for an item’s own name',
      linkFields,
    )
    .option('--resume', 'go on with a profile that stopped itself, or over the warning that state was lost')
    .addHelpText(
      'after',
      examples(
        'tandem sync profile.yml',
        'tandem sync profile.yml --watch --every 30',
        'tandem plan profile.yml && tandem sync profile.yml --all   # after an edit of the mapping',
        'tandem sync profile.yml --from 2026-01-01 --link-by issuekey=Custom.JiraKey',
      ),
    )
    .action((path: string, options: SyncOptions) => runSync(context, path, options));
}

async function runSync(context: CommandContext, path: string, options: SyncOptions): Promise<void> {
  const { terminal, env, exit } = context;
  const settings = withInterval(settingsFor(options, env), options);
  const asked = askedRun(options);
  const file = await readProfileFile(path, { env, allowedOrigins: settings.allowedOrigins });
  const started = performance.now();
  const tally = newTally();
  const stop = stopSignal(terminal);
  try {
    const outcome = await withState(
      context,
      options,
      settings,
      async (service) => {
        const workspace = await openWorkspace(service, file);
        const { profile, changes } = await prepare(workspace, options, terminal, tally);
        const { scope } = workspace;
        const run = { service, scope, profile, options, asked, terminal, tally, signal: stop.signal };
        await requireKnownItems(run);
        const end = options.watch ? await watch(run) : await once(run, changes.length > 0);
        return { end, changes, ...(await standing(service, scope, profile.id)) };
      },
      { reached: async (step) => countStep(tally, step), onCall: (call) => countCall(tally, call), onSignal: 'own' },
    );
    terminal.progress(null);
    const code = exitOf(outcome, options.watch ?? false);
    const report = {
      ok: code === exitCodes.fine,
      ...reportOf(file.settings.name, outcome, tally),
      seconds: since(started),
    };
    if (options.json) terminal.json(report);
    else printReport(terminal, report, options.watch ?? false);
    exit(code);
  } finally {
    stop.forget();
  }
}

const since = (started: number) => Math.round(performance.now() - started) / 1000;

const withInterval = (settings: Settings, { watch, every }: SyncOptions): Settings =>
  watch ? { ...settings, timing: { ...settings.timing, scanEveryMs: every * 1000 } } : settings;

/** Before anything is queued: a first sync must not make items a second time. Throws Failure. */
async function requireKnownItems({ service, scope, profile, options, terminal }: Run): Promise<void> {
  if (options.resume || (await service.state.getInitialSync(scope, profile.id)) !== null) return;
  terminal.progress('Looking for items that Tandem made before…');
  const context = await openProfile(service.deps, scope, profile.id);
  const strays = context ? await countStrays(context) : 0;
  if (strays > 0) throw alreadyMade(strays);
}

/** The first signal ends the run in order, the second one at once. */
function stopSignal(terminal: Terminal) {
  const control = new AbortController();
  const names = ['SIGINT', 'SIGTERM'] as const;
  const heard = () => {
    if (control.signal.aborted) process.exit(exitCodes.failed);
    terminal.note('Finishing what is in hand…');
    control.abort();
  };
  for (const name of names) process.on(name, heard);
  return {
    signal: control.signal,
    forget: () => {
      for (const name of names) process.removeListener(name, heard);
    },
  };
}

/** Nothing is stored before both sites answered and the mapping fits their schemas. Throws Failure. */
async function prepare(workspace: Workspace, options: SyncOptions, terminal: Terminal, tally: Tally) {
  const { service, scope, file, record } = workspace;
  if (record?.status === 'stopped' && !options.resume) throw stopped(record);
  terminal.progress('Asking both sites…');
  const sites = openSites(workspace.credentials, file.settings, service.settings.allowedOrigins, (call) =>
    countCall(tally, call),
  );
  try {
    // Each permission is tried once; later what is refused becomes an error of its item.
    if (record?.status !== 'enabled') requireUsable(await sites.check());
    const catalogs = await sites.catalogs();
    requireFit(file, catalogs);
    requireLinkFields(file, catalogs, options.linkBy);
    const saved = await saveWorkspace(workspace);
    const { profile } = saved;
    await keepCatalogs(service.deps, scope, profile, await service.deps.openSides(profile), catalogs);
    if (saved.changes.length > 0) {
      terminal.note(`${file.path} changed since the last run:`);
      for (const change of saved.changes) terminal.note(`  ${change}`);
      if (!options.all) terminal.note('  Pairs take it up when they change next; --all brings it to all of them now.');
    }
    return saved;
  } finally {
    await sites.close();
  }
}

const stopped = (record: ProfileRecord): Failure => {
  const words = record.reason ? describeError(record.reason) : null;
  return new Failure(`"${record.settings.name}" has stopped. ${words?.cause ?? ''}`.trim(), {
    code: record.reason?.code ?? 'stopped',
    exit: exitCodes.stopped,
    remedy: `${words?.remedy ?? ''} Then go on with --resume; policies.brake in the profile sets the limit.`.trim(),
  });
};

interface Run {
  readonly service: Service;
  readonly scope: Scope;
  readonly profile: ProfileRecord;
  readonly options: SyncOptions;
  readonly asked: InitialSyncOptions | null;
  readonly terminal: Terminal;
  readonly tally: Tally;
  readonly signal: AbortSignal;
}

async function once(run: Run, changed: boolean): Promise<DrainEnd> {
  const { service, scope, profile, asked, terminal, tally, signal } = run;
  const workers = await startWorkers(service);
  const target = { ...scope, profileId: profile.id };
  const settle = (words: string) =>
    drain(service, scope, profile.id, {
      signal,
      onProgress: ({ busy, later }) => terminal.progress(progressLine(words, tally, busy + later.length)),
    });
  try {
    await start(run);
    const looked = await settle('Looking for changes');
    if (looked.kind !== 'empty') return looked;
    if (!(await beginRun(service, scope, profile.id, asked))) await service.queue.addTask('inventory', target);
    await service.queue.addTask('sweep', scope);
    if (changed) await queueFailing(run);
    const worked = await settle('Synchronizing');
    if (worked.kind !== 'empty') return worked;
    // What people changed in the meantime.
    await service.queue.addTask('scan-profile', target);
    return await settle('Looking for changes');
  } finally {
    await workers.stop();
  }
}

/** Both sites were just found to work, so that a pause for their sake ends. */
async function start({ service, scope, profile }: Run): Promise<void> {
  if (profile.status === 'enabled') await service.queue.addTask('scan-profile', { ...scope, profileId: profile.id });
  else await enableProfile(service, scope, profile);
}

/** Pairs with errors, which the change of the mapping may have mended. */
async function queueFailing({ service, scope, profile }: Run): Promise<void> {
  let after: string | undefined;
  do {
    const page = await service.state.listPairs(scope, profile.id, {
      limit: 500,
      ...(after === undefined ? {} : { after }),
    });
    const jobs = page.pairs
      .filter((pair) => pair.errors.length > 0)
      .flatMap((pair) => {
        const itemId = pair.ids[pair.source];
        return itemId === null
          ? []
          : [{ ...scope, profileId: profile.id, pairId: pair.id, side: pair.source, itemId, hints: [] }];
      });
    await service.queue.addItems(jobs, { bulk: true });
    after = page.next;
  } while (after !== undefined);
}

async function watch(run: Run): Promise<DrainEnd> {
  const { service, scope, profile, asked, terminal, tally, signal } = run;
  const workers = await service.work();
  let [told, state] = [snapshot(tally), 'enabled'];
  try {
    await start(run);
    await beginRun(service, scope, profile.id, asked);
    terminal.note(`Watching ${profile.settings.jira.project} ↔ ${profile.settings.azure.project}; Ctrl-C ends it.`);
    for (;;) {
      const end = await drain(service, scope, profile.id, {
        signal,
        onProgress: ({ busy, later }) =>
          terminal.progress(busy === 0 ? 'Up to date' : progressLine('Synchronizing', tally, busy + later.length)),
      });
      if (end.kind === 'aborted') return end;
      if (end.kind === 'not-enabled' && end.profile.status === 'stopped') return end;
      const now = end.kind === 'not-enabled' ? end.profile.status : 'enabled';
      if (now !== state) tellState(terminal, now, end);
      state = now;
      const wrote = writesSince(tally, told);
      if (wrote !== '') terminal.note(`${new Date().toISOString().slice(11, 19)}  ${wrote}`);
      told = snapshot(tally);
      await pause(signal);
    }
  } finally {
    await workers.stop();
  }
}

const watchPollMs = 500;

const pause = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, watchPollMs);
    signal.addEventListener('abort', done);
  });

function tellState(terminal: Terminal, state: string, end: DrainEnd): void {
  const reason = end.kind === 'not-enabled' ? end.profile.reason : null;
  const words = reason ? describeError(reason) : null;
  const paused = `Paused: ${words?.cause ?? ''} ${words?.remedy ?? ''} It is tried again by itself.`;
  terminal.note(state === 'enabled' ? 'It works again.' : paused);
}
