// Bulk edit and bulk transition: tasks that go on after the answer in reality, done at once here; their outcome is in the queue.
import { Hono } from 'hono';
import { isRecord } from '../adf.ts';
import type { IssueInput } from '../edit.ts';
import { JiraError } from '../errors.ts';
import { type Ctx, type Env, param, type Routes, readObjectBody, strings } from '../http.ts';
import { readList } from '../issue-view.ts';
import { availableTransitions, editIssue, transitionIssue } from '../issue-writes.ts';
import type { IssueRecord } from '../model.ts';
import { canSeeIssue, hasPermission } from '../permissions.ts';
import { statuses } from '../site.ts';
import { formatInstant } from '../time.ts';
import { userById, type View } from '../views.ts';
import { workflowOf } from '../workflow.ts';
import type { World } from '../world.ts';

/** https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-bulk-operations/ */
const ISSUES_AT_ONCE = 1_000;

export function bulkRoutes(world: World): Routes {
  const app: Routes = new Hono<Env>();
  const { store } = world;

  /** Those that the caller sees; the rest is only counted. */
  const find = (c: Ctx, ids: readonly string[]): readonly IssueRecord[] => {
    if (ids.length === 0 || ids.length > ISSUES_AT_ONCE)
      throw new BulkError(`1 to ${ISSUES_AT_ONCE} issues must be given.`);
    return [...new Set(ids.flatMap((id) => store.findIssue(id) ?? []))].filter((issue) =>
      canSeeIssue(world, c.var.caller, issue),
    );
  };
  const requireBulk = (c: Ctx): void => {
    if (!hasPermission(world, c.var.caller, 'BULK_CHANGE'))
      throw new BulkError('You do not have permission to make bulk changes.');
  };
  const run = (
    c: Ctx,
    asked: number,
    issues: readonly IssueRecord[],
    change: (issue: IssueRecord) => void,
  ): Response => {
    const failed: Record<string, readonly string[]> = {};
    const processed: number[] = [];
    for (const issue of issues) {
      try {
        change(issue);
        processed.push(issue.id);
      } catch (error) {
        if (!(error instanceof JiraError)) throw error;
        failed[issue.id] = [...error.body.errorMessages, ...Object.values(error.body.errors)];
      }
    }
    const taskId = String(store.nextId('task'));
    const at = formatInstant(world.clock.now(), c.var.caller.zone);
    store.tasks.set(`bulk-${taskId}`, {
      taskId,
      status: 'COMPLETE',
      progressPercent: 100,
      totalIssueCount: asked,
      processedAccessibleIssues: processed,
      failedAccessibleIssues: failed,
      invalidOrInaccessibleIssueCount: asked - issues.length,
      submittedBy: userById(world, c.var.caller, c.var.caller.person?.accountId),
      created: at,
      started: at,
      updated: at,
    });
    return c.json({ taskId }, 201);
  };

  app.get('/bulk/queue/:taskId', (c) => {
    const task = store.tasks.get(`bulk-${param(c, 'taskId')}`);
    if (task === undefined) throw new BulkError('The task was not found.');
    return c.json(task);
  });

  app.get('/bulk/issues/transition', (c) => {
    const issues = find(c, readList(c.req.query('issueIdsOrKeys')));
    const groups = Map.groupBy(issues, (issue) => workflowOf(issue.typeId));
    return c.json({
      availableTransitions: [...groups.values()].map((members): View => {
        const [first, ...rest] = members.map((issue) => availableTransitions(world, c.var.caller, issue));
        const common = (first ?? []).filter(({ id }) => rest.every((list) => list.some((other) => other.id === id)));
        return {
          issues: members.map((issue) => store.keyOf(issue)),
          isTransitionsFiltered: common.length < (first ?? []).length,
          transitions: common.map(({ id, name, to }) => ({
            transitionId: Number(id),
            transitionName: name,
            to: { statusId: Number(to), statusName: statuses.get(to)?.name ?? '' },
          })),
        };
      }),
    });
  });

  app.post('/bulk/issues/transition', async (c) => {
    requireBulk(c);
    const { bulkTransitionInputs } = await readObjectBody(c);
    if (!Array.isArray(bulkTransitionInputs)) throw new BulkError('bulkTransitionInputs must be given.');
    const inputs = bulkTransitionInputs.filter(isRecord);
    const wanted = new Map<number, string>();
    let asked = 0;
    for (const { selectedIssueIdsOrKeys, transitionId } of inputs) {
      const ids = strings(selectedIssueIdsOrKeys, 'selectedIssueIdsOrKeys');
      asked += ids.length;
      for (const issue of find(c, ids)) wanted.set(issue.id, String(transitionId));
    }
    const issues = [...wanted.keys()].flatMap((id) => store.issues.get(id) ?? []);
    return run(c, asked, issues, (issue) =>
      transitionIssue(world, c.var.caller, issue, wanted.get(issue.id) ?? '', {}),
    );
  });

  app.get('/bulk/issues/fields', (c) => {
    const issues = find(c, readList(c.req.query('issueIdsOrKeys')));
    const search = c.req.query('searchText')?.toLowerCase() ?? '';
    const onAll = [...store.fields.values()].filter(
      (field) =>
        EDITABLE_KINDS.has(field.kind) &&
        field.name.toLowerCase().includes(search) &&
        issues.every((issue) => world.screens.edit(issue.typeId).has(field.id)),
    );
    return c.json({
      fields: onAll.map(({ id, name, schema, kind }) => ({
        id,
        name,
        type: schema.custom ?? schema.system ?? schema.type,
        isRequired: false,
        ...(kind === 'labels' || kind === 'versions' || kind === 'components'
          ? { multiSelectFieldOptions: ['ADD', 'REMOVE', 'REPLACE', 'REMOVE_ALL'] }
          : {}),
      })),
    });
  });

  app.post('/bulk/issues/fields', async (c) => {
    requireBulk(c);
    const body = await readObjectBody(c);
    const ids = strings(body.selectedIssueIdsOrKeys, 'selectedIssueIdsOrKeys');
    const actions = new Set(strings(body.selectedActions, 'selectedActions'));
    const input = readEdit(isRecord(body.editedFieldsInput) ? body.editedFieldsInput : {}, actions);
    return run(c, ids.length, find(c, ids), (issue) => editIssue(world, c.var.caller, issue, input));
  });

  return app;
}

/** Bulk operations have an error body of their own: app.ts writes it. */
export class BulkError extends Error {}

const EDITABLE_KINDS = new Set([
  'text',
  'number',
  'date',
  'datetime',
  'adf',
  'url',
  'labels',
  'select',
  'multiselect',
  'user',
  'priority',
  'versions',
  'components',
]);

type Entry = Readonly<Record<string, unknown>>;
const entries = (value: unknown): readonly Entry[] =>
  Array.isArray(value) ? value.filter(isRecord) : isRecord(value) ? [value] : [];
const inner = (entry: Entry, key: string, name: string): unknown => {
  const value = entry[key];
  return isRecord(value) ? value[name] : undefined;
};

/** The input's own words, as `fields` and `update` of an edit. Only fields that are named as actions are changed. */
function readEdit(input: Entry, actions: ReadonlySet<string>): IssueInput {
  const fields: Record<string, unknown> = {};
  const update: Record<string, unknown> = {};
  const set = (entry: Entry, value: unknown): void => {
    const id = String(entry.fieldId);
    if (actions.has(id)) fields[id] = value ?? null;
  };
  for (const entry of entries(input.singleLineTextFields)) set(entry, entry.text);
  for (const entry of entries(input.clearableNumberFields)) set(entry, entry.value);
  for (const entry of entries(input.datePickerFields)) set(entry, inner(entry, 'date', 'formattedDate'));
  for (const entry of entries(input.dateTimePickerFields)) set(entry, inner(entry, 'dateTime', 'formattedDateTime'));
  for (const entry of entries(input.richTextFields)) set(entry, inner(entry, 'richText', 'adfValue'));
  for (const entry of entries(input.urlFields)) set(entry, entry.url);
  for (const entry of entries(input.singleSelectFields)) set(entry, { id: String(inner(entry, 'option', 'optionId')) });
  for (const entry of entries(input.multipleSelectFields))
    set(
      entry,
      entries(entry.options).map(({ optionId }) => ({ id: String(optionId) })),
    );
  for (const entry of entries(input.singleSelectClearableUserPickerFields)) {
    const accountId = inner(entry, 'user', 'accountId');
    set(entry, accountId === undefined ? null : { accountId });
  }
  if (actions.has('priority') && isRecord(input.priority)) fields.priority = { id: input.priority.priorityId };
  const many = (entry: Entry, fieldId: string, values: readonly unknown[]): void => {
    if (!actions.has(fieldId)) return;
    const option = entry.bulkEditMultiSelectFieldOption;
    if (option === 'REPLACE') fields[fieldId] = values;
    else if (option === 'REMOVE_ALL') fields[fieldId] = [];
    else update[fieldId] = values.map((value) => ({ [option === 'REMOVE' ? 'remove' : 'add']: value }));
  };
  for (const entry of entries(input.labelsFields))
    many(
      entry,
      String(entry.fieldId),
      entries(entry.labels).map(({ name }) => name),
    );
  for (const entry of entries(input.multipleVersionPickerFields)) {
    many(
      entry,
      String(entry.fieldId),
      entries(entry.versions).map(({ versionId }) => ({ id: versionId })),
    );
  }
  for (const entry of entries(input.multiselectComponents)) {
    many(
      entry,
      'components',
      entries(entry.components).map(({ componentId }) => ({ id: String(componentId) })),
    );
  }
  return { fields, update };
}
