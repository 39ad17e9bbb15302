// How many work items a filter takes, for the page on which it is typed.

import type { AzureClient } from './client.ts';
import { queryIds } from './queries.ts';
import { filterCondition, quote, selectIds } from './wiql.ts';

/** A query that finds more is an error of the service (VS402337): so many are told as "at least". */
export const mostCounted = 19_999;

/** At most `mostCounted`. Throws `invalid-value` with the service's words where it can't read the filter. */
export async function countItems(client: AzureClient, project: string, filter: string | undefined): Promise<number> {
  const conditions = [`[System.TeamProject] = ${quote(project)}`, filterCondition(filter)];
  return (await queryIds(client, project, selectIds(conditions), mostCounted)).length;
}
