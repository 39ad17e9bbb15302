// `PATCH|POST {org}/_apis/wit/$batch`: up to 200 creates and updates in one call, each answered by itself.
// https://learn.microsoft.com/rest/api/azure/devops/wit/ (batch update) says that a failure leaves the others alone; answers
// hold their body as a string, a failed one `{"count":1,"value":{"Message":…}}`. A new item may have a negative id by which
// later requests link to it (https://learn.microsoft.com/previous-versions/azure/devops/integrate/previous-apis/wit/batch).
import { z } from 'zod';
import { AzureError, invalidArgument, workItemNotFound } from '../errors.ts';
import { type Json, workItemJson } from '../render.ts';
import { type Call, json, locate, matchPattern, type Route, resolveScope } from '../router.ts';
import { saveContext, viewOf } from '../simulator.ts';
import { projectOf, typeOf } from '../store/lookups.ts';
import { latest } from '../store/model.ts';
import { parsePatchDocument } from '../store/patch.ts';
import { readable } from '../store/people.ts';
import { type SaveTarget, saveWorkItem } from '../store/save.ts';
import { body } from './read.ts';

const LIMIT = 200;

const requestSchema = z.object({
  method: z.string(),
  uri: z.string(),
  headers: z.record(z.string(), z.string()).nullish(),
  body: z.unknown(),
});
type BatchRequest = z.infer<typeof requestSchema>;

interface BatchAnswer {
  readonly code: number;
  readonly headers: { readonly 'Content-Type': string };
  readonly body: string;
}

const HEADERS = { 'Content-Type': 'application/json; charset=utf-8' } as const;

const answer = (code: number, body: unknown): BatchAnswer => ({ code, headers: HEADERS, body: JSON.stringify(body) });
const failure = (code: number, message: string): BatchAnswer => answer(code, { count: 1, value: { Message: message } });

async function batch(call: Call): Promise<Response> {
  const requests = await body(call, z.array(requestSchema).min(1));
  if (requests.length > LIMIT) {
    throw invalidArgument(`The batch has ${requests.length} requests, which exceeds the limit of ${LIMIT}.`);
  }
  const { settings } = call.simulator;
  if (settings.batchFailure === 'whole') {
    const tried = await inOrder(requests, (request) => run(call, request, new Map(), true));
    if (tried.some((one) => one.code !== 200)) {
      return respond(tried.map((one) => (one.code === 200 ? failure(500, 'TF401321: Whole Bulk failed.') : one)));
    }
  }
  const temporaryIds = new Map<number, number>();
  return respond(await inOrder(requests, (request) => run(call, request, temporaryIds, false)));
}

/** One after the other: a later request may name what an earlier one made. */
async function inOrder<T, R>(all: readonly T[], each: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const one of all) results.push(await each(one));
  return results;
}

const respond = (answers: readonly BatchAnswer[]): Response => json({ count: answers.length, value: answers });

/** Each part is checked against the description like a call of its own. */
async function run(
  call: Call,
  request: BatchRequest,
  temporaryIds: Map<number, number>,
  dry: boolean,
): Promise<BatchAnswer> {
  const save = (): Response => {
    try {
      return json(saveOne(call, request, temporaryIds, dry));
    } catch (error) {
      if (error instanceof AzureError) return json(error.body, error.status);
      throw error;
    }
  };
  const outer = outerRequest(call, request);
  const response = outer === undefined ? save() : await call.simulator.checker.checked(outer, save);
  const text = await response.text();
  if (response.status < 300) return { code: response.status, headers: HEADERS, body: text };
  return failure(response.status, messageOf(text));
}

const messageOf = (text: string): string => {
  const body: unknown = JSON.parse(text);
  return typeof body === 'object' && body !== null ? String(Reflect.get(body, 'message')) : text;
};

function outerRequest(call: Call, request: BatchRequest): Request | undefined {
  const url = urlOf(call, request);
  if (url === undefined || !/^(?:PATCH|POST)$/i.test(request.method)) return undefined;
  return new Request(url, {
    method: request.method.toUpperCase(),
    headers: { 'content-type': 'application/json-patch+json' },
    body: JSON.stringify(request.body ?? null),
  });
}

/** A uri is below the organization's address, or a whole address. */
function urlOf(call: Call, request: BatchRequest): URL | undefined {
  const { organization } = call.simulator.world;
  const base = `${call.simulator.origin}/${organization}/`;
  if (!URL.canParse(request.uri, base)) return undefined;
  const url = new URL(request.uri, base);
  if (!url.pathname.toLowerCase().startsWith(`/${organization.toLowerCase()}/`)) {
    url.pathname = `/${organization}${url.pathname}`;
  }
  return url;
}

function saveOne(call: Call, request: BatchRequest, temporaryIds: Map<number, number>, dry: boolean): Json {
  if (!/^(?:PATCH|POST)$/i.test(request.method)) {
    throw invalidArgument(`The requested resource does not support http method '${request.method.toUpperCase()}'.`);
  }
  const { simulator } = call;
  const { url, target } = targetOf(call, request);
  const ops = parsePatchDocument(request.body);
  const flag = (name: string): boolean =>
    /^true$/i.test(call.query.get(name) ?? '') ||
    [...url.searchParams].some(([key, value]) => key.toLowerCase() === name && /^true$/i.test(value));
  const result = saveWorkItem(saveContext(simulator, call.caller), target, ops, {
    bypassRules: flag('bypassrules'),
    suppressNotifications: flag('suppressnotifications'),
    validateOnly: dry || flag('validateonly'),
    temporaryIds,
  });
  if (result.temporaryId !== undefined) temporaryIds.set(result.temporaryId, result.item.id);
  const options = { expand: 'relations', links: true, comment: result.comment } as const;
  return workItemJson(viewOf(simulator), result.item, result.revision, options);
}

function targetOf(call: Call, request: BatchRequest): { url: URL; target: SaveTarget } {
  const { simulator } = call;
  const url = urlOf(call, request);
  const located = url === undefined ? undefined : locate(url.pathname);
  if (url === undefined || located === undefined)
    throw invalidArgument(`The uri '${request.uri}' is not supported in a batch.`);
  const { project } = resolveScope(simulator, located.scopeSegments);
  const created = matchPattern('wit/workitems/$:type', located.rest);
  if (created !== undefined) {
    const home = project ?? call.project;
    if (home === undefined) throw invalidArgument(`The uri '${request.uri}' must name a project.`);
    const type = typeOf(simulator.world, created.type ?? '', home.name);
    return { url, target: { kind: 'create', project: home, type } };
  }
  const updated = matchPattern('wit/workitems/:id', located.rest);
  if (updated === undefined || !/^\d+$/.test(updated.id ?? '')) {
    throw invalidArgument(`The uri '${request.uri}' is not supported in a batch.`);
  }
  const item = readable(simulator.world, call.caller.person.id, Number(updated.id));
  if (project !== undefined && projectOf(simulator.world, latest(item)) !== project) throw workItemNotFound(item.id);
  return { url, target: { kind: 'update', item } };
}

export const BATCH_ROUTES: readonly Route[] = ['PATCH', 'POST'].map((method) => ({
  method,
  pattern: 'wit/$batch',
  scope: 'vso.work_write' as const,
  handler: batch,
}));
