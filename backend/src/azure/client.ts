// Speaks HTTP with one Azure DevOps organization: addresses, credentials, api-version, and what its refusals mean. Knows no
// items; sending, pacing and masking are the shared transport's.

import type { z } from 'zod';
import { decode } from '../http/decode.ts';
import type { EndpointClass } from '../http/governor.ts';
import { maskDetail, sentValues } from '../http/mask.ts';
import {
  type HttpAnswer,
  HttpFailure,
  type HttpRequest,
  type Method,
  type RequestBody,
  type StreamAnswer,
  type Transport,
} from '../http/transport.ts';
import { type SyncError, SyncFailure, syncError } from '../sync/errors.ts';
import type { Organization } from './organization.ts';
import { errorBodySchema, type WireError } from './wire.ts';

export const apiVersion = '7.1';
/** Comments have been in preview since 5.0 (learn.microsoft.com, "Comments - Get Comments", 7.1). */
export const commentsVersion = '7.1-preview.4';

export interface AzureCall {
  /** Names the call in metrics: `GET workitems/{id}`. */
  readonly operation: string;
  readonly method: Method;
  /** Segments beneath `_apis`; each is encoded here. */
  readonly path: readonly string[];
  /** Puts the call beneath a project, by name or id. */
  readonly project?: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: RequestBody;
  readonly headers?: Readonly<Record<string, string>>;
  readonly version?: string;
  /** `identity`: the host of people and the graph. */
  readonly host?: 'organization' | 'identity';
  readonly endpoint: EndpointClass;
  /** True for a POST that only reads. */
  readonly safe?: boolean;
  /** The work item that is written, for limits that hold for one. */
  readonly item?: string;
  readonly timeoutMs?: number;
  /** The scope that the call needs, by its name on the page where tokens are made. */
  readonly scope: Scope;
}

/** As the page "Create a new personal access token" names them. */
export type Scope =
  | 'Work Items (Read)'
  | 'Work Items (Read & write)'
  | 'Project and Team (Read)'
  | 'Graph (Read)'
  | 'Identity (Read)'
  | 'View subscriptions (service hooks)'
  | 'Edit subscriptions (service hooks)';

/** What the service answered when it refused: status, its own type of error, and a detail that is fit for a log. */
export interface Refused {
  readonly status: number;
  readonly body: WireError;
  readonly detail: string;
}

export type Answer = { readonly kind: 'ok'; readonly http: HttpAnswer } | ({ readonly kind: 'refused' } & Refused);

export interface AzureClient {
  readonly organization: Organization;
  /** 2xx parsed by the schema; a refusal (400, 404, 409, 412…) becomes the SyncError that `failureOf` gives. */
  call<T>(call: AzureCall, schema: z.ZodType<T>): Promise<T>;
  /** As `call`, with refusals as values for those who read them. Throws for credentials, permissions, limits and outages. */
  answer(call: AzureCall): Promise<Answer>;
  parse<T>(schema: z.ZodType<T>, answer: HttpAnswer, operation: string): T;
  open(call: AzureCall): Promise<StreamAnswer>;
}

export interface AzureClientOptions {
  readonly organization: Organization;
  readonly pat: string;
  readonly transport: Transport;
  /** Names the connection in limits and metrics. */
  readonly connectionId: string;
  /** Whose turn the calls take, such as a profile's id. */
  readonly caller: string;
}

export function createAzureClient(options: AzureClientOptions): AzureClient {
  const authorization = `Basic ${Buffer.from(`:${options.pat}`, 'utf8').toString('base64')}`;

  const request = (call: AzureCall): HttpRequest => {
    const base = call.host === 'identity' ? options.organization.identityUrl : options.organization.url;
    const project = call.project === undefined ? '' : `/${encodeSegment(call.project)}`;
    const url = new URL(`${base}${project}/_apis/${call.path.map(encodeSegment).join('/')}`);
    for (const [name, value] of Object.entries(call.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    url.searchParams.set('api-version', call.version ?? apiVersion);
    return {
      side: 'azure',
      operation: call.operation,
      method: call.method,
      url,
      // Without it the service answers a wrong token with a redirect to its sign-in page.
      headers: { accept: 'application/json', 'x-tfs-fedauthredirect': 'Suppress', ...call.headers },
      authorization,
      lane: {
        connection: options.connectionId,
        endpoint: call.endpoint,
        caller: options.caller,
        ...(call.item === undefined ? {} : { item: call.item }),
      },
      ...(call.body === undefined ? {} : { body: call.body }),
      ...(call.safe === undefined ? {} : { safe: call.safe }),
      ...(call.timeoutMs === undefined ? {} : { timeoutMs: call.timeoutMs }),
    };
  };

  /** Any token that the service knows may ask whose it is. */
  const isKnown = async (): Promise<boolean> => {
    const http = await options.transport.send(request(whoAmI)).catch(() => undefined);
    return http !== undefined && http.status === 200 && !isSignIn(http);
  };

  /**
   * A token without the needed scope gets the same bare 401 as a wrong one, so the account is asked for before a connection
   * counts as broken. A 403 means that the token's owner lacks a permission.
   */
  const explained = async (error: unknown, call: AzureCall): Promise<unknown> => {
    if (!(error instanceof HttpFailure)) return error;
    const more = { mayHaveLanded: false, status: error.status, json: error.json };
    if (error.status === 401 && call !== whoAmI && (await isKnown())) {
      const lacking = syncError('connection-forbidden', { side: 'azure', value: call.scope });
      return new HttpFailure(lacking, more, { cause: error });
    }
    if (error.status !== 403) return error;
    const body = errorBodySchema.safeParse(error.json);
    const value = neededPermission(body.data?.message ?? '') ?? call.scope;
    return new HttpFailure({ ...error.error, value }, more, { cause: error });
  };

  const answer = async (call: AzureCall): Promise<Answer> => {
    const sent = request(call);
    const http = await options.transport.send(sent).catch(async (error: unknown) => {
      throw await explained(error, call);
    });
    if (isSignIn(http)) throw signInFailure();
    if (http.status < 300) return { kind: 'ok', http };
    const body = errorBodySchema.safeParse(http.json);
    return {
      kind: 'refused',
      status: http.status,
      body: body.success ? body.data : { message: '', typeKey: '' },
      detail: maskDetail(body.success ? body.data.message : '', sentValues(sent)),
    };
  };

  return {
    organization: options.organization,
    answer,
    parse: (schema, http, operation) => decode(schema, http, 'azure', operation),
    call: async (call, schema) => {
      const answered = await answer(call);
      if (answered.kind === 'refused') throw refusedFailure(answered);
      return decode(schema, answered.http, 'azure', call.operation);
    },
    open: async (call) => {
      const answered = await options.transport.open(request(call)).catch(async (error: unknown) => {
        throw await explained(error, call);
      });
      if (answered.status === 203) throw signInFailure();
      return answered;
    },
  };
}

export const whoAmI: AzureCall = {
  operation: 'GET connectionData',
  method: 'GET',
  path: ['connectionData'],
  version: '7.1-preview.1',
  endpoint: 'read',
  scope: 'Work Items (Read)',
};

/** `$` stays as it is: `workitems/$Bug`. A dot segment would lead out of the organization, encoded or not. */
function encodeSegment(segment: string): string {
  if (segment === '.' || segment === '..' || segment === '') {
    throw new SyncFailure(
      syncError('unreachable', { side: 'azure', detail: 'A name in the address is empty or dots.' }),
    );
  }
  return encodeURIComponent(segment).replaceAll('%24', '$');
}

/**
 * With a wrong or expired token the service may answer 203 with its sign-in page, or redirect to it
 * (learn.microsoft.com, "Use personal access tokens", and many clients' troubleshooting): never a success.
 */
const isSignIn = (http: HttpAnswer): boolean =>
  http.status === 203 ||
  (http.status >= 300 && http.status < 400) ||
  (http.status === 200 && (http.header('content-type') ?? '').startsWith('text/html'));

const signInFailure = () =>
  new HttpFailure(
    syncError('unauthorized', { side: 'azure', detail: 'Azure DevOps answered with its sign-in page.' }),
    {
      mayHaveLanded: false,
      status: 203,
    },
  );

/** TF50309 and its kin name the permission that is missing. */
const neededPermission = (message: string): string | undefined =>
  /permissions are needed to perform this operation: ([^.]+)\./i.exec(message)?.[1];

const detailed = (detail: string | undefined) => (detail === undefined || detail === '' ? {} : { detail });

/** A refusal as a failure: the service did nothing. */
export const refusedFailure = (refused: Refused, more: Partial<SyncError> = {}): SyncFailure =>
  new SyncFailure(failureOf(refused, more), { mayHaveLanded: false });

/** A refusal that the caller has no better word for. */
export function failureOf(refused: Refused, more: Partial<SyncError> = {}): SyncError {
  const base = { side: 'azure' as const, ...detailed(refused.detail), ...more };
  switch (refused.status) {
    case 404:
    case 410:
      return syncError('unreachable', base);
    case 409:
    case 412:
      return syncError('unavailable', { value: 'stale', ...base });
    case 413:
      return syncError('too-large', base);
    default:
      return syncError('invalid-value', { level: 'item', ...base });
  }
}
