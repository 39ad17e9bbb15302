// Moving an issue to another project: a new key, the old one still leads there, one history, one event.
import type { Caller } from './caller.ts';
import { carryOut } from './effects.ts';
import type { ChangeItem, IssueRecord, ProjectRecord } from './model.ts';
import type { World } from './world.ts';

/** Returns the new key. */
export function moveIssue(world: World, caller: Caller, issue: IssueRecord, projectKey: string): string {
  const { store } = world;
  const source = store.projects.get(issue.projectId);
  const target = [...store.projects.values()].find(({ key }) => key === projectKey) ?? addProject(world, projectKey);
  const oldKey = store.keyOf(issue);
  // What belongs to a project stays behind.
  const { parent: _, components: _c, fixVersions: _f, versions: _v, ...values } = issue.values;
  const moved: IssueRecord = { ...issue, projectId: target.id, number: store.nextNumber(target.id), values };
  const newKey = store.keyOf(moved);
  const change = (field: string, from: [string | null, string], to: [string | null, string]): ChangeItem => ({
    field,
    fieldId: field.toLowerCase(),
    fieldtype: 'jira',
    from: from[0],
    fromString: from[1],
    to: to[0],
    toString: to[1],
  });
  carryOut(world, caller, 'issue.edit', moved, [
    change('project', [String(issue.projectId), source?.name ?? ''], [String(target.id), target.name]),
    change('Key', [null, oldKey], [null, newKey]),
  ]);
  return newKey;
}

function addProject(world: World, key: string): ProjectRecord {
  const id = Math.max(...world.store.projects.keys()) + 1;
  const lead = [...world.store.projects.values()][0]?.leadAccountId ?? '';
  const project: ProjectRecord = { id, key, name: key, description: '', leadAccountId: lead, archived: false };
  world.store.projects.set(id, project);
  return project;
}
