// Profiles as files over the API: the schema for editors, export, import, and what a file would change. Connections are chosen
// apart from the file, and hold the secrets: a file that brings one along is refused.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { type Difference, differences } from '../profile-file/differences.ts';
import { profileJsonSchema } from '../profile-file/json-schema.ts';
import { type FileProblem, parseProfile, settingsOf } from '../profile-file/parse.ts';
import { profileYaml } from '../profile-file/write.ts';
import type { Service } from '../service.ts';
import type { ProfileSettings } from '../sync/profile.ts';
import type { CallerEnv } from './caller.ts';
import { body, fromPerson, json, personProblems, problems } from './described.ts';
import { checkedFileSchema, fileInputSchema, importInputSchema, profileFileAnswerSchema } from './file-schemas.ts';
import { invalidRequest, Problem } from './problem.ts';
import { profileSummarySchema } from './profile-schemas.ts';
import { requireProfile } from './require-profile.ts';
import { createProfile, saveProfile } from './save-profile.ts';
import { idSchema } from './schemas.ts';
import { shownInitialSync, shownProfile } from './shown.ts';

const common = { tags: ['profiles'], ...fromPerson };
const written = { ...personProblems, ...problems(400, 404, 409, 415, 422) };

const routes = {
  export: createRoute({
    method: 'get',
    path: '/profiles/{id}/export',
    summary: 'The profile as a YAML file, without secrets',
    ...common,
    request: { params: z.object({ id: idSchema }) },
    responses: {
      200: { description: 'The file', ...json(profileFileAnswerSchema) },
      ...personProblems,
      ...problems(404),
    },
  }),
  check: createRoute({
    method: 'post',
    path: '/profile-files/check',
    summary: 'What is wrong with a file, and what it would change of a profile; nothing is stored',
    ...common,
    request: { body: body(fileInputSchema) },
    responses: { 200: { description: 'Problems and differences', ...json(checkedFileSchema) }, ...written },
  }),
  import: createRoute({
    method: 'post',
    path: '/profile-files/import',
    summary: 'Stores a file as a new profile, or as the settings of a known one',
    ...common,
    request: { body: body(importInputSchema) },
    responses: { 200: { description: 'The profile', ...json(profileSummarySchema) }, ...written },
  }),
};

/** Public: editors ask for it without a token. */
export const schemaPath = '/profile.schema.json';

export function profileSchemaRoute(): OpenAPIHono {
  const app = new OpenAPIHono();
  const route = createRoute({
    method: 'get',
    path: schemaPath,
    summary: 'The JSON schema of profile files, for editors',
    tags: ['profiles'],
    responses: { 200: { description: 'JSON schema, draft 7', ...json(z.record(z.string(), z.unknown())) } },
  });
  const schema = { ...profileJsonSchema() };
  app.openapi(route, (c) => c.json(schema, 200));
  return app;
}

export function profileFileRoutes(service: Service): OpenAPIHono<CallerEnv> {
  const { config, deps, state } = service;
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });

  app.openapi(routes.export, async (c) => {
    const { scope, installation } = c.get('caller');
    const record = await requireProfile(config, scope, c.req.valid('param').id);
    const azure = await config.connection(scope, record.azureConnectionId);
    const sites = {
      ...(installation.siteUrl === null ? {} : { jira: installation.siteUrl }),
      ...(azure ? { azure: azure.url } : {}),
    };
    const { publicUrl } = service.settings;
    const schema = publicUrl === null ? null : `${publicUrl.replace(/\/+$/, '')}${schemaPath}`;
    const { name } = record.settings;
    return c.json({ fileName: `${fileNameOf(name)}.yml`, yaml: profileYaml(record.settings, sites, schema) }, 200);
  });

  app.openapi(routes.check, async (c) => {
    const { scope } = c.get('caller');
    const { yaml, profileId } = c.req.valid('json');
    const known = profileId === undefined ? null : await requireProfile(config, scope, profileId);
    const file = readFile(yaml);
    const found = file.settings && known ? differences(known.settings, file.settings) : [];
    return c.json(
      { settings: file.settings, problems: file.problems.map(shownProblem), differences: found.map(shownDifference) },
      200,
    );
  });

  app.openapi(routes.import, async (c) => {
    const caller = c.get('caller');
    const { scope } = caller;
    const input = c.req.valid('json');
    const file = readFile(input.yaml);
    if (file.settings === null) throw wrongFile(file.problems);
    const record =
      'profileId' in input
        ? await saveProfile(service, caller, input.profileId, input.revision, file.settings)
        : await createProfile(service, caller, input.azureConnectionId, file.settings);
    const [pairs, sync] = await Promise.all([
      state.countPairs(scope, record.id),
      state.getInitialSync(scope, record.id),
    ]);
    return c.json(shownProfile(record, pairs, sync && shownInitialSync(sync, deps.now())), 200);
  });
  return app;
}

interface ReadFile {
  readonly settings: ProfileSettings | null;
  readonly problems: readonly FileProblem[];
}

/** Variables may stand where the connection's own values count, and are not filled: the environment is not the sender's. */
function readFile(yaml: string): ReadFile {
  const parsed = parseProfile(yaml, (name) => `\${${name}}`);
  if (parsed.kind === 'invalid') return { settings: null, problems: parsed.problems };
  const { content, locate } = parsed;
  const secrets = [
    ['jira.token', content.jira.token],
    ['azure.pat', content.azure.pat],
  ] as const;
  const problems = secrets
    .filter(([, value]) => value !== undefined && !/^\$\{\w+\}$/.test(value))
    .map(
      ([path]): FileProblem => ({
        path,
        level: 'error',
        problem: 'The file holds a secret.',
        remedy: 'Take it out: the connection holds it. If anybody else saw the file, revoke the token.',
        ...locate(path),
      }),
    );
  return problems.length > 0 ? { settings: null, problems } : { settings: settingsOf(content), problems };
}

function wrongFile(found: readonly FileProblem[]): Problem {
  const lines = found.slice(0, 10).map(({ path, line, problem, remedy }) => {
    const place = [line === undefined ? '' : `line ${line}`, path].filter((part) => part !== '').join(', ');
    return `${place === '' ? '' : `${place}: `}${problem} ${remedy}`.trim();
  });
  const first = found[0]?.path;
  return new Problem(422, 'profile-invalid', lines.join('\n'), first === undefined || first === '' ? 'yaml' : first);
}

const shownProblem = ({ path, line, column, level, problem, remedy }: FileProblem) => ({
  path,
  line: line ?? null,
  column: column ?? null,
  level,
  message: `${problem} ${remedy}`.trim(),
});

const shownDifference = ({ path, before = null, after = null }: Difference) => ({ path, before, after });

/** Of letters and digits, whatever the name has. */
const fileNameOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '') || 'profile';
