// Finds the issue that a create made whose answer was lost: by search, then without the search index, which lags.

import type { CreateIntent } from '../reconcile/ports.ts';
import type { ItemSnapshot } from '../sync/model.ts';
import { composeJql } from './jql.ts';
import { bulkSize, fetchItems, type ReaderOptions } from './reader.ts';
import { nextPage, type SearchPage, searchIssues } from './search.ts';

/** Our clock and the server's may differ by as much. */
const clockSlackMs = 10 * 60_000;
const searchPageSize = 100;
/** So many searched issues at most; a busier account is left to the look at the keys. */
const searchLimit = 1000;

/** Null when no issue with the intent's token is there. Only issues that our own account created count. */
export async function createdSince(options: ReaderOptions, intent: CreateIntent): Promise<ItemSnapshot | null> {
  return (await bySearch(options, intent)) ?? (await byKeys(options, intent));
}

async function bySearch(options: ReaderOptions, intent: CreateIntent): Promise<ItemSnapshot | null> {
  const { client, settings } = options;
  const jql = composeJql({
    project: settings.jira.project,
    and: ['creator = currentUser()', `created >= ${Math.max(0, intent.at - clockSlackMs)}`],
    order: 'created ASC',
  });
  let next: string | undefined;
  for (let seen = 0; seen < searchLimit; ) {
    const page: SearchPage = await searchIssues(client, {
      jql,
      fields: ['id'],
      maxResults: searchPageSize,
      nextPageToken: next,
    });
    // The index may serve old properties: they are read from the store.
    const items = await fetchItems(
      options,
      page.issues.map(({ id }) => id),
    );
    const found = await ownWithToken(options, items, intent);
    if (found) return found;
    seen += page.issues.length;
    next = nextPage(page);
    if (next === undefined) break;
  }
  return null;
}

/** Keys are given out one after another: those after the highest known are read until a whole page of them is empty. */
async function byKeys(options: ReaderOptions, intent: CreateIntent): Promise<ItemSnapshot | null> {
  const project = options.settings.jira.project;
  const start = await highestNumber(options, intent.highestKnown);
  for (let number = start + 1; ; number += bulkSize) {
    const keys = Array.from({ length: bulkSize }, (_, index) => `${project}-${number + index}`);
    const items = await fetchItems(options, keys);
    const found = await ownWithToken(options, items, intent);
    if (found) return found;
    if (items.length === 0) return null;
  }
}

/** The number in the key of the highest known issue, else of the newest that the index shows. */
async function highestNumber(options: ReaderOptions, highestKnown: string | null): Promise<number> {
  const { client, settings } = options;
  const project = settings.jira.project;
  if (highestKnown !== null) {
    const [known] = await fetchItems(options, [highestKnown]);
    const number = known && numberIn(known.key, project);
    if (number) return number;
  }
  const page = await searchIssues(client, {
    jql: composeJql({ project, order: 'key DESC' }),
    fields: ['key'],
    maxResults: 1,
  });
  // The index takes issues in roughly, not exactly, in the order of their keys. A project that looks empty starts at its first.
  return Math.max(0, (numberIn(page.issues[0]?.key ?? '', project) ?? 0) - bulkSize);
}

function numberIn(key: string, project: string): number | null {
  const number = key.startsWith(`${project}-`) ? key.slice(project.length + 1) : '';
  return /^\d+$/.test(number) ? Number(number) : null;
}

async function ownWithToken(
  options: ReaderOptions,
  items: readonly ItemSnapshot[],
  intent: CreateIntent,
): Promise<ItemSnapshot | null> {
  const matching = items.filter((item) => item.marker?.token === intent.token);
  if (matching.length === 0) return null;
  const accountId = await options.client.accountId();
  return matching.find((item) => item.createdBy?.id === accountId) ?? null;
}
