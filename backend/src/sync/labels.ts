// How Jira labels and Azure DevOps tags stand for each other. A label has no spaces and is case-sensitive; a tag may
// have spaces, compares without case, and holds neither `;` nor `,`.
//
// A label becomes the tag of the same letters. A tag becomes the label with `_` for each run of spaces. A label `a_b`
// stands for the tags `a_b` and `a b` alike, so a tag with spaces that came first keeps its spaces: the pair of both is
// remembered by the baseline and compared both ways.

import type { FieldRule } from './rules.ts';

/** https://support.atlassian.com/jira-software-cloud/docs/add-labels-to-an-issue/ : 255 characters, no spaces. */
const labelMax = 255;
/** https://learn.microsoft.com/azure/devops/organizations/settings/work/object-limits : 400 characters a tag. */
const tagMax = 400;

/** Undefined when the name can't be a label. */
export function tagToLabel(tag: string): string | undefined {
  const label = tag.trim().replaceAll(/\s+/gu, '_');
  return label === '' || label.length > labelMax ? undefined : label;
}

/** Undefined when the name can't be a tag. */
export function labelToTag(label: string): string | undefined {
  const tag = label.trim();
  return tag === '' || tag.length > tagMax || /[;,]/.test(tag) ? undefined : tag;
}

/** Fields that take any label: Jira's own, and custom ones, which list no allowed options. */
export function takesLabels(rule: FieldRule): boolean {
  if (rule.kind !== 'options') return false;
  const schema = rule.schema.jira.field;
  return rule.field.jira === 'labels' || (schema?.kind === 'options' && schema.allowed === undefined);
}

export const takesTags = (rule: FieldRule): boolean => rule.field.azure === 'System.Tags';
