import { describe, expect, it, test } from 'vitest';
import { areApart, findOverlap, overlapText, type ProfileScope } from '../../backend/src/sync/overlap.ts';
import { profileSchema } from '../../backend/src/sync/profile.ts';

describe('two filters of JQL', () => {
  test.each([
    ['labels = sync', 'labels != sync'],
    ['labels = sync AND status = Done', 'type = Bug AND NOT labels = sync'],
    ['labels in (a, b)', 'labels not in (a, b, c)'],
    ['issuetype = Bug', 'type in (Story, "Sub-task")'],
    ['priority = High OR priority = Highest', 'priority in (Low, Lowest)'],
    ['component is EMPTY', 'component = Web'],
    ['component IS NOT EMPTY', 'component is empty'],
    ['status = "In Progress"', "STATUS = 'done' and created > -3d"],
    ['summary ~ "sync"', 'summary !~ sync'],
    ['NOT (status = Done OR labels = x)', 'status = Done'],
    ['sprint in openSprints()', 'NOT sprint in openSprints()'],
    ['(statusCategory = Done) AND (labels = b OR labels = c)', 'statusCategory != Done'],
  ])('%s and %s exclude each other', (one, other) => {
    expect(areApart('jira', one, other)).toBe(true);
    expect(areApart('jira', other, one)).toBe(true);
  });

  test.each([
    ['labels = a', 'labels = b'],
    ['labels = sync', 'labels = sync'],
    ['assignee = ann', 'assignee = bob'],
    ['status = Done', 'status = Done AND labels = x'],
    ['priority = 1', 'priority = High'],
    ['status = Done OR labels = x', 'status = Open'],
    ['status != Done', 'status != Open'],
    ['status was Done', 'status = Open'],
    ['cf[10010] = a', 'cf[10010] = b'],
    ['assignee = currentUser()', 'assignee != currentUser() OR labels = x'],
    ['status = Done AND', 'status = Open'],
    ['labels in (a, b)', 'labels not in (a)'],
    ['labels = "x and y', 'labels != "x and y'],
    ['', 'status = Done'],
    [undefined, undefined],
  ])('%s and %s may both take an item', (one, other) => {
    expect(areApart('jira', one, other)).toBe(false);
    expect(areApart('jira', other, one)).toBe(false);
  });
});

describe('two conditions of WIQL', () => {
  test.each([
    ["[System.AreaPath] UNDER 'Tandem\\A'", "[System.AreaPath] UNDER 'Tandem\\B'"],
    ["[System.AreaPath] UNDER 'Tandem\\A\\x'", "[System.AreaPath] NOT UNDER 'Tandem\\A'"],
    ["[System.AreaPath] = 'Tandem\\A\\x'", "NOT [System.AreaPath] UNDER 'tandem\\a'"],
    ["[System.Tags] CONTAINS 'sync'", "[System.Tags] NOT CONTAINS 'Sync'"],
    ["[System.State] <> 'Closed'", "[system.state] = 'closed'"],
    ["[System.WorkItemType] IN ('Bug', 'Task')", "[System.WorkItemType] = 'Epic' AND [System.Id] > 5"],
    ["[Custom.Team] = 'It''s'", "[Custom.Team] = 'other'"],
  ])('%s and %s exclude each other', (one, other) => {
    expect(areApart('azure', one, other)).toBe(true);
    expect(areApart('azure', other, one)).toBe(true);
  });

  test.each([
    ["[System.AreaPath] UNDER 'Tandem\\A'", "[System.AreaPath] UNDER 'Tandem'"],
    ["[System.AreaPath] UNDER 'Tandem\\A'", "[System.AreaPath] UNDER 'Tandem\\A\\x'"],
    ["[System.Tags] CONTAINS 'a'", "[System.Tags] CONTAINS 'b'"],
    ['[System.AssignedTo] = @me', '[System.AssignedTo] <> @me OR [System.Id] > 1'],
    ["[System.Title] CONTAINS WORDS 'a'", "[System.Title] NOT CONTAINS 'a'"],
    ["[System.IterationPath] = @currentIteration('x')", "[System.IterationPath] = 'y'"],
  ])('%s and %s may both take an item', (one, other) => {
    expect(areApart('azure', one, other)).toBe(false);
    expect(areApart('azure', other, one)).toBe(false);
  });
});

describe('two profiles', () => {
  const scopeOf = (more: object = {}, organization = 'https://dev.azure.com/acme'): ProfileScope => ({
    settings: profileSchema.parse({
      name: 'Team',
      jira: { project: 'TAN' },
      azure: { project: 'Tandem' },
      types: [
        { jira: 'Story', azure: 'User Story' },
        { jira: 'Bug', azure: 'Bug' },
      ],
      fields: [{ jira: 'summary', azure: 'System.Title', kind: 'text' }],
      ...more,
    }),
    organization,
  });
  const bugs = { types: [{ jira: 'Bug', azure: 'Bug' }] };
  const tasks = { types: [{ jira: 'Task', azure: 'Task' }] };
  const of = (jira: string | undefined, azure?: string) => ({
    jira: { project: 'TAN', ...(jira === undefined ? {} : { filter: jira }) },
    azure: { project: 'Tandem', ...(azure === undefined ? {} : { filter: azure }) },
  });

  it.each<[string, object, object]>([
    ['types', bugs, tasks],
    ['directions', { direction: 'jira-to-azure' }, { direction: 'azure-to-jira' }],
    ['projects', {}, { jira: { project: 'OTH' }, azure: { project: 'Other' } }],
    ['filters of both sides', of('labels = x', "[System.Id] = '1'"), of('labels != x', "[System.Id] <> '1'")],
    [
      'filters of the one side from which both take items',
      { ...of('labels = x'), direction: 'jira-to-azure' },
      { ...of('labels != x'), direction: 'jira-to-azure' },
    ],
    [
      'filters of a project of which both are, with another one each',
      { ...of('labels = x'), direction: 'jira-to-azure' },
      { jira: { project: 'TAN', filter: 'labels = y' }, azure: { project: 'Other' }, direction: 'jira-to-azure' },
    ],
  ])('kept apart by their %s do not overlap', (_, one, other) => {
    expect(findOverlap(scopeOf(one), scopeOf(other))).toBeNull();
  });

  it('of the same projects overlap in the types that both map', () => {
    const overlap = findOverlap(scopeOf(), scopeOf({ ...bugs, name: 'Bugs' }));
    expect(overlap).toEqual({ side: 'jira', project: 'TAN', types: ['Bug'], name: 'Bugs', filtered: false });
    expect(overlap && overlapText(overlap).problem).toBe(
      'New issues of TAN in Jira (Bug) would enter the profile "Bugs" as well.',
    );
  });

  it('overlap where the filters of one side keep nothing apart', () => {
    const overlap = findOverlap(scopeOf(of('labels = x')), scopeOf(of('labels != x')));
    expect(overlap).toMatchObject({ side: 'azure', types: ['User Story', 'Bug'], filtered: false });
    expect(findOverlap(scopeOf(of('labels = x')), scopeOf(of('labels = y')))).toMatchObject({
      side: 'jira',
      filtered: true,
    });
  });

  it('of one project in common overlap when one of them takes all of it', () => {
    const elsewhere = { jira: { project: 'TAN' }, azure: { project: 'Other' } };
    expect(findOverlap(scopeOf(), scopeOf(elsewhere))).toMatchObject({ side: 'jira', project: 'TAN' });
    const chain = { jira: { project: 'OTH' }, azure: { project: 'tandem' } };
    expect(findOverlap(scopeOf(), scopeOf(chain))).toMatchObject({ side: 'azure', project: 'Tandem' });
    expect(findOverlap(scopeOf(), scopeOf(chain, 'https://dev.azure.com/other'))).toBeNull();
  });
});
