// Finds the official API descriptions, which lie outside the repository, in a `shared/specs` folder beside it. They may be
// absent: then checks are off.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export const SPEC_FOLDER = fileURLToPath(new URL('../../../../shared/specs/', import.meta.url));

export const JIRA_DESCRIPTIONS = ['jira-cloud-v3.json'] as const;
/** Where two describe a schema of the same name, an addition's reference means the first. */
export const AZURE_DESCRIPTIONS = [
  'azure-devops-wit-7.1.json',
  'azure-devops-core-7.1.json',
  'azure-devops-hooks-7.1.json',
  'azure-devops-work-7.1.json',
  'azure-devops-graph-7.1.json',
  'azure-devops-ims-7.1.json',
] as const;

/** A loose schema: the descriptions' own form, converted by spec-schema.ts. */
export type RawSchema = Readonly<Record<string, unknown>>;

const rawSchema = z.record(z.string(), z.unknown());
const rawParameter = z.looseObject({
  name: z.string(),
  in: z.enum(['path', 'query', 'header', 'body', 'formData', 'cookie']),
  required: z.boolean().default(false),
  schema: rawSchema.optional(),
});
const rawContent = z.record(z.string(), z.looseObject({ schema: rawSchema.optional() }));
const rawOperation = z.looseObject({
  consumes: z.array(z.string()).default([]),
  parameters: z.array(z.union([z.strictObject({ $ref: z.string() }), rawParameter])).default([]),
  requestBody: z.looseObject({ required: z.boolean().default(false), content: rawContent }).optional(),
  responses: z.record(z.string(), z.looseObject({ content: rawContent.optional(), schema: rawSchema.optional() })),
});

const descriptionSchema = z.looseObject({
  openapi: z.string().optional(),
  swagger: z.string().optional(),
  paths: z.record(z.string(), z.record(z.string(), rawOperation)),
  components: z.looseObject({ schemas: z.record(z.string(), rawSchema) }).optional(),
  definitions: z.record(z.string(), rawSchema).optional(),
  parameters: z.record(z.string(), rawParameter).optional(),
});

export type Description = z.infer<typeof descriptionSchema>;
export type RawParameter = z.infer<typeof rawParameter>;

/** Undefined when a file is absent. Throws when one is there but is no API description. */
export function readDescriptions(
  names: readonly string[],
  folder: string = SPEC_FOLDER,
): readonly { name: string; description: Description }[] | undefined {
  if (!names.every((name) => existsSync(`${folder}/${name}`))) return undefined;
  return names.map((name) => {
    const parsed = descriptionSchema.safeParse(JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')));
    if (!parsed.success) throw new Error(`${name} is no API description: ${z.prettifyError(parsed.error)}`);
    return { name, description: parsed.data };
  });
}
