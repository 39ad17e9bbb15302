// Suggests which link type of one side stands for which of the other, by their usual names and by what they say.

import { foldName, type LinkTypeSchema, type SideSchema } from './catalog.ts';
import { oppositeRelation } from './link-rules.ts';
import { defaultLinkTypes, type LinkTypeMapping } from './profile.ts';

export interface SuggestedLink {
  readonly mapping: LinkTypeMapping;
  readonly reason: string;
}

/** Of the relations that only some processes have, what Jira calls them. */
const usual: readonly LinkTypeMapping[] = [
  ...defaultLinkTypes,
  { jira: 'Problem/Incident', azure: 'Microsoft.VSTS.Common.Affects-Forward' },
  { jira: 'Test', azure: 'Microsoft.VSTS.Common.TestedBy-Reverse' },
];

/** The usual ones where a side does not tell its types. */
export function suggestLinks(
  jira: Pick<SideSchema, 'linkTypes'>,
  azure: Pick<SideSchema, 'linkTypes'>,
): readonly SuggestedLink[] {
  if (jira.linkTypes === undefined || azure.linkTypes === undefined) {
    return defaultLinkTypes.map((mapping) => ({ mapping, reason: 'The link types that every new site has.' }));
  }
  const relations = azure.linkTypes;
  const known = usual.flatMap((mapping): SuggestedLink[] => {
    const issueType = jira.linkTypes?.find(({ name }) => foldName(name) === foldName(mapping.jira));
    const relation = relations.some(({ id }) => id === mapping.azure);
    return issueType && relation
      ? [{ mapping: { ...mapping, jira: issueType.name }, reason: 'What each side usually calls it.' }]
      : [];
  });
  const taken = new Set(known.flatMap(({ mapping }) => [mapping.azure, oppositeRelation(mapping.azure)]));
  const alike = jira.linkTypes
    .filter(({ name }) => !known.some(({ mapping }) => mapping.jira === name))
    .flatMap((type): SuggestedLink[] => {
      const relation = relations.find((one) => !taken.has(one.id) && !isHierarchy(one) && saysTheSame(type, one));
      if (relation === undefined) return [];
      taken.add(relation.id).add(oppositeRelation(relation.id));
      return [{ mapping: { jira: type.name, azure: relation.id }, reason: 'Both say the same.' }];
    });
  return [...known, ...alike];
}

const isHierarchy = ({ id }: LinkTypeSchema): boolean => id.startsWith('System.LinkTypes.Hierarchy-');

const saysTheSame = (type: LinkTypeSchema, relation: LinkTypeSchema): boolean =>
  foldName(type.outward) === foldName(relation.name) || foldName(type.name) === foldName(relation.name);
