// The kinds of links between work items that an organization has, each with its two ends.

import { z } from 'zod';
import type { LinkTypeSchema } from '../sync/catalog.ts';
import type { AzureClient } from './client.ts';

const relationTypesSchema = z.object({
  value: z.array(
    z.object({
      referenceName: z.string(),
      name: z.string(),
      attributes: z
        .object({
          usage: z.string().optional(),
          enabled: z.boolean().optional(),
          oppositeEndReferenceName: z.string().optional(),
        })
        .optional(),
    }),
  ),
});

/** One call. Attachments, hyperlinks and links to commits or builds are no links between work items. */
export async function loadLinkTypes(client: AzureClient): Promise<readonly LinkTypeSchema[]> {
  const { value } = await client.call(
    {
      operation: 'GET workitemrelationtypes',
      method: 'GET',
      path: ['wit', 'workitemrelationtypes'],
      endpoint: 'read',
      scope: 'Work Items (Read)',
    },
    relationTypesSchema,
  );
  const names = new Map(value.map(({ referenceName, name }) => [referenceName, name]));
  return value
    .filter(({ attributes }) => attributes?.usage === 'workItemLink' && attributes.enabled !== false)
    .map(({ referenceName, name, attributes }) => ({
      id: referenceName,
      name,
      outward: name,
      inward: names.get(attributes?.oppositeEndReferenceName ?? referenceName) ?? name,
    }));
}
