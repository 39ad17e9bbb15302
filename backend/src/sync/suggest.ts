// Suggests a whole profile from two catalogs, so that a usual project works untouched. A suggestion is a draft: an admin
// looks at it before anything runs.

import { foldName, type SideSchema, type TypeSchema } from './catalog.ts';
import { type ProfileSettings, profileSchema, type TypeMapping, typeMappingSchema } from './profile.ts';
import { suggestFields } from './suggest-fields.ts';
import { suggestStates } from './suggest-states.ts';

export interface SuggestSchema extends SideSchema {
  readonly project: { readonly key: string; readonly name: string };
}

export interface Suggestion {
  readonly settings: ProfileSettings;
  /** Why, by path in the settings (`types.0`, `fields.3`). */
  readonly reasons: readonly { readonly path: string; readonly reason: string }[];
}

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
  const settings = profileSchema.parse({
    name: `${jira.project.key} ↔ ${azure.project.name}`.slice(0, 100),
    jira: { project: jira.project.key },
    azure: { project: azure.project.name },
    types: types.map(({ mapping }) => mapping),
    fields: fields.map(({ mapping }) => mapping),
  });
  const reasons = [
    ...types.map(({ reason }, index) => ({ path: `types.${index}`, reason })),
    ...fields.map(({ reason }, index) => ({ path: `fields.${index}`, reason })),
  ];
  return { settings, reasons };
}

/** Own counterparts first: the first mapping that names an Azure DevOps type decides what comes back from there. */
function suggestTypes(jira: SideSchema, azure: SideSchema): readonly { mapping: TypeMapping; reason: string }[] {
  const matches = jira.types.flatMap((type) => {
    const match = counterpart(type, azure.types);
    return match ? [{ type, ...match }] : [];
  });
  const ranked = matches.map((match) => ({ ...match, rank: match.exact ? 0 : match.type.subtask ? 2 : 1 }));
  return ranked
    .sort((a, b) => a.rank - b.rank)
    .map(({ type, other, exact }) => ({
      mapping: typeMappingSchema.parse({
        jira: type.name,
        azure: other.name,
        states: suggestStates(type.states, other.states),
      }),
      reason: exact
        ? 'Both have the same name.'
        : type.subtask
          ? 'The smallest piece of work there; what is new there comes back as the type mapped first.'
          : 'What the process calls it.',
    }));
}

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
