// What all described routes share: JSON bodies, the answers that say what went wrong, and who may call. Each route's own
// shapes are in schemas.ts.

import type { z } from '@hono/zod-openapi';
import { problemSchema } from './schemas.ts';

export const json = <T extends z.ZodType>(schema: T) => ({ content: { 'application/json': { schema } } });

export const body = <T extends z.ZodType>(schema: T) => ({ required: true as const, ...json(schema) });

const meanings = {
  400: 'Not valid: `path` names the field, the message what would be right',
  401: 'No valid token or secret',
  403: 'The caller lacks the right',
  404: 'No such thing in this installation',
  409: 'In conflict with what is stored',
  413: 'The body is too large',
  415: 'The body is not JSON',
  422: 'Jira or Azure DevOps refused: the message has cause and remedy',
  500: 'An error of our own',
  502: 'Jira or Azure DevOps failed or could not be understood',
  503: 'Try again in a moment',
} as const;
type ProblemStatus = keyof typeof meanings;

type ProblemAnswer = { readonly description: string } & ReturnType<typeof json<typeof problemSchema>>;

/** Every answer that is no success has the one shape of `Problem`. */
export function problems<Status extends ProblemStatus>(...statuses: readonly Status[]): Record<Status, ProblemAnswer> {
  const answers: Partial<Record<Status, ProblemAnswer>> = {};
  for (const status of statuses) answers[status] = { description: meanings[status], ...json(problemSchema) };
  return answers as Record<Status, ProblemAnswer>;
}

/** Called by Forge itself: the token names the installation. */
export const fromForge = { security: [{ forge: [] }] };
export const forgeProblems = problems(401, 413, 500, 503);

/** Called by a person at a page of the app: `x-forge-oauth-user` tells who. */
export const fromPerson = { security: [{ forge: [], forgeUser: [] }] };
export const personProblems = problems(401, 403, 413, 500, 502, 503);

export const securitySchemes = {
  forge: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The Forge Invocation Token, which Forge adds to every call of the remote.',
  },
  forgeUser: {
    type: 'apiKey',
    in: 'header',
    name: 'x-forge-oauth-user',
    description: 'The token for Jira of the person at the page, which Forge adds to calls that a page started.',
  },
  support: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'An identity token that Google signed for this service, of a person on the list.',
  },
  hook: {
    type: 'http',
    scheme: 'basic',
    description: 'User `tandem` and the secret of the connection, as registered with the service hook.',
  },
} as const;

export const tags = [
  { name: 'connections', description: 'How Azure DevOps organizations are reached. For administrators of Jira.' },
  { name: 'profiles', description: 'Which projects are kept the same, and how. For administrators of Jira.' },
  { name: 'mapping', description: 'What helps to map two projects. For administrators of Jira.' },
  { name: 'errors', description: 'What could not be synchronized. For administrators of Jira.' },
  { name: 'panel', description: 'What the viewer of an issue sees, by the rights of the viewer.' },
  { name: 'forge', description: 'Calls that Forge makes by itself.' },
  { name: 'hooks', description: 'Service hooks of Azure DevOps.' },
  { name: 'support', description: 'What support may see of an installation; each query is recorded.' },
  { name: 'process', description: 'Whether the process lives and can work.' },
];
