// The reporting feeds: every revision, every link change and every comment version in the order they happened, in pages with
// continuation tokens. They lag a little behind what is saved.
// https://learn.microsoft.com/rest/api/azure/devops/wit/reporting-work-item-revisions
import { z } from 'zod';
import { invalidArgument } from '../errors.ts';
import { identityRef, type Json, type View } from '../render.ts';
import { type Call, json, type Route } from '../router.ts';
import { viewOf } from '../simulator.ts';
import { dateText } from '../store/clock-text.ts';
import { latestVersion } from '../store/comments.ts';
import { allFields } from '../store/derived.ts';
import { projectOf } from '../store/lookups.ts';
import { isIdentity, latest, type Revision, type WorkItem } from '../store/model.ts';
import { mayRead, personById } from '../store/people.ts';
import { splitTags } from '../store/values.ts';
import { body, boolean, date, fieldNames, integer, splitList } from './read.ts';

interface Filter {
  readonly fields: readonly string[] | undefined;
  readonly types: ReadonlySet<string> | undefined;
  readonly includeIdentityRef: boolean;
  readonly includeDeleted: boolean;
  readonly includeTagRef: boolean;
  readonly includeLatestOnly: boolean;
  /** `$expand=fields`: long text as well. */
  readonly longText: boolean;
}

interface Entry {
  readonly watermark: number;
  readonly at: number;
}

interface Page<T> {
  readonly entries: readonly T[];
  readonly token: string;
  readonly isLast: boolean;
}

/** Entries past the token or the start date and behind the lag; `shown` is asked until the page is full. */
function page<T extends Entry>(call: Call, feed: readonly T[], shown: (entry: T) => boolean): Page<T> {
  const { settings, clock } = call.simulator;
  const until = clock.now() - settings.reportingLagMs;
  const size = Math.min(integer(call, '$maxPageSize') ?? settings.reportingPage, settings.reportingPage);
  const token = call.query.get('continuationtoken');
  let after = -1;
  if (token !== undefined && token !== '') after = watermarkOf(token);
  const from = after === -1 ? date(call, 'startDateTime') : undefined;
  const entries: T[] = [];
  let last = Math.max(after, 0);
  let index = firstAfter(feed, after);
  for (; index < feed.length && entries.length < size; index += 1) {
    const entry = feed[index];
    if (entry === undefined || entry.at > until) break;
    last = entry.watermark;
    if (from !== undefined && entry.at < from) continue;
    if (shown(entry)) entries.push(entry);
  }
  const next = feed[index];
  return { entries, token: `${last};1;${last}`, isLast: next === undefined || next.at > until };
}

function watermarkOf(token: string): number {
  const mark = /^(\d+);1;\1$/.exec(token)?.[1];
  if (mark === undefined) throw invalidArgument('VS402332: The continuation token is not valid.');
  return Number(mark);
}

/** The feeds are sorted by watermark. */
function firstAfter(feed: readonly Entry[], watermark: number): number {
  let low = 0;
  let high = feed.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((feed[middle]?.watermark ?? 0) <= watermark) low = middle + 1;
    else high = middle;
  }
  return low;
}

function respond<T>(call: Call, found: Page<T>, values: readonly unknown[]): Response {
  const next = new URL(call.request.url);
  next.searchParams.set('continuationToken', found.token);
  next.searchParams.delete('startDateTime');
  return json({ values, nextLink: next.href, continuationToken: found.token, isLastBatch: found.isLast });
}

/** Not destroyed, in the path's project, and for the caller to see. */
function visible(call: Call, id: number): WorkItem | undefined {
  const { world } = call.simulator;
  const item = world.items.get(id);
  if (item === undefined || !mayRead(world, call.caller.person.id, item)) return undefined;
  return call.project === undefined || projectOf(world, latest(item)) === call.project ? item : undefined;
}

function revisions(call: Call, filter: Filter): Response {
  const { world } = call.simulator;
  const found = page(call, world.revisionFeed, ({ itemId, rev }) => {
    const item = visible(call, itemId);
    if (item === undefined || (item.deleted !== undefined && !filter.includeDeleted)) return false;
    if (filter.includeLatestOnly && latest(item).rev !== rev) return false;
    const type = String(latest(item).fields['System.WorkItemType']).toLowerCase();
    return filter.types === undefined || filter.types.has(type);
  });
  const view = viewOf(call.simulator);
  const values = found.entries.flatMap(({ itemId, rev }) => {
    const item = world.items.get(itemId);
    const revision = item?.revisions[rev - 1];
    return item === undefined || revision === undefined ? [] : [revisionJson(view, item, revision, filter)];
  });
  return respond(call, found, values);
}

const LONG_TEXT = new Set(['html', 'history']);

/** People are `Name <mail>` unless identity references are asked for; long text only when named. */
function revisionJson(view: View, item: WorkItem, revision: Revision, filter: Filter): Json {
  const { world } = view;
  const values = allFields(world, item, revision);
  const named = filter.fields === undefined ? undefined : new Set(filter.fields);
  const fields: Json = {};
  for (const field of world.fields.values()) {
    const name = field.referenceName;
    const value = values[name];
    if (value === undefined) continue;
    if (named === undefined ? LONG_TEXT.has(field.type) && !filter.longText : !named.has(name)) continue;
    fields[name] = !isIdentity(value)
      ? name === 'System.Tags' && filter.includeTagRef
        ? splitTags(value).map((tag) => ({ name: tag, id: world.tags.get(tag.toLowerCase())?.id }))
        : value
      : filter.includeIdentityRef
        ? identityRef(view, personById(world, value.identity))
        : label(view, value.identity);
  }
  return { id: item.id, rev: revision.rev, fields };
}

function label(view: View, personId: string): string {
  const person = personById(view.world, personId);
  return `${person.displayName} <${person.uniqueName}>`;
}

const typesOf = (given: readonly string[] | null | undefined): ReadonlySet<string> | undefined =>
  given === undefined || given === null || given.length === 0
    ? undefined
    : new Set(given.map((type) => type.toLowerCase()));

function fieldsOf(call: Call, given: readonly string[] | null | undefined): readonly string[] | undefined {
  if (given === undefined || given === null || given.length === 0) return undefined;
  return fieldNames(call.simulator.world, given);
}

const longText = (call: Call): boolean => /^(?:fields|1)$/i.test(call.query.get('$expand') ?? '');

const getRevisions = (call: Call): Response =>
  revisions(call, {
    fields: fieldsOf(call, splitList(call.query.get('fields'))),
    types: typesOf(splitList(call.query.get('types'))),
    includeIdentityRef: boolean(call, 'includeIdentityRef'),
    includeDeleted: boolean(call, 'includeDeleted'),
    includeTagRef: boolean(call, 'includeTagRef'),
    includeLatestOnly: boolean(call, 'includeLatestOnly'),
    longText: longText(call),
  });

const filterSchema = z.object({
  fields: z.array(z.string()).nullish(),
  types: z.array(z.string()).nullish(),
  includeIdentityRef: z.boolean().nullish(),
  includeDeleted: z.boolean().nullish(),
  includeTagRef: z.boolean().nullish(),
  includeLatestOnly: z.boolean().nullish(),
});

async function postRevisions(call: Call): Promise<Response> {
  const wanted = await body(call, filterSchema);
  return revisions(call, {
    fields: fieldsOf(call, wanted.fields),
    types: typesOf(wanted.types),
    includeIdentityRef: wanted.includeIdentityRef === true,
    includeDeleted: wanted.includeDeleted === true,
    includeTagRef: wanted.includeTagRef === true,
    includeLatestOnly: wanted.includeLatestOnly === true,
    longText: longText(call),
  });
}

function links(call: Call): Response {
  const { world } = call.simulator;
  const rels = new Set(splitList(call.query.get('linktypes')).map((one) => one.toLowerCase()));
  const types = typesOf(splitList(call.query.get('types')));
  const found = page(call, world.linkFeed, (entry) => {
    const source = visible(call, entry.source);
    if (source === undefined) return false;
    const type = String(latest(source).fields['System.WorkItemType']).toLowerCase();
    if (types !== undefined && !types.has(type)) return false;
    const base = entry.rel.toLowerCase().replace(/-(?:forward|reverse)$/, '');
    return rels.size === 0 || rels.has(entry.rel.toLowerCase()) || rels.has(base);
  });
  const view = viewOf(call.simulator);
  const values = found.entries.map((entry) => ({
    rel: entry.rel,
    attributes: {
      sourceId: entry.source,
      targetId: entry.target,
      isActive: entry.isActive,
      changedDate: dateText(entry.at),
      changedBy: identityRef(view, personById(world, entry.by)),
      changedOperation: entry.isActive ? 'create' : 'remove',
      comment: entry.comment,
      sourceProjectId: projectIdOf(call, entry.source),
      targetProjectId: projectIdOf(call, entry.target),
    },
  }));
  return respond(call, found, values);
}

function projectIdOf(call: Call, itemId: number): string | undefined {
  const item = call.simulator.world.items.get(itemId);
  return item === undefined ? undefined : projectOf(call.simulator.world, latest(item)).id;
}

/** Every version of every comment, the deleted ones included. */
function discussions(call: Call): Response {
  const { world } = call.simulator;
  const found = page(
    call,
    world.discussionFeed,
    ({ itemId }) => visible(call, itemId)?.deleted === undefined && world.items.has(itemId),
  );
  const view = viewOf(call.simulator);
  const values = found.entries.map(({ itemId, rev, comment, at }) => {
    const version = comment.versions.find((one) => one.at === at) ?? latestVersion(comment);
    return {
      id: itemId,
      rev,
      fields: {
        'System.Id': itemId,
        'System.Rev': rev,
        'System.ChangedDate': dateText(version.at),
        'System.ChangedBy': label(view, version.by),
        'System.History': version.isDeleted ? '' : version.text,
      },
      commentVersionRef: {
        commentId: comment.id,
        version: version.version,
        createdInRevision: comment.createdInRevision,
        isDeleted: version.isDeleted,
        text: version.isDeleted ? '' : version.text,
        url: `${view.base}/_apis/wit/workItems/${itemId}/comments/${comment.id}/versions/${version.version}`,
      },
    };
  });
  return respond(call, found, values);
}

export const REPORTING_ROUTES: readonly Route[] = [
  { method: 'GET', pattern: 'wit/reporting/workitemrevisions', scope: 'vso.work', handler: getRevisions },
  { method: 'POST', pattern: 'wit/reporting/workitemrevisions', scope: 'vso.work', handler: postRevisions },
  { method: 'GET', pattern: 'wit/reporting/workitemlinks', scope: 'vso.work', handler: links },
  { method: 'GET', pattern: 'wit/reporting/workitemrevisions/discussions', scope: 'vso.work', handler: discussions },
];
