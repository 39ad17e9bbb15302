// `tandem adopt`: rebuilds the pairs from the marks that Tandem left on both sites, when the state was lost or restored from
// a backup. Writes to the state on this machine, to neither site.

import type { Command } from 'commander';
import { type AdoptionResult, adoptProfile, previewAdoption } from '../reconcile/adopt-profile.ts';
import type { LeftReason } from '../reconcile/adoption.ts';
import { openContext } from '../reconcile/context.ts';
import type { UnpairedItem } from '../reconcile/unpaired.ts';
import { type CommandContext, examples, type StateOptions, settingsFor, withStateOptions } from './common.ts';
import { exitCodes } from './failure.ts';
import { readProfileFile } from './profile-file.ts';
import { requireFit } from './require-fit.ts';
import { openSites, requireUsable } from './sites.ts';
import type { Terminal } from './terminal.ts';
import { openWorkspace, profileOfFile, saveWorkspace, type Workspace, withState } from './workspace.ts';

interface AdoptCommandOptions extends StateOptions {
  readonly dryRun?: boolean;
  readonly keyLost?: boolean;
}

export function addAdopt(program: Command, context: CommandContext): void {
  withStateOptions(
    program
      .command('adopt')
      .summary('rebuild the pairs after the state was lost')
      .description(
        'Finds the items that Tandem made by the marks on them, and pairs each with its source again. Writes to neither\nsite; the next sync settles what differs by the profile’s seeding policy. Items that somebody copied, whose source\nis gone, or of which there are two for one source are left and listed. Exits 1 when some that may be counterparts\nare left: a sync would make those again.',
      )
      .argument('<profile>', 'the profile file'),
  )
    .option('--dry-run', 'only show what would be paired')
    .option(
      '--key-lost',
      'the data folder or database with the key of these marks is gone for good: take marks that can’t be verified, on items that the synchronizer’s account made',
    )
    .addHelpText(
      'after',
      examples(
        'tandem adopt profile.yml --dry-run',
        'tandem adopt profile.yml --key-lost && tandem sync profile.yml   # the data folder was lost',
      ),
    )
    .action((path: string, options: AdoptCommandOptions) => runAdopt(context, path, options));
}

async function runAdopt(context: CommandContext, path: string, options: AdoptCommandOptions): Promise<void> {
  const { terminal, env, exit } = context;
  const settings = settingsFor(options, env);
  const file = await readProfileFile(path, { env, allowedOrigins: settings.allowedOrigins });
  const { dryRun = false, keyLost = false } = options;
  const result = await withState(context, options, settings, async (service) => {
    const workspace = await openWorkspace(service, file);
    terminal.progress('Looking for items that Tandem made…');
    const opened = await openAdoption(workspace, dryRun);
    if (!dryRun) return adoptProfile(opened, { keyLost });
    const plan = (await previewAdoption(opened, { keyLost })) ?? { pairs: [], left: [] };
    return { plan, adopted: 0 };
  });
  terminal.progress(null);
  const report = reportOf(result, dryRun);
  if (options.json) terminal.json(report);
  else print(terminal, report);
  exit(report.ok ? exitCodes.fine : exitCodes.failed);
}

/** A dry run stores no profile: a new one has an id, and the marks are held against it, once it is stored. */
async function openAdoption(workspace: Workspace, dryRun: boolean) {
  const { service, scope, file, credentials } = workspace;
  const sites = openSites(credentials, file.settings, service.settings.allowedOrigins);
  try {
    requireUsable(await sites.check());
    const catalogs = await sites.catalogs();
    requireFit(file, catalogs);
    if (!dryRun) {
      const { profile } = await saveWorkspace(workspace);
      await service.config.saveCatalogs(scope, profile.id, catalogs);
      return await openContext(service.deps, scope, profile, catalogs);
    }
    return await openContext(service.deps, scope, await profileOfFile(workspace), catalogs);
  } finally {
    await sites.close();
  }
}

const reasons: Readonly<Record<LeftReason, string>> = {
  copy: 'somebody’s copy of an item that Tandem made: it counts as new',
  'other-key': 'marked under another key: by another Tandem, or before the data folder was lost (--key-lost)',
  ambiguous: 'not the only one for its source: delete the wrong one, then run this again',
  'no-source': 'its source is gone, hidden, or in another project',
  taken: 'its source is in another pair',
};

const nameOf = ({ side, key, id }: UnpairedItem) => ({ side, key, id });

function reportOf({ plan, adopted }: AdoptionResult, dryRun: boolean) {
  const left = plan.left.map(({ item, why }) => ({ ...nameOf(item), why, words: reasons[why] }));
  return {
    ok: !left.some(({ why }) => why === 'other-key' || why === 'ambiguous'),
    dryRun,
    adopted,
    pairs: plan.pairs.map(({ created, source }) => ({ source: nameOf(source), created: nameOf(created) })),
    left,
  };
}

const shownKey = ({ side, key }: { readonly side: UnpairedItem['side']; readonly key: string }) =>
  side === 'azure' ? `#${key}` : key;

function print(terminal: Terminal, { dryRun, adopted, pairs, left }: ReturnType<typeof reportOf>): void {
  for (const { source, created } of pairs) terminal.print(`  ${shownKey(source)} → ${shownKey(created)}`);
  for (const one of left) terminal.print(`  ${terminal.paint('red', shownKey(one))}  ${one.words}`);
  const count = dryRun ? `${pairs.length} would be paired` : `${adopted} paired`;
  terminal.print(`${count}, ${left.length} left.${dryRun || adopted === 0 ? '' : ' Go on with: tandem sync'}`);
}
