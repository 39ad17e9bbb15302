// Says in the changelog's words how an issue's record changed: one item a field, lists with one item an element where Jira does so.
import { plainText } from '../adf.ts';
import type { AdfNode, ChangeItem, IssueRecord } from '../model.ts';
import { issueTypes, priorities, resolutions, securityLevels, statuses } from '../site.ts';
import type { World } from '../world.ts';
import type { FieldDef } from './definitions.ts';
import type { TimeTracking } from './input.ts';

interface Side {
  readonly id: string | null;
  readonly text: string | null;
}

const EMPTY: Side = { id: null, text: null };

/** The items of one history, in the order in which the fields are defined; none when nothing changed. */
export function changesBetween(world: World, before: IssueRecord, after: IssueRecord): readonly ChangeItem[] {
  const items: ChangeItem[] = [];
  if (before.typeId !== after.typeId) {
    const side = (id: string): Side => ({ id, text: issueTypes.get(id)?.name ?? id });
    items.push(item('issuetype', 'issuetype', 'jira', side(before.typeId), side(after.typeId)));
  }
  if (before.statusId !== after.statusId) {
    const side = (id: string): Side => ({ id, text: statuses.get(id)?.name ?? id });
    items.push(item('status', 'status', 'jira', side(before.statusId), side(after.statusId)));
  }
  for (const field of world.store.fields.values()) {
    // What follows from other fields, such as the time of resolving, has no entry of its own.
    if (field.kind === 'computed') continue;
    const was = before.values[field.id];
    const is = after.values[field.id];
    if (was !== is && JSON.stringify(was) !== JSON.stringify(is)) items.push(...fieldChanges(world, field, was, is));
  }
  return items;
}

function item(field: string, fieldId: string, fieldtype: 'jira' | 'custom', from: Side, to: Side): ChangeItem {
  return { field, fieldtype, fieldId, from: from.id, fromString: from.text, to: to.id, toString: to.text };
}

/** The field's name in the changelog: the id for most system fields, these for some, the full name for custom ones. */
const NAMES: Readonly<Record<string, string>> = {
  fixVersions: 'Fix Version',
  versions: 'Version',
  components: 'Component',
  parent: 'IssueParentAssociation',
  security: 'security',
};

function fieldChanges(world: World, field: FieldDef, was: unknown, is: unknown): readonly ChangeItem[] {
  const type = field.custom ? 'custom' : 'jira';
  const name = field.custom ? field.name : (NAMES[field.id] ?? field.id);
  switch (field.kind) {
    case 'versions':
    case 'components':
      return elements(was, is).map(({ element, added }) => {
        const things: ReadonlyMap<string, { readonly name: string }> =
          field.kind === 'versions' ? world.store.versions : world.store.components;
        const side: Side = { id: element, text: things.get(element)?.name ?? element };
        return added ? item(name, field.id, type, EMPTY, side) : item(name, field.id, type, side, EMPTY);
      });
    case 'timetracking': {
      const before = (was ?? {}) as TimeTracking;
      const after = (is ?? {}) as TimeTracking;
      return [
        ...seconds('timeoriginalestimate', before.original, after.original),
        ...seconds('timeestimate', before.remaining, after.remaining),
      ];
    }
    default:
      return [item(name, field.id, type, side(world, field, was), side(world, field, is))];
  }
}

function seconds(name: string, was: number | undefined, is: number | undefined): readonly ChangeItem[] {
  if (was === is) return [];
  const side = (value: number | undefined): Side =>
    value === undefined ? EMPTY : { id: String(value), text: String(value) };
  return [item(name, name, 'jira', side(was), side(is))];
}

function elements(was: unknown, is: unknown): readonly { readonly element: string; readonly added: boolean }[] {
  const before = Array.isArray(was) ? was.map(String) : [];
  const after = Array.isArray(is) ? is.map(String) : [];
  return [
    ...before.filter((element) => !after.includes(element)).map((element) => ({ element, added: false })),
    ...after.filter((element) => !before.includes(element)).map((element) => ({ element, added: true })),
  ];
}

function side(world: World, field: FieldDef, value: unknown): Side {
  if (value === undefined || value === null) {
    // Labels and sprints are empty texts when there are none.
    if (field.kind === 'sprint') return { id: '', text: '' };
    return field.kind === 'labels' ? { id: null, text: '' } : EMPTY;
  }
  const named = (map: ReadonlyMap<string, { readonly name: string }>): Side => ({
    id: String(value),
    text: map.get(String(value))?.name ?? String(value),
  });
  switch (field.kind) {
    case 'adf':
      // Rich text keeps no ids, and its text lacks all form: the former document can't be had from here.
      return { id: null, text: plainText(value as AdfNode) };
    case 'priority':
      return named(priorities);
    case 'resolution':
      return named(resolutions);
    case 'security':
      return named(securityLevels);
    case 'user':
      return { id: String(value), text: world.store.people.get(String(value))?.displayName ?? null };
    case 'parent': {
      const parent = world.store.issues.get(Number(value));
      return { id: String(value), text: parent === undefined ? null : world.store.keyOf(parent) };
    }
    case 'select': {
      const option = field.options?.find(({ id }) => id === value);
      return { id: String(value), text: option?.value ?? null };
    }
    case 'multiselect': {
      const ids = Array.isArray(value) ? value.map(String) : [];
      const texts = ids.map((id) => field.options?.find((option) => option.id === id)?.value ?? id);
      return { id: `[${ids.join(', ')}]`, text: texts.join(',') };
    }
    case 'sprint': {
      const ids = Array.isArray(value) ? value.map(Number) : [];
      const names = ids.map((id) => world.store.sprints.get(id)?.name ?? String(id));
      return { id: ids.join(', '), text: names.join(', ') };
    }
    case 'labels':
      return { id: null, text: Array.isArray(value) ? value.join(' ') : '' };
    case 'date':
      return { id: String(value), text: `${String(value)} 00:00:00.0` };
    case 'datetime': {
      const instant = new Date(Number(value)).toISOString();
      return { id: instant, text: instant };
    }
    default:
      return { id: null, text: String(value) };
  }
}
