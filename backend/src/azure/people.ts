// Who can be named in work items: the members of the project's teams, and everyone in the organization where the token may
// see them.

import { SyncFailure } from '../sync/errors.ts';
import type { UserRef } from '../sync/model.ts';
import type { AzureClient } from './client.ts';
import { userOf } from './fields.ts';
import { graphUsersSchema, identitiesSchema, membersSchema, teamsSchema } from './wire.ts';

const pageSize = 100;
const graphVersion = '7.1-preview.1';
/** Enough for any list to choose from; a person beyond it is still recognized by the unique name. */
const mostPeople = 20_000;

/** Sorted by name; the same person once. */
export async function loadPeople(client: AzureClient, project: string): Promise<readonly UserRef[]> {
  const byId = new Map<string, UserRef>();
  const add = (user: UserRef | undefined) => {
    if (user === undefined) return;
    const known = byId.get(user.id.toLowerCase());
    // Team members tell who is inactive, the graph tells addresses.
    byId.set(user.id.toLowerCase(), known === undefined ? user : { ...user, ...known });
  };
  for (const team of await teams(client, project))
    for (const member of await members(client, project, team)) add(member);
  const graph = await graphUsers(client);
  for (const { user } of graph) add(user);
  const unnamed = graph.filter(({ user }) => byId.get(user.id.toLowerCase())?.mentionId === undefined);
  for (const [id, mention] of await mentionIds(client, unnamed)) {
    const known = byId.get(id.toLowerCase());
    if (known) byId.set(id.toLowerCase(), { ...known, ...mention });
  }
  return [...byId.values()].sort((a, b) => a.name.localeCompare(b.name, 'en') || (a.id < b.id ? -1 : 1));
}

async function teams(client: AzureClient, project: string): Promise<readonly string[]> {
  return paged(async (skip) => {
    const page = await client.call(
      {
        operation: 'GET projects/{id}/teams',
        method: 'GET',
        path: ['projects', project, 'teams'],
        query: { $top: pageSize, $skip: skip },
        endpoint: 'read',
        scope: 'Project and Team (Read)',
      },
      teamsSchema,
    );
    return page.value.map((team) => team.id);
  });
}

async function members(client: AzureClient, project: string, team: string): Promise<readonly UserRef[]> {
  return paged(async (skip) => {
    const page = await client.call(
      {
        operation: 'GET projects/{id}/teams/{team}/members',
        method: 'GET',
        path: ['projects', project, 'teams', team, 'members'],
        query: { $top: pageSize, $skip: skip },
        endpoint: 'read',
        scope: 'Project and Team (Read)',
      },
      membersSchema,
    );
    return page.value.map(({ identity }) => {
      if (typeof identity !== 'object') return userOf(identity);
      const user = identity.isContainer === true ? undefined : userOf(identity);
      return user && { ...user, ...mentionOf(identity.id) };
    });
  }).then((found) => found.filter((user) => user !== undefined));
}

/** A mention in a text names the identity's GUID. */
const mentionOf = (id: string | undefined): Pick<UserRef, 'mentionId'> =>
  id !== undefined && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id) ? { mentionId: id.toLowerCase() } : {};

/** Pages by `$top` and `$skip` until one is not full. */
async function paged<T>(page: (skip: number) => Promise<readonly T[]>): Promise<readonly T[]> {
  const found: T[] = [];
  for (let skip = 0; ; skip += pageSize) {
    const next = await page(skip);
    found.push(...next);
    if (next.length < pageSize || found.length >= mostPeople) return found;
  }
}

interface GraphUser {
  readonly user: UserRef;
  readonly descriptor: string | undefined;
}

/** Nobody when the token lacks the scope "Graph (Read)", which is optional. */
async function graphUsers(client: AzureClient): Promise<readonly GraphUser[]> {
  const found: GraphUser[] = [];
  let continuationToken: string | undefined;
  do {
    const operation = 'GET graph/users';
    const answer = await client
      .answer({
        operation,
        method: 'GET',
        path: ['graph', 'users'],
        host: 'identity',
        query: { subjectTypes: 'aad,msa', continuationToken },
        version: graphVersion,
        endpoint: 'read',
        scope: 'Graph (Read)',
      })
      .catch((error: unknown) => {
        if (error instanceof SyncFailure && optional.has(error.error.code)) return undefined;
        throw error;
      });
    if (answer === undefined || answer.kind === 'refused') return found;
    for (const user of client.parse(graphUsersSchema, answer.http, operation).value) {
      const id = user.principalName || user.mailAddress || user.descriptor;
      if (!id) continue;
      const email = user.mailAddress || (id.includes('@') ? id : undefined);
      const ref = { id, name: user.displayName || id, ...(email === undefined ? {} : { email }) };
      found.push({ user: ref, descriptor: user.descriptor });
    }
    continuationToken = answer.http.header('x-ms-continuationtoken') ?? undefined;
  } while (continuationToken !== undefined && found.length < mostPeople);
  return found;
}

const optional: ReadonlySet<string> = new Set(['unauthorized', 'forbidden', 'connection-forbidden']);

/** People of one look-up, and people for whom it is done: a mention of anyone else stays a plain name. */
const identitiesPage = 50;
const mostMentioned = 1_000;

/** The graph does not tell the GUIDs. Nobody's when the token lacks the scope "Identity (Read)", which is optional. */
async function mentionIds(
  client: AzureClient,
  users: readonly GraphUser[],
): Promise<readonly (readonly [string, Pick<UserRef, 'mentionId'>])[]> {
  const known = new Map(users.flatMap(({ user, descriptor }) => (descriptor ? [[descriptor, user.id] as const] : [])));
  const descriptors = [...known.keys()].slice(0, mostMentioned);
  const found: [string, Pick<UserRef, 'mentionId'>][] = [];
  for (let start = 0; start < descriptors.length; start += identitiesPage) {
    const operation = 'GET identities';
    const answer = await client
      .answer({
        operation,
        method: 'GET',
        path: ['identities'],
        host: 'identity',
        query: { subjectDescriptors: descriptors.slice(start, start + identitiesPage).join(',') },
        endpoint: 'read',
        scope: 'Identity (Read)',
      })
      .catch((error: unknown) => {
        if (error instanceof SyncFailure && optional.has(error.error.code)) return undefined;
        throw error;
      });
    if (answer === undefined || answer.kind === 'refused') return found;
    for (const identity of client.parse(identitiesSchema, answer.http, operation).value) {
      const id = known.get(identity?.subjectDescriptor ?? '');
      if (id !== undefined) found.push([id, mentionOf(identity?.id)]);
    }
  }
  return found;
}
