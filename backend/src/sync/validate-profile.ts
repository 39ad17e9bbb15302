// Holds a profile against the live schemas of both sides: every problem names the place, what is wrong, and what would
// be right. The form of the settings is profile.ts' schema's work.

import { type FieldSchema, fieldSchema, foldName, type TypeSchema, typeSchema } from './catalog.ts';
import type { FieldKind, Side } from './model.ts';
import { otherSide, sides } from './model.ts';
import { findNode, isCreatable, isPath, relativePath } from './planning.ts';
import type { FieldMapping, ProfileSettings } from './profile.ts';
import {
  didYouMean,
  error,
  type ProfileProblem,
  type Schemas,
  sideNames,
  unknownRemedy,
  warning,
} from './profile-problems.ts';
import { allowsTo, outcomeFields } from './rules.ts';
import { linkProblems } from './validate-links.ts';
import { peopleProblems } from './validate-people.ts';
import { shapeProblems } from './validate-shapes.ts';

/** In the order of the settings; empty when the profile fits. */
export function validateProfile(settings: ProfileSettings, catalogs: Schemas): readonly ProfileProblem[] {
  return [
    ...typeProblems(settings, catalogs),
    ...settings.fields.flatMap((mapping, index) => fieldProblems(settings, mapping, `fields.${index}`, catalogs)),
    ...doubleWrites(settings),
    ...requiredProblems(settings, catalogs),
    ...linkProblems(settings, catalogs),
    ...peopleProblems(settings, catalogs),
    ...zoneProblems(settings),
  ];
}

function typeProblems(settings: ProfileSettings, catalogs: Schemas): readonly ProfileProblem[] {
  return settings.types.flatMap((mapping, index) => {
    const path = `types.${index}`;
    const problems: ProfileProblem[] = [];
    for (const side of sides) {
      const schema = typeSchema(catalogs[side], mapping[side]);
      const names = catalogs[side].types.map((type) => type.name);
      if (schema === undefined) {
        const what = `${sideNames[side]} has no type "${mapping[side]}" in this project.`;
        problems.push(error(`${path}.${side}`, what, didYouMean(mapping[side], names, `It has: ${names.join(', ')}.`)));
        continue;
      }
      problems.push(...stateProblems(mapping.states, side, schema, path));
      for (const field of Object.keys(mapping.defaults[side])) {
        if (fieldSchema(schema, field)) continue;
        const known = schema.fields.map(({ id }) => id);
        const what = `"${mapping[side]}" has no field "${field}" in ${sideNames[side]}.`;
        problems.push(error(`${path}.defaults.${side}.${field}`, what, didYouMean(field, known, 'Take it out.')));
      }
    }
    const earlier = settings.types.slice(0, index);
    const before = (side: Side) => earlier.some((one) => foldName(one[side]) === foldName(mapping[side]));
    if (before('jira') && before('azure')) {
      const what = `Both types are mapped before already: this mapping is never used for new items.`;
      problems.push(warning(`${path}.jira`, what, 'Keep one of the two.'));
    }
    return problems;
  });
}

function stateProblems(
  pairs: ProfileSettings['types'][number]['states'],
  side: Side,
  schema: TypeSchema,
  path: string,
): readonly ProfileProblem[] {
  const names = schema.states.map((state) => state.name);
  if (names.length === 0) return [];
  const has = (name: string) => names.some((one) => foldName(one) === foldName(name));
  const unknown = pairs.flatMap((pair, index) => {
    if (has(pair[side])) return [];
    const what = `"${schema.name}" has no state "${pair[side]}" in ${sideNames[side]}.`;
    const remedy = didYouMean(pair[side], names, `It has: ${names.join(', ')}.`);
    return [error(`${path}.states.${index}.${side}`, what, remedy)];
  });
  const open = names.filter(
    (name) => pairs.length > 0 && !pairs.some((pair) => foldName(pair[side]) === foldName(name)),
  );
  const missing = open.map((name) =>
    warning(
      `${path}.states`,
      `The state "${name}" of "${schema.name}" in ${sideNames[side]} is not mapped.`,
      'Add a pair for it.',
    ),
  );
  return [...unknown, ...missing];
}

/** Kinds of mapping that a native kind can be read as and written from. */
const readableAs: Readonly<Record<FieldKind, readonly FieldKind[]>> = {
  text: ['text', 'richText', 'number', 'date', 'dateTime', 'option', 'options', 'url', 'boolean'],
  richText: ['richText', 'text'],
  number: ['number', 'text', 'option'],
  date: ['date', 'dateTime', 'text'],
  dateTime: ['dateTime', 'date', 'text'],
  option: ['option', 'options', 'text', 'number', 'boolean'],
  options: ['options', 'option', 'text'],
  user: ['user', 'text'],
  url: ['url', 'text'],
  boolean: ['boolean', 'option', 'text'],
};

function fieldProblems(
  settings: ProfileSettings,
  mapping: FieldMapping,
  path: string,
  catalogs: Schemas,
): readonly ProfileProblem[] {
  const problems: ProfileProblem[] = [];
  for (const [index, type] of (mapping.types ?? []).entries()) {
    const names = settings.types.map((one) => one.jira);
    if (names.some((name) => foldName(name) === foldName(type))) continue;
    const what = `The profile maps no Jira type "${type}".`;
    problems.push(error(`${path}.types.${index}`, what, didYouMean(type, names, `It maps: ${names.join(', ')}.`)));
  }
  const found: Partial<Record<Side, FieldSchema>> = {};
  for (const side of sides) {
    const id = mapping[side];
    const all = catalogs[side].types.flatMap((type) => type.fields);
    const field = all.find((one) => one.id === id && !one.readOnly) ?? all.find((one) => one.id === id);
    if (field === undefined) {
      problems.push(
        error(`${path}.${side}`, `${sideNames[side]} has no field "${id}" in this project.`, unknownRemedy(id, all)),
      );
      continue;
    }
    found[side] = field;
    problems.push(...knownFieldProblems(mapping, side, field, path));
  }
  problems.push(...shapeProblems(mapping, path, found, catalogs));
  const { jira, azure } = found;
  if (jira?.kind === 'text' && azure?.kind === 'user' && allowsTo(mapping.direction, 'azure')) {
    const remedy = 'Set its direction to "azure-to-jira", or map a field for people in Jira.';
    problems.push(
      error(`${path}.direction`, `"${mapping.jira}" is text, which cannot become a person in Azure DevOps.`, remedy),
    );
  }
  if (jira?.kind === 'user' && azure?.kind === 'text' && allowsTo(mapping.direction, 'jira')) {
    const remedy = 'Set its direction to "jira-to-azure", or map a field for people in Azure DevOps.';
    problems.push(
      error(`${path}.direction`, `"${mapping.azure}" is text, which cannot become a person in Jira.`, remedy),
    );
  }
  return problems;
}

function knownFieldProblems(
  mapping: FieldMapping,
  side: Side,
  field: FieldSchema,
  path: string,
): readonly ProfileProblem[] {
  const problems: ProfileProblem[] = [];
  const named = `"${field.name}" (${field.id})`;
  if (field.kind === 'unsupported') {
    problems.push(
      error(`${path}.${side}`, `${named} is of a kind that Tandem cannot synchronize.`, 'Take the mapping out.'),
    );
  } else if (!readableAs[field.kind].includes(mapping.kind)) {
    const what = `${named} in ${sideNames[side]} is of kind "${field.kind}", which cannot be mapped as "${mapping.kind}".`;
    problems.push(error(`${path}.kind`, what, `Use one of: ${readableAs[field.kind].join(', ')}.`));
  }
  // What ends with the state is written along with it.
  if (field.readOnly && allowsTo(mapping.direction, side) && mapping[side] !== outcomeFields[side]) {
    const direction = side === 'jira' ? 'jira-to-azure' : 'azure-to-jira';
    problems.push(
      error(
        `${path}.${side}`,
        `${sideNames[side]} does not let ${named} be changed.`,
        `Set its direction to "${direction}".`,
      ),
    );
  }
  const allowed = field.allowed?.map((option) => option.name) ?? [];
  if (allowed.length === 0) return problems;
  const root = isPath(field) ? (allowed[0]?.split('\\')[0] ?? '') : '';
  const has = (name: string) =>
    isPath(field)
      ? relativePath(name, root) === '' || findNode(field.allowed ?? [], { name }, root) !== undefined
      : allowed.some((one) => foldName(one) === foldName(name));
  if (mapping.createMissing && isCreatable(field)) return problems;
  for (const [index, pair] of (mapping.values ?? []).entries()) {
    if (has(pair[side])) continue;
    const what = `${named} in ${sideNames[side]} does not offer "${pair[side]}".`;
    problems.push(error(`${path}.values.${index}.${side}`, what, didYouMean(pair[side], allowed, offers(allowed))));
  }
  const set = typeof mapping.unmapped === 'object' ? mapping.unmapped.set[side] : undefined;
  if (set !== undefined && !has(set)) {
    const what = `${named} in ${sideNames[side]} does not offer "${set}".`;
    problems.push(error(`${path}.unmapped.set.${side}`, what, didYouMean(set, allowed, offers(allowed))));
  }
  return problems;
}

const offers = (allowed: readonly string[]) =>
  `It offers: ${allowed.slice(0, 20).join(', ')}${allowed.length > 20 ? '…' : '.'}`;

/** Two mappings that write one field would undo each other. */
function doubleWrites(settings: ProfileSettings): readonly ProfileProblem[] {
  const names = settings.types.map((type) => type.jira);
  const problems: ProfileProblem[] = [];
  for (const [index, mapping] of settings.fields.entries()) {
    for (const side of sides) {
      const rival = settings.fields.findIndex(
        (other, at) =>
          at < index &&
          other[side] === mapping[side] &&
          [mapping, other].every(({ direction }) => allowsTo(direction, side)) &&
          names.some((name) => (mapping.types ?? names).includes(name) && (other.types ?? names).includes(name)),
      );
      if (rival < 0) continue;
      const what = `"${mapping[side]}" in ${sideNames[side]} is written by fields.${rival} as well.`;
      problems.push(error(`fields.${index}.${side}`, what, 'Give the two mappings different types or directions.'));
    }
  }
  return problems;
}

/** Filled by the services themselves, or by Tandem beside the mappings. */
const provided = new Set([
  'project',
  'issuetype',
  'reporter',
  'parent',
  'System.State',
  'System.Reason',
  'System.AreaPath',
  'System.IterationPath',
  'System.AreaId',
  'System.IterationId',
  'System.TeamProject',
  'System.WorkItemType',
]);

/** A new counterpart needs what its type requires: from a mapping in that direction, or as a fixed value. */
function requiredProblems(settings: ProfileSettings, catalogs: Schemas): readonly ProfileProblem[] {
  return settings.types.flatMap((mapping, index) =>
    sides
      .filter((side) => allowsTo(settings.direction, side))
      .flatMap((side) => {
        const fields = typeSchema(catalogs[side], mapping[side])?.fields ?? [];
        return fields
          .filter((field) => field.required && !field.readOnly && !provided.has(field.id))
          .filter((field) => mapping.defaults[side][field.id] === undefined)
          .filter((field) => !settings.fields.some((one) => provides(one, side, field.id, mapping.jira)))
          .map((field) => {
            const what = `${sideNames[side]} requires "${field.name}" (${field.id}) of a new "${mapping[side]}", and nothing provides it.`;
            const remedy = `Map it from ${sideNames[otherSide(side)]}, or set types.${index}.defaults.${side}.${field.id}.`;
            return error(`types.${index}.defaults.${side}`, what, remedy);
          });
      }),
  );
}

const provides = (mapping: FieldMapping, side: Side, field: string, jiraType: string): boolean =>
  mapping[side] === field &&
  allowsTo(mapping.direction, side) &&
  (mapping.types === undefined || mapping.types.some((type) => foldName(type) === foldName(jiraType)));

function zoneProblems({ timeZone }: ProfileSettings): readonly ProfileProblem[] {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return [];
  } catch {
    const zones = Intl.supportedValuesOf('timeZone');
    const remedy = didYouMean(timeZone, zones, 'Use an IANA name such as "Europe/Berlin".');
    return [error('timeZone', `"${timeZone}" is no time zone.`, remedy)];
  }
}
