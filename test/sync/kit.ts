// A profile, items and an in-memory pair of services for the core's tests.

import type { Baseline, FingerprintKey } from '../../backend/src/sync/baseline.ts';
import { type FieldValue, type ItemSnapshot, type Side, sides } from '../../backend/src/sync/model.ts';
import { buildPeople } from '../../backend/src/sync/people.ts';
import type { PairPlan } from '../../backend/src/sync/plan.ts';
import type { PlanInput } from '../../backend/src/sync/plan-input.ts';
import { planPair } from '../../backend/src/sync/plan-pair.ts';
import { type Profile, profileSchema } from '../../backend/src/sync/profile.ts';
import { settleAll } from '../../backend/src/sync/settle.ts';

export const key: FingerprintKey = { id: 'k1', secret: new Uint8Array(32).fill(7) };

export const people = buildPeople([{ jira: 'acc-dora', azure: 'dora.b@acme.test' }], {
  jira: [
    { id: 'acc-ana', name: 'Ana', email: 'ana@acme.test' },
    { id: 'acc-dora', name: 'Dora' },
    { id: 'acc-solo', name: 'Solo Jira' },
  ],
  azure: [
    { id: 'ana@acme.test', name: 'Ana A.', email: 'ana@acme.test' },
    { id: 'dora.b@acme.test', name: 'Dora B.' },
    { id: 'vi@acme.test', name: 'Vi Azure' },
  ],
});

export const priorities = [
  { jira: 'Highest', azure: '1' },
  { jira: 'High', azure: '2' },
  { jira: 'Medium', azure: '3' },
  { jira: 'Low', azure: '4' },
  { jira: 'Lowest', azure: '4' },
];

export const states = [
  { jira: 'To Do', azure: 'New' },
  { jira: 'In Progress', azure: 'Active' },
  { jira: 'In Review', azure: 'Active' },
  { jira: 'Done', azure: 'Resolved' },
  { jira: 'Done', azure: 'Closed' },
];

export const fields = [
  { jira: 'summary', azure: 'System.Title', kind: 'text' },
  { jira: 'description', azure: 'System.Description', kind: 'richText' },
  { jira: 'priority', azure: 'Microsoft.VSTS.Common.Priority', kind: 'option', values: priorities },
  { jira: 'labels', azure: 'System.Tags', kind: 'options' },
  { jira: 'assignee', azure: 'System.AssignedTo', kind: 'user' },
  { jira: 'duedate', azure: 'Microsoft.VSTS.Scheduling.DueDate', kind: 'date' },
  { jira: 'customfield_10016', azure: 'Microsoft.VSTS.Scheduling.StoryPoints', kind: 'number' },
];

interface Overrides {
  readonly policies?: Record<string, unknown>;
  readonly field?: Record<string, Record<string, unknown>>;
  readonly [name: string]: unknown;
}

/** `field` overrides single mappings by their Jira field. */
export function profile(overrides: Overrides = {}): Profile {
  const { field = {}, ...rest } = overrides;
  const settings = profileSchema.parse({
    name: 'Team',
    jira: { project: 'TAN' },
    azure: { project: 'Tandem' },
    types: [
      { jira: 'Story', azure: 'User Story', states },
      { jira: 'Bug', azure: 'Bug', states },
    ],
    fields: fields.map((mapping) => ({ ...mapping, ...field[mapping.jira] })),
    ...rest,
  });
  return {
    id: 'p1',
    installationId: 'i1',
    jiraConnectionId: 'cj',
    azureConnectionId: 'ca',
    settings,
    status: 'enabled',
    revision: 1,
  };
}

export const text = (words: string): FieldValue => ({ kind: 'text', text: words });
export const option = (name: string): FieldValue => ({ kind: 'option', option: { name } });
export const options = (...names: string[]): FieldValue | null =>
  names.length === 0 ? null : { kind: 'options', options: names.map((name) => ({ name })) };
export const number = (value: number): FieldValue => ({ kind: 'number', number: value });
export const date = (day: string): FieldValue => ({ kind: 'date', date: day });
export const dateTime = (at: string): FieldValue => ({ kind: 'dateTime', dateTime: at });
export const user = (id: string, name = id, email?: string): FieldValue => ({
  kind: 'user',
  user: { id, name, ...(email === undefined ? {} : { email }) },
});
export const html = (source: string): FieldValue & { kind: 'richText' } => ({
  kind: 'richText',
  format: 'html',
  text: source,
});
export const adf = (...paragraphs: string[]): FieldValue & { kind: 'richText' } => ({
  kind: 'richText',
  format: 'adf',
  adf: {
    type: 'doc',
    version: 1,
    content: paragraphs.map((words) => ({ type: 'paragraph', content: [{ type: 'text', text: words }] })),
  },
});

type Fields = Record<string, FieldValue | null>;

const empty: Record<Side, Fields> = {
  jira: Object.fromEntries(fields.map(({ jira }) => [jira, null])),
  azure: Object.fromEntries(fields.map(({ azure }) => [azure, null])),
};

export function item(side: Side, given: Fields = {}, state?: string, more: Partial<ItemSnapshot> = {}): ItemSnapshot {
  const jira = side === 'jira';
  return {
    side,
    id: jira ? '10001' : '51',
    key: jira ? 'TAN-1' : '51',
    url: jira ? 'https://acme.atlassian.net/browse/TAN-1' : 'https://dev.azure.com/acme/Tandem/_workitems/edit/51',
    projectKey: jira ? 'TAN' : 'Tandem',
    type: jira ? 'Story' : 'User Story',
    state: state ?? (jira ? 'To Do' : 'New'),
    fields: { ...empty[side], [jira ? 'summary' : 'System.Title']: text('Title'), ...given },
    versions: { fields: { seq: 1, at: 0 } },
    createdAt: '2026-11-01T08:00:00Z',
    updatedAt: '2026-11-01T08:00:00Z',
    restricted: false,
    ...more,
  };
}

export interface World {
  readonly jira: ItemSnapshot;
  readonly azure: ItemSnapshot;
  readonly baseline: Baseline | null;
}

export const inputOf = (world: World, of: Profile, more: Partial<PlanInput> = {}): PlanInput => ({
  profile: of,
  key,
  people,
  now: 1_700_000_000_000,
  ...world,
  ...more,
});

/** The two services with the plan done, and the baseline that the engine would store. */
export function apply(world: World, plan: PairPlan, of: Profile): World {
  const next = { jira: world.jira, azure: world.azure };
  const answers: { jira?: ItemSnapshot; azure?: ItemSnapshot } = {};
  for (const operation of plan.operations) {
    if (operation.kind !== 'update' && operation.kind !== 'transition') continue;
    const before = next[operation.side];
    const writes = operation.kind === 'update' ? operation.writes : [];
    const state = operation.kind === 'update' ? operation.state?.to : operation.to;
    next[operation.side] = {
      ...before,
      fields: { ...before.fields, ...Object.fromEntries(writes.map((write) => [write.field, write.after])) },
      state: state ?? before.state,
    };
    answers[operation.side] = next[operation.side];
  }
  const context = { profile: of, key, people, now: 0, ...world };
  return { ...next, baseline: settleAll(context, plan, answers) };
}

/** Plans and applies once. */
export function sync(world: World, of: Profile, more: Partial<PlanInput> = {}): { world: World; plan: PairPlan } {
  const plan = planPair(inputOf(world, of, more));
  return { plan, world: apply(world, plan, of) };
}

export const edit = (world: World, side: Side, given: Fields, state?: string): World => ({
  ...world,
  [side]: { ...world[side], fields: { ...world[side].fields, ...given }, state: state ?? world[side].state },
});

/** A pair that agrees, as after a first synchronization. */
export function agreed(of: Profile, jira: ItemSnapshot = item('jira'), azure: ItemSnapshot = item('azure')): World {
  const { world, plan } = sync({ jira, azure, baseline: null }, of);
  const open = plan.outcomes.filter((outcome) => outcome.error !== undefined);
  if (open.length > 0) throw new Error(`The pair does not agree: ${JSON.stringify(open)}`);
  return world;
}

/** One line per operation. */
export const lines = (plan: PairPlan): readonly string[] =>
  plan.operations.flatMap((operation) => {
    switch (operation.kind) {
      case 'update': {
        const state = operation.state
          ? [`${operation.side} state ${operation.state.from} → ${operation.state.to}`]
          : [];
        return [
          ...operation.writes.map((write) => `${operation.side} ${write.field} = ${brief(write.after)}`),
          ...state,
        ];
      }
      case 'transition':
        return [`${operation.side} transition ${operation.from} → ${operation.to}`];
      default:
        return [operation.kind];
    }
  });

export function brief(value: FieldValue | null): string {
  if (value === null) return '(empty)';
  switch (value.kind) {
    case 'text':
      return value.text;
    case 'option':
      return value.option.name;
    case 'options':
      return value.options.map(({ name }) => name).join(', ');
    case 'user':
      return value.user.id;
    case 'number':
      return String(value.number);
    case 'date':
      return value.date;
    case 'dateTime':
      return value.dateTime;
    case 'richText':
      return value.format === 'adf' ? JSON.stringify(value.adf) : value.text;
    case 'url':
      return value.url;
    case 'boolean':
      return String(value.boolean);
  }
}

export const ruleFor = (plan: PairPlan, jiraField: string): string | undefined =>
  plan.outcomes.find((outcome) => outcome.mapping.startsWith(`${jiraField}~`))?.rule;

export const errorFor = (plan: PairPlan, jiraField: string): string | undefined =>
  plan.outcomes.find((outcome) => outcome.mapping.startsWith(`${jiraField}~`))?.error?.code;

export { sides };
