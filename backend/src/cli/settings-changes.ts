// What a profile file changed since it was last saved, in words: which mappings and which other settings. No values, which
// the file itself shows.

import { isDeepStrictEqual } from 'node:util';
import { mappingId, type ProfileSettings } from '../sync/profile.ts';

/** Empty when nothing changed. */
export function settingsChanges(before: ProfileSettings, after: ProfileSettings): readonly string[] {
  const { types: typesBefore, fields: fieldsBefore, ...restBefore } = before;
  const { types: typesAfter, fields: fieldsAfter, ...restAfter } = after;
  const names = [...new Set([...Object.keys(restBefore), ...Object.keys(restAfter)])] as (keyof typeof restAfter)[];
  const found = [
    ...listChanges('type', typesBefore, typesAfter, ({ jira, azure }) => `${jira} ↔ ${azure}`),
    ...listChanges('field', fieldsBefore, fieldsAfter, (field) => mappingId(field).replace('~', ' ↔ ')),
    ...names
      .filter((name) => !isDeepStrictEqual(plain(restBefore[name]), plain(restAfter[name])))
      .map((name) => `${name} changed`),
  ];
  if (found.length > 0 || isDeepStrictEqual(plain(before), plain(after))) return found;
  return ['the order of mappings changed'];
}

/** As JSON has it: what the store gives back has no `undefined`. */
const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

function listChanges<T>(what: string, before: readonly T[], after: readonly T[], name: (entry: T) => string): string[] {
  const group = (list: readonly T[]) => {
    const groups = new Map<string, unknown[]>();
    for (const entry of list) groups.set(name(entry), [...(groups.get(name(entry)) ?? []), plain(entry)]);
    return groups;
  };
  const [old, now] = [group(before), group(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => {
    if (!now.has(key)) return [`${what} ${key} taken out`];
    if (!old.has(key)) return [`${what} ${key} added`];
    return isDeepStrictEqual(old.get(key), now.get(key)) ? [] : [`${what} ${key} changed`];
  });
}
