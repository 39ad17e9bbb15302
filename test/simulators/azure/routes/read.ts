// Small readers of what a call carries: query values, bodies, ids. Refusals are the service's.
import { ZodError, type z } from 'zod';
import { contentTypeNotSupported, fieldNotFound, invalidArgument, workItemNotFound } from '../errors.ts';
import type { Expand } from '../render.ts';
import type { Call } from '../router.ts';
import { parseDate } from '../store/clock-text.ts';
import { projectOf } from '../store/lookups.ts';
import type { WorkItem, World } from '../store/model.ts';
import { latest } from '../store/model.ts';
import { readable } from '../store/people.ts';

export function boolean(call: Call, name: string): boolean {
  const given = call.query.get(name.toLowerCase());
  if (given === undefined || given === '') return false;
  if (/^true$/i.test(given)) return true;
  if (/^false$/i.test(given)) return false;
  throw invalidArgument(`The value '${given}' is not valid for ${name}; it must be true or false.`);
}

/** A whole number of at least 0. */
export function integer(call: Call, name: string): number | undefined {
  const given = call.query.get(name.toLowerCase());
  if (given === undefined || given === '') return undefined;
  if (/^\d{1,9}$/.test(given)) return Number(given);
  throw invalidArgument(`The value '${given}' is not valid for ${name}; it must be a non-negative number.`);
}

export function date(call: Call, name: string): number | undefined {
  const given = call.query.get(name.toLowerCase());
  if (given === undefined || given === '') return undefined;
  const ms = parseDate(given) ?? Date.parse(given);
  if (Number.isNaN(ms)) throw invalidArgument(`The value '${given}' is not a valid date for ${name}.`);
  return ms;
}

const EXPANDS: readonly Expand[] = ['none', 'relations', 'fields', 'links', 'all'];

/** By name in any case, or by number as the service's own clients write it. */
export function expandOf(given: string | undefined): Expand | undefined {
  if (given === undefined || given === '') return undefined;
  const expand = EXPANDS.find((one) => one === given.toLowerCase()) ?? EXPANDS[/^\d$/.test(given) ? Number(given) : -1];
  if (expand === undefined) throw invalidArgument(`The value '${given}' is not valid for $expand.`);
  return expand;
}

export const splitList = (given: string | undefined): string[] =>
  (given ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Reference names of existing fields; TF51535 for any other. */
export function fieldNames(world: World, given: readonly string[]): string[] {
  return given.map((name) => {
    const wanted = name.toLowerCase();
    const field =
      world.fields.get(wanted) ?? [...world.fields.values()].find((one) => one.name.toLowerCase() === wanted);
    if (field === undefined) throw fieldNotFound(name);
    return field.referenceName;
  });
}

export function ids(given: readonly string[], limit: number): number[] {
  if (given.length === 0) throw invalidArgument('The ids must be given.');
  if (given.length > limit) {
    throw invalidArgument(`You requested ${given.length} work items which exceeds the limit of ${limit}.`);
  }
  return given.map((text) => {
    if (/^\d{1,10}$/.test(text)) return Number(text);
    throw invalidArgument(`The value '${text}' is not a valid work item id.`);
  });
}

/** The item that the path names, seen by the caller and in the path's project. */
export function itemOf(call: Call, name = 'id'): WorkItem {
  const given = call.params[name] ?? '';
  if (!/^\d{1,10}$/.test(given)) throw invalidArgument(`The value '${given}' is not a valid work item id.`);
  const { world } = call.simulator;
  const item = readable(world, call.caller.person.id, Number(given));
  if (call.project !== undefined && projectOf(world, latest(item)) !== call.project) throw workItemNotFound(item.id);
  return item;
}

export async function jsonBody(call: Call): Promise<unknown> {
  const type = contentType(call.request);
  if (!/json/i.test(type)) throw contentTypeNotSupported(type, call.request.method, 'application/json');
  return parseJson(await call.request.text());
}

export const contentType = (request: Request): string =>
  (request.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw invalidArgument('The body of the request is not valid JSON.');
  }
}

/** The body by its schema; the first problem is named. */
export function shaped<T>(schema: z.ZodType<T>, body: unknown): T {
  try {
    return schema.parse(body);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const [issue] = error.issues;
    throw invalidArgument(`The body is not valid at '${issue?.path.join('.') ?? ''}': ${issue?.message ?? ''}.`);
  }
}

export async function body<T>(call: Call, schema: z.ZodType<T>): Promise<T> {
  return shaped(schema, await jsonBody(call));
}
