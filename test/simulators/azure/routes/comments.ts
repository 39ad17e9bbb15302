// Comments of work items: paged lists, versions, reactions. Adding one is a save of System.History.
import { z } from 'zod';
import { invalidArgument, notFound, permissionNeeded } from '../errors.ts';
import { sanitizeHtml } from '../html.ts';
import {
  type CommentOptions,
  commentJson,
  commentVersionJson,
  identityRef,
  type Json,
  reactionsJson,
} from '../render.ts';
import { type Call, json, list, noContent, type Route } from '../router.ts';
import { saveContext, viewOf } from '../simulator.ts';
import { changeComment, firstVersion, latestVersion } from '../store/comments.ts';
import { type Comment, latest, type TextFormat, type WorkItem } from '../store/model.ts';
import { demandAreaWrite, personById, rightsOf } from '../store/people.ts';
import { saveWorkItem } from '../store/save.ts';
import { body, boolean, integer, itemOf, splitList } from './read.ts';

const PAGE = 200;
const REACTIONS = ['like', 'dislike', 'heart', 'hooray', 'smile', 'confused'];

const textSchema = z.object({ text: z.string(), format: z.union([z.string(), z.int()]).nullish() });

/** `format` of the query, by name or number (0 markdown, 1 html), as the service's clients send it. */
function formatOf(call: Call, given: string | number | null | undefined, otherwise: TextFormat): TextFormat {
  const format = String(call.query.get('format') ?? given ?? otherwise).toLowerCase();
  if (format === 'markdown' || format === '0') return 'markdown';
  if (format === 'html' || format === '1') return 'html';
  throw invalidArgument(`The value '${format}' is not valid for format; it must be html or markdown.`);
}

function options(call: Call, otherwise: Partial<CommentOptions> = {}): CommentOptions {
  const wanted = splitList(call.query.get('$expand')).map((one) => one.toLowerCase());
  const has = (...names: string[]): boolean => wanted.some((one) => names.includes(one));
  return {
    renderedText: otherwise.renderedText === true || has('renderedtext', 'renderedtextonly', 'all', '8', '16', '-17'),
    reactions: has('reactions', 'all', '1', '-17'),
    mentions: has('mentions', 'all'),
    personId: call.caller.person.id,
  };
}

function commentOf(call: Call, item: WorkItem, includeDeleted = false): Comment {
  const comment = item.comments.find((one) => String(one.id) === call.params.comment);
  if (comment === undefined || (latestVersion(comment).isDeleted && !includeDeleted)) {
    throw notFound(
      `The comment ${call.params.comment ?? ''} of work item ${item.id} does not exist.`,
      'WorkItemCommentNotFoundException',
    );
  }
  return comment;
}

async function add(call: Call): Promise<Response> {
  const item = itemOf(call, 'item');
  const said = await body(call, textSchema);
  const format = formatOf(call, said.format, 'html');
  if (said.text.trim() === '') throw invalidArgument('The text of a comment must not be empty.');
  const history = { op: 'add' as const, path: '/fields/System.History', value: said.text };
  const marked = { op: 'add' as const, path: '/multilineFieldsFormat/System.History', value: 'Markdown' };
  const result = saveWorkItem(
    saveContext(call.simulator, call.caller),
    { kind: 'update', item },
    format === 'markdown' ? [history, marked] : [history],
    { bypassRules: false, suppressNotifications: false, validateOnly: false },
  );
  if (result.comment === undefined) throw invalidArgument('The text of a comment must not be empty.');
  return json(commentJson(viewOf(call.simulator), item, result.comment, options(call, { renderedText: true })));
}

/** Newest first unless `order=asc`. The token is the id after which the next page begins. */
function listComments(call: Call): Response {
  const item = itemOf(call, 'item');
  const wanted = new Set(splitList(call.query.get('ids')));
  const includeDeleted = boolean(call, 'includeDeleted');
  const ascending = /^(?:asc|1)$/i.test(call.query.get('order') ?? '');
  const top = integer(call, '$top') ?? PAGE;
  if (top < 1 || top > PAGE) throw invalidArgument(`The value of $top must be between 1 and ${PAGE}.`);
  const live = item.comments.filter((comment) => includeDeleted || !latestVersion(comment).isDeleted);
  const chosen = live.filter((comment) => wanted.size === 0 || wanted.has(String(comment.id)));
  const ordered = ascending ? chosen : chosen.toReversed();
  const token = call.query.get('continuationtoken');
  const after = token === undefined || token === '' ? undefined : tokenId(token);
  const rest = after === undefined ? ordered : ordered.filter(({ id }) => (ascending ? id > after : id < after));
  const page = rest.slice(0, top);
  const view = viewOf(call.simulator);
  const last = rest.length > page.length ? page.at(-1) : undefined;
  const url = new URL(call.request.url);
  return json({
    totalCount: live.length,
    count: page.length,
    comments: page.map((comment) => commentJson(view, item, comment, options(call))),
    ...(last === undefined ? {} : nextPage(url, tokenOf(last.id))),
    url: `${url.origin}${url.pathname}`,
  });
}

function nextPage(url: URL, token: string): Json {
  const next = new URL(url);
  next.searchParams.set('continuationToken', token);
  return { continuationToken: token, nextPage: next.href };
}

const tokenOf = (id: number): string => Buffer.from(`comment;${id}`).toString('base64');

function tokenId(token: string): number {
  const id = /^comment;(\d+)$/.exec(Buffer.from(token, 'base64').toString())?.[1];
  if (id === undefined) throw invalidArgument('The continuation token is not valid.');
  return Number(id);
}

function getComment(call: Call): Response {
  const item = itemOf(call, 'item');
  const comment = commentOf(call, item, boolean(call, 'includeDeleted'));
  return json(commentJson(viewOf(call.simulator), item, comment, options(call)));
}

/** People change their own comments; an administrator any. */
function demandOwn(call: Call, item: WorkItem, comment: Comment): void {
  const { world } = call.simulator;
  const { person } = call.caller;
  demandAreaWrite(world, person.id, String(latest(item).fields['System.AreaPath']));
  if (firstVersion(comment).by === person.id || rightsOf(world, person.id).permissions.has('editAnyComment')) return;
  throw permissionNeeded(person.displayName, 'Edit work item comments of other people');
}

async function edit(call: Call): Promise<Response> {
  const item = itemOf(call, 'item');
  const comment = commentOf(call, item);
  demandOwn(call, item, comment);
  const said = await body(call, textSchema);
  const format = formatOf(call, said.format, latestVersion(comment).format);
  const text = format === 'markdown' ? said.text : sanitizeHtml(said.text);
  if (text.trim() === '') throw invalidArgument('The text of a comment must not be empty.');
  if (text.length > call.simulator.settings.text.longText) {
    throw invalidArgument(
      `The text of a comment can have at most ${call.simulator.settings.text.longText} characters.`,
    );
  }
  changeComment(saveContext(call.simulator, call.caller), item, comment, { text, format });
  return json(commentJson(viewOf(call.simulator), item, comment, options(call, { renderedText: true })));
}

function remove(call: Call): Response {
  const item = itemOf(call, 'item');
  const comment = commentOf(call, item);
  demandOwn(call, item, comment);
  changeComment(saveContext(call.simulator, call.caller), item, comment, undefined);
  return noContent();
}

function listVersions(call: Call): Response {
  const item = itemOf(call, 'item');
  const comment = commentOf(call, item, true);
  const view = viewOf(call.simulator);
  return list(comment.versions.map((version) => commentVersionJson(view, item, comment, version)));
}

function getVersion(call: Call): Response {
  const item = itemOf(call, 'item');
  const comment = commentOf(call, item, true);
  const version = comment.versions.find((one) => String(one.version) === call.params.version);
  if (version === undefined) throw notFound(`The version ${call.params.version ?? ''} of the comment does not exist.`);
  return json(commentVersionJson(viewOf(call.simulator), item, comment, version));
}

function react(call: Call, on: boolean): Response {
  const item = itemOf(call, 'item');
  const comment = commentOf(call, item);
  const type = reactionOf(call);
  const people = comment.reactions.get(type) ?? new Set();
  if (on) people.add(call.caller.person.id);
  else people.delete(call.caller.person.id);
  comment.reactions.set(type, people);
  const view = viewOf(call.simulator);
  return json(reactionsJson(view, item, comment, call.caller.person.id).find((one) => one.type === type));
}

function reactionOf(call: Call): string {
  const given = (call.params.reaction ?? '').toLowerCase();
  const type = REACTIONS.find((one) => one === given) ?? REACTIONS[/^\d$/.test(given) ? Number(given) : -1];
  if (type === undefined) throw invalidArgument(`The value '${given}' is not a reaction.`);
  return type;
}

function engaged(call: Call): Response {
  const comment = commentOf(call, itemOf(call, 'item'));
  const view = viewOf(call.simulator);
  const people = [...(comment.reactions.get(reactionOf(call)) ?? [])];
  return list(people.map((id) => identityRef(view, personById(view.world, id))));
}

const BASE = 'wit/workitems/:item/comments';
const ONE = `${BASE}/:comment`;

export const COMMENT_ROUTES: readonly Route[] = (
  [
    { method: 'GET', pattern: BASE, scope: 'vso.work', handler: listComments },
    { method: 'POST', pattern: BASE, scope: 'vso.work_write', handler: add },
    { method: 'GET', pattern: ONE, scope: 'vso.work', handler: getComment },
    { method: 'PATCH', pattern: ONE, scope: 'vso.work_write', handler: edit },
    { method: 'DELETE', pattern: ONE, scope: 'vso.work_write', handler: remove },
    { method: 'GET', pattern: `${ONE}/versions`, scope: 'vso.work', handler: listVersions },
    { method: 'GET', pattern: `${ONE}/versions/:version`, scope: 'vso.work', handler: getVersion },
    {
      method: 'GET',
      pattern: `${ONE}/reactions`,
      scope: 'vso.work',
      handler: (call) => {
        const item = itemOf(call, 'item');
        return list(reactionsJson(viewOf(call.simulator), item, commentOf(call, item), call.caller.person.id));
      },
    },
    {
      method: 'PUT',
      pattern: `${ONE}/reactions/:reaction`,
      scope: 'vso.work_write',
      handler: (call) => react(call, true),
    },
    {
      method: 'DELETE',
      pattern: `${ONE}/reactions/:reaction`,
      scope: 'vso.work_write',
      handler: (call) => react(call, false),
    },
    { method: 'GET', pattern: `${ONE}/reactions/:reaction/users`, scope: 'vso.work', handler: engaged },
  ] as const satisfies readonly Route[]
).map((route) => ({ ...route, preview: true }));
