// What running a query needs to know, and the rows it works on.
import type { FieldDefinition } from '../data/fields.ts';
import { wiqlSyntax } from '../errors.ts';
import type { FieldValue, Person, Project, Revision, Team, WorkItem, World } from '../store/model.ts';

export interface QueryContext {
  readonly world: World;
  readonly person: Person;
  readonly project: Project | undefined;
  readonly team: Team | undefined;
  /** The query sees what was saved up to here, milliseconds. */
  readonly indexedUntil: number;
  readonly now: number;
  /** Without it, dates compare by day and may not carry a time. */
  readonly timePrecision: boolean;
  readonly limit: number;
  readonly top: number | undefined;
}

export interface Row {
  readonly item: WorkItem;
  readonly revision: Revision;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

export interface LinkRow {
  readonly source: Row | undefined;
  readonly target: Row;
  readonly rel: string | undefined;
}

export type QueryResult =
  | { readonly kind: 'items'; readonly rows: readonly Row[] }
  | { readonly kind: 'links'; readonly rows: readonly LinkRow[]; readonly recursive: boolean };

export function findField(world: World, name: string): FieldDefinition {
  const wanted = name.toLowerCase();
  const field = world.fields.get(wanted) ?? [...world.fields.values()].find((one) => one.name.toLowerCase() === wanted);
  if (field === undefined) throw wiqlSyntax(51005, 'The query references a field that does not exist.', `[${name}]`);
  return field;
}
