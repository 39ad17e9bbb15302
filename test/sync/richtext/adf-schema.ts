// Validates documents against the JSON schema that Atlassian ships.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';

const require = createRequire(import.meta.url);
const schema: Record<string, unknown> = JSON.parse(
  readFileSync(require.resolve('@atlaskit/adf-schema/dist/json-schema/v1/full.json'), 'utf8'),
);
// The schema is of draft 4 and uses nothing that later drafts read differently but the `id` of the draft itself.
const { $schema: _, ...plain } = schema;
const validate = new Ajv({ strict: false, allErrors: false }).compile(plain);

/** Undefined for a valid document, else the first error. */
export function schemaError(doc: unknown): string | undefined {
  if (validate(doc)) return undefined;
  const error = validate.errors?.[0];
  return `${error?.instancePath} ${error?.message} ${JSON.stringify(doc).slice(0, 2000)}`;
}
