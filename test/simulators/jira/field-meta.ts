// What createmeta, editmeta and transition screens say about fields: whether required, which verbs, which values are allowed.
import type { Caller } from './caller.ts';
import type { FieldDef } from './fields/definitions.ts';
import { SPRINT_FIELD, verbsOf } from './fields/definitions.ts';
import type { IssueRecord } from './model.ts';
import { hasPermission } from './permissions.ts';
import { DEFAULT_PRIORITY_ID, ISSUE_TYPES, known, priorities, RESOLUTIONS, SECURITY_LEVELS } from './site.ts';
import {
  allowedPriorities,
  componentView,
  issueTypeView,
  optionView,
  priorityView,
  projectView,
  resolutionView,
  securityView,
  type View,
  versionView,
} from './views.ts';
import { workflowOf } from './workflow.ts';
import type { World } from './world.ts';

export function fieldMeta(world: World, field: FieldDef, projectId: number, required: boolean): View {
  const allowedValues = allowed(world, field, projectId);
  return {
    required,
    schema: field.schema,
    name: field.name,
    key: field.id,
    ...(field.kind === 'user'
      ? {
          autoCompleteUrl: `${world.url}/rest/api/3/user/assignable/search?project=${world.store.projects.get(projectId)?.key}&query=`,
        }
      : {}),
    ...(field.kind === 'labels' ? { autoCompleteUrl: `${world.url}/rest/api/1.0/labels/suggest?query=` } : {}),
    hasDefaultValue: field.kind === 'priority',
    operations: field.kind === 'issuetype' || field.kind === 'project' ? ['set'] : [...verbsOf(field.kind)],
    ...(field.kind === 'priority' ? { defaultValue: priorityView(world, known(priorities, DEFAULT_PRIORITY_ID)) } : {}),
    ...(allowedValues === undefined ? {} : { allowedValues }),
  };
}

function allowed(world: World, field: FieldDef, projectId: number): readonly View[] | undefined {
  const { store } = world;
  switch (field.kind) {
    case 'priority':
      return allowedPriorities(world);
    case 'resolution':
      return RESOLUTIONS.map((resolution) => resolutionView(world, resolution));
    case 'security':
      return SECURITY_LEVELS.map(({ id }) => securityView(world, id));
    case 'versions':
      return [...store.versions.values()]
        .filter((version) => version.projectId === projectId && !version.archived)
        .map((version) => versionView(world, version));
    case 'components':
      return [...store.components.values()]
        .filter((component) => component.projectId === projectId)
        .map((component) => componentView(world, component));
    case 'select':
    case 'multiselect':
      return (field.options ?? []).map((option) => optionView(world, option));
    case 'issuetype':
      return ISSUE_TYPES.map((type) => issueTypeView(world, type));
    case 'project': {
      const project = store.projects.get(projectId);
      return project === undefined ? [] : [projectView(world, project)];
    }
    default:
      return undefined;
  }
}

/** Fields that need a permission show only to those who have it. */
const GUARDED: Readonly<Record<string, string>> = {
  reporter: 'MODIFY_REPORTER',
  assignee: 'ASSIGN_ISSUES',
  duedate: 'SCHEDULE_ISSUES',
  security: 'SET_ISSUE_SECURITY',
  [SPRINT_FIELD.id]: 'SCHEDULE_ISSUES',
};

function shown(world: World, caller: Caller, fieldId: string, issue?: IssueRecord): FieldDef | undefined {
  const permission = GUARDED[fieldId];
  if (permission !== undefined && !hasPermission(world, caller, permission, issue)) return undefined;
  return world.store.fields.get(fieldId);
}

export function editMeta(world: World, caller: Caller, issue: IssueRecord): View {
  const fields: Record<string, View> = {};
  if (hasPermission(world, caller, 'EDIT_ISSUES', issue)) {
    const required = world.screens.required(issue.typeId);
    for (const fieldId of world.screens.edit(issue.typeId)) {
      const field = shown(world, caller, fieldId, issue);
      if (field === undefined) continue;
      const meta = fieldMeta(world, field, issue.projectId, required.has(fieldId));
      fields[fieldId] =
        field.kind === 'issuetype' ? { ...meta, allowedValues: sameWorkflow(world, issue) } : withVerbs(field, meta);
    }
  }
  return { fields };
}

const withVerbs = (field: FieldDef, meta: View): View =>
  field.id === 'comment' || field.id === 'issuelinks' || field.id === 'worklog'
    ? { ...meta, operations: ['add'] }
    : meta;

const sameWorkflow = (world: World, issue: IssueRecord): readonly View[] => {
  const level = ISSUE_TYPES.find(({ id }) => id === issue.typeId)?.level;
  return ISSUE_TYPES.filter((type) => type.level === level && workflowOf(type.id) === workflowOf(issue.typeId)).map(
    (type) => issueTypeView(world, type),
  );
};

export function createMeta(world: World, caller: Caller, projectId: number, typeId: string): readonly View[] {
  const required = world.screens.required(typeId);
  const alwaysAsked = new Set(['project', 'issuetype', ...required]);
  return [...world.screens.create(typeId)].flatMap((fieldId) => {
    const field = shown(world, caller, fieldId);
    if (field === undefined) return [];
    // The caller becomes the reporter where none is named.
    const hasDefault = fieldId === 'reporter';
    const meta = withVerbs(field, fieldMeta(world, field, projectId, alwaysAsked.has(fieldId)));
    return [{ ...meta, fieldId, ...(hasDefault ? { hasDefaultValue: true } : {}) }];
  });
}
