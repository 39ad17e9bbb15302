// Turns the descriptions' schemas (OpenAPI 3.0, Swagger 2 as Microsoft generates it) into JSON Schema that ajv runs.
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormatsModule from 'ajv-formats';
import type { Description, RawSchema } from './spec-files.ts';

export type Dialect = 'jira' | 'azure';
/** Azure reads enum values of requests as numbers or in any case; what it answers is exact. */
export type Direction = 'request' | 'answer';

export type SchemaCheck = (value: unknown) => readonly string[];

export interface SchemaSet {
  /** `home` names the description that the schema's references mean; without it the first that has the name. */
  compile(schema: unknown, direction: Direction, home?: string): SchemaCheck;
}

const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default;
const SHOWN_PROBLEMS = 8;

export function createSchemaSet(
  dialect: Dialect,
  descriptions: readonly { name: string; description: Description }[],
  replaced: ReadonlyMap<string, unknown>,
): SchemaSet {
  const homes = descriptions.map(({ name, description }) => ({
    name,
    schemas: { ...(description.components?.schemas ?? description.definitions ?? {}) } as Record<string, unknown>,
  }));
  for (const [schemaName, schema] of replaced) {
    const having = homes.filter((home) => schemaName in home.schemas);
    if (having.length === 0) throw new Error(`an addition replaces the schema ${schemaName}, which no description has`);
    for (const home of having) home.schemas[schemaName] = schema;
  }

  const engines = new Map<Direction, Ajv>();
  const engine = (direction: Direction): Ajv => {
    const existing = engines.get(direction);
    if (existing) return existing;
    const ajv = createAjv(dialect);
    for (const home of homes) {
      const $defs = Object.fromEntries(
        Object.entries(home.schemas).map(([name, schema]) => [
          name,
          convert(schema, { dialect, direction, refer: (target) => refer(target, home.name) }),
        ]),
      );
      ajv.addSchema({ $id: home.name, $defs });
    }
    engines.set(direction, ajv);
    return ajv;
  };

  const refer = (reference: string, home: string | undefined): string => {
    const name = /^#\/(?:components\/schemas|definitions)\/(.+)$/.exec(reference)?.[1];
    const owner =
      name === undefined
        ? undefined
        : homes.find((candidate) => name in candidate.schemas && (home === undefined || candidate.name === home));
    if (name === undefined || !owner) throw new Error(`no description has ${reference}`);
    return `${owner.name}#/$defs/${name}`;
  };

  return {
    compile(schema, direction, home) {
      const ajv = engine(direction);
      const converted = convert(schema, { dialect, direction, refer: (target) => refer(target, home) });
      let validate: ValidateFunction | undefined;
      return (value) => {
        validate ??= ajv.compile(converted as RawSchema);
        return validate(value) ? [] : problemsOf(validate.errors ?? []);
      };
    },
  };
}

function problemsOf(errors: readonly ErrorObject[]): string[] {
  const shown = errors.slice(0, SHOWN_PROBLEMS).map((error) => {
    const extra =
      error.keyword === 'additionalProperties'
        ? `: ${String(error.params.additionalProperty)}`
        : error.keyword === 'enum'
          ? `: ${JSON.stringify(error.params.allowedValues)}`
          : '';
    return `${error.instancePath === '' ? 'the body' : error.instancePath} ${error.message ?? 'is wrong'}${extra}`;
  });
  const more = errors.length - shown.length;
  return more > 0 ? [...shown, `and ${more} more`] : shown;
}

function createAjv(dialect: Dialect): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false, discriminator: false });
  addFormats(ajv);
  // Jira writes offsets without a colon ("+0000"); RFC 3339 wants one. Both are taken.
  const dateTime =
    dialect === 'jira'
      ? /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/
      : /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
  ajv.addFormat('date-time', dateTime);
  for (const loose of ['url', 'decimal', 'Stream', 'T', 'array (int32)', 'array (string)', 'uri'])
    ajv.addFormat(loose, true);
  ajv.addKeyword({
    keyword: 'enumLoosely',
    validate: (allowed: readonly string[], value: unknown) =>
      typeof value === 'number'
        ? Number.isInteger(value)
        : typeof value === 'string' && allowed.some((one) => one.toLowerCase() === value.toLowerCase()),
    errors: false,
  });
  return ajv;
}

interface Conversion {
  readonly dialect: Dialect;
  readonly direction: Direction;
  readonly refer: (reference: string) => string;
}

const NESTED = ['items', 'additionalProperties', 'not'] as const;
const NESTED_LISTS = ['allOf', 'anyOf', 'oneOf'] as const;
const NESTED_MAPS = ['properties', 'patternProperties', '$defs'] as const;
const KEPT = [
  'type',
  'required',
  'format',
  'pattern',
  'const',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'propertyNames',
] as const;

function convert(schema: unknown, how: Conversion): unknown {
  if (typeof schema === 'boolean') return schema;
  if (!isRecord(schema)) throw new Error('a schema is an object, true or false');
  if (typeof schema.$ref === 'string') return { $ref: how.refer(schema.$ref) };
  // Microsoft's generator writes `object` without properties where any value may stand (a field's value, a patch's value).
  if (how.dialect === 'azure' && isAnyOfMicrosoft(schema)) return true;

  const result: Record<string, unknown> = {};
  for (const key of KEPT) if (key in schema) result[key] = schema[key];
  for (const key of NESTED) if (key in schema) result[key] = convert(schema[key], how);
  for (const key of NESTED_LISTS) {
    const list = schema[key];
    if (Array.isArray(list)) result[key] = list.map((one) => convert(one, how));
  }
  for (const key of NESTED_MAPS) {
    const map = schema[key];
    if (isRecord(map)) {
      result[key] = Object.fromEntries(Object.entries(map).map(([name, one]) => [name, convert(one, how)]));
    }
  }
  if (Array.isArray(schema.enum)) {
    if (how.dialect === 'azure' && how.direction === 'request') result.enumLoosely = schema.enum;
    else result.enum = schema.enum;
  }
  const composed = NESTED_LISTS.some((key) => key in result);
  if (composed) {
    // Microsoft's array types are `object` beside an allOf of an array; Atlassian's unions forbid their own members' properties.
    if (how.dialect === 'azure') delete result.type;
    if (result.additionalProperties === false) delete result.additionalProperties;
  }
  return schema.nullable === true ? { anyOf: [{ type: 'null' }, result] } : result;
}

function isAnyOfMicrosoft(schema: RawSchema): boolean {
  return (
    schema.type === 'object' &&
    !['properties', 'allOf', 'additionalProperties', 'required'].some((key) => key in schema)
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
