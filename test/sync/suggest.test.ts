import { describe, expect, it } from 'vitest';
import type { UserRef } from '../../backend/src/sync/model.ts';
import { suggestProfile } from '../../backend/src/sync/suggest.ts';
import { suggestStates } from '../../backend/src/sync/suggest-states.ts';
import { validateProfile } from '../../backend/src/sync/validate-profile.ts';
import { azureCatalog, jiraCatalog } from './catalogs.ts';

const { settings, reasons } = suggestProfile(jiraCatalog, azureCatalog);
const catalogs = { jira: jiraCatalog, azure: azureCatalog };

describe('a suggestion for Jira Software and the Agile process', () => {
  it('maps the types of both sides, namesakes first, so that new Azure tasks become Jira tasks', () => {
    expect(settings.types.map(({ jira, azure }) => `${jira} ↔ ${azure}`)).toEqual([
      'Epic ↔ Epic',
      'Task ↔ Task',
      'Bug ↔ Bug',
      'Story ↔ User Story',
      'Sub-task ↔ Task',
      'Epic ↔ Feature',
    ]);
  });

  it('maps every state of both sides', () => {
    const story = settings.types.find(({ jira }) => jira === 'Story');
    expect(story?.states.map(({ jira, azure }) => `${jira} ↔ ${azure}`)).toEqual([
      'To Do ↔ New',
      'In Progress ↔ Active',
      'Done ↔ Closed',
      'In Progress ↔ Resolved',
      'Done ↔ Removed',
    ]);
  });

  it('maps the usual fields, per type where the types differ', () => {
    expect(
      settings.fields.map(({ jira, azure, kind, types }) => [jira, azure, kind, types?.join() ?? 'all'].join(' ')),
    ).toEqual([
      'summary System.Title text all',
      'description System.Description richText Epic,Task,Story,Sub-task',
      'priority Microsoft.VSTS.Common.Priority option all',
      'labels System.Tags options all',
      'assignee System.AssignedTo user all',
      'duedate Microsoft.VSTS.Scheduling.TargetDate date Epic',
      'customfield_10050 Custom.Team option all',
      'duedate Microsoft.VSTS.Scheduling.DueDate date Task,Story,Sub-task',
      'timeoriginalestimate Microsoft.VSTS.Scheduling.OriginalEstimate number Task,Sub-task',
      'timeestimate Microsoft.VSTS.Scheduling.RemainingWork number Task,Sub-task',
      'description Microsoft.VSTS.TCM.ReproSteps richText Bug',
      'customfield_10016 Microsoft.VSTS.Scheduling.StoryPoints number Bug,Story',
    ]);
  });

  it('pairs priorities by rank, the fifth with the fourth', () => {
    const priority = settings.fields.find(({ jira }) => jira === 'priority');
    expect(priority?.values?.map(({ jira, azure }) => `${jira} ${azure}`)).toEqual([
      'Highest 1',
      'High 2',
      'Medium 3',
      'Low 4',
      'Lowest 4',
    ]);
  });

  it('says why, for each type and field', () => {
    expect(reasons).toHaveLength(settings.types.length + settings.fields.length + settings.links.types.length);
    expect(reasons.every(({ reason }) => reason.length > 0)).toBe(true);
  });

  it('fits the schemas that it was made from', () => {
    expect(validateProfile(settings, catalogs)).toEqual([]);
  });
});

describe('people', () => {
  const suggested = (jira: readonly UserRef[], azure: readonly UserRef[]) =>
    suggestProfile({ ...jiraCatalog, people: jira }, { ...azureCatalog, people: azure }).settings.users;
  const person = (id: string, name: string, more: Partial<UserRef> = {}): UserRef => ({ id, name, ...more });

  it('without an address are paired by a name that each side has once', () => {
    expect(suggested([person('acc-1', 'Ana Aalto')], [person('ana@acme.test', 'ana aalto')])).toEqual([
      { jira: 'acc-1', azure: 'ana@acme.test' },
    ]);
  });

  it.each([
    ['whom the address finds', [person('acc-1', 'Ana', { email: 'ana@acme.test' })], [person('ana@acme.test', 'Ana')]],
    ['of whom there are two', [person('acc-1', 'Ana'), person('acc-2', 'Ana')], [person('ana@acme.test', 'Ana')]],
    ['who have left', [person('acc-1', 'Ana', { active: false })], [person('ana@acme.test', 'Ana')]],
    ['of other names', [person('acc-1', 'Ana')], [person('vi@acme.test', 'Vi')]],
  ])('%s are not', (_, jira, azure) => {
    expect(suggested(jira, azure)).toEqual([]);
  });
});

describe('states', () => {
  const state = (name: string, category: 'new' | 'active' | 'done' | 'removed') => ({ name, category });

  it('go by name before category', () => {
    const pairs = suggestStates(
      [
        state('Open', 'new'),
        state('In Review', 'active'),
        state('In Progress', 'active'),
        state('Closed', 'done'),
        state('Cancelled', 'done'),
      ],
      [
        state('New', 'new'),
        state('Active', 'active'),
        state('Resolved', 'active'),
        state('Closed', 'done'),
        state('Removed', 'removed'),
      ],
    );
    const first = (name: string) => pairs.find((pair) => pair.jira === name)?.azure;
    expect(['Open', 'In Progress', 'In Review', 'Closed', 'Cancelled'].map(first)).toEqual([
      'New',
      'Active',
      'Resolved',
      'Closed',
      'Removed',
    ]);
  });

  it('of a workflow without Azure’s later ones still go somewhere', () => {
    const pairs = suggestStates(
      [state('Offen', 'new'), state('Fertig', 'done')],
      [state('New', 'new'), state('Active', 'active'), state('Closed', 'done')],
    );
    expect(pairs).toContainEqual({ jira: 'Offen', azure: 'New' });
    expect(pairs).toContainEqual({ jira: 'Fertig', azure: 'Closed' });
    expect(pairs.some((pair) => pair.azure === 'Active')).toBe(true);
  });
});

describe('a profile that does not fit', () => {
  const field = (index: number, more: object) =>
    settings.fields.map((mapping, at) => (at === index ? { ...mapping, ...more } : mapping));
  const problems = (more: object) =>
    validateProfile({ ...settings, ...more }, catalogs).map(
      ({ path, problem, remedy }) => `${path}: ${problem} ${remedy}`,
    );

  it.each([
    [
      'an unknown type',
      { types: settings.types.map((type) => (type.jira === 'Story' ? { ...type, azure: 'UserStory' } : type)) },
      'types.3.azure: Azure DevOps has no type "UserStory" in this project. Did you mean "User Story"?',
    ],
    [
      'an unknown state',
      { types: [{ ...settings.types[0], states: [{ jira: 'Todo', azure: 'New' }] }] },
      'types.0.states.0.jira: "Epic" has no state "Todo" in Jira. Did you mean "To Do"?',
    ],
    [
      'an unknown field',
      { fields: field(0, { azure: 'System.Titel' }) },
      'fields.0.azure: Azure DevOps has no field "System.Titel" in this project. Did you mean "System.Title" (Title)?',
    ],
    [
      'a name in place of an id',
      { fields: field(11, { jira: 'Story point estimate' }) },
      'fields.11.jira: Jira has no field "Story point estimate" in this project. The field "Story point estimate" has the id "customfield_10016".',
    ],
    [
      'a kind that a field can’t have',
      { fields: field(4, { kind: 'number' }) },
      'fields.4.kind: "Assignee" (assignee) in Jira is of kind "user", which cannot be mapped as "number". Use one of: user, text.',
    ],
    [
      'a read-only target',
      { fields: field(0, { jira: 'created', azure: 'System.CreatedDate', kind: 'dateTime' }) },
      'fields.0.jira: Jira does not let "Created" (created) be changed. Set its direction to "jira-to-azure".',
    ],
    [
      'a value that is not offered',
      { fields: field(2, { values: [{ jira: 'Hihg', azure: '1' }] }) },
      'fields.2.values.0.jira: "Priority" (priority) in Jira does not offer "Hihg". Did you mean "High"?',
    ],
    [
      'a required field without a source',
      { fields: settings.fields.slice(1) },
      'types.0.defaults.jira: Jira requires "Summary" (summary) of a new "Epic", and nothing provides it. Map it from Azure DevOps, or set types.0.defaults.jira.summary.',
    ],
    [
      'two mappings that write one field',
      { fields: [...settings.fields, { ...settings.fields[0], jira: 'customfield_10050' }] },
      'fields.12.azure: "System.Title" in Azure DevOps is written by fields.0 as well. Give the two mappings different types or directions.',
    ],
    [
      'text that would become a person',
      { fields: field(4, { azure: 'Custom.Team', kind: 'text' }) },
      'fields.4.direction: "Custom.Team" is text, which cannot become a person in Jira. Set its direction to "jira-to-azure", or map a field for people in Azure DevOps.',
    ],
    [
      'an unknown zone',
      { timeZone: 'Europe/Berln' },
      'timeZone: "Europe/Berln" is no time zone. Did you mean "Europe/Berlin"?',
    ],
  ])('%s is named with what would be right', (_, more, expected) => {
    expect(problems(more)).toContain(expected);
  });

  it('a fixed value provides a required field', () => {
    const types = settings.types.map((type) => ({
      ...type,
      defaults: { jira: { summary: 'New' }, azure: { 'System.Title': 'New' } },
    }));
    expect(problems({ types, fields: settings.fields.slice(1) })).toEqual([]);
  });
});

describe('options', () => {
  const choice = (id: string, name: string, names: readonly string[]) => ({
    id,
    name,
    kind: 'option' as const,
    required: false,
    readOnly: false,
    allowed: names.map((one) => ({ name: one })),
  });
  const suggested = (jira: readonly string[], azure: readonly string[]) => {
    const add = <Catalog extends typeof jiraCatalog>(catalog: Catalog, field: ReturnType<typeof choice>) => ({
      ...catalog,
      types: catalog.types.map((type) => ({ ...type, fields: [...type.fields, field] })),
    });
    const { settings: made } = suggestProfile(
      add(jiraCatalog, choice('customfield_1', 'Severity', jira)),
      add(azureCatalog, choice('Custom.Severity', 'Severity', azure)),
    );
    const field = made.fields.find((one) => one.jira === 'customfield_1');
    return field?.values?.map((pair) => `${pair.jira} ↔ ${pair.azure}`);
  };

  it('go by name, whatever number stands before it, and the rest to the last', () => {
    expect(suggested(['Critical', 'Trivial', 'High'], ['1 - Critical', '2 - High', '3 - Medium', '4 - Low'])).toEqual([
      'Critical ↔ 1 - Critical',
      'High ↔ 2 - High',
      'Trivial ↔ 4 - Low',
      'High ↔ 3 - Medium',
    ]);
  });

  it('that share no name suggest no mapping', () => {
    expect(suggested(['Red'], ['1 - Critical'])).toBeUndefined();
  });
});
