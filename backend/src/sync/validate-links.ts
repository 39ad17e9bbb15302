// Holds the links of a profile, and the fields for the counterpart's key, against what the two sites have.

import { foldName, sameName } from './catalog.ts';
import { sides } from './model.ts';
import { defaultLinkTypes, type LinkTypeMapping, type ProfileSettings } from './profile.ts';
import {
  didYouMean,
  error,
  type ProfileProblem,
  type Schemas,
  sideNames,
  unknownRemedy,
  warning,
} from './profile-problems.ts';

export function linkProblems(settings: ProfileSettings, catalogs: Schemas): readonly ProfileProblem[] {
  const { links } = settings;
  const types = links.enabled
    ? links.types.flatMap((mapping, index) => typeProblems(mapping, index, links, catalogs))
    : [];
  return [...types, ...keyProblems(settings, catalogs)];
}

/** The usual types stand in a profile that says nothing of links: a site that lacks one simply has no such links. */
const isUsual = (mapping: LinkTypeMapping): boolean =>
  defaultLinkTypes.some(({ jira, azure }) => jira === mapping.jira && azure === mapping.azure);

function typeProblems(
  mapping: LinkTypeMapping,
  index: number,
  links: ProfileSettings['links'],
  catalogs: Schemas,
): readonly ProfileProblem[] {
  const path = `links.types.${index}`;
  if (/^System\.LinkTypes\.Hierarchy-/i.test(mapping.azure)) {
    const what = 'Parent and child are kept the same by links.hierarchy already.';
    return [error(`${path}.azure`, what, 'Choose another link type.')];
  }
  const problems: ProfileProblem[] = [];
  const { jira, azure } = { jira: catalogs.jira.linkTypes, azure: catalogs.azure.linkTypes };
  if (!isUsual(mapping)) {
    if (jira !== undefined && !jira.some(({ name }) => sameName(name, mapping.jira))) {
      const names = jira.map(({ name }) => name);
      const otherwise =
        names.length === 0 ? 'Issue linking is turned off on the site.' : `It has: ${names.join(', ')}.`;
      const what = `Jira has no link type "${mapping.jira}".`;
      problems.push(error(`${path}.jira`, what, didYouMean(mapping.jira, names, otherwise)));
    }
    if (azure !== undefined && !azure.some(({ id }) => sameName(id, mapping.azure))) {
      // People often write what they see, "Successor", where the reference name belongs.
      const named = azure.find(({ name }) => sameName(name, mapping.azure));
      const ids = azure.map(({ id }) => id);
      const remedy = named
        ? `The link type "${named.name}" has the reference name "${named.id}".`
        : didYouMean(mapping.azure, ids, `It has: ${ids.join(', ')}.`);
      problems.push(error(`${path}.azure`, `Azure DevOps has no link type "${mapping.azure}".`, remedy));
    }
  }
  if (links.types.slice(0, index).some((one) => foldName(one.jira) === foldName(mapping.jira))) {
    const what = `"${mapping.jira}" is mapped before already: this mapping is never used.`;
    problems.push(warning(`${path}.jira`, what, 'Keep one of the two.'));
  }
  return problems;
}

function keyProblems({ counterpartKey, fields }: ProfileSettings, catalogs: Schemas): readonly ProfileProblem[] {
  return sides.flatMap((side): readonly ProfileProblem[] => {
    const id = counterpartKey[side];
    if (id === undefined) return [];
    const path = `counterpartKey.${side}`;
    const all = catalogs[side].types.flatMap((type) => type.fields);
    const field = all.find((one) => one.id === id);
    if (field === undefined) {
      return [error(path, `${sideNames[side]} has no field "${id}" in this project.`, unknownRemedy(id, all))];
    }
    if (fields.some((mapping) => mapping[side] === id)) {
      return [
        error(path, `"${field.name}" (${id}) is mapped as well.`, 'Take the mapping out, or name another field.'),
      ];
    }
    if (field.kind === 'text' && !field.readOnly) return [];
    const what = `"${field.name}" (${id}) in ${sideNames[side]} is no text field that can be written.`;
    return [error(path, what, 'Name a field of plain text.')];
  });
}
