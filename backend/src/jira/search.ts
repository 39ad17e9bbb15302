// One page of a JQL search, and what its refusal means: a filter that Jira can't read, or a project that the account can't see.

import type { z } from 'zod';
import { decode } from '../http/decode.ts';
import { maskDetail } from '../http/mask.ts';
import type { HttpAnswer } from '../http/transport.ts';
import { SyncFailure, syncError } from '../sync/errors.ts';
import type { JiraClient } from './client.ts';
import { errorCollectionSchema, searchPageSchema } from './schemas.ts';

export interface SearchRequest {
  readonly jql: string;
  readonly fields: readonly string[];
  readonly maxResults: number;
  readonly nextPageToken?: string | undefined;
  /** Issues that the index must be up to date about; at most 50. */
  readonly reconcileIssues?: readonly number[];
}

export type SearchPage = z.infer<typeof searchPageSchema>;

export async function searchIssues(client: JiraClient, request: SearchRequest): Promise<SearchPage> {
  const operation = 'POST search/jql';
  const answer = await client.send({
    operation,
    method: 'POST',
    path: 'search/jql',
    json: request,
    endpoint: 'search',
    safe: true,
  });
  if (answer.status < 400) return decode(searchPageSchema, answer, 'jira', operation);
  throw searchRefused(answer, operation);
}

/** What a refused search means, by Jira's own sentences. */
export function searchRefused(answer: HttpAnswer, operation: string): SyncFailure {
  const parsed = errorCollectionSchema.safeParse(answer.json);
  const messages = parsed.success ? (parsed.data.errorMessages ?? []) : [];
  return new SyncFailure(refusal(messages.join(' '), `${operation}: HTTP ${answer.status}.`), { mayHaveLanded: false });
}

/** Jira's sentences name the field or value of the query, which is the admin's own configuration. */
function refusal(message: string, unexplained: string) {
  const detail = message === '' ? unexplained : maskDetail(message, []);
  if (/nextPageToken/i.test(message)) return syncError('unavailable', { side: 'jira', value: 'page', detail });
  if (/for the field 'project'/i.test(message)) {
    return syncError('connection-forbidden', { side: 'jira', value: 'BROWSE_PROJECTS', detail });
  }
  return syncError('invalid-value', {
    side: 'jira',
    level: 'profile',
    retry: 'on-admin',
    field: 'jira.filter',
    detail,
  });
}

/** The token of the next page; undefined on the last. */
export const nextPage = (page: SearchPage): string | undefined =>
  page.isLast === true || page.issues.length === 0 ? undefined : page.nextPageToken;
