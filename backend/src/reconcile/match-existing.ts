// Which unpaired items of the two sides are one thing: by the value of the fields that a run was told, then by title. Pure.
//
// | value of the link fields          | title  | result                                |
// | --------------------------------- | ------ | ------------------------------------- |
// | one item of each side holds it    |        | matched                               |
// | both sides, one of them twice     |        | ambiguous: a person tells which       |
// | two items hold different ones     | same   | two things                            |
// | one item of the two holds none    | unique | matched, where the profile goes by it |

import { type BySide, type Side, sides } from '../sync/model.ts';
import type { UnpairedItem } from './unpaired.ts';

export interface MatchRules {
  readonly byValue: boolean;
  readonly byTitle: boolean;
  /** The profile maps the types of the two to each other. */
  readonly fits: (issue: UnpairedItem, workItem: UnpairedItem) => boolean;
  /** The run takes the item; one that it takes may match one that it does not. */
  readonly takes: (item: UnpairedItem) => boolean;
}

export interface Matches {
  readonly matched: readonly BySide<UnpairedItem>[];
  readonly ambiguous: readonly UnpairedItem[];
}

export function matchExisting(items: BySide<readonly UnpairedItem[]>, rules: MatchRules): Matches {
  const matched: BySide<UnpairedItem>[] = [];
  const ambiguous: UnpairedItem[] = [];
  for (const { jira, azure } of rules.byValue ? sharing(items, ({ linkValue }) => linkValue) : []) {
    const pair = only(jira, azure);
    if (!pair) ambiguous.push(...(jira.length > 0 && azure.length > 0 ? [...jira, ...azure] : []));
    else if (rules.fits(pair.jira, pair.azure)) matched.push(pair);
  }
  const settled = new Set([...matched.flatMap(({ jira, azure }) => [jira, azure]), ...ambiguous]);
  const open = (side: Side) => items[side].filter((item) => !settled.has(item));
  for (const { jira, azure } of rules.byTitle ? sharing({ jira: open('jira'), azure: open('azure') }, titleOf) : []) {
    const pair = only(jira, azure);
    if (pair && !differ(pair) && rules.fits(pair.jira, pair.azure)) matched.push(pair);
  }
  return {
    matched: matched.filter((pair) => sides.some((side) => rules.takes(pair[side]))),
    ambiguous: ambiguous.filter(rules.takes),
  };
}

const titleOf = ({ title }: UnpairedItem) => title;

/** The items of both sides by what they share, in the order of the issues. */
function sharing(
  items: BySide<readonly UnpairedItem[]>,
  of: (item: UnpairedItem) => string | null,
): readonly BySide<readonly UnpairedItem[]>[] {
  const azure = Map.groupBy(items.azure, of);
  return [...Map.groupBy(items.jira, of)].flatMap(([value, jira]) =>
    value === null ? [] : [{ jira, azure: azure.get(value) ?? [] }],
  );
}

/** What several items share tells none of them from the others. */
function only(issues: readonly UnpairedItem[], workItems: readonly UnpairedItem[]): BySide<UnpairedItem> | null {
  const [[jira, ...moreIssues], [azure, ...moreWorkItems]] = [issues, workItems];
  return jira && azure && moreIssues.length + moreWorkItems.length === 0 ? { jira, azure } : null;
}

const differ = ({ jira, azure }: BySide<UnpairedItem>): boolean =>
  jira.linkValue !== null && azure.linkValue !== null && jira.linkValue !== azure.linkValue;
