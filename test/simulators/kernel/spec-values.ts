// Checks values of path and query parameters, which come as text.
import { z } from 'zod';
import type { Dialect } from './spec-schema.ts';

/** Undefined when the values are good; else what would be right. */
export type ValueCheck = (values: readonly string[]) => string | undefined;

const parameterSchema = z.looseObject({
  type: z.string().optional(),
  format: z.string().optional(),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  items: z.looseObject({ type: z.string().optional(), enum: z.array(z.string()).optional() }).optional(),
});
type ParameterSchema = z.infer<typeof parameterSchema>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function valueCheck(dialect: Dialect, schema: unknown): ValueCheck {
  const parsed = parameterSchema.safeParse(schema);
  if (!parsed.success) return () => undefined;
  const one = parsed.data;
  const list = listElement(one);
  return (values) => {
    if (list) {
      const elements = values.flatMap((value) => value.split(',')).filter((value) => value.trim() !== '');
      for (const element of elements) {
        const wrong = singleProblem(dialect, list, element.trim());
        if (wrong !== undefined) return `each must be ${wrong}`;
      }
      return undefined;
    }
    if (values.length > 1) return 'must be given once';
    const wrong = singleProblem(dialect, one, values[0] ?? '');
    return wrong === undefined ? undefined : `must be ${wrong}`;
  };
}

/** Lists come repeated or with commas; Microsoft writes them as strings of the format "array (int32)". */
function listElement(schema: ParameterSchema): ParameterSchema | undefined {
  if (schema.type === 'array') return schema.items ?? {};
  const of = /^array \((int32|string)\)$/.exec(schema.format ?? '')?.[1];
  if (of === undefined) return undefined;
  return of === 'int32' ? { type: 'integer' } : { type: 'string' };
}

function singleProblem(dialect: Dialect, schema: ParameterSchema, value: string): string | undefined {
  if (schema.enum) {
    const loosely = dialect === 'azure';
    const known = schema.enum.some((one) => one === value || (loosely && one.toLowerCase() === value.toLowerCase()));
    // Microsoft's own client sends an enum's number.
    if (known || (loosely && /^-?\d+$/.test(value))) return undefined;
    return `one of ${schema.enum.join(', ')}`;
  }
  switch (schema.type) {
    case 'integer': {
      if (!/^-?\d+$/.test(value)) return 'a whole number';
      if (schema.minimum !== undefined && Number(value) < schema.minimum) return `${schema.minimum} or more`;
      if (schema.maximum !== undefined && Number(value) > schema.maximum) return `${schema.maximum} or less`;
      return undefined;
    }
    case 'number':
      return value.trim() !== '' && Number.isFinite(Number(value)) ? undefined : 'a number';
    case 'boolean':
      return /^(true|false)$/i.test(value) ? undefined : 'true or false';
    default:
      if (schema.format === 'uuid' && !UUID.test(value)) return 'a UUID';
      if (schema.format === 'date-time' && Number.isNaN(Date.parse(value))) return 'a date and time';
      return undefined;
  }
}
