// Brings the links of a leased pair across: one write for all of them on Azure DevOps, one for each on Jira. Links to items
// without a pair wait; a link that a service refuses is an error of that link alone.

import { type SyncError, SyncFailure } from '../sync/errors.ts';
import { inexpressible, type LinkedPair, type LinkOperation, type LinksPlan, planLinks } from '../sync/links.ts';
import { makeToken } from '../sync/marker.ts';
import { type ItemSnapshot, type LinkSnapshot, otherSide, type Side, sides } from '../sync/model.ts';
import { counterpartLinks } from './counterpart-links.ts';
import { decidedLink } from './decide.ts';
import { concernsMore } from './keep-error.ts';
import type { LeasedPair } from './leased-pair.ts';
import { identityOn } from './link-hints.ts';
import { linkedPairs, provenRemovals } from './linked-items.ts';
import type { ChildPair, ItemName, LinkChange, LinkOutcome } from './ports.ts';
import { linkSubject, refusedAsBefore } from './refused-links.ts';
import { moveVersion, type Run } from './run.ts';
import { waitFor } from './waiting.ts';

/** `skipped`: nothing told of links and none had changed, so the errors of earlier runs stand. */
export type LinksResult = 'done' | 'stale' | 'skipped';

/** Throws SyncFailure for what concerns the whole connection. */
export async function syncLinks(run: Run): Promise<LinksResult> {
  const { context, leased, read } = run;
  const { settings } = context.profile;
  const links = { jira: read.jira.links, azure: read.azure.links };
  const isDue = settings.links.enabled && (isWanted(run) || webLinksAreOld(run));
  for (const side of sides) moveLinksVersion(run, side, read[side]);
  if (!isDue || !links.jira || !links.azure) return 'skipped';
  const records = await leased.children('link');
  const web = await webLinks(run, records);
  const all = { jira: [...links.jira, ...(web ?? [])], azure: links.azure };
  const pairs = await linkedPairs(context, all);
  const itemIds = { jira: read.jira.id, azure: read.azure.id };
  const plan = planLinks({
    settings,
    key: context.key,
    itemIds,
    links: all,
    webLinksRead: web !== null,
    pages: { jira: read.jira.url, azure: read.azure.url },
    records,
    pairOf: (side, id) => pairs.get(`${side} ${id}`),
    catalogs: context.catalogs,
  });
  run.complaints.push(...plan.errors.map(({ subject, error }) => ({ subject: `link:${subject}`, error })));
  await record(leased, plan);
  const refused = refusedAsBefore(context, leased.pair, read, plan.operations);
  for (const [one, error] of refused) run.complaints.push({ subject: linkSubject(context, read, one), error });
  const wanted = plan.operations.filter((one) => !refused.has(one));
  const removals = await provenRemovals(context, wanted);
  const extra = counterpartLinks(settings, leased.pair, read, all, records);
  for (const side of ['azure', 'jira'] as const) {
    const operations = [...removals, ...extra].filter((operation) => operation.side === side);
    if ((await write(run, side, operations)) === 'stale') return 'stale';
  }
  await tellOwners(run, plan.owners);
  if (await waitFor(context, leased, plan.awaited.flatMap(namesOf))) run.again = true;
  return 'done';
}

/** Links are looked at when an event tells of them, when a read shows others than before, and in a run without hints. */
function isWanted({ context, leased, read }: Run): boolean {
  const hints = context.hints ?? [];
  if (hints.length === 0 || hints.some(({ aspect }) => aspect === 'links' || aspect === 'any')) return true;
  const { pair } = leased;
  if (pair.syncedAt === null) return true;
  const changed = (side: Side) => pair.versions[side].links?.set !== read[side].versions.links?.set;
  return sides.some(changed) || pair.errors.some(({ subject, error }) => isLink(subject) && error.retry === 'later');
}

/** No event tells of a web link: of an item that goes on changing they are looked at from time to time. */
const webLinksMs = 15 * 60 * 1000;

function webLinksAreOld({ context, leased }: Run): boolean {
  const { remote } = context.profile.settings.links;
  return remote && context.deps.now() - (leased.pair.webLinksReadAt ?? 0) >= webLinksMs;
}

const isLink = (subject: string | undefined): boolean => subject?.startsWith('link:') ?? false;

/**
 * Jira's web links, which cost a call: they are read when there may be news of them. Null when they were not. An issue that
 * we have just made has none. No event and no `updated` tells of them:
 * https://developer.atlassian.com/platform/forge/events-reference/jira/
 */
async function webLinks(run: Run, records: readonly ChildPair[]): Promise<readonly LinkSnapshot[] | null> {
  const { context, leased, read } = run;
  const { pair } = leased;
  const reader = context.sides.jira.reader;
  if (!context.profile.settings.links.remote || !reader.webLinks) return null;
  const isNew = pair.syncedAt === null && pair.source === 'azure' && pair.intent !== undefined && records.length === 0;
  const hints = context.hints ?? [];
  const told =
    hints.length === 0 ||
    pair.syncedAt === null ||
    hints.some(({ side, aspect, childId }) => side === 'jira' && aspect !== 'fields' && childId === undefined);
  const onAzure = read.azure.links?.some(({ type }) => type === 'Hyperlink') ?? false;
  const changed = pair.versions.azure.links?.set !== read.azure.versions.links?.set;
  const concerned = onAzure || records.some(({ sourceId }) => sourceId.startsWith('web|'));
  if (!isNew && !told && !(changed && concerned) && !webLinksAreOld(run)) return null;
  run.webLinksReadAt = context.deps.now();
  return isNew ? [] : reader.webLinks(read.jira.id);
}

async function record(leased: LeasedPair, { agreed, forgotten }: LinksPlan): Promise<void> {
  if (agreed.length === 0 && forgotten.length === 0) return;
  const children = agreed.map(({ jira, azure, known }): ChildPair => {
    const source = known?.source ?? 'jira';
    const ids = { jira, azure };
    const [sourceId, targetId] = [ids[source], ids[otherSide(source)]];
    return { kind: 'link', source, sourceId, targetId, token: known?.token ?? '', sourceVersion: {}, intentAt: 0 };
  });
  const replaced = agreed.flatMap(({ known }, index) =>
    known !== undefined && known.sourceId !== children[index]?.sourceId ? [known] : [],
  );
  const gone = [...forgotten, ...replaced].map(({ source, sourceId }) => ({ kind: 'link' as const, source, sourceId }));
  await leased.commit({ children, forgotten: gone });
}

async function write(run: Run, side: Side, operations: readonly LinkOperation[]): Promise<'done' | 'stale'> {
  if (operations.length === 0) return 'done';
  const { context, leased } = run;
  const { deps } = context;
  const intents = new Map(
    operations.flatMap((one) => (one.kind === 'add' ? [[one, intentOf(run, side, one.sourceId)] as const] : [])),
  );
  if (intents.size > 0) {
    await leased.commit({ children: [...intents.values()] });
    await deps.reached('link-intent-recorded');
  }
  const base = run.answers[side] ?? run.read[side];
  const changes = operations.map((one): LinkChange => {
    if (one.kind === 'remove') return one;
    const { kind, type, direction, target, title, sourceId } = one;
    const token = intents.get(one)?.token ?? '';
    return { kind, type, direction, target, ...(title === undefined ? {} : { title }), marker: { token, sourceId } };
  });
  const outcome = await send(run, side, base, changes);
  if (outcome.kind === 'stale') return 'stale';
  await deps.reached('link-written');
  if (outcome.item) run.answers[side] = outcome.item;
  if (outcome.version) moveVersion(run, side, outcome.version);
  else run.again ||= outcome.item !== undefined;
  moveLinksVersion(run, side, outcome.item);
  await leased.commit(settle(operations, intents, outcome));
  run.complaints.push(...complaintsOf(run, operations, outcome.refused));
  for (const [index, one] of operations.entries()) {
    if (!outcome.refused.has(index) && !outcome.inexpressible?.has(index)) leased.note(decidedLink(one));
  }
  await deps.reached('link-committed');
  return 'done';
}

/** A failure of one side's links is no failure of the item; the writes of the other side go on. */
async function send(
  { context }: Run,
  side: Side,
  base: ItemSnapshot,
  changes: readonly LinkChange[],
): Promise<LinkOutcome> {
  try {
    return await context.sides[side].writer.changeLinks(base, changes);
  } catch (thrown) {
    if (!(thrown instanceof SyncFailure) || concernsMore(thrown.error)) throw thrown;
    const error: SyncError = { ...thrown.error, level: 'child' };
    return { kind: 'written', refused: new Map(changes.map((_, index) => [index, error])) };
  }
}

function intentOf({ context, read }: Run, target: Side, sourceId: string): ChildPair {
  const { key, scope, profile, deps } = context;
  const source = otherSide(target);
  const subject = { ...scope, profileId: profile.id, side: source, sourceId: `${read[source].id}/${sourceId}` };
  const token = makeToken(key, { ...subject, nonce: deps.newId() });
  return { kind: 'link', source, sourceId, token, sourceVersion: {}, intentAt: deps.now() };
}

/** What was done is recorded; what was refused leaves no intent behind. */
function settle(
  operations: readonly LinkOperation[],
  intents: ReadonlyMap<LinkOperation, ChildPair>,
  { refused, inexpressible: alone }: LinkOutcome & { kind: 'written' },
) {
  const children: ChildPair[] = [];
  const forgotten: Pick<ChildPair, 'kind' | 'source' | 'sourceId'>[] = [];
  for (const [index, one] of operations.entries()) {
    const intent = intents.get(one);
    if (one.kind === 'remove') {
      if (!refused.has(index))
        forgotten.push({ kind: 'link', source: one.record.source, sourceId: one.record.sourceId });
    } else if (intent !== undefined) {
      if (refused.has(index)) forgotten.push(intent);
      else children.push({ ...intent, targetId: alone?.has(index) ? inexpressible : one.targetId });
    }
  }
  return { children, forgotten };
}

function complaintsOf(run: Run, operations: readonly LinkOperation[], refused: ReadonlyMap<number, SyncError>) {
  return operations.flatMap((one, index) => {
    const error = refused.get(index);
    const subject = linkSubject(run.context, run.read, one);
    return error === undefined ? [] : [{ subject, error: { ...error, level: 'child' as const } }];
  });
}

/** After a write whose answer does not show the links, what they are now is not known: the next read is compared anew. */
function moveLinksVersion(run: Run, side: Side, item: ItemSnapshot | undefined): void {
  const { links: _, ...rest } = run.versions[side];
  const links = item?.versions.links;
  run.versions = { ...run.versions, [side]: links === undefined ? rest : { ...rest, links } };
}

/** The pair at the other end owns the link: it gets a job, unless it knows all that can be seen from here. */
async function tellOwners(run: Run, owners: LinksPlan['owners']): Promise<void> {
  const { context, read } = run;
  const { deps, scope, profile } = context;
  const jobs = [];
  for (const { pair, hierarchy } of owners) {
    // A parent shows its children on Azure DevOps alone, so that each would seem to be missing on Jira every time.
    if (hierarchy && (await knowsParent(run, pair))) continue;
    const found = await deps.state.getPair(scope, pair.id);
    const profileId = found?.profileId ?? profile.id;
    jobs.push({ ...scope, profileId, pairId: pair.id, side: 'jira' as const, itemId: pair.ids.jira, hints: [] });
  }
  const changed = sides.some((side) => run.leased.pair.versions[side].links?.set !== read[side].versions.links?.set);
  if (changed && jobs.length > 0) await deps.queue.addItems(jobs, { bulk: true });
}

async function knowsParent({ context, read }: Run, child: LinkedPair): Promise<boolean> {
  const records = await context.deps.state.children(context.scope, child.id, 'link');
  const identity = `System.LinkTypes.Hierarchy-Reverse|${read.azure.id}`;
  return records.some((record) => record.targetId !== undefined && identityOn(record, 'azure') === identity);
}

const namesOf = ({ target, targetKey }: LinkSnapshot): readonly ItemName[] =>
  [target, ...(targetKey === undefined ? [] : [targetKey])].map((name) => ({ side: 'jira' as const, name }));
