// The fields of a side for a list to choose from: each once, though many types have it. Pure.

import type { CatalogField, Catalogs } from '../../contract.ts';

export interface FieldOption {
  readonly value: string;
  readonly label: string;
  readonly kind: string;
}

/** Fields of one name are told apart by their ids. */
export function fieldOptions(side: Catalogs['jira'] | undefined): readonly FieldOption[] {
  const byId = new Map<string, CatalogField>();
  for (const field of side?.types.flatMap(({ fields }) => fields) ?? []) {
    if (!byId.has(field.id)) byId.set(field.id, field);
  }
  const fields = [...byId.values()];
  const names = new Map<string, number>();
  for (const { name } of fields) names.set(name, (names.get(name) ?? 0) + 1);
  return fields
    .map(({ id, name, kind }) => ({
      value: id,
      label: (names.get(name) ?? 0) > 1 ? `${name} (${id})` : name,
      kind,
    }))
    .sort((a, b) => a.label.localeCompare(b.label));
}
