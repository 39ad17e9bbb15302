// What the core needs to know of a side's schema: types with their states and fields, and the people. A structural part
// of what the catalogs of the adapters load; nothing here is fetched.

import type { FieldKind, OptionRef, Side, UserRef } from './model.ts';

export interface FieldSchema {
  readonly id: string;
  readonly name: string;
  readonly kind: FieldKind | 'unsupported';
  readonly required: boolean;
  readonly readOnly: boolean;
  readonly allowed?: readonly OptionRef[];
  /** The service's own type of it, where the kind does not tell all: `treePath`, `sprint`, `version`, `component`. */
  readonly native?: string;
}

export type StateCategory = 'new' | 'active' | 'done' | 'removed';

export interface TypeSchema {
  readonly id: string;
  readonly name: string;
  readonly subtask: boolean;
  readonly states: readonly { readonly name: string; readonly category: StateCategory }[];
  readonly transitions?: Readonly<Record<string, readonly string[]>>;
  readonly initialState?: string;
  readonly fields: readonly FieldSchema[];
}

export interface SideSchema {
  readonly side: Side;
  readonly types: readonly TypeSchema[];
  readonly people: readonly UserRef[];
  /** Absent in what was stored before they were read. */
  readonly linkTypes?: readonly LinkTypeSchema[];
}

export interface LinkTypeSchema {
  /** Jira's id, or Azure's reference name. */
  readonly id: string;
  readonly name: string;
  /** How the link reads from its one end and from its other; alike where it has no direction. */
  readonly outward: string;
  readonly inward: string;
}

export const sameName = (a: string, b: string): boolean => a === b || foldName(a) === foldName(b);

/** Names of types, states, options and tags compare without case and surrounding space, whatever their Unicode form. */
export const foldName = (name: string): string => name.normalize('NFC').trim().toLowerCase();

export const typeSchema = (schema: SideSchema | undefined, type: string): TypeSchema | undefined =>
  schema?.types.find((candidate) => candidate.name === type) ??
  schema?.types.find((candidate) => sameName(candidate.name, type));

export const fieldSchema = (type: TypeSchema | undefined, field: string): FieldSchema | undefined =>
  type?.fields.find((candidate) => candidate.id === field);
