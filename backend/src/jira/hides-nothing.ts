// Whether the project hides no issue from the synchronizer, so that one which can't be read has to have been deleted: Jira
// answers 404 for both. Rights in the project must be there as before, and no security level may hide single issues, which
// only an administrator of the project can see: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-permission-schemes/

import { z } from 'zod';
import { permissionsSchema } from './catalog-schemas.ts';
import { type JiraClient, segment } from './client.ts';

const styleSchema = z.object({ style: z.string().nullish() });

/** Three calls. False too where it can't be told. Throws SyncFailure when the site can't be reached. */
export async function hidesNothing(client: JiraClient, projectKey: string): Promise<boolean> {
  const get = { method: 'GET', endpoint: 'read' } as const;
  const rights = await client.send({
    ...get,
    operation: 'GET mypermissions',
    path: 'mypermissions',
    query: { projectKey, permissions: 'BROWSE_PROJECTS,ADMINISTER_PROJECTS' },
  });
  const parsed = permissionsSchema.safeParse(rights.json);
  const holds = (name: string) => parsed.data?.permissions[name]?.havePermission ?? false;
  if (rights.status >= 400 || !holds('BROWSE_PROJECTS') || !holds('ADMINISTER_PROJECTS')) return false;
  // In a team-managed project people restrict single issues without a scheme.
  const project = await client.send({
    ...get,
    operation: 'GET project/{key}',
    path: `project/${segment(projectKey)}`,
  });
  if (project.status >= 400 || styleSchema.safeParse(project.json).data?.style !== 'classic') return false;
  const scheme = await client.send({
    ...get,
    operation: 'GET project/{key}/issuesecuritylevelscheme',
    path: `project/${segment(projectKey)}/issuesecuritylevelscheme`,
  });
  return scheme.status === 404;
}
