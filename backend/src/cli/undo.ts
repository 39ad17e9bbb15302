// `tandem undo`: takes the last initial sync back, as far as nobody touched what it made. Without --confirm it only shows.

import type { Command } from 'commander';
import { openProfile, type ProfileContext } from '../reconcile/context.ts';
import type { InitialSync } from '../reconcile/ports.ts';
import { type KeptReason, previewUndo, type Undoing, type Undone, undoPairs } from '../reconcile/undo.ts';
import type { Service } from '../service.ts';
import { type CommandContext, examples, type StateOptions, settingsFor, withStateOptions } from './common.ts';
import { exitCodes, Failure } from './failure.ts';
import { storedProfiles } from './stored-profiles.ts';
import type { Terminal } from './terminal.ts';
import { withState } from './workspace.ts';

interface UndoOptions extends StateOptions {
  readonly confirm?: string;
}

export function addUndo(program: Command, context: CommandContext): void {
  withStateOptions(
    program
      .command('undo')
      .summary('take the last initial sync back')
      .description(
        'Lists the counterparts that the last initial sync of a profile made, and says of each whether it can be removed or\nwhy it stays. With --confirm removes them: work items go to the recycle bin, issues for good. What somebody touched\nis kept. The profile is paused; change it before the next sync, which would make them anew.',
      )
      .argument('<profile>', 'a profile file or the name of a profile'),
  )
    .option('--confirm <count>', 'remove them; how many there are to remove, as the list says')
    .addHelpText('after', examples('tandem undo profile.yml', 'tandem undo profile.yml --confirm 120'))
    .action((wanted: string, options: UndoOptions) => runUndo(context, wanted, options));
}

async function runUndo(context: CommandContext, wanted: string, options: UndoOptions): Promise<void> {
  const { terminal, env, exit } = context;
  const result = await withState(context, options, settingsFor(options, env), async (service) => {
    const [found] = await storedProfiles(service, wanted);
    const sync = found ? await service.state.getInitialSync(found.scope, found.record.id) : null;
    const opened = found ? await openProfile(service.deps, found.scope, found.record.id) : null;
    if (!opened || !sync) return { made: [], undone: null, running: false };
    terminal.progress('Looking at what the initial sync made…');
    const made = await allMade(opened, sync);
    if (options.confirm === undefined) return { made, undone: null, running: false };
    requireCount(made, options.confirm);
    return { made, ...(await remove(service, opened, sync, made)) };
  });
  terminal.progress(null);
  const shown = result.undone ?? result.made;
  const kept = shown.filter((one) => one.kept !== null);
  const report = {
    ok: !result.running,
    removed: result.undone === null ? 0 : shown.length - kept.length,
    removable: result.undone === null ? shown.length - kept.length : 0,
    items: shown.map(({ pairId: _, ...item }) => item),
  };
  if (options.json) terminal.json(report);
  else print(terminal, shown, report);
  if (!result.running) return exit(exitCodes.fine);
  terminal.note('The profile was enabled meanwhile: what is not listed stays. Pause it and undo again.');
  exit(exitCodes.failed);
}

async function allMade(context: ProfileContext, sync: InitialSync): Promise<readonly Undone[]> {
  const made: Undone[] = [];
  for (let after: string | undefined; ; ) {
    const page = await previewUndo(context, sync, after);
    made.push(...page.made);
    if (page.next === undefined) return made;
    after = page.next;
  }
}

function requireCount(made: readonly Undone[], confirmed: string): void {
  const removable = made.filter(({ kept }) => kept === null).length;
  if (confirmed === String(removable)) return;
  throw new Failure(`There are ${removable} counterparts to remove, not ${confirmed}.`, {
    code: 'count-differs',
    exit: exitCodes.usage,
    remedy: 'Look at the list again, without --confirm.',
  });
}

async function remove(
  service: Service,
  context: ProfileContext,
  sync: InitialSync,
  made: readonly Undone[],
): Promise<Undoing> {
  await service.config.setStatus(context.scope, context.profile.id, 'paused', null);
  const kept = made.filter((one) => one.kept !== null);
  const wanted = made.filter((one) => one.kept === null).map(({ pairId }) => pairId);
  const { undone, running } = await undoPairs(context, sync, wanted);
  return { undone: [...kept, ...undone], running };
}

const words: Readonly<Record<KeptReason, string>> = {
  touched: 'stays: somebody changed or commented it since',
  gone: 'not there any more, or hidden from the synchronizer',
  busy: 'stays: it is being synchronized at this moment',
  refused: 'stays: the service refuses to delete it',
};

const keyOf = (side: Undone['side'], key: string): string => (side === 'azure' ? `#${key}` : key);

function print(
  terminal: Terminal,
  shown: readonly Undone[],
  { removed, removable }: { readonly removed: number; readonly removable: number },
): void {
  for (const { side, key, sourceKey, kept } of shown) {
    const source = keyOf(side === 'azure' ? 'jira' : 'azure', sourceKey);
    terminal.print(`  ${keyOf(side, key)} (of ${source})${kept === null ? '' : `  ${words[kept]}`}`);
  }
  const done = removed > 0 ? `${removed} removed` : `${removable} can be removed`;
  terminal.print(`${done}, ${shown.length - removed - removable} stay.`);
  if (removable > 0) terminal.print(`Remove them with --confirm ${removable}`);
}
