// Reads profile.yml: YAML, values from the environment, the form of the settings, the addresses. Asks no service anything.

import { access, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { parseOrganization } from '../azure/organization.ts';
import { checkAddress, publicAddresses } from '../http/addresses.ts';
import type { ProfileFileContent } from '../profile-file/form.ts';
import { defaultName, type FileProblem, parseProfile, parseYaml, settingsOf } from '../profile-file/parse.ts';
import type { Locate } from '../profile-file/yaml-places.ts';
import { SyncFailure } from '../sync/errors.ts';
import type { Side } from '../sync/model.ts';
import type { ProfileSettings } from '../sync/profile.ts';
import type { Environment } from './common.ts';
import { exitCodes, Failure } from './failure.ts';

export interface ProfileFile {
  readonly path: string;
  readonly settings: ProfileSettings;
  /** Addresses without a slash at the end. A secret that is null may be one that `tandem init` has kept. */
  readonly jira: { readonly url: string; readonly email: string; readonly token: string | null };
  readonly azure: { readonly url: string; readonly pat: string | null };
  readonly locate: Locate;
}

/** Bytes; a profile of a hundred types is far smaller. */
const maxSize = 4 * 1024 * 1024;

export interface ReadOptions {
  readonly env: Environment;
  /** Of the settings: TANDEM_ALLOWED_ORIGINS. */
  readonly allowedOrigins: readonly string[];
}

/** Throws Failure with every problem that was found. */
export async function readProfileFile(path: string, options: ReadOptions): Promise<ProfileFile> {
  const text = await readText(path);
  const parsed = parseProfile(text, (name) => options.env[name] || null);
  if (parsed.kind === 'invalid') throw invalid(path, parsed.problems);
  const { content, locate } = parsed;
  const sites = sitesOf(content, options, locate);
  if (sites.problems.length > 0) throw invalid(path, sites.problems);
  return { path, settings: settingsOf(content), jira: sites.jira, azure: sites.azure, locate };
}

/** The name of the profile that a file holds, whatever else is in it: for commands that need no site. Null without a file. */
export async function profileNameIn(path: string): Promise<string | null> {
  const found = await access(path).then(
    () => true,
    () => false,
  );
  if (!found) return null;
  const named = z.object({
    name: z.string().optional(),
    jira: z.object({ project: z.string() }),
    azure: z.object({ project: z.string() }),
  });
  const yaml = parseYaml(await readText(path), () => null);
  if (yaml.kind === 'invalid') throw invalid(path, yaml.problems);
  const parsed = named.safeParse(yaml.value);
  if (parsed.success) return parsed.data.name ?? defaultName(parsed.data.jira.project, parsed.data.azure.project);
  const problem = 'It names no projects.';
  throw invalid(path, [
    { path: '', level: 'error', problem, remedy: 'Give a profile file, or the name of a profile.' },
  ]);
}

export const invalid = (file: string, problems: readonly FileProblem[]): Failure => {
  const count = problems.filter(({ level }) => level === 'error').length;
  return new Failure(`${file} can't be used: ${count} ${count === 1 ? 'problem' : 'problems'}.`, {
    code: 'profile-invalid',
    exit: exitCodes.usage,
    file,
    problems,
  });
};

export async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    const missing = error.code === 'ENOENT';
    throw new Failure(
      `${path} can't be read: ${missing ? 'there is no such file' : (error.code ?? 'unknown error')}.`,
      {
        code: 'profile-unreadable',
        exit: exitCodes.usage,
        file: path,
        ...(missing ? { remedy: '`tandem init` writes one.' } : {}),
      },
    );
  });
  if (bytes.length > maxSize) {
    const problem = `The file has ${bytes.length} bytes.`;
    throw invalid(path, [{ path: '', level: 'error', problem, remedy: `At most ${maxSize} are read.` }]);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalid(path, [
      { path: '', level: 'error', problem: 'The file is not UTF-8 text.', remedy: 'Save it with the encoding UTF-8.' },
    ]);
  }
}

/** Where a value comes from when the file has none. */
const variables = {
  'jira.url': ['JIRA_URL'],
  'jira.email': ['JIRA_EMAIL'],
  'jira.token': ['JIRA_API_TOKEN'],
  'azure.url': ['AZURE_DEVOPS_URL', 'AZURE_DEVOPS_ORG_URL'],
  'azure.pat': ['AZURE_DEVOPS_PAT'],
} as const;
export type ConnectionField = keyof typeof variables;

export const fromEnvironment = (field: ConnectionField, env: Environment): string | null =>
  variables[field].map((name) => env[name]).find((value) => value !== undefined && value !== '') ?? null;

/** What to say when a value is nowhere. */
export const missingValue = (field: ConnectionField): Pick<FileProblem, 'problem' | 'remedy'> => {
  const [name] = variables[field];
  return {
    problem: `There is none, and the environment variable ${name} is not set.`,
    remedy: `Set ${name}, or write ${field.split('.')[1]} into the file${/token|pat/.test(field) ? ` as \${${name}}` : ''}.`,
  };
};

function sitesOf(content: ProfileFileContent, options: ReadOptions, locate: Locate) {
  const problems: FileProblem[] = [];
  const complain = (path: string, words: Pick<FileProblem, 'problem' | 'remedy'>) =>
    problems.push({ path, level: 'error', ...words, ...locate(path) });
  const given = (field: ConnectionField, inFile: string | undefined): string => {
    const value = inFile ?? fromEnvironment(field, options.env);
    if (value === null) complain(field, missingValue(field));
    return value ?? '';
  };
  const address = (side: Side, inFile: string | undefined): string => {
    const text = given(`${side}.url`, inFile);
    if (text === '') return '';
    const checked = checkSiteUrl(side, text, options.allowedOrigins);
    if (typeof checked === 'string') return checked;
    complain(`${side}.url`, checked);
    return '';
  };
  const jira = {
    url: address('jira', content.jira.url),
    email: given('jira.email', content.jira.email),
    token: content.jira.token ?? fromEnvironment('jira.token', options.env),
  };
  const azure = {
    url: address('azure', content.azure.url),
    pat: content.azure.pat ?? fromEnvironment('azure.pat', options.env),
  };
  return { jira, azure, problems };
}

/** The address in its one spelling, or what is wrong with it. Jira: the site alone, whatever page of it was copied. */
export function checkSiteUrl(
  side: Side,
  text: string,
  allowedOrigins: readonly string[],
): string | Pick<FileProblem, 'problem' | 'remedy'> {
  const form = side === 'jira' ? 'https://your-site.atlassian.net' : 'https://dev.azure.com/your-organization';
  const bad = { problem: 'This is not the address of a site.', remedy: `It looks like ${form}.` };
  if (!URL.canParse(text)) return bad;
  const url = new URL(text);
  try {
    checkAddress(url, { ...publicAddresses, origins: allowedOrigins }, 'api', side);
    return side === 'jira' ? url.origin : parseOrganization(text).url;
  } catch (error) {
    if (!(error instanceof SyncFailure)) throw error;
    if (error.error.value !== 'address') return bad;
    const remedy =
      url.username === '' && url.protocol.startsWith('http')
        ? `If you trust this address, allow it: TANDEM_ALLOWED_ORIGINS=${url.origin}. Else it looks like ${form}.`
        : `It looks like ${form}.`;
    return { problem: error.error.detail ?? bad.problem, remedy };
  }
}
