// The JSON schema of profile.yml, for editors: made from the schema that reads the file, so that they never differ, with the
// words of help.ts. Published as docs/profile.schema.json, and served by the backend.

import { z } from 'zod';
import { profileFileSchema } from './form.ts';
import { settingHelp } from './help.ts';

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly additionalProperties?: Node | boolean;
  readonly anyOf?: readonly Node[];
}

/** Draft 7, which every editor's YAML support understands. */
export function profileJsonSchema(): object {
  const made = z.toJSONSchema(profileFileSchema, { io: 'input', target: 'draft-7' }) as Node;
  return {
    ...described(made, ''),
    title: 'Tandem profile',
    description:
      'What Tandem keeps the same between one Jira project and one Azure DevOps project, and by which rules. Secrets stand in it as names of environment variables only.',
  };
}

export const profileJsonSchemaText = (): string => `${JSON.stringify(profileJsonSchema(), null, 2)}\n`;

/** Paths of all settings, as help.ts names them. */
export const settingPaths = (): ReadonlySet<string> => {
  const found = new Set<string>();
  walk(z.toJSONSchema(profileFileSchema, { io: 'input', target: 'draft-7' }) as Node, '', (path) => found.add(path));
  return found;
};

const under = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

function walk(node: Node, path: string, visit: (path: string) => void): void {
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    visit(under(path, name));
    walk(child, under(path, name), visit);
  }
  if (node.items) walk(node.items, `${path}[]`, visit);
  if (typeof node.additionalProperties === 'object') {
    visit(under(path, '*'));
    walk(node.additionalProperties, under(path, '*'), visit);
  }
  for (const choice of node.anyOf ?? []) walk(choice, path, visit);
}

/** With the words put in: a setting's own name as its title, its meaning as its description. */
function described(node: Node, path: string): Node {
  const help = settingHelp[path];
  const { properties, items, additionalProperties, anyOf } = node;
  return {
    ...(help === undefined ? {} : { title: path.split('.').at(-1), description: help }),
    ...node,
    ...(properties
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, child]) => [name, described(child, under(path, name))]),
          ),
        }
      : {}),
    ...(items ? { items: described(items, `${path}[]`) } : {}),
    ...(typeof additionalProperties === 'object'
      ? { additionalProperties: described(additionalProperties, under(path, '*')) }
      : {}),
    ...(anyOf ? { anyOf: anyOf.map((choice) => choiceOf(choice, path)) } : {}),
  };
}

/** One form of a setting: what is within it has words of its own, the form itself has the setting's. */
function choiceOf(choice: Node, path: string): Node {
  const {
    title: _,
    description: __,
    ...rest
  } = described(choice, path) as Node & { title?: string; description?: string };
  return rest;
}
