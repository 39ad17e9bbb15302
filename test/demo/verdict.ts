// Judges the outcome of the story by what both services show: every item once on each side, and the two alike. Knows
// nothing of how Tandem keeps its pairs.

import type { ProfileSettings } from '../../forge-app/contract.ts';
import type { Seen, SeenFile, Side } from './seen.ts';

export interface Verdict {
  readonly items: number;
  readonly pairs: number;
  readonly duplicates: number;
  /** Items that the profile does not synchronize: restricted issues and types that it does not map. */
  readonly outside: number;
  readonly problems: readonly string[];
}

export interface Rules {
  readonly settings: Pick<ProfileSettings, 'types' | 'fields'>;
  /** Names of those whom work can be given to on a side. */
  readonly people: Readonly<Record<Side, ReadonlySet<string>>>;
}

export function judge(jira: readonly Seen[], azure: readonly Seen[], rules: Rules): Verdict {
  const { settings } = rules;
  const problems: string[] = [];
  const mapped = (item: Seen) => !item.restricted && settings.types.some((type) => type[item.side] === item.type);
  const inside = { jira: jira.filter(mapped), azure: azure.filter(mapped) };
  const titles = { jira: byTitle(inside.jira), azure: byTitle(inside.azure) };
  let duplicates = 0;
  for (const side of ['jira', 'azure'] as const) {
    for (const [title, items] of titles[side]) {
      if (items.length > 1) {
        duplicates += items.length - 1;
        problems.push(`${side}: ${items.map(({ key }) => key).join(', ')} are ${JSON.stringify(title)} twice`);
      }
    }
  }
  let pairs = 0;
  for (const [title, [issue]] of titles.jira) {
    const [workItem] = titles.azure.get(title) ?? [];
    if (!issue) continue;
    if (!workItem) problems.push(`${issue.key} ${JSON.stringify(title)} has no work item`);
    else {
      pairs += 1;
      problems.push(...differences(issue, workItem, rules));
    }
  }
  for (const [title, [workItem]] of titles.azure) {
    if (workItem && !titles.jira.has(title))
      problems.push(`work item ${workItem.key} ${JSON.stringify(title)} has no issue`);
  }
  return {
    items: inside.jira.length + inside.azure.length,
    pairs,
    duplicates,
    outside: jira.length + azure.length - inside.jira.length - inside.azure.length,
    problems,
  };
}

/** Titles are unique in the seed and in the story; both services trim them. */
function byTitle(items: readonly Seen[]): ReadonlyMap<string, readonly Seen[]> {
  const map = new Map<string, Seen[]>();
  for (const item of items) {
    const title = item.title.normalize('NFC').replaceAll(/\s+/g, ' ').trim();
    map.set(title, [...(map.get(title) ?? []), item]);
  }
  return map;
}

function differences(issue: Seen, workItem: Seen, { settings, people }: Rules): readonly string[] {
  const found: string[] = [];
  const name = `${issue.key} ↔ ${workItem.key}`;
  const type = settings.types.find(({ jira, azure }) => jira === issue.type && azure === workItem.type);
  const fits = type?.states.some(({ jira, azure }) => jira === issue.state && azure === workItem.state);
  if (!type) found.push(`${name}: ${issue.type} and ${workItem.type} are not mapped to each other`);
  else if (!fits) found.push(`${name}: ${issue.state} and ${workItem.state} do not mean the same`);
  const [a, b] = [wordsOf(adfText(issue.description)), wordsOf(htmlText(workItem.description))];
  const alike = similarity(a, b);
  if (alike < 0.9) found.push(`${name}: the descriptions share only ${Math.round(alike * 100)} % of their words`);
  if (issue.comments !== workItem.comments) {
    found.push(`${name}: ${issue.comments} and ${workItem.comments} comments`);
  }
  // Azure's editor uploads a picture without attaching it; in Jira every file of a text is attached.
  const attached = issue.files.filter((file) => !isShownIn(workItem, file) || hasFile(workItem, file));
  if (filesText(attached) !== filesText(workItem.files)) {
    found.push(`${name}: files differ: ${filesText(attached)} and ${filesText(workItem.files)}`);
  }
  if (tagsText(issue) !== tagsText(workItem)) {
    found.push(`${name}: labels ${tagsText(issue)} and tags ${tagsText(workItem)}`);
  }
  const priorities = settings.fields.find(({ jira }) => jira === 'priority')?.values ?? [];
  if (!priorities.some(({ jira, azure }) => jira === issue.priority && azure === workItem.priority)) {
    found.push(`${name}: priorities ${issue.priority} and ${workItem.priority} do not mean the same`);
  }
  // Somebody without an account on the other side stays assigned on one.
  const known = (item: Seen, there: Side) => item.assignee !== null && people[there].has(item.assignee.name);
  if ((known(issue, 'azure') || known(workItem, 'jira')) && issue.assignee?.name !== workItem.assignee?.name) {
    found.push(`${name}: assigned to ${issue.assignee?.name ?? 'nobody'} and ${workItem.assignee?.name ?? 'nobody'}`);
  }
  for (const [item, other] of [
    [issue, workItem],
    [workItem, issue],
  ] as const) {
    if (item.madeFrom !== null && item.madeFrom !== other.id) {
      found.push(`${name}: the marker of ${item.key} names ${item.madeFrom}`);
    }
  }
  return found;
}

const isShownIn = ({ description }: Seen, { name }: SeenFile): boolean =>
  typeof description === 'string' && description.includes(`fileName=${encodeURIComponent(name)}`);

const hasFile = ({ files }: Seen, { name }: SeenFile): boolean => files.some((file) => file.name === name);

const filesText = (files: readonly SeenFile[]) =>
  files.map(({ name, size }) => `${name} (${size} bytes)`).join(', ') || 'none';

/** A label has no spaces, a tag no case. */
const tagsText = ({ tags }: Seen) =>
  tags
    .map((tag) => tag.toLowerCase().replaceAll(/\s+/g, '_'))
    .sort()
    .join(', ') || 'none';

/** Every text of an ADF document, mentions and the like by what they show. */
export function adfText(node: unknown): string {
  if (typeof node !== 'object' || node === null) return '';
  const { type, text, attrs, content } = node as {
    type?: string;
    text?: string;
    attrs?: Record<string, unknown>;
    content?: unknown[];
  };
  const own = text ?? (type === 'mention' || type === 'status' ? String(attrs?.text ?? '') : '');
  return [own, ...(content ?? []).map(adfText)].filter((part) => part !== '').join(' ');
}

export const htmlText = (html: unknown): string =>
  typeof html === 'string'
    ? html
        .replaceAll(/<[^>]*>/g, ' ')
        .replaceAll('&nbsp;', ' ')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&#39;', "'")
        .replaceAll('&amp;', '&')
    : '';

const wordsOf = (text: string): readonly string[] =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];

/** Of the words of both together, how many each has as often as the other: 1 for the same words. */
function similarity(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 && b.length === 0) return 1;
  const counts = new Map<string, number>();
  for (const word of a) counts.set(word, (counts.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of b) {
    const left = counts.get(word) ?? 0;
    if (left > 0) shared += 1;
    counts.set(word, left - 1);
  }
  return (2 * shared) / (a.length + b.length);
}
