// Makes any number of further issues, each distinct, for benches: the same ones at every run. Straight into the store, telling nobody.
import type { AdfNode, IssueRecord } from './model.ts';
import { ISSUE_TYPES, PRIORITIES, PROJECT_ID } from './site.ts';
import { workflowOf } from './workflow.ts';
import type { World } from './world.ts';

const VERBS = [
  'Show',
  'Import',
  'Cache',
  'Validate',
  'Archive',
  'Merge',
  'Export',
  'Rename',
  'Throttle',
  'Index',
  'Translate',
];
const THINGS = [
  'delivery windows',
  'driver shifts',
  'vehicle logs',
  'stop groups',
  'cold-chain alarms',
  'tour drafts',
  'toll fees',
];
const PLACES = [
  'on the dispatch board',
  'in the driver app',
  'for the Kyiv depot',
  'in the nightly report',
  'over the partner API',
];
const LABELS = ['routing', 'mobile', 'billing', 'observability', 'tech-debt', 'a11y', 'küche', 'データ'];
const MINUTE = 60_000;

const pick = <T>(list: readonly T[], place: number, fallback: T): T => list[place % list.length] ?? fallback;

/** Returns the keys of the first and last. */
export function generateIssues(world: World, count: number): { readonly first: string; readonly last: string } {
  const { store, index } = world;
  const now = world.clock.now();
  const people = [...store.people.values()].filter(({ active, accountType }) => active && accountType === 'atlassian');
  const reporters = people.map(({ accountId }) => accountId);
  let first = '';
  let last = '';
  for (let place = 0; place < count; place += 1) {
    const number = store.nextNumber(PROJECT_ID);
    const type = pick(
      ISSUE_TYPES.filter(({ level }) => level === 0),
      place,
      ISSUE_TYPES[1] ?? { id: '10001' },
    );
    const created = now - (count - place) * MINUTE;
    const reporter = pick(reporters, place * 7, '');
    const issue: IssueRecord = {
      id: store.nextId('issue'),
      projectId: PROJECT_ID,
      number,
      typeId: type.id,
      statusId: workflowOf(type.id).initialStatus,
      created,
      updated: created,
      statusChanged: created,
      creator: reporter,
      values: {
        summary: `${pick(VERBS, place, '')} ${pick(THINGS, place * 3, '')} ${pick(PLACES, place * 5, '')}, part ${number}`,
        description: description(place, number),
        priority: pick(
          PRIORITIES.map(({ id }) => id),
          place,
          '3',
        ),
        labels: [...new Set([pick(LABELS, place, ''), pick(LABELS, place * 3 + 1, '')])].sort(),
        reporter,
        ...(place % 3 === 0 ? {} : { assignee: pick(reporters, place, '') }),
      },
    };
    store.putIssue(issue);
    index.changed(issue);
    last = store.keyOf(issue);
    if (place === 0) first = last;
  }
  return { first, last };
}

const paragraph = (text: string): AdfNode => ({ type: 'paragraph', content: [{ type: 'text', text }] });

function description(place: number, number: number): AdfNode {
  return {
    version: 1,
    type: 'doc',
    content: [
      paragraph(
        `Case ${number}: ${pick(THINGS, place, '')} ${pick(PLACES, place, '')} must come out within ${2 + (place % 9)} seconds.`,
      ),
      {
        type: 'bulletList',
        content: [3, 5, 7].map((step) => ({
          type: 'listItem',
          content: [
            paragraph(`${pick(VERBS, place * step, '')} ${pick(THINGS, place + step, '')} (${number}-${step})`),
          ],
        })),
      },
    ],
  };
}
