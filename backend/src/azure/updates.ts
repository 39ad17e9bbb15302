// A work item's updates, oldest first, a page a call.

import type { z } from 'zod';
import type { AzureClient } from './client.ts';
import { updatePageSchema, type updateSchema } from './wire.ts';

const pageSize = 200;

/** Without the first `skipped`. Throws SyncFailure. */
export async function* updatesOf(
  client: AzureClient,
  project: string,
  id: string,
  skipped = 0,
): AsyncGenerator<z.infer<typeof updateSchema>> {
  for (let skip = skipped; ; skip += pageSize) {
    const page = await client.call(
      {
        operation: 'GET workItems/{id}/updates',
        method: 'GET',
        path: ['wit', 'workItems', id, 'updates'],
        project,
        query: { $top: pageSize, $skip: skip },
        endpoint: 'read',
        scope: 'Work Items (Read)',
      },
      updatePageSchema,
    );
    yield* page.value;
    if (page.value.length < pageSize) return;
  }
}
