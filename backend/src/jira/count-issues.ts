// How many issues a filter takes, for the page on which it is typed.

import { z } from 'zod';
import { decode } from '../http/decode.ts';
import type { ChangedWithin } from '../sync/date-range.ts';
import type { JiraClient } from './client.ts';
import { changedWithin, composeJql } from './jql.ts';
import { searchRefused } from './search.ts';

/**
 * Jira's own estimate, which may lag behind the newest edits. Throws `invalid-value` with Jira's words where it can't read the filter.
 * https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/#api-rest-api-3-search-approximate-count-post
 */
export async function countIssues(
  client: JiraClient,
  project: string,
  filter: string | undefined,
  within: ChangedWithin = {},
): Promise<number> {
  const operation = 'POST search/approximate-count';
  const answer = await client.send({
    operation,
    method: 'POST',
    path: 'search/approximate-count',
    json: { jql: composeJql({ project, filter, and: changedWithin(within) }) },
    endpoint: 'search',
    safe: true,
  });
  if (answer.status >= 400) throw searchRefused(answer, operation);
  return decode(countSchema, answer, 'jira', operation).count;
}

const countSchema = z.object({ count: z.int() });
