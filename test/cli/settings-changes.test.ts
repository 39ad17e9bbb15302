// What is told of an edited profile file.

import { describe, expect, it } from 'vitest';
import { settingsChanges } from '../../backend/src/cli/settings-changes.ts';
import { profileSchema } from '../../backend/src/sync/profile.ts';

const before = profileSchema.parse({
  name: 'Team',
  jira: { project: 'TAN' },
  azure: { project: 'Tandem' },
  types: [
    { jira: 'Task', azure: 'Task' },
    { jira: 'Bug', azure: 'Bug' },
  ],
  fields: [{ jira: 'summary', azure: 'System.Title', kind: 'text' }],
});
const [task, bug] = before.types;
if (!task || !bug) throw new Error('two types');

describe('the changes of a profile', () => {
  it.each([
    ['nothing', { ...before, fields: before.fields.map((field) => ({ ...field, values: undefined })) }, []],
    ['a policy', { ...before, policies: { ...before.policies, conflict: 'ask' as const } }, ['policies changed']],
    [
      'a mapped type',
      { ...before, types: [{ ...task, azure: 'Issue' }, bug] },
      ['type Task ↔ Task taken out', 'type Task ↔ Issue added'],
    ],
    [
      'a state',
      { ...before, types: [task, { ...bug, states: [{ jira: 'To Do', azure: 'New' }] }] },
      ['type Bug ↔ Bug changed'],
    ],
    ['the order', { ...before, types: [bug, task] }, ['the order of mappings changed']],
    ['a filter', { ...before, jira: { project: 'TAN', filter: 'labels = x' } }, ['jira changed']],
  ])('%s', (_, after, expected) => {
    expect(settingsChanges(before, after)).toEqual(expected);
  });
});
