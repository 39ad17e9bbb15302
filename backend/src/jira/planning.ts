// Sprints, versions and components of a project: which sprints can be chosen, and making one of them that a value names.
// Which one a name means is sync/planning.ts' work.
// https://developer.atlassian.com/cloud/jira/software/rest/api-group-sprint/ , …/platform/rest/v3/api-group-project-versions/

import { z } from 'zod';
import { foldName } from '../sync/catalog.ts';
import { type SyncError, SyncFailure, syncError } from '../sync/errors.ts';
import type { OptionDates, OptionRef } from '../sync/model.ts';
import { type JiraCall, type JiraClient, segment } from './client.ts';
import { toIso } from './times.ts';

/** What of a project can be made when it is missing. */
export type Plannable = 'sprint' | 'version' | 'component';

const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

export const sprintSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  state: z.string(),
  startDate: optional(z.string()),
  endDate: optional(z.string()),
});
export type JiraSprint = z.infer<typeof sprintSchema>;

const pageOf = <T extends z.ZodType>(values: T) => z.object({ isLast: optional(z.boolean()), values: z.array(values) });
const boardsSchema = pageOf(z.object({ id: z.number().int(), type: z.string() }));
const sprintsSchema = pageOf(sprintSchema);
const namedListSchema = z.array(z.object({ id: z.string(), name: z.string() }));

/** A sprint as a choice: the days of its start and end. */
export function sprintOption(sprint: JiraSprint): OptionRef {
  const day = (text: string | undefined) => (text === undefined ? undefined : toIso(text).slice(0, 10));
  return withDates({ id: String(sprint.id), name: sprint.name }, day(sprint.startDate), day(sprint.endDate));
}

export function withDates(option: OptionRef, start: string | undefined, end: string | undefined): OptionRef {
  if (start === undefined && end === undefined) return option;
  const dates: OptionDates = { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) };
  return { ...option, dates };
}

/** Refusals that mean: no Jira Software here, no board, or no right to see one. */
const none: ReadonlySet<string> = new Set(['forbidden', 'unauthorized', 'unreachable', 'invalid-value']);

async function scrumBoards(client: JiraClient, projectKey: string): Promise<readonly number[]> {
  const boards: number[] = [];
  for (let startAt = 0; ; ) {
    const page = await client.get(boardsSchema, {
      ...agile('GET board', 'board'),
      query: { projectKeyOrId: projectKey, startAt, maxResults: 50 },
    });
    // A simple board (of a team-managed project) may have sprints as well.
    boards.push(...page.values.filter(({ type }) => type !== 'kanban').map(({ id }) => id));
    startAt += page.values.length;
    if (page.values.length === 0 || page.isLast !== false) return boards;
  }
}

/** Open sprints of the project's boards, the first board's first: an issue can be put into no other. */
export async function loadSprints(client: JiraClient, projectKey: string): Promise<readonly OptionRef[]> {
  try {
    const found = new Map<number, OptionRef>();
    for (const board of await scrumBoards(client, projectKey)) {
      for (const sprint of await openSprints(client, board)) {
        if (!found.has(sprint.id)) found.set(sprint.id, sprintOption(sprint));
      }
    }
    return [...found.values()];
  } catch (error) {
    if (error instanceof SyncFailure && none.has(error.error.code)) return [];
    throw error;
  }
}

async function openSprints(client: JiraClient, board: number): Promise<readonly JiraSprint[]> {
  const sprints: JiraSprint[] = [];
  for (let startAt = 0; ; ) {
    const answer = await client.send({
      ...agile('GET board/{id}/sprint', `board/${board}/sprint`),
      query: { state: 'active,future', startAt, maxResults: 50 },
    });
    // "The board does not support sprints": a simple board may be one without.
    if (answer.status === 400) return sprints;
    const page = sprintsSchema.safeParse(answer.json);
    if (answer.status >= 400 || !page.success) return sprints;
    sprints.push(...page.data.values);
    startAt += page.data.values.length;
    if (page.data.values.length === 0 || page.data.isLast !== false) return sprints;
  }
}

const agile = (operation: string, path: string) =>
  ({ operation: `agile ${operation}`, method: 'GET', api: 'agile', path, endpoint: 'read' }) as const;

export type Made =
  | { readonly kind: 'made'; readonly id: string }
  | { readonly kind: 'refused'; readonly error: SyncError };

/** Makes under way, so that the workers of a process make one thing once. */
const making = new WeakMap<object, Map<string, Promise<Made>>>();

/**
 * The id of the project's thing of that name: one that is there, else a new one with the option's days. Versions and
 * components have unique names; of two sprints that two processes made at one time the older one stays.
 */
export function makeOption(client: JiraClient, projectKey: string, what: Plannable, option: OptionRef): Promise<Made> {
  const place = client.markers;
  const pending = making.get(place) ?? new Map<string, Promise<Made>>();
  making.set(place, pending);
  const key = JSON.stringify([projectKey, what, foldName(option.name)]);
  const made = pending.get(key) ?? makeOnce(client, projectKey, what, option).finally(() => pending.delete(key));
  pending.set(key, made);
  return made;
}

async function makeOnce(client: JiraClient, projectKey: string, what: Plannable, option: OptionRef): Promise<Made> {
  try {
    return what === 'sprint'
      ? await makeSprint(client, projectKey, option)
      : await makeNamed(client, projectKey, what, option);
  } catch (thrown) {
    if (!(thrown instanceof SyncFailure) || thrown.error.code !== 'forbidden') throw thrown;
    const value = what === 'sprint' ? 'Manage sprints' : 'Administer projects';
    return { kind: 'refused', error: syncError('forbidden', { side: 'jira', level: 'field', value }) };
  }
}

async function makeSprint(client: JiraClient, projectKey: string, option: OptionRef): Promise<Made> {
  const [board] = await scrumBoards(client, projectKey);
  if (board === undefined) return refusal(`The project ${projectKey} has no board with sprints.`);
  const named = async () =>
    (await openSprints(client, board))
      .filter(({ name }) => foldName(name) === foldName(option.name))
      .map(({ id }) => id)
      .sort((a, b) => a - b);
  const [present] = await named();
  if (present !== undefined) return { kind: 'made', id: String(present) };
  const { start, end } = option.dates ?? {};
  const answer = await client.send({
    ...agile('POST sprint', 'sprint'),
    method: 'POST',
    json: {
      name: option.name,
      originBoardId: board,
      ...(start === undefined ? {} : { startDate: `${start}T00:00:00.000Z` }),
      ...(end === undefined ? {} : { endDate: `${end}T23:59:00.000Z` }),
    },
    endpoint: 'write',
  });
  const created = z.object({ id: z.number().int() }).safeParse(answer.json);
  if (answer.status >= 400 || !created.success) return refusal(`POST sprint: HTTP ${answer.status}.`);
  const [oldest = created.data.id] = await named();
  if (oldest === created.data.id) return { kind: 'made', id: String(oldest) };
  await client.send({
    ...agile('DELETE sprint/{id}', `sprint/${created.data.id}`),
    method: 'DELETE',
    endpoint: 'write',
  });
  return { kind: 'made', id: String(oldest) };
}

const lists = (projectKey: string): { readonly [what in 'version' | 'component']: JiraCall } => ({
  version: {
    operation: 'GET project/{key}/versions',
    method: 'GET',
    path: `project/${segment(projectKey)}/versions`,
    endpoint: 'read',
  },
  component: {
    operation: 'GET project/{key}/components',
    method: 'GET',
    path: `project/${segment(projectKey)}/components`,
    endpoint: 'read',
  },
});

const creations = {
  version: { operation: 'POST version', method: 'POST', path: 'version' },
  component: { operation: 'POST component', method: 'POST', path: 'component' },
} as const;

async function makeNamed(
  client: JiraClient,
  projectKey: string,
  what: 'version' | 'component',
  option: OptionRef,
): Promise<Made> {
  const find = async () =>
    (await client.get(namedListSchema, lists(projectKey)[what])).find(
      ({ name }) => foldName(name) === foldName(option.name),
    );
  const present = await find();
  if (present !== undefined) return { kind: 'made', id: present.id };
  const { start, end } = option.dates ?? {};
  const days =
    what === 'component'
      ? {}
      : {
          ...(start === undefined ? {} : { startDate: start }),
          ...(end === undefined ? {} : { releaseDate: end }),
        };
  const answer = await client.send({
    ...creations[what],
    json: { name: option.name, project: projectKey, ...days },
    endpoint: 'write',
  });
  const created = z.object({ id: z.string() }).safeParse(answer.json);
  if (answer.status < 400 && created.success) return { kind: 'made', id: created.data.id };
  // Names are unique in a project: another run may have been first.
  const other = await find();
  return other === undefined ? refusal(`POST ${what}: HTTP ${answer.status}.`) : { kind: 'made', id: other.id };
}

const refusal = (detail: string): Made => ({
  kind: 'refused',
  error: syncError('invalid-value', { side: 'jira', detail }),
});
