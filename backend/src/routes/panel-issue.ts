// The issue that a panel is of, seen with the viewer's own token, and what Tandem knows of it.

import { z } from 'zod';
import type { JiraClient } from '../jira/client.ts';
import type { Pair } from '../reconcile/ports.ts';
import type { Service } from '../service.ts';
import type { ProfileRecord } from '../store/config-store.ts';
import type { Caller } from './caller.ts';
import { withUserToken } from './rights.ts';

/** Jira's id or key of the issue. */
export const issueParams = z.object({
  issueId: z.string().regex(/^(\d{1,19}|[A-Z][A-Z0-9_]{1,19}-\d{1,19})$/, 'an issue id or key'),
});

const issueSchema = z.object({
  id: z.string(),
  key: z.string(),
  fields: z.object({ project: z.object({ key: z.string() }) }),
});
export type PanelIssue = z.infer<typeof issueSchema>;

/** An issue that the viewer may not see does not exist here either. Throws SyncFailure, Problem. */
export const issueOf = (jira: JiraClient, issueId: string): Promise<PanelIssue> =>
  withUserToken(() =>
    jira.get(issueSchema, {
      operation: 'GET issue/{id}',
      method: 'GET',
      path: `issue/${encodeURIComponent(issueId)}`,
      query: { fields: 'project' },
      endpoint: 'read',
    }),
  );

/** The pair of the issue, and its profile; of an issue without a pair, the enabled profile of its project. */
export async function known(
  { config, state }: Pick<Service, 'config' | 'state'>,
  { scope, installation }: Pick<Caller, 'scope' | 'installation'>,
  issue: PanelIssue,
): Promise<{ readonly pair: Pair | null; readonly profile: ProfileRecord | null }> {
  const pair = await state.findPair(scope, installation.cloudId, 'jira', issue.id);
  const [covering] = await config.enabledProfiles(scope, { jiraProject: issue.fields.project.key });
  const id = pair?.profileId ?? covering?.id;
  return { pair, profile: id === undefined ? null : await config.profileRecord(scope, id) };
}
