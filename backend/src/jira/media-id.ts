// The id by which texts name an attachment's file: Jira's own answers don't tell it, the address of the content does.

import { type JiraClient, segment, unexpected } from './client.ts';

/**
 * Out of where `attachment/content/{id}` redirects to: `https://api.media.atlassian.com/file/{media id}/binary?…`. Nothing
 * documents it; every client that shows images in texts does so (sooperset/mcp-atlassian pull request 1402). Null where the
 * site sends no such redirect, or has no such attachment.
 */
export async function readMediaId(client: JiraClient, attachmentId: string): Promise<string | null> {
  const known = client.mediaIds.get(attachmentId);
  if (known !== undefined) return known;
  const call = {
    operation: 'GET attachment/content/{id} (address)',
    method: 'GET',
    path: `attachment/content/${segment(attachmentId)}`,
    headers: { accept: '*/*', range: 'bytes=0-0' },
    endpoint: 'media',
  } as const;
  const answer = await client.send(call);
  if (answer.status === 404) return null;
  if (answer.status >= 400) throw unexpected(call, answer);
  const id = /\/file\/([0-9a-f-]{36})(?:[/?]|$)/i.exec(answer.header('location') ?? '')?.[1]?.toLowerCase();
  if (id === undefined) return null;
  if (client.mediaIds.size >= mostKept) client.mediaIds.clear();
  client.mediaIds.set(attachmentId, id);
  return id;
}

/** They are kept with the pairs too: this only spares a call within a run. */
const mostKept = 10_000;
