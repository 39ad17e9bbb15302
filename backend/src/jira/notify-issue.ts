// Has Jira mail those who follow an issue. Nothing of the issue is read or changed.

import { escapeText } from '../sync/richtext/html-text.ts';
import { type JiraClient, segment, unexpected } from './client.ts';

/**
 * To reporter, assignee and watchers; Jira leaves out the account that asks, and refuses (400) when nobody is left. Throws
 * SyncFailure. https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-notify-post
 */
export async function notifyIssue(
  client: JiraClient,
  key: string,
  { title, lines }: { readonly title: string; readonly lines: readonly string[] },
): Promise<void> {
  const call = {
    operation: 'POST issue/{id}/notify',
    method: 'POST',
    path: `issue/${segment(key)}/notify`,
    endpoint: 'write',
    json: {
      subject: title,
      textBody: lines.join('\n\n'),
      htmlBody: lines.map((line) => `<p>${escapeText(line)}</p>`).join(''),
      to: { reporter: true, assignee: true, watchers: true, voters: false },
    },
  } as const;
  const answer = await client.send(call);
  if (answer.status >= 400) throw unexpected(call, answer);
}
