// `tandem explain`: what is known of one item: its counterpart, the last decisions without content, errors with cause and
// remedy. Asks no site.

import { type Command, InvalidArgumentError } from 'commander';
import { backlogOf } from '../jobs/backlog.ts';
import { itemKey } from '../jobs/pending-items.ts';
import type { Pair } from '../reconcile/ports.ts';
import { shownDecision, shownItemError, shownPairError } from '../routes/shown.ts';
import type { Service } from '../service.ts';
import { type CommandContext, examples, type StateOptions, settingsFor, withStateOptions } from './common.ts';
import { decisionLines } from './decision-lines.ts';
import { exitCodes, Failure } from './failure.ts';
import { type ItemName, isItemName, itemName } from './item-names.ts';
import { type StoredProfile, storedProfiles } from './stored-profiles.ts';
import type { Terminal } from './terminal.ts';
import { hasState, withState } from './workspace.ts';

interface ExplainOptions extends StateOptions {
  readonly decisions: number;
}

function countOf(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a number.');
}

export function addExplain(program: Command, context: CommandContext): void {
  withStateOptions(
    program
      .command('explain')
      .summary('tell all that is known of one item')
      .description(
        'Tells of an issue or work item: the pair it is in, its counterpart, the last decisions (which rule decided each\nfield, no content), and its errors with their causes and remedies. Exits 1 when nothing is known of it.',
      )
      .argument('<key>', 'an issue key (TAN-12) or the number of a work item (345)')
      .argument('[profile]', 'a profile file or the name of a profile; all when left out'),
  )
    .option('--decisions <count>', 'how many of the last 200 decisions are printed; JSON has all', countOf, 10)
    .addHelpText('after', examples('tandem explain TAN-12', 'tandem explain 345 --json'))
    .action((key: string, profile: string | undefined, options: ExplainOptions) => {
      // Other commands take the profile first.
      const swapped = profile !== undefined && !isItemName(key) && isItemName(profile);
      return swapped ? runExplain(context, profile, key, options) : runExplain(context, key, profile, options);
    });
}

async function runExplain(
  context: CommandContext,
  key: string,
  wanted: string | undefined,
  options: ExplainOptions,
): Promise<void> {
  const { terminal, env, exit } = context;
  const settings = settingsFor(options, env);
  const name = itemName(key);
  const found = (await hasState(settings))
    ? await withState(context, options, settings, async (service) => {
        const profiles = await storedProfiles(service, wanted);
        const each = await Promise.all(profiles.map((profile) => explainIn(service, profile, name)));
        return each.filter((one) => one !== null);
      })
    : [];
  const [first] = found;
  if (first === undefined) {
    throw new Failure(`Nothing is known of ${name.key}: it is in no pair and has no error.`, {
      code: 'unknown-item',
      exit: exitCodes.failed,
      remedy: `\`tandem plan <profile> ${name.key}\` asks the sites what would become of it.`,
    });
  }
  if (options.json) terminal.json({ ok: true, key: name.key, ...first, others: found.slice(1) });
  else for (const one of found) print(terminal, one, options.decisions);
  exit(exitCodes.fine);
}

const instant = (ms: number | null | undefined) => (typeof ms === 'number' ? new Date(ms).toISOString() : null);

async function explainIn(service: Service, profile: StoredProfile, name: ItemName) {
  const { state, pool } = service;
  const { scope, record, pages } = profile;
  const pair = await findPair(service, profile, name);
  const items = (await state.listItemErrors(scope, record.id)).filter((entry) =>
    name.side === 'jira'
      ? entry.side === 'jira' && entry.key === name.key
      : entry.side === 'azure' && entry.itemId === name.key,
  );
  if (pair === null && items.length === 0) return null;
  const { later } = await backlogOf(pool, scope.installationId, record.id);
  const jobs = [pair?.id, ...items.map(({ side, itemId }) => itemKey({ side, itemId }))];
  const errors = pair
    ? pair.errors.map((error) => shownPairError(pair, error, pages))
    : items.map((entry) => shownItemError(record.id, entry, pages));
  return {
    profile: record.settings.name,
    profileStatus: record.status,
    pair: pair ? await pairJson(service, profile, pair) : null,
    errors: errors.map(({ ref: _, pairId: __, jiraUrl: ___, azureUrl: ____, ...error }) => error),
    nextRunAt: instant(later.find((one) => jobs.includes(one.key))?.at ?? pair?.retry?.dueAt),
  };
}

/** A number is a work item's, a key an issue's. */
async function findPair(
  { state }: Service,
  { scope, record, azureUrl }: StoredProfile,
  name: ItemName,
): Promise<Pair | null> {
  const pair =
    name.side === 'azure'
      ? await state.findPair(scope, azureUrl, 'azure', name.key)
      : (await state.findPairsByKey(scope, [name.key])).get(name.key);
  return pair?.profileId === record.id ? pair : null;
}

async function pairJson({ state, deps }: Service, { scope, pages }: StoredProfile, pair: Pair) {
  const [timeline, comments, attachments] = await Promise.all([
    state.timeline(scope, pair.id, deps.now()),
    state.children(scope, pair.id, 'comment'),
    state.children(scope, pair.id, 'attachment'),
  ]);
  return {
    id: pair.id,
    status: pair.status,
    startedFrom: pair.source,
    jira: pair.keys.jira === null ? null : { key: pair.keys.jira, id: pair.ids.jira, url: pages.jira(pair.keys.jira) },
    azure: pair.ids.azure === null ? null : { id: pair.ids.azure, url: pages.azure(pair.ids.azure) },
    syncedAt: instant(pair.syncedAt),
    comments: comments.length,
    attachments: attachments.length,
    held: Object.keys(pair.held),
    /** Why nothing travels, and what became of the counterpart. */
    left: pair.left
      ? { side: pair.left.side, why: pair.left.why, action: pair.left.action, at: instant(pair.left.at) }
      : null,
    decisions: timeline.map(shownDecision),
  };
}

type Explained = NonNullable<Awaited<ReturnType<typeof explainIn>>>;

function print(
  terminal: Terminal,
  { profile, profileStatus, pair, errors, nextRunAt }: Explained,
  shown: number,
): void {
  const state = profileStatus === 'enabled' ? '' : ` (${profileStatus})`;
  if (pair) {
    const names = [pair.jira?.key ?? '(no issue)', pair.azure?.id ?? '(no work item)'].join(' ↔ ');
    terminal.print(`${terminal.paint('bold', names)}  ${pair.status}  profile ${profile}${state}`);
    for (const side of [pair.jira, pair.azure]) if (side) terminal.print(`  ${side.url}`);
    terminal.print(
      `  started from ${pair.startedFrom === 'jira' ? 'Jira' : 'Azure DevOps'}, in agreement since ${pair.syncedAt ?? 'never'}`,
    );
    terminal.print(`  ${pair.comments} comments and ${pair.attachments} attachments are kept the same`);
    if (pair.left) {
      const { side, why, action, at } = pair.left;
      terminal.print(
        `  out of scope since ${at}: ${why} in ${side === 'jira' ? 'Jira' : 'Azure DevOps'}; the counterpart: ${action}`,
      );
    }
    if (pair.held.length > 0) terminal.print(`  held until they change: ${pair.held.join(', ')}`);
    for (const decision of pair.decisions.slice(0, shown)) {
      for (const line of decisionLines(decision)) terminal.print(`  ${line}`);
    }
    const older = pair.decisions.length - shown;
    if (older > 0) terminal.print(`  ${older} older decisions: --decisions ${pair.decisions.length} shows them`);
  } else {
    terminal.print(`In no pair.  profile ${profile}${state}`);
  }
  for (const error of errors) {
    const field = error.subject === null ? '' : `  ${error.subject.replace('~', ' ↔ ')}`;
    terminal.print(`  ${terminal.paint('red', error.code)}${field}${error.ignored ? '  (ignored)' : ''}`);
    terminal.print(`    ${error.cause}${error.detail ? ` ${error.detail}` : ''} ${error.remedy}`);
  }
  if (nextRunAt) terminal.print(`  looked at again at ${nextRunAt}`);
}
