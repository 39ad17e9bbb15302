// A plan as people read it (text: before → after, rich text as a diff of its lines) and as other programs do (JSON).

import { diffLines } from 'diff';
import { describeError, type SyncError } from './errors.ts';
import { wordsOf } from './kinds.ts';
import type { FieldValue, Side } from './model.ts';
import type { CreatePlan, FieldOutcome, FieldWrite, MergeRule, Operation, PairPlan } from './plan.ts';
import { textLines } from './rich-text.ts';

const sideNames = { jira: 'Jira', azure: 'Azure DevOps' } as const;

/** Why a field is written, in words. */
export const reasons: Readonly<Record<MergeRule, string>> = {
  created: 'new item',
  unchanged: 'unchanged',
  'jira-changed': 'changed in Jira',
  'azure-changed': 'changed in Azure DevOps',
  'changed-alike': 'the same on both sides',
  'conflict-jira': 'changed on both sides, Jira wins',
  'conflict-azure': 'changed on both sides, Azure DevOps wins',
  'conflict-newest': 'changed on both sides, the newest change wins',
  'conflict-ask': 'changed on both sides, waits for a choice',
  adopted: 'the same on both sides',
  seeded: 'never compared, the seeding policy decides',
  'seed-ask': 'never compared, waits for a choice',
  merged: 'changed on both sides, merged',
  'one-way': 'one-way',
  enforced: 'one-way, an edit of the target is undone',
  relinked: 'an item that the text names has its counterpart now',
  held: 'refused before, waits for another value',
  failed: 'cannot be synchronized',
};

/** What the plan prints of an item. */
export interface PlanTitle {
  readonly jira?: string | undefined;
  readonly azure?: string | undefined;
}

/** Lines without colour, empty when there is nothing to do and nothing wrong. */
export function showPlan(plan: PairPlan | CreatePlan, title: PlanTitle = {}): string {
  const body = 'kind' in plan ? createLines(plan) : pairLines(plan);
  if (body.length === 0) return '';
  const names = [title.jira, title.azure].filter((name) => name !== undefined);
  return [...(names.length > 0 ? [names.join(' ↔ ')] : []), ...body.map((line) => `  ${line}`)].join('\n');
}

function createLines(plan: CreatePlan): readonly string[] {
  switch (plan.kind) {
    case 'skip':
      return [`left alone: ${skipReasons[plan.reason]}`];
    case 'error':
      return plan.errors.flatMap(errorLines);
    case 'create':
      return [...plan.operations.flatMap(operationLines), ...plan.outcomes.flatMap(outcomeErrors)];
    default: {
      const never: never = plan;
      return never;
    }
  }
}

const skipReasons = {
  direction: 'the profile creates nothing in this direction',
  type: 'its type has no counterpart in the profile',
  restricted: 'it has a security level',
} as const;

const pairLines = (plan: PairPlan): readonly string[] => [
  ...plan.operations.flatMap(operationLines),
  ...plan.needsHistory.map((side) => `the history of ${sideNames[side]} decides`),
  ...plan.outcomes.flatMap(outcomeErrors),
  ...plan.errors.flatMap(errorLines),
];

const outcomeErrors = (outcome: FieldOutcome) => (outcome.error ? errorLines(outcome.error) : []);

function errorLines(error: SyncError): readonly string[] {
  const { cause, remedy } = describeError(error);
  return [`! ${error.code}: ${cause} ${remedy}`];
}

function operationLines(operation: Operation): readonly string[] {
  const side = sideNames[operation.side];
  switch (operation.kind) {
    case 'create':
      return [`${side}: create ${operation.type}`, ...operation.writes.flatMap(writeLines)];
    case 'update': {
      const { state } = operation;
      const stateLine = state ? [`  State: ${state.from} → ${state.to}  (${reasons[state.rule]})`] : [];
      return [`${side}: update`, ...operation.writes.flatMap(writeLines), ...stateLine];
    }
    case 'transition':
      return [
        `${side}: move from ${operation.from || '(new)'} to ${operation.to}  (${reasons[operation.rule]})`,
        ...(operation.along ?? []).flatMap(writeLines),
      ];
    case 'add-comment':
      return [`${side}: add a comment`, ...changedLines(null, operation.body)];
    case 'update-comment':
      return [`${side}: change comment ${operation.targetId}`, ...changedLines(null, operation.body)];
    case 'delete-comment':
      return [`${side}: delete comment ${operation.targetId}`];
    case 'add-attachment':
      return [`${side}: attach ${operation.name} (${operation.size} bytes)`];
    case 'delete-attachment':
      return [`${side}: delete attachment ${operation.targetId}`];
    case 'add-link':
      return [`${side}: link ${linkWords(operation)}`];
    case 'remove-link':
      return [`${side}: remove the link ${linkWords(operation)}`];
    default: {
      const never: never = operation;
      return never;
    }
  }
}

/** `Blocks TAN-3`, `TAN-3 Blocks this`, `parent 12`. */
const linkWords = ({ type, direction, target }: Operation & { kind: 'add-link' | 'remove-link' }): string =>
  direction === 'inward' && !/[-.]/.test(type) ? `${target} ${type} this` : `${type} ${target}`;

function writeLines({ field, rule, shown, ...values }: FieldWrite): readonly string[] {
  const { before, after } = shown ?? values;
  if (before?.kind === 'richText' || after?.kind === 'richText') {
    return [`  ${field}:  (${reasons[rule]})`, ...changedLines(before, after)];
  }
  return [`  ${field}: ${words(before)} → ${words(after)}  (${reasons[rule]})`];
}

const words = (value: FieldValue | null): string => {
  if (value === null) return '(empty)';
  const line = wordsOf(value).replaceAll(/\s+/gu, ' ').trim();
  const options = value.kind === 'option' ? [value.option] : value.kind === 'options' ? value.options : [];
  if (options.some(({ missing }) => missing)) return `${line} (made there first)`;
  return value.kind === 'text' ? JSON.stringify(line) : line;
};

/** Unchanged lines around a change that are shown. */
const contextLines = 1;

/** Changed lines with `-` and `+`; long unchanged stretches are left out. */
function changedLines(before: FieldValue | null, after: FieldValue | null): readonly string[] {
  const [old, next] = [plainLines(before), plainLines(after)];
  if (old === next) return ['    (formatting only)'];
  return diffLines(old, next).flatMap(({ value, added, removed }, index, parts) => {
    const lines = value.split('\n').slice(0, value.endsWith('\n') ? -1 : undefined);
    if (added || removed) return lines.map((line) => `    ${added ? '+' : '-'} ${line}`);
    const head = index === 0 ? 0 : contextLines;
    const tail = index === parts.length - 1 ? 0 : contextLines;
    if (lines.length <= head + tail) return lines.map((line) => `      ${line}`);
    const shown = [...lines.slice(0, head), '…', ...(tail === 0 ? [] : lines.slice(-tail))];
    return shown.map((line) => `      ${line}`);
  });
}

function plainLines(value: FieldValue | null): string {
  if (value === null) return '';
  const text = value.kind === 'richText' ? textLines(value).join('\n') : wordsOf(value);
  return text === '' ? '' : `${text}\n`;
}

/** The plan for a script: what is written where, with plain values, and what is wrong. */
export interface PlanJson {
  readonly operations: readonly Record<string, unknown>[];
  readonly fields: readonly { readonly mapping: string; readonly rule: MergeRule; readonly error?: string }[];
  readonly errors: readonly {
    readonly code: string;
    readonly side?: Side;
    readonly field?: string;
    readonly cause: string;
    readonly remedy: string;
  }[];
  readonly needsHistory: readonly Side[];
}

export function planJson(plan: PairPlan | CreatePlan): PlanJson {
  const outcomes = 'outcomes' in plan ? plan.outcomes : [];
  const whole = 'errors' in plan ? plan.errors : [];
  const errors = [...whole, ...outcomes.flatMap(({ error }) => (error ? [error] : []))];
  return {
    operations: ('operations' in plan ? plan.operations : []).map(operationJson),
    fields: outcomes.map(({ mapping, rule, error }) => ({ mapping, rule, ...(error ? { error: error.code } : {}) })),
    errors: errors.map((error) => {
      const { code, side, field } = error;
      return { code, ...(side ? { side } : {}), ...(field ? { field } : {}), ...describeError(error) };
    }),
    needsHistory: 'needsHistory' in plan ? plan.needsHistory : [],
  };
}

function operationJson(operation: Operation): Record<string, unknown> {
  const { kind, side } = operation;
  const state = (write: { from: string; to: string; rule: MergeRule }) => ({
    from: write.from,
    to: write.to,
    rule: write.rule,
  });
  switch (kind) {
    case 'create':
      return { kind, side, type: operation.type, writes: operation.writes.map(writeJson) };
    case 'update': {
      const along = operation.state ? { state: state(operation.state) } : {};
      return { kind, side, writes: operation.writes.map(writeJson), ...along };
    }
    case 'transition':
      return { kind, side, ...state(operation), ...(operation.along ? { along: operation.along.map(writeJson) } : {}) };
    case 'add-comment':
    case 'update-comment':
    case 'delete-comment':
    case 'add-attachment':
    case 'delete-attachment':
    case 'add-link':
    case 'remove-link':
      return { ...operation };
    default: {
      const never: never = operation;
      return never;
    }
  }
}

const writeJson = ({ mapping, field, before, after, rule }: FieldWrite) => ({ mapping, field, rule, before, after });
