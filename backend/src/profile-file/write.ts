// Writes stored settings as a profile file: only what differs from the defaults, no secret, and the line by which editors
// find the schema. The commented file that `tandem init` suggests is cli/profile-text.ts'.

import { isDeepStrictEqual } from 'node:util';
import { stringify } from 'yaml';
import { type ProfileSettings, profileSchema } from '../sync/profile.ts';

export interface Sites {
  readonly jira?: string;
  readonly azure?: string;
}

/** https://github.com/redhat-developer/yaml-language-server#using-inlined-schema */
export const schemaLine = (address: string): string => `yaml-language-server: $schema=${address}`;

export function profileYaml(settings: ProfileSettings, sites: Sites, schema: string | null): string {
  const { name, jira, azure, ...rest } = withoutDefaults(settings);
  const content = {
    name,
    jira: { ...(sites.jira === undefined ? {} : { url: sites.jira }), ...jira },
    azure: { ...(sites.azure === undefined ? {} : { url: sites.azure }), ...azure },
    ...rest,
  };
  const head = schema === null ? '' : `# ${schemaLine(schema)}\n`;
  return `${head}${stringify(content, { lineWidth: 120 })}`;
}

/** What stays the same when it is left out goes, at any depth; the order of what remains is kept. */
function withoutDefaults(settings: ProfileSettings): ProfileSettings {
  const expected = plainOf(profileSchema.parse(settings));
  const isSame = (candidate: unknown): boolean => {
    const parsed = profileSchema.safeParse(candidate);
    return parsed.success && isDeepStrictEqual(plainOf(parsed.data), expected);
  };
  return prune(plainOf(settings), [], isSame) as ProfileSettings;
}

type Path = readonly (string | number)[];

/** Innermost first: a map that comes to nothing goes as well. */
function prune(start: unknown, path: Path, isSame: (candidate: unknown) => boolean): unknown {
  let root = start;
  const value = path.reduce<unknown>((part, key) => (part as Record<string | number, unknown>)[key], root);
  if (typeof value === 'object' && value !== null) {
    for (const key of Object.keys(value))
      root = prune(root, [...path, Array.isArray(value) ? Number(key) : key], isSame);
  }
  if (typeof path.at(-1) !== 'string') return root;
  const candidate = without(root, path);
  return isSame(candidate) ? candidate : root;
}

function without(value: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined) return value;
  if (Array.isArray(value)) return value.map((entry, index) => (index === key ? without(entry, rest) : entry));
  const entries = Object.entries(value as Record<string, unknown>);
  return Object.fromEntries(
    rest.length === 0
      ? entries.filter(([name]) => name !== key)
      : entries.map(([name, part]) => [name, name === key ? without(part, rest) : part]),
  );
}

const plainOf = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
