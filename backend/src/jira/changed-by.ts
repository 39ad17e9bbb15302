// Whose accounts ever changed an issue, by its changelog: fields, links and files. Comments are no part of it.

import { changelogPage } from './changelog-page.ts';
import type { JiraClient } from './client.ts';

export async function changedBy(client: JiraClient, id: string): Promise<ReadonlySet<string>> {
  const accounts = new Set<string>();
  for (let startAt = 0; ; ) {
    const page = await changelogPage(client, id, startAt);
    // An account that was erased has no name left: it is somebody.
    for (const { author } of page.values) accounts.add(author?.id ?? '');
    startAt += page.values.length;
    if (page.values.length === 0 || startAt >= page.total) return accounts;
  }
}
