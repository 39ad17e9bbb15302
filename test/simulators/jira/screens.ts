// Which fields may be set on creating and on editing an issue, by issue type, and which of them must have a value.
import { CUSTOM_FIELDS, SPRINT_FIELD, STORY_POINTS } from './fields/definitions.ts';
import { ISSUE_TYPES } from './site.ts';

export interface Screens {
  create(typeId: string): ReadonlySet<string>;
  edit(typeId: string): ReadonlySet<string>;
  required(typeId: string): ReadonlySet<string>;
  /** For administrators and tests: puts a field on all screens, or takes it off. */
  place(fieldId: string, on: boolean, typeIds?: readonly string[]): void;
  require(fieldId: string, required: boolean, typeIds?: readonly string[]): void;
  /** Back to the site's own screens. */
  reset(): void;
}

const COMMON = [
  'summary',
  'description',
  'priority',
  'labels',
  'assignee',
  'reporter',
  'duedate',
  'fixVersions',
  'components',
  'security',
  'parent',
  'timetracking',
  'environment',
];
/** Worklogs, comments and links can be made in the same call; attachments can't. */
const ON_EDIT = ['comment', 'worklog', 'issuelinks'];

/** Epics have no story points, only bugs say which version they are in, environment and severity; subtasks have little. */
function fieldsFor(typeId: string, typeName: string): Set<string> {
  const fields = new Set([...COMMON, ...CUSTOM_FIELDS.map(({ id }) => id), SPRINT_FIELD.id]);
  if (typeName === 'Bug') fields.add('versions');
  else for (const id of ['environment', 'customfield_10044', 'customfield_10043']) fields.delete(id);
  // A sub-task is in its parent's sprint.
  if (typeName === 'Epic' || typeName === 'Sub-task')
    for (const id of [STORY_POINTS, SPRINT_FIELD.id]) fields.delete(id);
  if (typeId === '10000') fields.delete('parent');
  return fields;
}

export function createScreens(): Screens {
  const create = new Map<string, Set<string>>();
  const edit = new Map<string, Set<string>>();
  const required = new Map<string, Set<string>>();
  const reset = (): void => {
    for (const { id, name, level } of ISSUE_TYPES) {
      create.set(id, new Set([...fieldsFor(id, name), 'project', 'issuetype', 'issuelinks']));
      edit.set(id, new Set([...fieldsFor(id, name), 'issuetype', ...ON_EDIT]));
      required.set(id, new Set(level === -1 ? ['summary', 'reporter', 'parent'] : ['summary', 'reporter']));
    }
  };
  reset();
  const of = (map: Map<string, Set<string>>, typeId: string): Set<string> => map.get(typeId) ?? new Set();
  const types = (ids: readonly string[] | undefined): readonly string[] => ids ?? ISSUE_TYPES.map(({ id }) => id);
  return {
    reset,
    create: (typeId) => of(create, typeId),
    edit: (typeId) => of(edit, typeId),
    required: (typeId) => of(required, typeId),
    place(fieldId, on, typeIds) {
      for (const typeId of types(typeIds)) {
        for (const screen of [of(create, typeId), of(edit, typeId)]) {
          if (on) screen.add(fieldId);
          else screen.delete(fieldId);
        }
      }
    },
    require(fieldId, isRequired, typeIds) {
      for (const typeId of types(typeIds)) {
        if (isRequired) of(required, typeId).add(fieldId);
        else of(required, typeId).delete(fieldId);
      }
    },
  };
}
