// Renames a sprint or version and sets its days; making one is planning.ts' work.
// https://developer.atlassian.com/cloud/jira/software/rest/api-group-sprint/#api-rest-agile-1-0-sprint-sprintid-post

import { type SyncError, SyncFailure, syncError } from '../sync/errors.ts';
import type { NodeChange } from '../sync/planning-changes.ts';
import { type JiraCall, type JiraClient, segment } from './client.ts';

/** Null when it was done; the error when Jira refuses. */
export async function changeOption(client: JiraClient, change: NodeChange): Promise<SyncError | null> {
  const call = callFor(change);
  if (call === null) return null;
  try {
    const answer = await client.send(call);
    if (answer.status < 400) return null;
    return syncError('invalid-value', {
      side: 'jira',
      field: change.field,
      detail: `${call.operation}: ${answer.status}`,
    });
  } catch (thrown) {
    if (!(thrown instanceof SyncFailure) || thrown.error.code !== 'forbidden') throw thrown;
    return thrown.error;
  }
}

function callFor({ native, node: { id }, name, dates }: NodeChange): JiraCall | null {
  if (id === undefined) return null;
  const named = name === undefined ? {} : { name };
  switch (native) {
    case 'sprint':
      return {
        operation: 'agile POST sprint/{id}',
        method: 'POST',
        api: 'agile',
        path: `sprint/${segment(id)}`,
        json: {
          ...named,
          ...(dates ? { startDate: `${dates.start}T00:00:00.000Z`, endDate: `${dates.end}T23:59:00.000Z` } : {}),
        },
        endpoint: 'write',
      };
    case 'version':
      return {
        operation: 'PUT version/{id}',
        method: 'PUT',
        path: `version/${segment(id)}`,
        json: { ...named, ...(dates ? { startDate: dates.start, releaseDate: dates.end } : {}) },
        endpoint: 'write',
      };
    default:
      return null;
  }
}
