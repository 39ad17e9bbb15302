// Suggests field mappings: the usual pairs of Jira Software and Azure DevOps' processes, then fields of one name and of
// kinds that fit.

import { type FieldSchema, fieldSchema, foldName, type SideSchema, type TypeSchema, typeSchema } from './catalog.ts';
import type { FieldKind, OptionRef } from './model.ts';
import { findNode, isPath } from './planning.ts';
import type { FieldMapping, TypeMapping, ValuePair } from './profile.ts';

export interface SuggestedField {
  readonly mapping: FieldMapping;
  readonly reason: string;
  /** `high` where the pair is a usual one, or name and kind are the same. */
  readonly confidence: 'high' | 'medium';
}

type Why = Pick<SuggestedField, 'reason' | 'confidence'>;

interface Usual {
  /** Jira field by id, or by one of the names that a custom field has. */
  readonly jira: { readonly id: string } | { readonly names: readonly string[] } | { readonly native: string };
  /** The first of these that a type has. */
  readonly azure: readonly string[];
  readonly kind: FieldKind;
  readonly reason: string;
  /** Suggested only where the two lists have a name in common; what the other side lacks is left alone. */
  readonly planning?: true;
}

const common = 'Microsoft.VSTS.Common';
const scheduling = 'Microsoft.VSTS.Scheduling';

const usual: readonly Usual[] = [
  { jira: { id: 'summary' }, azure: ['System.Title'], kind: 'text', reason: 'Both name the item.' },
  {
    jira: { id: 'description' },
    azure: ['Microsoft.VSTS.TCM.ReproSteps', 'System.Description'],
    kind: 'richText',
    reason: 'Both describe the item; a bug shows its repro steps instead of a description.',
  },
  {
    jira: { id: 'priority' },
    azure: [`${common}.Priority`],
    kind: 'option',
    reason: 'Priorities by rank, the highest is 1.',
  },
  { jira: { id: 'labels' }, azure: ['System.Tags'], kind: 'options', reason: 'Labels are tags.' },
  { jira: { id: 'assignee' }, azure: ['System.AssignedTo'], kind: 'user', reason: 'Who works on it.' },
  {
    jira: { id: 'duedate' },
    azure: [`${scheduling}.DueDate`, `${scheduling}.TargetDate`, `${scheduling}.FinishDate`],
    kind: 'date',
    reason: 'When it is due.',
  },
  {
    jira: { names: ['story points', 'story point estimate'] },
    azure: [`${scheduling}.StoryPoints`, `${scheduling}.Effort`, `${scheduling}.Size`],
    kind: 'number',
    reason: 'Both size the work.',
  },
  {
    jira: { id: 'timeoriginalestimate' },
    azure: [`${scheduling}.OriginalEstimate`],
    kind: 'number',
    reason: 'The first estimate, in hours.',
  },
  {
    jira: { id: 'timeestimate' },
    azure: [`${scheduling}.RemainingWork`],
    kind: 'number',
    reason: 'The work that remains, in hours.',
  },
  {
    jira: { native: 'sprint' },
    azure: ['System.IterationPath'],
    kind: 'option',
    reason: 'Sprints and iterations of the same names; others are left alone.',
    planning: true,
  },
  {
    jira: { id: 'components' },
    azure: ['System.AreaPath'],
    kind: 'options',
    reason: 'Components and areas of the same names; others are left alone.',
    planning: true,
  },
];

/** Fields that Tandem keeps by other means, or that belong to one system's own book-keeping. */
const never =
  /^(System\.(State|Reason|WorkItemType|Id|Rev|AreaPath|IterationPath|TeamProject|History)|status|issuetype|project|parent|attachment|comment|issuelinks)$/;

export function suggestFields(
  jira: SideSchema,
  azure: SideSchema,
  types: readonly TypeMapping[],
): readonly SuggestedField[] {
  const pairs = types
    .map((type) => ({ name: type.jira, jira: typeSchema(jira, type.jira), azure: typeSchema(azure, type.azure) }))
    .filter((pair) => pair.jira !== undefined && pair.azure !== undefined)
    .map((pair) => ({ ...pair, jira: pair.jira as TypeSchema, azure: pair.azure as TypeSchema }));
  const found = new Map<string, SuggestedField & { types: string[] }>();
  const put = (of: string, from: FieldSchema, to: FieldSchema, kind: FieldKind, why: Why) => {
    const id = `${from.id}~${to.id}`;
    const known = found.get(id);
    if (known) known.types.push(of);
    else found.set(id, { mapping: mappingOf(from, to, kind), ...why, types: [of] });
  };
  for (const pair of pairs) {
    const taken = new Set<string>();
    const use = (from: FieldSchema | undefined, to: FieldSchema | undefined, kind: FieldKind, why: Why) => {
      if (from === undefined || to === undefined || taken.has(from.id) || taken.has(to.id)) return;
      if (from.readOnly && to.readOnly) return;
      taken.add(from.id).add(to.id);
      put(pair.name, from, to, kind, why);
    };
    for (const { jira: from, azure: to, kind, reason, planning } of usual) {
      const target = to.map((id) => fieldSchema(pair.azure, id)).find((field) => field !== undefined);
      const source = jiraField(pair.jira, from);
      if (planning && !(source && target && shareNode(source, target))) continue;
      use(source, target, kind, { reason, confidence: 'high' });
    }
    for (const field of pair.jira.fields) {
      if (field.kind === 'unsupported' || never.test(field.id) || taken.has(field.id)) continue;
      const name = foldName(field.name);
      const twin = pair.azure.fields.find((other) => !never.test(other.id) && foldName(other.name) === name);
      const kind = twin && sharedKind(field.kind, twin.kind);
      if (twin && kind && haveCommon(field, twin)) {
        const confidence = field.kind === twin.kind ? 'high' : 'medium';
        use(field, twin, kind, { reason: 'Both have the same name.', confidence });
      }
    }
    const reporter = pair.azure.fields.find((field) => field.kind === 'text' && /reporter/i.test(field.name));
    const reason = 'The reporter’s name as text, from Jira only.';
    use(fieldSchema(pair.jira, 'reporter'), reporter, 'text', { reason, confidence: 'medium' });
  }
  const all = new Set(pairs.map(({ name }) => name));
  return [...found.values()].map(({ mapping, types: names, ...why }) => {
    const having = [...new Set(names)];
    return { mapping: having.length === all.size ? mapping : { ...mapping, types: having }, ...why };
  });
}

function jiraField(type: TypeSchema, wanted: Usual['jira']): FieldSchema | undefined {
  if ('id' in wanted) return fieldSchema(type, wanted.id);
  if ('native' in wanted) return type.fields.find((field) => field.native === wanted.native);
  return wanted.names
    .map((name) => type.fields.find((field) => foldName(field.name) === name && field.kind === 'number'))
    .find((field) => field !== undefined);
}

/** Whether one of Jira's names is the last part of a path. */
const shareNode = (jira: FieldSchema, azure: FieldSchema): boolean => {
  const [nodes, names] = [azure.allowed ?? [], jira.allowed ?? []];
  const root = nodes[0]?.name.split('\\')[0] ?? '';
  return isPath(azure) && names.some((name) => findNode(nodes, name, root) !== undefined);
};

function mappingOf(jira: FieldSchema, azure: FieldSchema, kind: FieldKind): FieldMapping {
  const direction =
    jira.readOnly || jira.id === 'reporter' ? 'jira-to-azure' : azure.readOnly ? 'azure-to-jira' : 'both';
  const planning = isPath(azure);
  const values = kind === 'option' && !planning ? suggestValues(jira, azure) : [];
  return {
    jira: jira.id,
    azure: azure.id,
    kind,
    direction,
    enforce: false,
    ...(values.length > 0 ? { values: [...values] } : {}),
    ...(planning ? { unmapped: 'skip' as const } : {}),
  };
}

/** The kind in which two fields of these kinds are compared, or undefined when they don't fit. */
function sharedKind(jira: FieldSchema['kind'], azure: FieldSchema['kind']): FieldKind | undefined {
  if (jira === 'unsupported' || azure === 'unsupported') return undefined;
  if (jira === azure) return jira;
  const kinds = new Set([jira, azure]);
  const both = (a: FieldKind, b: FieldKind) => kinds.has(a) && kinds.has(b);
  if (both('date', 'dateTime')) return 'date';
  if (both('option', 'text') || both('option', 'number') || both('option', 'boolean')) return 'option';
  if (both('url', 'text') || both('number', 'text') || both('richText', 'text')) return 'text';
  return undefined;
}

/**
 * Priorities go by rank. Other options go by name, whatever number stands before it (`1 - Critical`); those without a
 * namesake go to the last of the other list, so that no value of a draft is an error.
 */
function suggestValues(jira: FieldSchema, azure: FieldSchema): readonly ValuePair[] {
  const [from, to] = [jira.allowed ?? [], azure.allowed ?? []];
  if (from.length === 0) return [];
  if (jira.id === 'priority') {
    const ranks = to.length > 0 ? to : ['1', '2', '3', '4'].map((name) => ({ name }));
    return ranks.every(({ name }) => /^\d+$/.test(name)) ? byRank(from, ranks) : byName(from, ranks);
  }
  return to.length === 0 ? [] : byName(from, to);
}

/** First to first, second to second; what one list has too many of shares the last rank of the other. */
function byRank(jira: readonly OptionRef[], azure: readonly OptionRef[]): readonly ValuePair[] {
  const length = Math.max(jira.length, azure.length);
  return Array.from({ length }, (_, index) => ({
    jira: jira[Math.min(index, jira.length - 1)]?.name ?? '',
    azure: azure[Math.min(index, azure.length - 1)]?.name ?? '',
  }));
}

const bareName = (option: OptionRef) => foldName(option.name.replace(/^\d+\s*[-–—.:)]\s*/, ''));

function byName(jira: readonly OptionRef[], azure: readonly OptionRef[]): readonly ValuePair[] {
  const twin = (option: OptionRef, among: readonly OptionRef[]) =>
    among.find((other) => bareName(other) === bareName(option));
  const pairs = jira.map((option) => ({ jira: option.name, azure: (twin(option, azure) ?? azure.at(-1))?.name ?? '' }));
  const rest = azure
    .filter((option) => !twin(option, jira) && !pairs.some((pair) => pair.azure === option.name))
    .map((option) => ({ jira: jira.at(-1)?.name ?? '', azure: option.name }));
  // Namesakes first: the first pair that names a value decides.
  const exact = ({ jira: a, azure: b }: ValuePair) => Number(bareName({ name: a }) !== bareName({ name: b }));
  return [...pairs, ...rest].sort((a, b) => exact(a) - exact(b));
}

/** Of two lists that share no name at all nothing can be told. */
const haveCommon = (jira: FieldSchema, azure: FieldSchema): boolean => {
  const [from, to] = [jira.allowed ?? [], azure.allowed ?? []];
  return from.length === 0 || to.length === 0 || from.some((a) => to.some((b) => bareName(a) === bareName(b)));
};
