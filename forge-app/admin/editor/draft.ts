// A profile while it is edited: its rows keep an identity while they come and go, and places in it are found again in the
// problems that the backend tells. Pure.

import type { FieldMapping, ProfileSettings, SettingsProblem, TypeMapping } from '../../contract.ts';

export interface Row<T> {
  readonly key: number;
  readonly value: T;
}

export interface Draft {
  /** Without its rows, which stand beside it. */
  readonly settings: Omit<ProfileSettings, 'types' | 'fields'>;
  readonly types: readonly Row<TypeMapping>[];
  readonly fields: readonly Row<FieldMapping>[];
  readonly nextKey: number;
}

export function toDraft({ types, fields, ...settings }: ProfileSettings): Draft {
  return {
    settings,
    types: types.map((value, key) => ({ key, value })),
    fields: fields.map((value, index) => ({ key: types.length + index, value })),
    nextKey: types.length + fields.length,
  };
}

export const toSettings = ({ settings, types, fields }: Draft): ProfileSettings => ({
  ...settings,
  types: types.map(({ value }) => value),
  fields: fields.map(({ value }) => value),
});

const emptyType: TypeMapping = {
  jira: '',
  azure: '',
  states: [],
  defaults: { jira: {}, azure: {} },
  onTransition: { jira: {}, azure: {} },
};
const emptyField: FieldMapping = { jira: '', azure: '', kind: 'text', direction: 'both', enforce: false };

export const addType = (draft: Draft): Draft => ({
  ...draft,
  types: [...draft.types, { key: draft.nextKey, value: emptyType }],
  nextKey: draft.nextKey + 1,
});

export const addField = (draft: Draft): Draft => ({
  ...draft,
  fields: [...draft.fields, { key: draft.nextKey, value: emptyField }],
  nextKey: draft.nextKey + 1,
});

export const changeRow = <T>(rows: readonly Row<T>[], key: number, change: Partial<T>): readonly Row<T>[] =>
  rows.map((row) => (row.key === key ? { key, value: { ...row.value, ...change } } : row));

/** Takes a row out, and what was said of it; what was said of the rows after it moves with them. */
export function removeRow(
  draft: Draft,
  told: readonly SettingsProblem[],
  rows: 'types' | 'fields',
  key: number,
): { readonly draft: Draft; readonly told: readonly SettingsProblem[] } {
  const index = draft[rows].findIndex((row) => row.key === key);
  const moved = told.flatMap((problem) => {
    const [name, at, ...rest] = problem.path.split('.');
    if (name !== rows || Number(at) < index) return [problem];
    return Number(at) === index ? [] : [{ ...problem, path: [rows, Number(at) - 1, ...rest].join('.') }];
  });
  const left: Draft =
    rows === 'types'
      ? { ...draft, types: draft.types.filter((row) => row.key !== key) }
      : { ...draft, fields: draft.fields.filter((row) => row.key !== key) };
  return { draft: left, told: moved };
}

/** A place in the draft that stays right while rows come and go. */
export type Place =
  | { readonly rows: 'types' | 'fields'; readonly key: number; readonly part: string }
  | { readonly path: string };

export interface Misread {
  readonly place: Place;
  readonly message: string;
}

export const samePlace = (a: Place, b: Place): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Those of rows that are gone are gone too. */
export const misreadProblems = (draft: Draft, misreads: readonly Misread[]): readonly SettingsProblem[] =>
  misreads.flatMap(({ place, message }): SettingsProblem[] => {
    if ('path' in place) return [{ path: place.path, level: 'error', message }];
    const index = draft[place.rows].findIndex(({ key }) => key === place.key);
    return index < 0 ? [] : [{ path: `${place.rows}.${index}.${place.part}`, level: 'error', message }];
  });

/** What must be filled before the backend is asked at all; the paths are the backend's. */
export function unfilled(settings: ProfileSettings, needed: string): readonly SettingsProblem[] {
  const missing = (path: string): SettingsProblem => ({ path, level: 'error', message: needed });
  const halves = (name: string, rows: readonly { readonly jira: string; readonly azure: string }[]) =>
    rows.flatMap(({ jira, azure }, index) => [
      ...(jira === '' ? [missing(`${name}.${index}.jira`)] : []),
      ...(azure === '' ? [missing(`${name}.${index}.azure`)] : []),
    ]);
  return [
    ...(settings.name.trim() === '' ? [missing('name')] : []),
    ...halves('types', settings.types),
    ...halves('fields', settings.fields),
  ];
}

export interface Said {
  readonly error?: string;
  readonly warning?: string;
}

/** What is to be said at a place: its errors, else its warnings, of itself and of all inside it. */
export function saidAt(problems: readonly SettingsProblem[], path: string): Said {
  const here = problems.filter((problem) => problem.path === path || problem.path.startsWith(`${path}.`));
  const errors = here.filter(isError);
  const text = (errors.length > 0 ? errors : here).map(({ message }) => message).join(' ');
  if (text === '') return {};
  return errors.length > 0 ? { error: text } : { warning: text };
}

export const isError = ({ level }: SettingsProblem): boolean => level === 'error';
