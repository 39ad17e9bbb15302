// `tandem plan`: the exact writes that a sync would make, for all items or for named ones. Writes nothing to either site.

import { type Command, InvalidArgumentError } from 'commander';
import { openContext, type ProfileContext } from '../reconcile/context.ts';
import { noTwins, type PreviewEntry, previewAll, previewNamed, twinsOf } from '../reconcile/preview-all.ts';
import { count, isQuiet, noCounts } from '../reconcile/preview-count.ts';
import { countStrays } from '../reconcile/unpaired.ts';
import { type CommandContext, examples, type StateOptions, settingsFor, withStateOptions } from './common.ts';
import { exitCodes } from './failure.ts';
import { type ItemName, itemName } from './item-names.ts';
import { type PlanResult, planResultJson, printPlan } from './plan-report.ts';
import { readProfileFile } from './profile-file.ts';
import { requireFit } from './require-fit.ts';
import { openSites } from './sites.ts';
import { alreadyMade } from './state-lost.ts';
import type { Terminal } from './terminal.ts';
import { openWorkspace, profileOfFile, type Workspace, withState } from './workspace.ts';

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
        'Reads both sites and prints what `tandem sync` would write for all items, or for the named ones.\nNothing is written. Items are listed in pages; the counts are of all of them. Exits 1 when some item could not\nbe synchronized as it is. Jira tells web links issue by issue: they are planned for named items only.',
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
    return collect(await openPlanContext(workspace), workspace, named, options, terminal);
  });
  terminal.progress(null);
  if (options.json) terminal.json(planResultJson(file, result));
  else printPlan(terminal, result, named.length > 0);
  exit(result.counts.error > 0 ? exitCodes.failed : exitCodes.fine);
}

/** With the settings of the file and the schemas as they are now. Throws Failure when the mapping does not fit them. */
async function openPlanContext(workspace: Workspace): Promise<ProfileContext> {
  const { service, scope, file, credentials } = workspace;
  const sites = openSites(credentials, file.settings, service.settings.allowedOrigins);
  try {
    const catalogs = await sites.catalogs();
    requireFit(file, catalogs);
    return await openContext(service.deps, scope, await profileOfFile(workspace), catalogs);
  } finally {
    await sites.close();
  }
}

async function collect(
  context: ProfileContext,
  workspace: Workspace,
  named: readonly ItemName[],
  { limit, offset }: PlanOptions,
  terminal: Terminal,
): Promise<PlanResult> {
  const { service, scope, record } = workspace;
  const counts = noCounts();
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
  const strays = initial === null ? await countStrays(context) : 0;
  if (strays > 0) {
    const { message, details } = alreadyMade(strays);
    terminal.note(`${message} ${details.remedy}`);
  }
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
