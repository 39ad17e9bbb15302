import { describe, expect, it } from 'vitest';
import { profileSchema } from '../../backend/src/sync/profile.ts';
import {
  addField,
  misreadProblems,
  removeRow,
  saidAt,
  toDraft,
  toSettings,
  unfilled,
} from '../../forge-app/admin/editor/draft.ts';
import type { SettingsProblem } from '../../forge-app/contract.ts';

const settings = profileSchema.parse({
  name: 'Team',
  jira: { project: 'TAN' },
  azure: { project: 'Tandem' },
  types: [
    { jira: 'Task', azure: 'Task' },
    { jira: 'Bug', azure: 'Bug' },
  ],
  fields: [
    { jira: 'summary', azure: 'System.Title', kind: 'text' },
    { jira: 'priority', azure: 'Microsoft.VSTS.Common.Priority', kind: 'option' },
    { jira: 'labels', azure: 'System.Tags', kind: 'options' },
  ],
});
const error = (path: string, message = 'wrong'): SettingsProblem => ({ path, level: 'error', message });

describe('a draft', () => {
  it('gives back the settings that it was made from', () => {
    expect(toSettings(toDraft(settings))).toEqual(settings);
  });

  it('moves what was said of later rows when one is taken out, and forgets what was said of it', () => {
    const told = [error('fields.1.jira'), error('fields.2.azure'), error('fields.0.kind'), error('types.1.states')];
    const draft = toDraft(settings);
    const { draft: left, told: moved } = removeRow(draft, told, 'fields', draft.fields[1]?.key ?? -1);
    expect(toSettings(left).fields.map(({ jira }) => jira)).toEqual(['summary', 'labels']);
    expect(moved.map(({ path }) => path)).toEqual(['fields.1.azure', 'fields.0.kind', 'types.1.states']);
  });

  it('keeps an unreadable text at its row, and drops it with the row', () => {
    const draft = toDraft(settings);
    const place = { rows: 'fields', key: draft.fields[2]?.key ?? -1, part: 'values' } as const;
    const misreads = [{ place, message: 'Line 1' }];
    const shorter = removeRow(draft, [], 'fields', draft.fields[0]?.key ?? -1).draft;
    expect(misreadProblems(shorter, misreads)).toEqual([error('fields.1.values', 'Line 1')]);
    const gone = removeRow(shorter, [], 'fields', place.key).draft;
    expect(misreadProblems(gone, misreads)).toEqual([]);
  });

  it('names what is not filled yet by the backend’s own paths', () => {
    const draft = addField(toDraft({ ...settings, name: ' ' }));
    expect(unfilled(toSettings(draft), 'Needed.')).toEqual([
      error('name', 'Needed.'),
      error('fields.3.jira', 'Needed.'),
      error('fields.3.azure', 'Needed.'),
    ]);
  });
});

describe('what is said at a place', () => {
  const problems: readonly SettingsProblem[] = [
    { path: 'types.1.states', level: 'warning', message: 'Not all.' },
    error('types.1.states.0.jira', 'No such state.'),
    error('types.10.states', 'Other.'),
  ];

  it('is of the place and all inside it, errors before warnings', () => {
    expect(saidAt(problems, 'types.1.states')).toEqual({ error: 'No such state.' });
    expect(saidAt(problems.slice(0, 1), 'types.1')).toEqual({ warning: 'Not all.' });
    expect(saidAt(problems, 'types.2')).toEqual({});
  });
});
