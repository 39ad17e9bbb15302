// One page of an issue's changelog, oldest first. What its histories mean is changelog.ts.

import type { z } from 'zod';
import { type JiraClient, segment } from './client.ts';
import { changelogPageSchema } from './schemas.ts';

/** Throws SyncFailure. */
export const changelogPage = (
  client: JiraClient,
  id: string,
  startAt: number,
  maxResults = 100,
): Promise<z.infer<typeof changelogPageSchema>> =>
  client.get(changelogPageSchema, {
    operation: 'GET issue/{id}/changelog',
    method: 'GET',
    path: `issue/${segment(id)}/changelog`,
    query: { startAt, maxResults },
    endpoint: 'read',
  });
