// Sends one HTTP request to Jira or Azure DevOps: checked address, paced, timed, bounded, counted, its failures classified. Knows
// nothing of what the two services' answers mean: clients (jira/client.ts, azure/client.ts) read those.

import { type Dispatcher, fetch } from 'undici';
import { type SyncError, SyncFailure, syncError } from '../sync/errors.ts';
import type { Side } from '../sync/model.ts';
import { type AddressPolicy, checkAddress, makeDispatchers } from './addresses.ts';
import { readBounded, timedStream } from './body.ts';
import { classifySocketError, classifyStatus } from './classify.ts';
import type { BlockReach, Governor, Lane } from './governor.ts';
import { parseJson } from './json.ts';
import { maskDetail, sentValues } from './mask.ts';
import { rememberRead } from './read-values.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

export type RequestBody =
  /** `contentType` defaults to `application/json`. */
  | { readonly kind: 'json'; readonly value: unknown; readonly contentType?: string }
  /** Sent with this Content-Length and never held in memory as a whole; such a request cannot be sent a second time. */
  | {
      readonly kind: 'stream';
      readonly stream: ReadableStream<Uint8Array>;
      readonly length: number;
      readonly contentType: string;
    };

export interface HttpRequest {
  readonly side: Side;
  /** Names the call in metrics, with placeholders for ids: `PUT issue/{id}`. */
  readonly operation: string;
  readonly method: Method;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** The Authorization header; never sent across a redirect, never part of an error. */
  readonly authorization?: string;
  readonly body?: RequestBody;
  /** Who pays for the call, and where its blocks apply. */
  readonly lane: Lane;
  /** The request changes nothing, so that a lost one may be sent again: GET by default; set it for a POST that only reads. */
  readonly safe?: boolean;
  /** For the whole call, in ms. Default: the transport's. */
  readonly timeoutMs?: number;
  /** Of the answer's body. Default 32 MiB. */
  readonly maxBytes?: number;
  /** Statuses of 400 and above that the caller reads itself; `400`, `404`, `409`, `410`, `412`, `413`, `415` and `422` always are. */
  readonly accept?: readonly number[];
  /** How far a 429 reaches, read from the service's own headers. Default: the whole connection. */
  readonly limitReach?: (headers: HeaderReader) => BlockReach;
}

/** Case-insensitive. */
export type HeaderReader = (name: string) => string | null;

export interface HttpAnswer {
  readonly status: number;
  readonly header: HeaderReader;
  readonly text: string;
  /** Undefined when the body is empty, not JSON or beyond all measure (json.ts). */
  readonly json: unknown;
}

export interface StreamAnswer {
  readonly status: number;
  readonly header: HeaderReader;
  readonly body: ReadableStream<Uint8Array>;
}

/** One attempt of one request, for metrics. `status` is 0 when no answer came. */
export interface CallRecord {
  readonly side: Side;
  readonly connection: string;
  readonly operation: string;
  readonly status: number;
  /** From sending to the end of the answer, without the time spent waiting for a turn. */
  readonly ms: number;
  readonly method: Method;
  /** Of both bodies; of one that is read as it comes, what its headers announce. */
  readonly bytes: number;
  /** Things in the answer: the elements of its list, or one. */
  readonly objects: number;
}

/**
 * A failed call. `mayHaveLanded` is false only where the service proves, or the socket never reached it, that nothing was done;
 * `json` is the service's own answer, unmasked: to be read for codes and never logged.
 */
export class HttpFailure extends SyncFailure {
  readonly status: number;
  readonly json: unknown;
  /** Answers null for everything when no answer came. */
  readonly header: HeaderReader;
  constructor(
    error: SyncError,
    more: { mayHaveLanded: boolean; status?: number; json?: unknown; header?: HeaderReader },
    options?: ErrorOptions,
  ) {
    super(error, { ...options, mayHaveLanded: more.mayHaveLanded });
    this.name = 'HttpFailure';
    this.status = more.status ?? 0;
    this.json = more.json;
    this.header = more.header ?? (() => null);
  }
}

export interface Transport {
  /** Answers below 400 and the accepted statuses; all else throws HttpFailure. Redirects are returned, not followed. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Like `send`, for a GET whose body is read as it comes; follows redirects, without credentials, to media hosts only. */
  open(request: HttpRequest): Promise<StreamAnswer>;
  /** Closes idle sockets. */
  close(): Promise<void>;
}

export interface TransportOptions {
  readonly addresses: AddressPolicy;
  readonly governor: Governor;
  readonly onCall?: (call: CallRecord) => void;
  /** For a whole call that names no time of its own, in ms. Default 30,000. */
  readonly timeoutMs?: number;
  /** Monotonic milliseconds for durations. */
  readonly now?: () => number;
  readonly userAgent?: string;
}

const defaultTimeoutMs = 30_000;
const defaultMaxBytes = 32 * 1024 * 1024;
const maxRedirects = 5;
/** Statuses that say something of the request and nothing of the connection: the adapters read them. */
const readByCaller: ReadonlySet<number> = new Set([400, 404, 409, 410, 412, 413, 415, 422]);

export function createTransport(options: TransportOptions): Transport {
  const dispatchers = makeDispatchers(options.addresses);
  const now = options.now ?? (() => performance.now());
  const userAgent = options.userAgent ?? 'Tandem';

  const attempt = async (request: HttpRequest, url: URL, bare: boolean, signal: AbortSignal, size: Size) => {
    const list = bare ? 'media' : 'api';
    checkAddress(url, options.addresses, list, request.side);
    const headers: Record<string, string> = { 'user-agent': userAgent, accept: '*/*', ...request.headers };
    let body: string | ReadableStream<Uint8Array> | undefined;
    if (!bare) {
      if (request.authorization !== undefined) headers.authorization = request.authorization;
      if (request.body?.kind === 'json') {
        headers['content-type'] = request.body.contentType ?? 'application/json';
        body = JSON.stringify(request.body.value);
        size.bytes += Buffer.byteLength(body);
      } else if (request.body) {
        headers['content-type'] = request.body.contentType;
        headers['content-length'] = String(request.body.length);
        body = request.body.stream;
        size.bytes += request.body.length;
      }
    }
    const dispatcher: Dispatcher = dispatchers.of(url, list);
    return await fetch(url, {
      method: request.method,
      headers,
      redirect: 'manual',
      dispatcher,
      signal,
      ...(body === undefined ? {} : { body }),
      ...(body !== undefined && typeof body !== 'string' ? { duplex: 'half' as const } : {}),
    });
  };

  type Answered = Awaited<ReturnType<typeof attempt>>;

  /** Runs one governed attempt: takes the turn, counts the call, tells the governor how it went. */
  const governed = async <T>(
    request: HttpRequest,
    url: URL,
    bare: boolean,
    read: (answer: Answered, size: Size) => Promise<T>,
  ): Promise<T> => {
    // A media host is another service: its pace is its own.
    const permit = await options.governor.enter(
      bare ? { ...request.lane, connection: `media:${url.host}` } : request.lane,
      request.side,
    );
    const started = now();
    let status = 0;
    const size: Size = { bytes: 0, objects: 0 };
    try {
      const timeout = AbortSignal.timeout(request.timeoutMs ?? options.timeoutMs ?? defaultTimeoutMs);
      try {
        const answer = await attempt(request, url, bare, timeout, size);
        status = answer.status;
        permit.heard(status, (name) => answer.headers.get(name), request.limitReach);
        return await read(answer, size);
      } catch (error) {
        if (error instanceof SyncFailure) throw error;
        throw failed(request, error);
      }
    } finally {
      permit.leave();
      options.onCall?.({
        side: request.side,
        connection: request.lane.connection,
        operation: bare ? `${request.operation} (media)` : request.operation,
        status,
        ms: now() - started,
        method: request.method,
        ...size,
      });
    }
  };

  /** Safe requests get a second attempt when the socket broke; a write never does. */
  const withRetry = async <T>(request: HttpRequest, run: () => Promise<T>): Promise<T> => {
    const safe = request.safe ?? (request.method === 'GET' || request.method === 'OPTIONS');
    try {
      return await run();
    } catch (error) {
      const broke = error instanceof HttpFailure && error.status === 0 && error.error.value === 'socket';
      if (!safe || !broke || request.body?.kind === 'stream') throw error;
      return await run();
    }
  };

  const judge = (request: HttpRequest, status: number, header: HeaderReader, text: string, json: unknown) => {
    if (status < 400 || readByCaller.has(status) || request.accept?.includes(status)) return;
    const { error, mayHaveLanded } = classifyStatus(
      { side: request.side, safe: request.safe ?? request.method === 'GET' },
      status,
      header,
    );
    const detail = maskDetail(text, sentValues(request));
    const reach = status === 429 ? request.limitReach?.(header) : undefined;
    throw new HttpFailure(
      { ...error, ...(reach === 'item' ? { level: 'item' as const } : {}), ...(detail === '' ? {} : { detail }) },
      { mayHaveLanded, status, json, header },
    );
  };

  return {
    send: (request) =>
      withRetry(request, () =>
        governed(request, request.url, false, async (answer, size) => {
          const header: HeaderReader = (name) => answer.headers.get(name);
          const text = await readBounded(answer.body, request.maxBytes ?? defaultMaxBytes, request.side);
          const json = parseJson(text);
          size.bytes += Buffer.byteLength(text);
          size.objects = objectsIn(json);
          rememberRead(request.operation, json, text.length, answer.status >= 400);
          judge(request, answer.status, header, text, json);
          return { status: answer.status, header, text, json };
        }),
      ),

    open: (request) =>
      withRetry(request, async () => {
        let url = request.url;
        for (let hop = 0; hop <= maxRedirects; hop += 1) {
          const step = await governed<URL | StreamAnswer>(request, url, hop > 0, async (answer, size) => {
            const header: HeaderReader = (name) => answer.headers.get(name);
            const location = header('location');
            if (answer.status >= 300 && answer.status < 400 && location !== null) {
              await answer.body?.cancel();
              return new URL(location, url);
            }
            if (answer.status >= 400) {
              const text = await readBounded(answer.body, 64 * 1024, request.side);
              judge(request, answer.status, header, text, parseJson(text));
              return { status: answer.status, header, body: emptyStream() };
            }
            size.bytes += Number(header('content-length') ?? 0) || 0;
            return { status: answer.status, header, body: timedStream(answer.body, request.side) };
          });
          if (!(step instanceof URL)) return step;
          url = step;
        }
        throw new HttpFailure(
          syncError('unavailable', { side: request.side, detail: `More than ${maxRedirects} redirects.` }),
          { mayHaveLanded: false },
        );
      }),

    close: () => dispatchers.close(),
  };
}

/** What the sent content itself failed with, such as a source that broke off, stands beneath fetch's own error. */
function failed(request: HttpRequest, cause: unknown): SyncFailure {
  if (cause instanceof Error && cause.cause instanceof SyncFailure) return cause.cause;
  const { error, mayHaveLanded } = classifySocketError(
    { side: request.side, safe: request.safe ?? request.method === 'GET' },
    cause,
  );
  return new HttpFailure(error, { mayHaveLanded }, { cause });
}

/** What a call moved, filled as it is read. */
interface Size {
  bytes: number;
  objects: number;
}

/** A list answers as itself or as the longest property of its page. */
function objectsIn(json: unknown): number {
  if (typeof json !== 'object' || json === null) return 0;
  if (Array.isArray(json)) return json.length;
  const lists = Object.values(json).filter((value) => Array.isArray(value));
  return lists.length === 0 ? 1 : Math.max(...lists.map((list) => list.length));
}

const emptyStream = () => new ReadableStream<Uint8Array>({ start: (controller) => controller.close() });
