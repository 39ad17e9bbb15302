// A preview's items for a page: what would be written, field by field, in words. No I/O.

import type { z } from 'zod';
import type { ProfileContext } from '../reconcile/context.ts';
import type { PreviewEntry } from '../reconcile/preview-all.ts';
import { errorsOf, leftWords, operationsOf, type Planned } from '../reconcile/preview-count.ts';
import { reasons } from '../sync/diff.ts';
import { describeError, type SyncError } from '../sync/errors.ts';
import type { FieldValue, Side } from '../sync/model.ts';
import type { FieldWrite, Operation } from '../sync/plan.ts';
import { stateFields } from '../sync/rules.ts';
import type { previewedItemSchema } from './preview-schemas.ts';
import type { DrawText } from './preview-text.ts';
import type { Pages } from './shown.ts';
import { shownValue } from './shown-value.ts';

export type PreviewedItem = z.infer<typeof previewedItemSchema>;
type Write = PreviewedItem['writes'][number];

/** What people call a field of a side. */
export type FieldNames = (side: Side, field: string) => string;

export function fieldNames({ catalogs }: Pick<ProfileContext, 'catalogs'>): FieldNames {
  const namesOf = (side: Side) =>
    new Map([
      ...catalogs[side].types.flatMap(({ fields }) => fields.map(({ id, name }) => [id, name] as const)),
      [stateFields[side], side === 'jira' ? 'Status' : 'State'] as const,
    ]);
  const names = { jira: namesOf('jira'), azure: namesOf('azure') };
  return (side, field) => names[side].get(field) ?? field;
}

export interface ShownWith {
  readonly names: FieldNames;
  readonly pages: Pages;
  readonly draw: DrawText;
}

export function shownPreview({ ids, keys, action }: PreviewEntry, { names, pages, draw }: ShownWith): PreviewedItem {
  const jiraKey = keys.jira ?? ids.jira;
  const azureId = ids.azure;
  const item = {
    jiraKey,
    azureId,
    jiraUrl: jiraKey === null ? null : pages.jira(jiraKey),
    azureUrl: azureId === null ? null : pages.azure(azureId),
    writes: [],
    waitsFor: [],
    problems: [],
  };
  if (action.kind === 'left') return { ...item, action: 'skip', note: leftWords[action.reason] };
  if (action.kind === 'unreadable')
    return { ...item, action: 'error', note: null, problems: [describeError(action.error)] };
  const operations = operationsOf(action);
  return {
    ...item,
    ...actionOf(action, operations),
    writes: operations.flatMap((operation) => writesOf(operation, names, draw)),
    waitsFor: action.waitsFor.map(({ name }) => name),
    problems: distinct(errorsOf(action)),
  };
}

function actionOf(action: Planned, operations: readonly Operation[]): Pick<PreviewedItem, 'action' | 'note'> {
  const created = operations.find((operation) => operation.kind === 'create');
  if (created?.kind === 'create') return { action: 'create', note: created.type };
  if (action.pairs) return { action: 'link', note: null };
  if (operations.length > 0) return { action: 'update', note: null };
  return { action: errorsOf(action).length > 0 ? 'error' : 'nothing', note: null };
}

function writesOf(operation: Operation, names: FieldNames, draw: DrawText): readonly Write[] {
  const { side } = operation;
  const plain = { drawn: null };
  const drawn = (before: FieldValue | null, after: FieldValue | null): Pick<Write, 'drawn'> => {
    const both = { before: draw(before), after: draw(after) };
    return { drawn: both.before === null && both.after === null ? null : both };
  };
  const write = ({ field, rule, shown, ...values }: FieldWrite): Write => {
    const { before, after } = shown ?? values;
    const words = { before: shownValue(before), after: shownValue(after) };
    return { side, field: names(side, field), ...words, ...drawn(before, after), why: reasons[rule] };
  };
  const state = ({ from, to, rule }: { from: string; to: string; rule: FieldWrite['rule'] }): Write => ({
    side,
    field: names(side, stateFields[side]),
    before: from === '' ? null : from,
    after: to,
    ...plain,
    why: reasons[rule],
  });
  switch (operation.kind) {
    case 'create':
      return operation.writes.map(write);
    case 'update':
      return [...operation.writes.map(write), ...(operation.state ? [state(operation.state)] : [])];
    case 'transition':
      return [state(operation), ...(operation.along ?? []).map(write)];
    case 'add-comment':
    case 'update-comment':
      return [
        {
          side,
          field: 'Comment',
          before: null,
          after: shownValue(operation.body),
          ...drawn(null, operation.body),
          why: 'comments',
        },
      ];
    case 'delete-comment':
      return [{ side, field: 'Comment', before: operation.targetId, after: null, ...plain, why: 'comments' }];
    case 'add-attachment':
      return [{ side, field: 'Attachment', before: null, after: operation.name, ...plain, why: 'attachments' }];
    case 'delete-attachment':
      return [{ side, field: 'Attachment', before: operation.targetId, after: null, ...plain, why: 'attachments' }];
    case 'add-link':
      return [
        { side, field: `Link: ${operation.type}`, before: null, after: operation.target, ...plain, why: 'links' },
      ];
    case 'remove-link':
      return [
        { side, field: `Link: ${operation.type}`, before: operation.target, after: null, ...plain, why: 'links' },
      ];
    default: {
      const never: never = operation;
      return never;
    }
  }
}

const distinct = (errors: readonly SyncError[]): PreviewedItem['problems'] => [
  ...new Map(errors.map((error) => [JSON.stringify(error), describeError(error)])).values(),
];
