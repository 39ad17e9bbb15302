// What the adapter must know of a project's types to read and write values: field kinds and transitions. Taken from a stored
// catalog where there is one, else loaded once and kept for the life of the port.

import type { FieldInfo, SideCatalog, TypeInfo } from '../reconcile/ports.ts';
import { foldName } from '../sync/catalog.ts';

export interface AzureSchema {
  type(name: string): TypeInfo | undefined;
  /** A field of a type; of any type when that one does not list it. */
  field(id: string, type?: string): FieldInfo | undefined;
}

export function schemaOf(catalog: Pick<SideCatalog, 'types'>): AzureSchema {
  const types = new Map(catalog.types.map((type) => [foldName(type.name), type]));
  const byType = new Map(
    catalog.types.map((type) => [foldName(type.name), new Map(type.fields.map((field) => [field.id, field]))]),
  );
  const anywhere = new Map(catalog.types.flatMap((type) => type.fields.map((field) => [field.id, field] as const)));
  return {
    type: (name) => types.get(foldName(name)),
    field: (id, type) => (type === undefined ? undefined : byType.get(foldName(type))?.get(id)) ?? anywhere.get(id),
  };
}

/** Asks once, however many wait; a failure is not kept. */
export function once<T>(load: () => Promise<T>): () => Promise<T> {
  let pending: Promise<T> | undefined;
  return () => {
    pending ??= load().catch((error: unknown) => {
      pending = undefined;
      throw error;
    });
    return pending;
  };
}
