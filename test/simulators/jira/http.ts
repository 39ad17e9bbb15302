// What all routes share: the typed request context, and reading of bodies and query parameters.
import type { Context, Hono } from 'hono';
import { isRecord } from './adf.ts';
import type { Caller } from './caller.ts';
import { badRequest, JiraError } from './errors.ts';
import type { Token } from './model.ts';
import type { View } from './views.ts';

export type Env = {
  Variables: {
    caller: Caller;
    /** Points that the answer costs an app besides the call's own. */
    points: number;
  };
};

export type Routes = Hono<Env>;
export type Ctx = Context<Env>;
export type TokenKind = Token['kind'];

export const BAD_PAYLOAD = 'Invalid request payload. Refer to the REST API documentation and try again.';

export async function readBody(c: Ctx): Promise<unknown> {
  const text = await c.req.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('There was an error parsing JSON. Check that your request body is valid.');
  }
}

export async function readObjectBody(c: Ctx): Promise<Readonly<Record<string, unknown>>> {
  const type = c.req.header('content-type') ?? '';
  if (!type.includes('json')) throw new JiraError(415, ['Unsupported Media Type']);
  const body = await readBody(c);
  if (!isRecord(body)) throw badRequest(BAD_PAYLOAD);
  return body;
}

export function record(value: unknown, name: string): Readonly<Record<string, unknown>> | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isRecord(value)) throw badRequest(`Invalid request payload: '${name}' must be an object.`);
  return value;
}

export function strings(value: unknown, name: string): readonly string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.some((entry) => typeof entry !== 'string')) {
    throw badRequest(`Invalid request payload: '${name}' must be a list of strings.`);
  }
  return value as readonly string[];
}

/** `[{key, value}]`, as creating issues and comments takes properties. */
export function entityProperties(value: unknown): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return {};
  if (!Array.isArray(value)) throw badRequest(BAD_PAYLOAD);
  const properties: Record<string, unknown> = {};
  for (const entry of value) {
    if (!isRecord(entry) || typeof entry.key !== 'string') throw badRequest('The property key must be given.');
    checkProperty(entry.key, entry.value);
    properties[entry.key] = entry.value;
  }
  return properties;
}

/** https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-properties/ : key ≤ 255, value ≤ 32,768 characters. */
export function checkProperty(key: string, value: unknown): void {
  if (key.length > 255) throw badRequest('The property key cannot be longer than 255 characters.');
  if (value === undefined) throw badRequest('The property value must be valid JSON.');
  if (JSON.stringify(value).length > 32_768)
    throw badRequest('The property value cannot be longer than 32768 characters.');
}

export function flag(c: Ctx, name: string, byDefault = false): boolean {
  const value = c.req.query(name);
  return value === undefined ? byDefault : value.toLowerCase() === 'true';
}

export function integer(c: Ctx, name: string, byDefault: number): number {
  const text = c.req.query(name);
  if (text === undefined || text === '') return byDefault;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw badRequest(`The '${name}' parameter must be a whole number of 0 or more.`);
  return value;
}

export const expandOf = (text: string | readonly string[] | undefined): ReadonlySet<string> =>
  new Set(
    (typeof text === 'string' ? [text] : (text ?? []))
      .flatMap((part) => part.split(','))
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );

export interface PageRequest {
  readonly startAt: number;
  readonly maxResults: number;
}

/** A larger `maxResults` than `greatest` is cut, as Jira does without a word. */
export function pageOf(c: Ctx, byDefault: number, greatest = byDefault): PageRequest {
  return { startAt: integer(c, 'startAt', 0), maxResults: Math.min(integer(c, 'maxResults', byDefault), greatest) };
}

/** The form of Jira's paged lists with `values`. */
export function pageView<T>(
  self: string,
  all: readonly T[],
  { startAt, maxResults }: PageRequest,
  show: (entry: T) => unknown,
): View {
  const values = all.slice(startAt, startAt + maxResults).map(show);
  const isLast = startAt + values.length >= all.length;
  const url = new URL(self);
  url.searchParams.set('startAt', String(startAt + maxResults));
  url.searchParams.set('maxResults', String(maxResults));
  return {
    self,
    ...(isLast ? {} : { nextPage: url.toString() }),
    maxResults,
    startAt,
    total: all.length,
    isLast,
    values,
  };
}

/** By the key that `orderBy` names, `-` in front for descending; without one as it stands. Others are refused. */
export function orderedBy<T>(
  c: Ctx,
  all: readonly T[],
  keys: Readonly<Record<string, (entry: T) => string | number>>,
): readonly T[] {
  const wanted = c.req.query('orderBy');
  if (wanted === undefined || wanted === '') return all;
  // A plus that was not escaped arrives as a space.
  const [, sign, name = ''] = /^([+ -]?)(.*)$/.exec(wanted) ?? [];
  const key = Object.hasOwn(keys, name) ? keys[name] : undefined;
  if (key === undefined)
    throw badRequest(`The orderBy value '${wanted}' is not valid: ${Object.keys(keys).join(', ')}.`);
  const compare = (a: string | number, b: string | number): number =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en');
  return all.toSorted((a, b) => (sign === '-' ? -1 : 1) * compare(key(a), key(b)));
}

/** Ids and keys as clients send them. */
export function param(c: Ctx, name: string): string {
  const value = c.req.param(name);
  if (value === undefined) throw new Error(`the route has no parameter ${name}`);
  return decodeURIComponent(value);
}

export function numericId(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}
