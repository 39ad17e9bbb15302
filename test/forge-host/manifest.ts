// The parts of manifest.yml that the host acts by: what runs for a page, an event and a schedule is what the manifest says.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

export const root = join(import.meta.dirname, '../..');

const page = z.object({
  key: z.string(),
  title: z.string(),
  resource: z.string(),
  resolver: z.object({ function: z.string() }),
});

const manifestSchema = z.object({
  app: z.object({ id: z.string() }),
  modules: z.object({
    'jira:adminPage': z.array(page).min(1),
    'jira:issuePanel': z.array(page).min(1),
    trigger: z.array(
      z.object({
        key: z.string(),
        events: z.array(z.string()),
        function: z.string().optional(),
        endpoint: z.string().optional(),
      }),
    ),
    scheduledTrigger: z.array(
      z.object({
        key: z.string(),
        function: z.string().optional(),
        endpoint: z.string().optional(),
        interval: z.string(),
      }),
    ),
    endpoint: z.array(z.object({ key: z.string(), route: z.object({ path: z.string() }) })),
    function: z.array(z.object({ key: z.string(), handler: z.string() })),
  }),
  resources: z.array(z.object({ key: z.string(), path: z.string() })),
});
export type Manifest = z.infer<typeof manifestSchema>;

export const readManifest = (): Manifest =>
  manifestSchema.parse(parse(readFileSync(join(root, 'manifest.yml'), 'utf8')));

/** `forge-app/admin/index.tsx` */
export function resourcePath(manifest: Manifest, key: string): string {
  return found(manifest.resources, key).path;
}

/** `/forge/lifecycle` */
export function endpointPath(manifest: Manifest, key: string): string {
  return found(manifest.modules.endpoint, key).route.path;
}

/** The name of the export that runs for a function. */
export function handlerName(manifest: Manifest, functionKey: string): string {
  return found(manifest.modules.function, functionKey).handler.replace(/^index\./, '');
}

function found<T extends { readonly key: string }>(list: readonly T[], key: string): T {
  const entry = list.find((one) => one.key === key);
  if (entry === undefined) throw new Error(`manifest.yml has no ${key}`);
  return entry;
}
