// The texts of an item's timeline; all others are in texts.ts.

import type { Side } from './contract.ts';
import type { Decision, FoundTimeline } from './contract-timeline.ts';

const sideNames = { jira: 'Jira', azure: 'Azure DevOps' } satisfies Record<Side, string>;

const whats: Readonly<Record<string, string>> = {
  created: 'Counterpart created',
  found: 'Counterpart found that a lost answer had hidden',
  linked: 'Two existing items linked',
  unlinked: 'Unlinked by a person',
  updated: 'Changes carried over',
  nothing: 'Nothing to do',
  failed: 'Something could not be synchronized',
  left: 'Left what the profile covers',
  returned: 'Came back into what the profile covers',
  retyped: 'Type changed',
  'handed-over': 'Went over to another profile',
  stopped: 'Held by the mass-change brake',
};
const triggers: Readonly<Record<string, string>> = {
  event: 'event',
  scan: 'regular look for changes',
  inventory: 'comparison of both lists',
  retry: 'new attempt',
  'initial-sync': 'initial sync',
  person: 'a person’s choice',
};
const operations: Readonly<Record<string, string>> = {
  create: 'created',
  update: 'updated',
  transition: 'moved',
  'add-comment': 'comment added',
  'update-comment': 'comment changed',
  'delete-comment': 'comment deleted',
  'add-attachment': 'file attached',
  'delete-attachment': 'file removed',
  'add-link': 'link added',
  'remove-link': 'link removed',
  mark: 'marked as no longer synchronized',
  unmark: 'mark taken away',
  close: 'closed',
  delete: 'deleted',
  restore: 'restored',
  retype: 'type changed',
};
const rules: Readonly<Record<string, string>> = {
  created: 'new item',
  'jira-changed': 'changed in Jira',
  'azure-changed': 'changed in Azure DevOps',
  'changed-alike': 'changed to the same on both sides',
  'conflict-jira': 'changed on both sides, Jira wins',
  'conflict-azure': 'changed on both sides, Azure DevOps wins',
  'conflict-newest': 'changed on both sides, the newest change wins',
  'conflict-ask': 'changed on both sides, waits for a choice',
  adopted: 'the same on both sides',
  seeded: 'compared for the first time, the seeding policy decides',
  'seed-ask': 'compared for the first time, waits for a choice',
  merged: 'changed on both sides, merged',
  'one-way': 'one-way',
  enforced: 'one-way, an edit of the target is undone',
  held: 'refused before, waits for another value',
  failed: 'cannot be synchronized',
};

const named = (mapping: string): string => mapping.split('~').join(' ↔ ');
const list = (parts: readonly string[]): string => (parts.length === 0 ? '' : `: ${parts.join(', ')}`);

/** `as Epic` of what was created, `from To Do to Done` of a state. */
function change(kind: string, from: string | null, to: string | null): string {
  if (to === null || to === '') return '';
  if (kind === 'create') return ` as ${to}`;
  if (kind.endsWith('-link')) return ` (${to})`;
  return from === null || from === '' ? ` to ${to}` : ` from ${from} to ${to}`;
}

export const timelineTexts = {
  title: 'Find an item',
  item: 'Issue or work item',
  itemHint: 'A key such as TAN-12, or a number such as 345',
  find: 'Find',
  none: 'Tandem does not know this item',
  noneWhy:
    'It is in no pair: no profile covers it, its filter leaves it out, or it waits for its first synchronization. Errors of such items are listed under Errors.',
  noIssue: 'no issue',
  noWorkItem: 'no work item',
  nothingYet: 'Nothing was decided in the last 30 days.',
  status: { creating: 'Being created', paired: 'Paired', orphaned: 'Not synchronized' } satisfies Record<
    FoundTimeline['status'],
    string
  >,
  what: (what: string) => whats[what] ?? what,
  seen: (seen: Decision['seen']) =>
    `because of ${seen
      .map(({ by, side, aspect }) =>
        [
          triggers[by] ?? by,
          ...(side === null ? [] : [`in ${sideNames[side]}`]),
          ...(aspect === null || aspect === 'any' ? [] : [`(${aspect})`]),
        ].join(' '),
      )
      .join(', ')}`,
  operation: ({ side, kind, fields, from, to, child }: Decision['operations'][number]) =>
    `${sideNames[side]}: ${operations[kind] ?? kind}${change(kind, from, to)}${child === null ? '' : ` (${child})`}${list(fields)}`,
  rule: (rule: string, mappings: readonly string[]) =>
    `${rules[rule] ?? rule}: ${mappings.map((mapping) => named(mapping)).join(', ')}`,
  code: (code: string, subject: string | null) => `${code}${subject === null ? '' : `: ${named(subject)}`}`,
  more: (n: number) => `and ${n.toLocaleString('en')} more`,
};
