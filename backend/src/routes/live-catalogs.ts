// Types, fields and people of two projects straight from both sites, for pages that map them; kept for a minute in memory only.

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

export interface LiveCatalogs {
  /** Of now, or of a minute ago where that will do: a wizard asks for them at step after step. */
  load(caller: Caller, projects: ChosenProjects, howNew: 'now' | 'recent'): Promise<BySide<SideCatalog>>;
}

const recentMs = 60_000;
/** They are large. */
const mostKept = 20;

/** `load` throws SyncFailure, and Problem for a connection that is not the caller's. */
export function liveCatalogs(service: Service): LiveCatalogs {
  const kept = new Map<string, { readonly at: number; readonly catalogs: Promise<BySide<SideCatalog>> }>();

  async function loadNow(caller: Caller, projects: ChosenProjects): Promise<BySide<SideCatalog>> {
    const sides = await service.deps.openSides(await unsavedProfile(service, caller, projects));
    const [jira, azure] = await Promise.all([sides.jira.catalog.load(), sides.azure.catalog.load()]);
    return { jira, azure };
  }

  return {
    async load(caller, projects, howNew) {
      await azureConnection(service, caller.scope, projects.azureConnectionId);
      const { azureConnectionId, jiraProject, azureProject } = projects;
      const key = JSON.stringify([caller.scope.installationId, azureConnectionId, jiraProject, azureProject]);
      const now = service.deps.now();
      const known = kept.get(key);
      if (known && howNew === 'recent' && now - known.at < recentMs) return known.catalogs;
      const catalogs = loadNow(caller, projects);
      kept.delete(key);
      for (const oldest of [...kept.keys()].slice(0, kept.size - mostKept + 1)) kept.delete(oldest);
      kept.set(key, { at: now, catalogs });
      catalogs.catch(() => kept.delete(key));
      return catalogs;
    },
  };
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
