// What a preview found, counted; for the pages and `tandem plan`. No I/O.

import type { SyncError } from '../sync/errors.ts';
import type { Operation, PairPlan } from '../sync/plan.ts';
import type { LeftReason, PreviewEntry } from './preview-all.ts';

export type Counts = Record<
  | 'items'
  /** Counterparts to create; items that exist on both sides, to be paired. */
  | 'create'
  | 'link'
  | 'update'
  | 'transition'
  | 'comment'
  | 'attachment'
  /** Between items, and to addresses. */
  | 'itemLink'
  | 'unchanged'
  | 'skip'
  | 'error',
  number
>;

export const noCounts = (): Counts => ({
  items: 0,
  create: 0,
  link: 0,
  update: 0,
  transition: 0,
  comment: 0,
  attachment: 0,
  itemLink: 0,
  unchanged: 0,
  skip: 0,
  error: 0,
});

/** Nothing to write and nothing wrong; of named items that is told too. */
export const isQuiet = ({ action }: PreviewEntry): boolean =>
  action.kind === 'left' ||
  (action.kind === 'plan' && operationsOf(action).length === 0 && errorsOf(action).length === 0 && !action.pairs);

export type Planned = PreviewEntry['action'] & { kind: 'plan' };

export const operationsOf = ({ plan, children }: Planned): readonly Operation[] => [
  ...('operations' in plan ? plan.operations : []),
  ...children,
];

export const childrenPlan = ({ children, errors }: Planned): PairPlan => ({
  operations: children,
  outcomes: [],
  errors,
  needsHistory: [],
});

export const errorsOf = ({ plan, errors }: Planned): readonly SyncError[] => [
  ...('errors' in plan ? plan.errors : []),
  ...('outcomes' in plan ? plan.outcomes.flatMap(({ error }) => (error ? [error] : [])) : []),
  ...errors,
];

const countOf = {
  create: 'create',
  update: 'update',
  transition: 'transition',
  'add-comment': 'comment',
  'update-comment': 'comment',
  'delete-comment': 'comment',
  'add-attachment': 'attachment',
  'delete-attachment': 'attachment',
  'add-link': 'itemLink',
  'remove-link': 'itemLink',
} as const satisfies Record<Operation['kind'], keyof Counts>;

/** Adds what a preview found of one item. */
export function count(counts: Counts, { action }: PreviewEntry): void {
  counts.items += 1;
  if (action.kind === 'left') counts.skip += 1;
  if (action.kind === 'unreadable') counts.error += 1;
  if (action.kind !== 'plan') return;
  const operations = operationsOf(action);
  for (const { kind } of operations) counts[countOf[kind]] += 1;
  if (action.pairs) counts.link += 1;
  if (errorsOf(action).length > 0) counts.error += 1;
  else if (operations.length === 0 && !action.pairs) counts.unchanged += 1;
}

/** Why an item is left alone, as the end of a sentence. */
export const leftWords: Readonly<Record<LeftReason, string>> = {
  creating: 'its counterpart is being created',
  orphaned: 'one of the two was deleted, or is out of scope',
  'other-profile': 'it belongs to another profile',
  filter: 'it is outside the project or the filter of the profile',
  direction: 'the profile creates nothing in this direction',
  type: 'its type has no counterpart in the profile',
  restricted: 'it has a security level',
};
