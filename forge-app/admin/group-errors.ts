// Groups errors that have one cause, so that an admin reads it once. Pure.

import type { ErrorRecord } from '../contract.ts';

export interface ErrorGroup {
  /** Stable while the group has members. */
  readonly key: string;
  readonly cause: string;
  readonly remedy: string;
  /** The mapping that all of them are about. */
  readonly subject: string | null;
  readonly errors: readonly ErrorRecord[];
}

const weight = { connection: 0, profile: 1, item: 2, field: 3, child: 4 };

/** What holds up most comes first, then what holds up many. */
export function groupErrors(errors: readonly ErrorRecord[]): readonly ErrorGroup[] {
  const groups = new Map<string, ErrorRecord[]>();
  for (const error of errors) {
    const key = [error.code, error.cause, mappingOf(error) ?? ''].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), error]);
  }
  return [...groups]
    .flatMap(([key, [first, ...others]]) => (first ? [{ key, first, errors: [first, ...others] }] : []))
    .sort((a, b) => weight[a.first.level] - weight[b.first.level] || b.errors.length - a.errors.length)
    .map(({ key, first, errors: members }) => ({
      key,
      cause: first.cause,
      remedy: first.remedy,
      subject: mappingOf(first),
      errors: members,
    }));
}

/** A comment, attachment or link is one item's own: of many items the same may be wrong. */
const mappingOf = ({ level, subject }: ErrorRecord): string | null => (level === 'child' ? null : subject);
