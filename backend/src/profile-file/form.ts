// The form of profile.yml: the profile's settings, with each side's address and credentials beside its project. What is
// wrong with a given one is told by path, in words.

import { z } from 'zod';
import { nearest } from '../sync/nearest.ts';
import { profileSchema } from '../sync/profile.ts';

export const profileFileSchema = z.strictObject({
  ...profileSchema.shape,
  name: profileSchema.shape.name.optional(),
  jira: profileSchema.shape.jira.extend({
    url: z.string().min(1).optional(),
    email: z.string().min(1).optional(),
    token: z.string().min(1).optional(),
  }),
  azure: profileSchema.shape.azure.extend({
    url: z.string().min(1).optional(),
    pat: z.string().min(1).optional(),
  }),
});
export type ProfileFileContent = z.infer<typeof profileFileSchema>;

export interface FormProblem {
  readonly path: string;
  /** Whether the key itself is wrong, and not its value. */
  readonly key: boolean;
  readonly problem: string;
  readonly remedy: string;
}

/** Values of these are never repeated in a message. */
const secret = /^(jira\.(token|email)|azure\.pat)$/;

/** Of one file: more help nobody, and finding their places takes time. */
export const mostProblems = 100;

export function formProblems(error: z.ZodError, input: unknown): readonly FormProblem[] {
  return error.issues
    .slice(0, mostProblems)
    .flatMap((issue) => issueProblems(issue, input))
    .slice(0, mostProblems);
}

type Issue = z.core.$ZodIssue;

function issueProblems(issue: Issue, input: unknown): readonly FormProblem[] {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(issue.path);
    return issue.keys.slice(0, mostProblems).map((name) => ({
      path: path === '' ? name : `${path}.${name}`,
      key: true,
      problem: `Unknown key "${name}".`,
      remedy: unknownKeyRemedy(name, known),
    }));
  }
  const value = valueAt(input, issue.path);
  if (value === undefined) {
    return [{ path, key: true, problem: 'It is missing.', remedy: missingRemedy(issue) }];
  }
  const shown = secret.test(path) ? 'The value' : shownValue(value);
  return [{ path, key: false, ...wrongValue(issue, shown, value) }];
}

function unknownKeyRemedy(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  if (near.length > 0) return `Did you mean ${near.map((key) => `"${key}"`).join(' or ')}?`;
  return known.length === 0 ? 'Take it out.' : `Known here: ${known.join(', ')}.`;
}

const missingRemedy = (issue: Issue): string =>
  issue.code === 'invalid_value' ? `Use one of: ${issue.values.join(', ')}.` : 'Add it.';

function wrongValue(issue: Issue, shown: string, value: unknown): { problem: string; remedy: string } {
  switch (issue.code) {
    case 'invalid_value':
      return { problem: `${shown} is not allowed.`, remedy: `Use one of: ${issue.values.join(', ')}.` };
    case 'invalid_type': {
      const quotes = issue.expected === 'string' && ['number', 'boolean'].includes(typeof value);
      return {
        problem: `${shown} is ${typeName(value)}, and ${expectedName(issue.expected)} is needed.`,
        remedy: quotes ? 'Put it in quotes.' : 'Correct it.',
      };
    }
    case 'invalid_format':
      return { problem: `${shown} does not have the right form.`, remedy: `Needed: ${formOf(issue)}.` };
    case 'too_small':
      return { problem: `${shown} is too small.`, remedy: `At least ${issue.minimum} ${unitOf(issue.origin)}needed.` };
    case 'too_big':
      return { problem: `${shown} is too large.`, remedy: `At most ${issue.maximum} ${unitOf(issue.origin)}allowed.` };
    case 'invalid_union':
      return {
        problem: `${shown} is none of the allowed forms.`,
        remedy: issue.path.some((part) => typeof part === 'string' && part.startsWith('unmapped'))
          ? 'Use skip, error, or { set: { jira: …, azure: … } }.'
          : 'Use a text, a number or a list of texts.',
      };
    default:
      return { problem: `${shown} is not allowed.`, remedy: `${issue.message}.` };
  }
}

const formOf = (issue: Issue): string => issue.message.replace(/^Invalid string: /, '');

const unitOf = (origin: string) => (origin === 'string' ? 'characters ' : origin === 'array' ? 'entries ' : '');

const shownValue = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

const typeName = (value: unknown): string => {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : `a ${typeof value}`;
};

const expectedNames: Readonly<Record<string, string>> = {
  string: 'a text',
  object: 'a map',
  array: 'a list',
  int: 'a whole number',
};
const expectedName = (expected: string): string => expectedNames[expected] ?? `a ${expected}`;

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined,
    input,
  );
}

/** The keys that the schema has at a path. */
function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  let schema: unknown = profileFileSchema;
  for (const part of path) schema = step(unwrapped(schema), part);
  const found = unwrapped(schema);
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
}

function step(schema: unknown, part: PropertyKey): unknown {
  if (schema instanceof z.ZodObject) return schema.shape[part as string];
  if (schema instanceof z.ZodArray) return schema.element;
  return undefined;
}

function unwrapped(schema: unknown): unknown {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault) {
    return unwrapped(schema.unwrap());
  }
  if (schema instanceof z.ZodUnion)
    return schema.options.map(unwrapped).find((option) => option instanceof z.ZodObject);
  return schema;
}
