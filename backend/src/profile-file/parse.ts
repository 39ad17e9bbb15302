// Reads a profile as YAML: its syntax, values from variables, the form of the settings. Each problem is told with its place,
// in words. Asks no service anything, and repeats no secret.

import { type Document, isMap, isPair, isScalar, LineCounter, parseAllDocuments, visit } from 'yaml';
import { type ProfileSettings, profileSchema } from '../sync/profile.ts';
import { formProblems, mostProblems, type ProfileFileContent, profileFileSchema } from './form.ts';
import { type Locate, locator } from './yaml-places.ts';

/** One thing that is wrong, where, and what would be right. */
export interface FileProblem {
  /** Path in the profile: `fields.3.azure`; empty when it concerns the whole. */
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
  readonly level: 'error' | 'warning';
  readonly problem: string;
  readonly remedy: string;
}

export interface Invalid {
  readonly kind: 'invalid';
  readonly problems: readonly FileProblem[];
}

/** The value of `${NAME}`; null when it is not set. */
export type Variables = (name: string) => string | null;

export type ParsedYaml =
  | {
      readonly kind: 'parsed';
      readonly value: unknown;
      readonly locate: Locate;
      /** Variables that are not set. */
      readonly problems: readonly FileProblem[];
    }
  | Invalid;

export type ParsedProfile =
  | { readonly kind: 'parsed'; readonly content: ProfileFileContent; readonly locate: Locate }
  | Invalid;

export function parseProfile(text: string, variables: Variables): ParsedProfile {
  const yaml = parseYaml(text, variables);
  if (yaml.kind === 'invalid') return yaml;
  const { value, locate, problems } = yaml;
  const parsed = profileFileSchema.safeParse(value);
  if (parsed.success) {
    return problems.length > 0 ? { kind: 'invalid', problems } : { kind: 'parsed', content: parsed.data, locate };
  }
  const told = new Set(problems.map(({ path }) => path));
  const wrong = formProblems(parsed.error, value)
    .filter(({ path }) => !told.has(path))
    .map(
      ({ path, key, ...words }): FileProblem => ({
        path,
        level: 'error',
        ...words,
        ...locate(path, key ? 'key' : 'value'),
      }),
    );
  return { kind: 'invalid', problems: [...problems, ...wrong] };
}

export const defaultName = (jira: string, azure: string): string => `${jira} ↔ ${azure}`.slice(0, 100);

/** Without the sites' addresses and credentials. */
export function settingsOf(content: ProfileFileContent): ProfileSettings {
  const { url: _, email: __, token: ___, ...jira } = content.jira;
  const { url: ____, pat: _____, ...azure } = content.azure;
  const name = content.name ?? defaultName(jira.project, azure.project);
  return profileSchema.parse({ ...content, name, jira, azure });
}

const invalid = (problem: string, remedy: string, place: { line: number; column: number } | null = null): Invalid => ({
  kind: 'invalid',
  problems: [{ path: '', level: 'error', problem, remedy, ...place }],
});

/** Where keys stand that their map has already. */
function repeatedKeys(document: Document): readonly number[] {
  const offsets: number[] = [];
  visit(document, {
    Map(_, map) {
      const known = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (known.has(key.value) && offsets.length < mostProblems) offsets.push(key.range?.[0] ?? 0);
        known.add(key.value);
      }
    },
  });
  return offsets;
}

/** Variables stand in the parts `jira` and `azure` only. */
export function parseYaml(text: string, variables: Variables): ParsedYaml {
  const lines = new LineCounter();
  // The library compares each key with all before it: a file of many would hold everybody up.
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const [document, second] = 'empty' in documents ? [] : documents;
  if (document === undefined || document.contents === null) {
    return invalid('The file is empty.', '`tandem init` writes a profile.');
  }
  const notYaml = (message: string, offset: number): FileProblem => {
    const { line, col } = lines.linePos(offset);
    return { path: '', line, column: col, level: 'error', problem: `Not YAML: ${message}.`, remedy: '' };
  };
  const told = [...document.errors, ...document.warnings].slice(0, mostProblems);
  const wrong =
    told.length > 0
      ? told.map((error) => notYaml(error.message, error.pos[0]))
      : repeatedKeys(document).map((offset) => notYaml('Map keys must be unique', offset));
  if (wrong.length > 0) return { kind: 'invalid', problems: wrong };
  const locate = locator(document, lines);
  if (second !== undefined) {
    const { line, col } = lines.linePos(second.range[0]);
    return invalid('The file holds a second document.', 'Keep one profile a file.', { line, column: col });
  }
  if (!isMap(document.contents)) {
    return invalid('The file is no map of settings.', 'Start with keys such as `jira:` and `azure:`.', locate(''));
  }
  const problems = fillAll(document, variables, locate);
  try {
    return { kind: 'parsed', value: document.toJS({ maxAliasCount: 100 }), locate, problems };
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it has too many aliases';
    return invalid(`Not YAML: ${why}.`, 'Write the values out.');
  }
}

/** Puts the values of variables into the document; answers those that are not set. */
function fillAll(document: Document, variables: Variables, locate: Locate): readonly FileProblem[] {
  const problems: FileProblem[] = [];
  for (const side of ['jira', 'azure'] as const) {
    const part = document.get(side, true);
    if (!isMap(part)) continue;
    visit(part, {
      Scalar(key, node, ancestors) {
        if (key !== 'value' || typeof node.value !== 'string') return;
        const names = ancestors.flatMap((one) =>
          isPair(one) ? [String(isScalar(one.key) ? one.key.value : one.key)] : [],
        );
        const path = [side, ...names].join('.');
        const filled = fillVariables(node.value, variables);
        problems.push(...filled.missing.map((name) => missingVariable(name, path, locate)));
        node.value = filled.text;
      },
    });
  }
  return problems;
}

function fillVariables(
  text: string,
  variables: Variables,
): { readonly text: string; readonly missing: readonly string[] } {
  const missing: string[] = [];
  const filled = text.replaceAll(/\$\{([A-Za-z_]\w*)\}/g, (whole, name: string) => {
    const value = variables(name);
    if (value !== null) return value;
    missing.push(name);
    return whole;
  });
  return { text: filled, missing };
}

const missingVariable = (name: string, path: string, locate: Locate): FileProblem => ({
  path,
  level: 'error',
  problem: `The environment variable ${name} is not set.`,
  remedy: `Set ${name} before you run tandem.`,
  ...locate(path),
});
