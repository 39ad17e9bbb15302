// Whether two profiles would take the same new items: of one project and type, past filters that nothing keeps apart. An
// item is in one pair only, so it would be chance which profile gets it.

import { foldName, sameName } from './catalog.ts';
import { type Comparison, type Expression, parseFilter } from './filter-expression.ts';
import { otherSide, type Side, sides } from './model.ts';
import type { ProfileSettings } from './profile.ts';
import { allowsTo } from './rules.ts';

export interface ProfileScope {
  readonly settings: Pick<ProfileSettings, 'name' | 'jira' | 'azure' | 'types' | 'direction'>;
  /** The Azure DevOps organization. The Jira site is the installation's one. */
  readonly organization: string;
}

export interface Overlap {
  /** Whose new items would enter both. */
  readonly side: Side;
  readonly project: string;
  /** Native names of the types that both map. */
  readonly types: readonly string[];
  /** Of the other profile. */
  readonly name: string;
  /** Whether filters are there, which do not keep them apart. */
  readonly filtered: boolean;
}

/**
 * The first overlap of `one` with `other`. Two profiles of the same two projects must be kept apart by types, directions or
 * filters in a way that can be proven; where only one project is the same, overlapping filters are the admin's business,
 * but a profile without one takes everything.
 */
export function findOverlap(one: ProfileScope, other: ProfileScope): Overlap | null {
  const same = (side: Side) => sameProject(side, one, other);
  const both = sides.every(same);
  for (const side of sides) {
    if (!same(side) || ![one, other].every(({ settings }) => allowsTo(settings.direction, otherSide(side)))) continue;
    const types = commonTypes(side, one, other);
    if (types.length === 0) continue;
    const filters = [one, other].map(({ settings }) => settings[side].filter?.trim() || undefined);
    const [first, second] = filters;
    if (both ? areApart(side, first, second) : first !== undefined && second !== undefined && first !== second)
      continue;
    return {
      side,
      project: one.settings[side].project,
      types,
      name: other.settings.name,
      filtered: filters.some((filter) => filter !== undefined),
    };
  }
  return null;
}

function sameProject(side: Side, one: ProfileScope, other: ProfileScope): boolean {
  const [a, b] = [one.settings[side].project, other.settings[side].project];
  if (side === 'jira') return a === b;
  return foldName(a) === foldName(b) && one.organization.toLowerCase() === other.organization.toLowerCase();
}

const commonTypes = (side: Side, one: ProfileScope, other: ProfileScope): readonly string[] => [
  ...new Set(
    one.settings.types
      .map((type) => type[side])
      .filter((name) => other.settings.types.some((type) => sameName(type[side], name))),
  ),
];

const sideNames = { jira: 'Jira', azure: 'Azure DevOps' } as const;
const nouns = { jira: 'issues', azure: 'work items' } as const;

/** What overlaps, and what would keep the two apart. */
export function overlapText({ side, project, types, name, filtered }: Overlap): { problem: string; remedy: string } {
  const named = types.slice(0, 5).join(', ') + (types.length > 5 ? '…' : '');
  const why = filtered ? ', and nothing in the filters keeps them apart' : '';
  return {
    problem: `New ${nouns[side]} of ${project} in ${sideNames[side]} (${named}) would enter the profile "${name}" as well${why}.`,
    remedy: `Give the two different types or one-way directions, or filters that exclude each other, such as ${
      side === 'jira' ? 'labels = sync and labels != sync' : "[System.AreaPath] UNDER 'A' and NOT UNDER 'A'"
    }.`,
  };
}

/** Whether no item can pass both. False when that can't be told. */
export function areApart(side: Side, one: string | undefined, other: string | undefined): boolean {
  const [a, b] = [parseFilter(side, one), parseFilter(side, other)];
  return a !== null && b !== null && exclude(side, a, b);
}

function exclude(side: Side, a: Expression, b: Expression): boolean {
  if (a.kind === 'or') return a.parts.every((part) => exclude(side, part, b));
  if (b.kind === 'or') return b.parts.every((part) => exclude(side, a, part));
  if (a.kind === 'and') return a.parts.some((part) => exclude(side, part, b));
  if (b.kind === 'and') return b.parts.some((part) => exclude(side, a, part));
  if (a.kind === 'opaque' || b.kind === 'opaque') {
    return a.kind === 'opaque' && b.kind === 'opaque' && a.text === b.text && a.negated !== b.negated;
  }
  return fieldOf(side, a) === fieldOf(side, b) && (contradicts(side, a, b) || contradicts(side, b, a));
}

const aliases: Readonly<Record<string, string>> = { type: 'issuetype', issue: 'key', issuekey: 'key', id: 'key' };

const fieldOf = (side: Side, { field }: Comparison): string => (side === 'jira' ? (aliases[field] ?? field) : field);

/** Of Jira's fields these hold one value, and two names of it are two values; people have several names each. */
const singles: ReadonlySet<string> = new Set(['status', 'statuscategory', 'priority', 'issuetype', 'resolution']);
/** Of Azure DevOps' fields these hold several, or any text. */
const manifold: ReadonlySet<string> = new Set(['system.tags', 'system.history', 'system.description']);

const isSingle = (side: Side, comparison: Comparison): boolean => {
  const field = fieldOf(side, comparison);
  return side === 'jira' ? singles.has(field) : !manifold.has(field);
};

/** Whether no value passes `a` that passes `b`; the caller asks for both orders. */
function contradicts(side: Side, a: Comparison, b: Comparison): boolean {
  const within = (values: readonly string[], others: readonly string[]) =>
    values.every((value) => others.includes(value));
  if (a.negated && b.negated) return false;
  if (a.operator === 'empty') {
    // An empty field passes no condition that wants a value; whether it passes `!=` is told differently.
    return !b.negated && (b.operator === 'empty') === a.negated;
  }
  if (a.negated) return false;
  if (a.operator === b.operator && b.negated) {
    return a.operator === 'under'
      ? a.values.every((path) => b.values.some((root) => isUnder(path, root)))
      : within(a.values, b.values);
  }
  if (b.negated) return a.operator === 'in' && b.operator === 'under' && a.values.every((path) => isUnderAny(path, b));
  if (a.operator === 'in' && b.operator === 'in') {
    // An id and a name may mean the same.
    const comparable = side === 'azure' || [...a.values, ...b.values].every((value) => !/^\d+$/.test(value));
    return isSingle(side, a) && comparable && !a.values.some((value) => b.values.includes(value));
  }
  if (a.operator === 'under' && b.operator === 'under') {
    return a.values.every((path) => b.values.every((root) => !isUnder(path, root) && !isUnder(root, path)));
  }
  if (a.operator === 'in' && b.operator === 'under') return !a.values.some((path) => isUnderAny(path, b));
  return false;
}

const isUnder = (path: string, root: string): boolean => path === root || path.startsWith(`${root}\\`);
const isUnderAny = (path: string, { values }: Comparison): boolean => values.some((root) => isUnder(path, root));
