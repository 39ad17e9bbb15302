// What a project offers: implements the engine's Catalog for Azure DevOps.

import type { Catalog } from '../reconcile/ports.ts';
import { checkConnection } from './check.ts';
import type { AzureClient } from './client.ts';
import { loadLinkTypes } from './link-types.ts';
import { loadNodes, withNodes } from './nodes.ts';
import { loadPeople } from './people.ts';
import { loadTypes } from './types.ts';
import { projectSchema, projectsSchema } from './wire.ts';

/** 60 MB an attachment; no call tells it (learn.microsoft.com, "Work tracking, process, and project limits"). */
export const maxAttachmentSize = 60 * 1024 * 1024;

const pageSize = 100;

export function createCatalog(client: AzureClient, project: string | undefined): Catalog {
  return {
    async load() {
      if (project === undefined) throw new TypeError('A catalog is of one project.');
      const [found, types, nodes, people, linkTypes] = await Promise.all([
        client.call(
          {
            operation: 'GET projects/{id}',
            method: 'GET',
            path: ['projects', project],
            endpoint: 'read',
            scope: 'Project and Team (Read)',
          },
          projectSchema,
        ),
        loadTypes(client, project),
        loadNodes(client, project),
        loadPeople(client, project),
        loadLinkTypes(client),
      ]);
      return {
        side: 'azure',
        project: { id: found.id, key: found.name, name: found.name },
        types: withNodes(types, nodes),
        people,
        linkTypes,
        maxAttachmentSize,
      };
    },

    check: () => checkConnection(client, project),

    async projects() {
      const found: { id: string; key: string; name: string }[] = [];
      for (let skip = 0; ; skip += pageSize) {
        const page = await client.call(
          {
            operation: 'GET projects',
            method: 'GET',
            path: ['projects'],
            query: { $top: pageSize, $skip: skip, stateFilter: 'wellFormed' },
            endpoint: 'read',
            scope: 'Project and Team (Read)',
          },
          projectsSchema,
        );
        found.push(...page.value.map(({ id, name }) => ({ id, key: name, name })));
        if (page.value.length < pageSize) return found;
      }
    },
  };
}
