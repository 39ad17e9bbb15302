// Holds what a field mapping asks for beside its two fields against them: templates, units, and things to be made.

import type { FieldSchema } from './catalog.ts';
import { otherSide, type Side, sides } from './model.ts';
import { isCreatable } from './planning.ts';
import type { FieldMapping } from './profile.ts';
import { error, type ProfileProblem, type Schemas, sideNames, unknownRemedy, warning } from './profile-problems.ts';
import { allowsTo } from './rules.ts';
import { isInvertible, parseTemplate, templateFields } from './templates.ts';

/** Templates, units, and things to be made: whether they fit the mapping at all. */
export function shapeProblems(
  mapping: FieldMapping,
  path: string,
  found: Readonly<Partial<Record<Side, FieldSchema>>>,
  catalogs: Schemas,
): readonly ProfileProblem[] {
  const problems: ProfileProblem[] = [];
  for (const side of sides) {
    const text = mapping.template?.[side];
    if (text !== undefined)
      problems.push(...templateProblems(mapping, side, text, `${path}.template.${side}`, catalogs));
  }
  if (mapping.units !== undefined && mapping.kind !== 'number') {
    problems.push(error(`${path}.units`, 'Only numbers count effort.', 'Take the units out, or map it as "number".'));
  }
  const makes = sides.filter((side) => allowsTo(mapping.direction, side) && isCreatable(found[side]));
  if (mapping.createMissing && makes.length === 0) {
    const what = 'Neither field that is written names a sprint, version, component, area or iteration.';
    problems.push(error(`${path}.createMissing`, what, 'Take it out.'));
  }
  return problems;
}

function templateProblems(
  mapping: FieldMapping,
  side: Side,
  text: string,
  path: string,
  catalogs: Schemas,
): readonly ProfileProblem[] {
  const template = parseTemplate(text);
  if (template === null) {
    return [error(path, 'The braces of the template do not match.', 'Write a brace that is text twice: "{{".')];
  }
  const problems: ProfileProblem[] = [];
  const source = otherSide(side);
  const fields = catalogs[source].types.flatMap((type) => type.fields);
  for (const id of templateFields(template)) {
    if (fields.some((field) => field.id === id)) continue;
    problems.push(error(path, `${sideNames[source]} has no field "${id}" in this project.`, unknownRemedy(id, fields)));
  }
  if (!['text', 'richText', 'url'].includes(mapping.kind)) {
    problems.push(error(path, 'Only text fields have templates.', 'Map it as "text", or take the template out.'));
  }
  if (!allowsTo(mapping.direction, side)) {
    problems.push(warning(path, `Nothing is written to ${sideNames[side]}: the template is not used.`, 'Take it out.'));
  }
  if (isInvertible(template)) return problems;
  const direction = side === 'azure' ? 'jira-to-azure' : 'azure-to-jira';
  if (mapping.direction !== direction) {
    const what = 'The value cannot be taken out of this text again, so it can go one way only.';
    problems.push(error(path, what, `Set the direction to "${direction}", or use {value} once, without other fields.`));
  }
  if (mapping.kind === 'richText' && template.some(({ kind }) => kind === 'value')) {
    problems.push(
      warning(path, 'The text loses its formatting in a template of this form.', 'Keep only {value} in it.'),
    );
  }
  return problems;
}
