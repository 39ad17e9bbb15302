// What differs between two profiles' settings, as paths with both values. Mappings are compared by what they map, wherever
// they stand in their lists; other lists as a whole.

import { isDeepStrictEqual } from 'node:util';
import { mappingId, type ProfileSettings } from '../sync/profile.ts';

export interface Difference {
  /** `policies.conflict`, `fields[summary ↔ System.Title].direction`. */
  readonly path: string;
  /** Undefined where it has no such value. */
  readonly before: unknown;
  readonly after: unknown;
}

type Plain = { readonly [key: string]: unknown };

/** In the order of the settings; empty when they mean the same. */
export function differences(before: ProfileSettings, after: ProfileSettings): readonly Difference[] {
  const found = compare('', byName(before), byName(after));
  if (found.length > 0 || isDeepStrictEqual(plain(before), plain(after))) return found;
  const orderOf = ({ types, fields }: ProfileSettings) => [...types.map(typeName), ...fields.map(fieldName)];
  return [{ path: 'the order of mappings', before: orderOf(before), after: orderOf(after) }];
}

const typeName = ({ jira, azure }: { readonly jira: string; readonly azure: string }) => `${jira} ↔ ${azure}`;
const fieldName = (field: ProfileSettings['fields'][number]) => mappingId(field).replace('~', ' ↔ ');

const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

/** Lists of mappings as maps, each entry under its own name; a name that comes again is numbered. */
function byName(settings: ProfileSettings): Plain {
  const { types, fields, ...rest } = plain(settings) as ProfileSettings;
  const { name, jira, azure, direction, ...others } = rest;
  const named = <T>(list: readonly T[], nameOf: (entry: T) => string): Plain => {
    const counts = new Map<string, number>();
    return Object.fromEntries(
      list.map((entry) => {
        const base = nameOf(entry);
        const count = (counts.get(base) ?? 0) + 1;
        counts.set(base, count);
        return [`[${count === 1 ? base : `${base} #${count}`}]`, entry];
      }),
    );
  };
  const listed = { types: named(types, typeName), fields: named(fields, fieldName) };
  return { name, jira, azure, direction, ...listed, ...others };
}

function compare(path: string, before: unknown, after: unknown): readonly Difference[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (!isMap(before) || !isMap(after)) return [{ path, before, after }];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => {
    const under = key.startsWith('[') ? `${path}${key}` : path === '' ? key : `${path}.${key}`;
    return compare(under, before[key], after[key]);
  });
}

const isMap = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A line for each: `policies.conflict: newest → ask`. */
export const differenceLines = (list: readonly Difference[]): readonly string[] =>
  list.map(({ path, before, after }) => {
    if (before === undefined) return `+ ${path}: ${shown(after)}`;
    if (after === undefined) return `- ${path}: ${shown(before)}`;
    return `~ ${path}: ${shown(before)} → ${shown(after)}`;
  });

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
