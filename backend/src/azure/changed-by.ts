// Whose accounts ever changed a work item, by its updates: fields, relations, files and new comments.

import type { AzureClient } from './client.ts';
import { userOf } from './fields.ts';
import { updatesOf } from './updates.ts';

export async function changedBy(client: AzureClient, project: string, id: string): Promise<ReadonlySet<string>> {
  const accounts = new Set<string>();
  for await (const { revisedBy } of updatesOf(client, project, id))
    accounts.add(revisedBy ? (userOf(revisedBy)?.id ?? '') : '');
  return accounts;
}
