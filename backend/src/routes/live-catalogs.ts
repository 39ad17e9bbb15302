// Types, fields and people of two projects straight from both sites: a page that maps wants what is there now, and stores nothing.

import type { SideCatalog } from '../reconcile/ports.ts';
import type { Service } from '../service.ts';
import type { BySide } from '../sync/model.ts';
import { type Profile, profileSchema } from '../sync/profile.ts';
import { appConnection, type Caller } from './caller.ts';
import { azureConnection } from './connections.ts';

export interface ChosenProjects {
  readonly jiraProject: string;
  readonly azureConnectionId: string;
  readonly azureProject: string;
}

/** Throws SyncFailure, and Problem for a connection that is not the caller's. */
export async function liveCatalogs(
  service: Service,
  caller: Caller,
  projects: ChosenProjects,
): Promise<BySide<SideCatalog>> {
  await azureConnection(service, caller.scope, projects.azureConnectionId);
  const sides = await service.deps.openSides(await unsavedProfile(service, caller, projects));
  const [jira, azure] = await Promise.all([sides.jira.catalog.load(), sides.azure.catalog.load()]);
  return { jira, azure };
}

async function unsavedProfile(
  service: Service,
  { scope, installation, claims }: Caller,
  projects: ChosenProjects,
): Promise<Profile> {
  return {
    id: `draft:${scope.installationId}`,
    installationId: scope.installationId,
    jiraConnectionId: await appConnection(service, installation, claims),
    azureConnectionId: projects.azureConnectionId,
    status: 'draft',
    revision: 0,
    settings: profileSchema.parse({
      name: 'Draft',
      jira: { project: projects.jiraProject },
      azure: { project: projects.azureProject },
      types: [{ jira: 'Task', azure: 'Task' }],
      fields: [{ jira: 'summary', azure: 'System.Title', kind: 'text' }],
    }),
  };
}
