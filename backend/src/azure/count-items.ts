// How many work items a filter takes, for the pages on which it is typed and an initial sync is begun.

import type { ChangedWithin } from '../sync/date-range.ts';
import type { AzureClient } from './client.ts';
import { commonIds } from './common-ids.ts';
import { queryIds } from './queries.ts';
import { changedWithin, filterCondition, quote, selectIds } from './wiql.ts';

/** A query that finds more is an error of the service (VS402337): so many are told as "at least". */
export const mostCounted = 19_999;

/** At most `mostCounted`. Throws `invalid-value` with the service's words where it can't read the filter. */
export async function countItems(client: AzureClient, project: string, filter: string | undefined): Promise<number> {
  const conditions = [`[System.TeamProject] = ${quote(project)}`, filterCondition(filter)];
  return (await queryIds(client, project, selectIds(conditions), mostCounted)).length;
}

/** Those of them that changed last in that time; the filter is asked apart, as its dates would be instants too. */
export async function countChanged(
  client: AzureClient,
  project: string,
  filter: string | undefined,
  within: ChangedWithin,
): Promise<number> {
  const find = (after: number, conditions: readonly (string | undefined)[], timePrecision: boolean) => {
    const home = [`[System.TeamProject] = ${quote(project)}`, `[System.Id] > ${after}`];
    return queryIds(client, project, selectIds([...home, ...conditions]), mostCounted, timePrecision);
  };
  let count = 0;
  for (let after = 0; ; ) {
    const changed = find(after, changedWithin(within), true);
    const taken = filter === undefined ? [] : [find(after, [filterCondition(filter)], false)];
    const { ids, next } = commonIds(await Promise.all([changed, ...taken]), mostCounted);
    count += ids.length;
    if (next === undefined || count >= mostCounted) return Math.min(count, mostCounted);
    after = next;
  }
}
