// Suggests a whole profile from two catalogs, so that a usual project works untouched. A suggestion is a draft: an admin
// looks at it before anything runs.

import { fieldSchema, foldName, type SideSchema, type TypeSchema } from './catalog.ts';
import { type ProfileSettings, profileSchema, type TypeMapping, typeMappingSchema } from './profile.ts';
import { suggestFields } from './suggest-fields.ts';
import { suggestLinks } from './suggest-links.ts';
import { suggestPeople } from './suggest-people.ts';
import { suggestStates } from './suggest-states.ts';

export interface SuggestSchema extends SideSchema {
  readonly project: { readonly key: string; readonly name: string };
}

export interface Suggestion {
  readonly settings: ProfileSettings;
  /** Why, by path in the settings (`types.0`, `fields.3`). */
  readonly reasons: readonly { readonly path: string; readonly reason: string; readonly confidence: Confidence }[];
}

/** `medium`: fits in form, its meaning is for a person to confirm. `low`: the nearest that there is. */
export type Confidence = 'high' | 'medium' | 'low';

/** Azure DevOps types that stand for a Jira type, over the Agile, Scrum, CMMI and Basic processes; the best first. */
const counterparts: Readonly<Record<string, readonly string[]>> = {
  epic: ['epic'],
  feature: ['feature'],
  'new feature': ['feature', 'user story', 'product backlog item', 'requirement', 'issue'],
  improvement: ['user story', 'product backlog item', 'requirement', 'issue'],
  initiative: ['epic'],
  story: ['user story', 'product backlog item', 'requirement', 'issue'],
  'user story': ['user story', 'product backlog item', 'requirement', 'issue'],
  task: ['task'],
  bug: ['bug', 'issue'],
  'sub-task': ['task'],
  subtask: ['task'],
  incident: ['bug', 'issue'],
};

export function suggestProfile(jira: SuggestSchema, azure: SuggestSchema): Suggestion {
  const types = suggestTypes(jira, azure);
  const fields = suggestFields(
    jira,
    azure,
    types.map(({ mapping }) => mapping),
  );
  const people = suggestPeople({ jira: jira.people, azure: azure.people });
  const links = suggestLinks(jira, azure);
  const settings = profileSchema.parse({
    name: `${jira.project.key} ↔ ${azure.project.name}`.slice(0, 100),
    jira: { project: jira.project.key },
    azure: { project: azure.project.name },
    types: types.map(({ mapping }) => mapping),
    fields: fields.map(({ mapping }) => mapping),
    users: people.map(({ pair }) => pair),
    links: { types: links.map(({ mapping }) => mapping) },
  });
  const reasons = [
    ...types.map(({ reason, confidence }, index) => ({ path: `types.${index}`, reason, confidence })),
    ...fields.map(({ reason, confidence }, index) => ({ path: `fields.${index}`, reason, confidence })),
    // Two people may have one name.
    ...people.map(({ reason }, index) => ({ path: `users.${index}`, reason, confidence: 'medium' as const })),
    ...links.map(({ reason }, index) => ({ path: `links.types.${index}`, reason, confidence: 'high' as const })),
  ];
  return { settings, reasons };
}

interface Match {
  readonly jira: TypeSchema;
  readonly azure: TypeSchema;
  readonly reason: string;
  readonly confidence: Confidence;
}

/**
 * The first mapping that names a type decides what a new item of it becomes: so namesakes come first, sub-tasks after
 * tasks, and last the Azure DevOps types that no Jira type chose.
 */
function suggestTypes(
  jira: SideSchema,
  azure: SideSchema,
): readonly ({ readonly mapping: TypeMapping } & Pick<Match, 'reason' | 'confidence'>)[] {
  const named: Match[] = [];
  const usual: Match[] = [];
  const subtasks: Match[] = [];
  for (const type of jira.types) {
    const match = counterpart(type, azure.types);
    if (match?.exact) {
      named.push({ jira: type, azure: match.other, reason: 'Both have the same name.', confidence: 'high' });
    } else if (match && type.subtask) {
      const reason = 'The smallest piece of work there; what is new there comes back as the type mapped first.';
      subtasks.push({ jira: type, azure: match.other, reason, confidence: 'medium' });
    } else if (match) {
      usual.push({ jira: type, azure: match.other, reason: 'What the process calls it.', confidence: 'high' });
    }
  }
  const chosen = [...named, ...usual, ...subtasks];
  const left = azure.types.filter((type) => !chosen.some((match) => match.azure === type));
  const back = left.flatMap((type): Match[] => {
    const other = (origins[foldName(type.name)] ?? [])
      .map((name) => jira.types.find((candidate) => foldName(candidate.name) === name && !candidate.subtask))
      .find((candidate) => candidate !== undefined);
    const reason = 'The closest type that Jira has for it.';
    return other ? [{ jira: other, azure: type, reason, confidence: 'low' }] : [];
  });
  return [...chosen, ...back].map((match) => ({
    mapping: typeMapping(match),
    reason: match.reason,
    confidence: match.confidence,
  }));
}

function typeMapping({ jira, azure }: Match): TypeMapping {
  // Many workflows ask for a resolution on the way to done; it is given only where a transition's screen requires it.
  const resolves = fieldSchema(jira, 'resolution') !== undefined;
  return typeMappingSchema.parse({
    jira: jira.name,
    azure: azure.name,
    states: suggestStates(jira.states, azure.states),
    ...(resolves ? { onTransition: { jira: { resolution: 'Done' } } } : {}),
  });
}

/** Jira types for Azure DevOps types that no Jira type stands for; test cases, plans and the like are left alone. */
const origins: Readonly<Record<string, readonly string[]>> = {
  epic: ['initiative', 'feature', 'story'],
  feature: ['epic', 'story', 'task'],
  'user story': ['story', 'task'],
  'product backlog item': ['story', 'task'],
  requirement: ['story', 'task'],
  issue: ['task', 'story'],
  impediment: ['task', 'story'],
  task: ['task'],
  bug: ['bug', 'task'],
};

function counterpart(
  type: TypeSchema,
  candidates: readonly TypeSchema[],
): { readonly other: TypeSchema; readonly exact: boolean } | undefined {
  const named = (name: string) => candidates.find((candidate) => foldName(candidate.name) === name);
  const exact = named(foldName(type.name));
  if (exact) return { other: exact, exact: true };
  const names = counterparts[foldName(type.name)] ?? (type.subtask ? ['task'] : []);
  const other = names.map(named).find((candidate) => candidate !== undefined);
  return other && { other, exact: false };
}
