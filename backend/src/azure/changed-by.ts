// Whose accounts ever changed a work item, by its updates: fields, relations, files and new comments.

import type { AzureClient } from './client.ts';
import { userOf } from './fields.ts';
import { updatePageSchema } from './wire.ts';

const pageSize = 200;

export async function changedBy(client: AzureClient, project: string, id: string): Promise<ReadonlySet<string>> {
  const accounts = new Set<string>();
  for (let skip = 0; ; skip += pageSize) {
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
    for (const { revisedBy } of page.value) accounts.add(revisedBy ? (userOf(revisedBy)?.id ?? '') : '');
    if (page.value.length < pageSize) return accounts;
  }
}
