// Calls Jira Cloud's REST API v3 for one connection: address, credentials, lanes, and what Jira's refusals mean. Knows no issue:
// the reader, the writer and the catalog do.

import type { z } from 'zod';
import { decode } from '../http/decode.ts';
import type { BlockReach, EndpointClass } from '../http/governor.ts';
import type { HeaderReader, HttpAnswer, Method, RequestBody, StreamAnswer, Transport } from '../http/transport.ts';
import { HttpFailure } from '../http/transport.ts';
import { syncError } from '../sync/errors.ts';
import type { UserRef } from '../sync/model.ts';
import { type CommentMarkers, createCommentMarkers } from './markers.ts';
import { fieldListSchema, type JiraFieldDef, userSchema } from './schemas.ts';

export type JiraAuth =
  /** A person or synchronizer account with an API token. */
  | { readonly kind: 'basic'; readonly email: string; readonly token: string }
  /** The app itself. Asked before every call, because system tokens are short-lived; throws SyncFailure when there is none. */
  | { readonly kind: 'bearer'; readonly token: () => Promise<string> };

export interface JiraConnection {
  readonly id: string;
  /** What people open, without a trailing slash: `https://acme.atlassian.net`. */
  readonly siteUrl: string;
  /** Where the REST API is: the site's address for API tokens, `https://api.atlassian.com/ex/jira/{cloudId}` for an app. */
  readonly apiUrl: string;
  /** The cloud id, or the site's address in stand-alone use: scopes claims. */
  readonly siteId: string;
  readonly auth: JiraAuth;
  /** Names the quota of points that all sites of an app share; absent for API tokens, which have none. */
  readonly quota?: string;
}

export interface JiraCall {
  /** For metrics: `PUT issue/{id}`. */
  readonly operation: string;
  readonly method: Method;
  /** Beneath `/rest/api/3/`, or that of the Agile API, its parts encoded. */
  readonly path: string;
  /** `agile`: boards and sprints. */
  readonly api?: 'platform' | 'agile';
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly json?: unknown;
  readonly body?: RequestBody;
  readonly headers?: Readonly<Record<string, string>>;
  readonly endpoint: EndpointClass;
  /** The issue that is written, for Jira's limit of writes to one issue. */
  readonly item?: string;
  /** A POST that changes nothing. */
  readonly safe?: boolean;
  readonly timeoutMs?: number;
}

export interface JiraClient {
  readonly connection: JiraConnection;
  send(call: JiraCall): Promise<HttpAnswer>;
  /** `send`, the answer checked against the schema. For answers of 2xx; a 404 throws `unreachable`, other refusals `invalid-value`. */
  get<T>(schema: z.ZodType<T>, call: JiraCall): Promise<T>;
  open(call: JiraCall): Promise<StreamAnswer>;
  /** The account that the credentials stand for; asked once. */
  account(): Promise<UserRef>;
  /** Its id, which the header of any answer tells; asked for only before the first. */
  accountId(): Promise<string>;
  /** The site's fields by id; asked once in ten minutes. */
  fieldDefs(): Promise<ReadonlyMap<string, JiraFieldDef>>;
  readonly markers: CommentMarkers;
  /** By attachment id. They never change. */
  readonly mediaIds: Map<string, string>;
}

/** Kept between the sides of one connection, so that a process asks for its account, fields and markers once. */
export interface JiraClientCache {
  account?: Promise<UserRef>;
  accountId?: string;
  fields?: { readonly at: number; readonly value: Promise<ReadonlyMap<string, JiraFieldDef>> };
  markers?: CommentMarkers;
  mediaIds?: Map<string, string>;
}

const fieldsFreshMs = 10 * 60_000;

export function createJiraClient(
  connection: JiraConnection,
  transport: Transport,
  /** Turns are shared between callers: the profile's id. */
  caller: string,
  cache: JiraClientCache = {},
  now: () => number = Date.now,
): JiraClient {
  const root = connection.apiUrl.replace(/\/+$/, '');
  const bases = { platform: `${root}/rest/api/3/`, agile: `${root}/rest/agile/1.0/` };

  const request = async (call: JiraCall) => {
    const url = new URL(bases[call.api ?? 'platform'] + call.path);
    for (const [name, value] of Object.entries(call.query ?? {})) {
      if (value === undefined) continue;
      if (typeof value === 'object') for (const element of value) url.searchParams.append(name, element);
      else url.searchParams.set(name, String(value));
    }
    const body: RequestBody | undefined =
      call.body ?? (call.json === undefined ? undefined : { kind: 'json', value: call.json });
    return {
      side: 'jira' as const,
      operation: call.operation,
      method: call.method,
      url,
      headers: { accept: 'application/json', ...call.headers },
      authorization: await authorization(connection.auth),
      lane: {
        connection: connection.id,
        endpoint: call.endpoint,
        caller,
        ...(call.item === undefined ? {} : { item: call.item }),
        ...(connection.quota === undefined ? {} : { quota: connection.quota }),
      },
      limitReach,
      ...(body === undefined ? {} : { body }),
      ...(call.safe === undefined ? {} : { safe: call.safe }),
      ...(call.timeoutMs === undefined ? {} : { timeoutMs: call.timeoutMs }),
    };
  };

  cache.markers ??= createCommentMarkers();
  cache.mediaIds ??= new Map();
  const client: JiraClient = {
    connection,
    markers: cache.markers,
    mediaIds: cache.mediaIds,
    async send(call) {
      const answer = await signedIn(transport.send(await request(call)));
      const signed = callerOf(answer.header);
      if (signed !== undefined) cache.accountId = signed;
      return answer;
    },
    async get(schema, call) {
      const answer = await client.send(call);
      if (answer.status >= 400) throw unexpected(call, answer);
      return decode(schema, answer, 'jira', call.operation);
    },
    async open(call) {
      return await signedIn(transport.open({ ...(await request(call)), headers: { accept: '*/*' } }));
    },
    account() {
      cache.account ??= client
        .get(userSchema, { operation: 'GET myself', method: 'GET', path: 'myself', endpoint: 'read' })
        .catch((error: unknown) => {
          delete cache.account;
          throw error;
        });
      return cache.account;
    },
    accountId: async () => cache.accountId ?? (await client.account()).id,
    fieldDefs() {
      if (cache.fields && cache.fields.at > now() - fieldsFreshMs) return cache.fields.value;
      const value = client
        .get(fieldListSchema, { operation: 'GET field', method: 'GET', path: 'field', endpoint: 'read' })
        .then((list) => new Map(list.map((field) => [field.id, field])))
        .catch((error: unknown) => {
          delete cache.fields;
          throw error;
        });
      cache.fields = { at: now(), value };
      return value;
    },
  };
  return client;
}

async function authorization(auth: JiraAuth): Promise<string> {
  switch (auth.kind) {
    case 'basic':
      return `Basic ${Buffer.from(`${auth.email}:${auth.token}`, 'utf8').toString('base64')}`;
    case 'bearer':
      return `Bearer ${await auth.token()}`;
  }
}

/**
 * Jira goes on as with an anonymous caller when it refuses an API token, and only a header tells: without this check a revoked
 * token would look like issues that are missing (seen in MrRefactoring/jira.js issue 418, tenable/integration-jira-cloud issue 165).
 */
async function signedIn<T extends { readonly status: number; readonly header: HeaderReader }>(
  call: Promise<T>,
): Promise<T> {
  try {
    const answer = await call;
    if (wasRefused(answer.header)) throw notSignedIn(answer.status);
    return answer;
  } catch (error) {
    if (error instanceof HttpFailure && wasRefused(error.header)) throw notSignedIn(error.status);
    throw error;
  }
}

const wasRefused = (header: HeaderReader): boolean =>
  /AUTHENTICATED_FAILED|AUTHENTICATION_DENIED/.test(header('x-seraph-loginreason') ?? '');

const notSignedIn = (status: number) =>
  new HttpFailure(syncError('unauthorized', { side: 'jira' }), { mayHaveLanded: false, status });

/** `X-AAccountId`: https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/#special-headers */
function callerOf(header: HeaderReader): string | undefined {
  const value = header('x-aaccountid') ?? '';
  return /^(?:[\w:-]|%3A)+$/i.test(value) && value.length <= 128 ? decodeURIComponent(value) : undefined;
}

/** `RateLimit-Reason`: https://developer.atlassian.com/cloud/jira/platform/rate-limiting/ */
export function limitReach(header: HeaderReader): BlockReach {
  const reason = (header('ratelimit-reason') ?? '').toLowerCase();
  if (reason.includes('per-issue')) return 'item';
  if (reason.includes('quota')) return 'quota';
  if (reason.includes('burst')) return 'endpoint';
  return 'connection';
}

/** For calls whose refusal has no meaning of its own to the caller. */
export function unexpected(call: Pick<JiraCall, 'operation'>, answer: HttpAnswer): HttpFailure {
  const code = answer.status === 404 || answer.status === 410 ? 'unreachable' : 'invalid-value';
  return new HttpFailure(
    syncError(code, { side: 'jira', level: 'item', detail: `${call.operation}: HTTP ${answer.status}.` }),
    {
      mayHaveLanded: false,
      status: answer.status,
      json: answer.json,
    },
  );
}

/** A part of a path that came from outside. */
export const segment = (value: string): string => encodeURIComponent(value);
