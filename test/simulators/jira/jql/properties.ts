// `issue.property[key].path` in JQL: only for properties that an app declared, each path with its type.

import { isRecord } from '../adf.ts';
import type { Indexed } from '../search-index.ts';
import { readJqlDate } from './dates.ts';
import type { Comparable, JqlContext, JqlField } from './fields.ts';

/** Undefined when nobody declared it: then it does not exist for JQL. */
export function propertyField(context: JqlContext, key: string, path: string): JqlField | undefined {
  const wanted = path.replace(/^\./, '');
  const declared = context.world.store.declaredProperties.get(key)?.find((entry) => entry.path === wanted);
  if (declared === undefined) return undefined;
  const values = ({ properties }: Indexed): readonly Comparable[] => pick(properties[key], wanted.split('.'));
  const common = ['=', '!=', 'in', 'not in', 'is', 'is not'] as const;
  switch (declared.type) {
    case 'number':
      return {
        kind: 'value',
        sortable: false,
        operators: [...common, '<', '<=', '>', '>='],
        values,
        resolve: (text) =>
          Number.isFinite(Number(text)) ? Number(text) : { error: `The value '${text}' is not a number.` },
      };
    case 'date':
      return {
        kind: 'instant',
        sortable: false,
        operators: [...common, '<', '<=', '>', '>='],
        values: (indexed) => values(indexed).map((value) => Date.parse(String(value))),
        resolve: (text) =>
          readJqlDate(text, { now: context.now, zone: context.caller.zone }) ?? {
            error: `The date '${text}' is not valid.`,
          },
      };
    case 'text':
      return { kind: 'text', sortable: false, operators: ['~', '!~', 'is', 'is not'], values, resolve: (text) => text };
    case 'string':
    case 'user':
      return {
        kind: 'value',
        sortable: false,
        operators: [...common],
        values: (indexed) => values(indexed).map(String),
        resolve: (text) => text,
      };
    default:
      return declared.type satisfies never;
  }
}

function pick(value: unknown, path: readonly string[]): readonly Comparable[] {
  if (Array.isArray(value)) return value.flatMap((entry) => pick(entry, path));
  const [head, ...rest] = path;
  if (head === undefined || head === '')
    return typeof value === 'string' || typeof value === 'number'
      ? [value]
      : typeof value === 'boolean'
        ? [String(value)]
        : [];
  return isRecord(value) ? pick(value[head], rest) : [];
}
