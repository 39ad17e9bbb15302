// What is wrong with a profile, as values, and the words that its checks share.

import { type FieldSchema, foldName, type SideSchema } from './catalog.ts';
import { nearest } from './nearest.ts';

export interface ProfileProblem {
  /** Path in the settings: `fields.3.azure`. */
  readonly path: string;
  readonly level: 'error' | 'warning';
  readonly problem: string;
  readonly remedy: string;
}

export interface Schemas {
  readonly jira: SideSchema;
  readonly azure: SideSchema;
}

export const sideNames = { jira: 'Jira', azure: 'Azure DevOps' } as const;

export const error = (path: string, problem: string, remedy: string): ProfileProblem => ({
  path,
  level: 'error',
  problem,
  remedy,
});
export const warning = (path: string, problem: string, remedy: string): ProfileProblem => ({
  path,
  level: 'warning',
  problem,
  remedy,
});

export function didYouMean(name: string, candidates: readonly string[], otherwise: string): string {
  const near = nearest(name, candidates);
  return near.length === 0 ? otherwise : `Did you mean ${near.map((one) => `"${one}"`).join(' or ')}?`;
}

/** People often write a field's name where its id belongs. */
export function unknownRemedy(id: string, fields: readonly FieldSchema[]): string {
  const byName = fields.find((field) => foldName(field.name) === foldName(id));
  if (byName) return `The field "${byName.name}" has the id "${byName.id}".`;
  const ids = nearest(id, [...fields.map((field) => field.id), ...fields.map((field) => field.name)]);
  const near = fields.filter((field) => ids.includes(field.id) || ids.includes(field.name));
  const unique = [...new Map(near.map((field) => [field.id, `"${field.id}" (${field.name})`])).values()];
  return unique.length === 0 ? 'Use the id of a field of this project.' : `Did you mean ${unique.join(' or ')}?`;
}
