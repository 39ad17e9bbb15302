// Puts the seed's Jira project into the store, as if it had grown there: keys in order, histories along the workflow, comments, files, links.
import { createHash, randomUUID } from 'node:crypto';
import { bytesContent } from '../kernel/content.ts';
import { type AdfDocument, withAccountIds } from '../seed/adf.ts';
import { attachmentBytes } from '../seed/attachment-bytes.ts';
import type { JiraSeed, JiraSeedItem } from '../seed/team.ts';
import { normalizeDocument } from './adf.ts';
import { SPRINT_FIELD, STORY_POINTS } from './fields/definitions.ts';
import type { AdfNode, ChangeItem, IssueRecord } from './model.ts';
import { accountIdOf } from './people.ts';
import { ISSUE_TYPES, PRIORITIES, PROJECT_ID, RESOLUTIONS, STATUSES, statuses } from './site.ts';
import { transitionsFrom, workflowOf } from './workflow.ts';
import type { World } from './world.ts';

const DAY = 24 * 3_600_000;
const HOUR_S = 3_600;

export function loadSeed(world: World, seed: JiraSeed): void {
  const { store, index } = world;
  store.reset();
  index.reset();
  const now = world.clock.now();
  store.projects.set(PROJECT_ID, {
    id: PROJECT_ID,
    key: seed.projectKey,
    name: seed.projectName,
    description: '',
    leadAccountId: accountIdOf(seed.lead),
    archived: false,
  });
  const componentIds = new Map<string, string>();
  for (const { name, description, lead } of seed.components) {
    const id = String(store.nextId('component'));
    componentIds.set(name, id);
    store.components.set(id, { id, projectId: PROJECT_ID, name, description, leadAccountId: accountIdOf(lead) });
  }
  const versionIds = new Map<string, string>();
  for (const { name, description, released, releaseInDays } of seed.versions) {
    const id = String(store.nextId('version'));
    versionIds.set(name, id);
    const releaseDate = new Date(now + releaseInDays * DAY).toISOString().slice(0, 10);
    store.versions.set(id, { id, projectId: PROJECT_ID, name, description, archived: false, released, releaseDate });
  }
  const sprints = addSprints(world, seed, now);
  const ids = new Map<string, number>();
  for (const item of seed.items)
    ids.set(item.ref, addItem(world, item, { now, ids, componentIds, versionIds, sprints }));
  for (const item of seed.items) addLinks(world, item, ids);
  for (const issue of [...store.issues.values()]) index.changed(issue);
}

interface Names {
  readonly now: number;
  readonly ids: ReadonlyMap<string, number>;
  readonly componentIds: ReadonlyMap<string, string>;
  readonly versionIds: ReadonlyMap<string, string>;
  readonly sprints: ReadonlyMap<string, number>;
}

/** The project's scrum board with its sprints, and a kanban board, which has none. Ids by name. */
function addSprints({ store }: World, seed: JiraSeed, now: number): ReadonlyMap<string, number> {
  const boardId = store.nextId('board');
  const kanbanId = store.nextId('board');
  store.boards.set(boardId, { id: boardId, projectId: PROJECT_ID, name: `${seed.projectKey} board`, type: 'scrum' });
  store.boards.set(kanbanId, { id: kanbanId, projectId: PROJECT_ID, name: 'Operations', type: 'kanban' });
  const ids = new Map<string, number>();
  for (const { name, state, goal, startInDays, endInDays } of seed.sprints) {
    const id = store.nextId('sprint');
    const [start, end] = [now + startInDays * DAY, now + endInDays * DAY];
    const completed = state === 'closed' ? { completed: end } : {};
    store.sprints.set(id, { id, boardId, name, state, goal, created: start - 7 * DAY, start, end, ...completed });
    ids.set(name, id);
  }
  return ids;
}

function addItem(world: World, item: JiraSeedItem, names: Names): number {
  const { store } = world;
  const { now } = names;
  const id = store.nextId('issue');
  const number = store.nextNumber(PROJECT_ID);
  const created = Math.round(now - item.createdDaysAgo * DAY);
  const typeId = named(ISSUE_TYPES, item.type);
  const reporter = accountIdOf(item.reporter);
  const last = lastTouched(item, created, now);
  const path = pathTo(typeId, item.status);
  const moves = path.map((statusId, place) => ({
    statusId,
    at: Math.round(created + ((last - created) * (place + 1)) / (path.length + 1)),
  }));
  const finished = statuses.get(path.at(-1) ?? '')?.category === 'done';
  const resolution = finished
    ? named(RESOLUTIONS, item.resolution ?? (item.status === 'Cancelled' ? "Won't Do" : 'Done'))
    : undefined;
  const values = valuesOf(world, item, names);
  if (resolution !== undefined) Object.assign(values, { resolution, resolutiondate: moves.at(-1)?.at ?? created });
  let statusId = workflowOf(typeId).initialStatus;
  const actor = accountIdOf(item.assignee ?? item.reporter);
  for (const move of moves) {
    store.addHistory(id, {
      id: store.nextId('history'),
      author: actor,
      created: move.at,
      items: [
        statusChange(statusId, move.statusId),
        ...resolutionChange(move === moves.at(-1) ? resolution : undefined),
      ],
    });
    statusId = move.statusId;
  }
  const issue: IssueRecord = {
    id,
    projectId: PROJECT_ID,
    number,
    typeId,
    statusId,
    created,
    updated: last,
    statusChanged: moves.at(-1)?.at ?? created,
    creator: reporter,
    values,
  };
  store.putIssue(issue);
  store.watchers.set(id, [reporter]);
  addComments(world, item, id, now);
  addFiles(world, item, id, now);
  return id;
}

/** The latest of all that the seed says happened to the item. */
function lastTouched(item: JiraSeedItem, created: number, now: number): number {
  const times = [...(item.comments ?? []), ...(item.attachments ?? [])].map(({ daysAgo }) =>
    Math.round(now - daysAgo * DAY),
  );
  const worked = item.status === 'To Do' ? created : created + Math.round((now - created) * 0.6);
  return Math.max(created, worked, ...times);
}

/** The statuses on the shortest way from the first one, without it. */
function pathTo(typeId: string, statusName: string): readonly string[] {
  const target = named(STATUSES, statusName);
  const start = workflowOf(typeId).initialStatus;
  const cameFrom = new Map<string, string | undefined>([[start, undefined]]);
  const queue = [start];
  for (let here = queue.shift(); here !== undefined && !cameFrom.has(target); here = queue.shift()) {
    for (const { to } of transitionsFrom(typeId, here, { removed: new Set(), required: new Map() })) {
      if (cameFrom.has(to)) continue;
      cameFrom.set(to, here);
      queue.push(to);
    }
  }
  // An epic in a status that its workflow lacks stands in the nearest one.
  if (!cameFrom.has(target)) return pathTo(typeId, 'In Progress');
  const path: string[] = [];
  for (let at: string | undefined = target; at !== undefined && at !== start; at = cameFrom.get(at)) path.unshift(at);
  return path;
}

function valuesOf(world: World, item: JiraSeedItem, names: Names): Record<string, unknown> {
  const list = (
    wanted: readonly string[] | undefined,
    map: ReadonlyMap<string, string>,
  ): readonly string[] | undefined => {
    const found = (wanted ?? []).flatMap((name) => map.get(name) ?? []);
    return found.length === 0 ? undefined : found;
  };
  const values: Record<string, unknown> = {
    summary: item.summary,
    description: item.description === undefined ? undefined : stored(world, item.description),
    priority: named(PRIORITIES, item.priority),
    labels: item.labels === undefined || item.labels.length === 0 ? undefined : [...item.labels].sort(),
    reporter: accountIdOf(item.reporter),
    assignee: item.assignee === undefined ? undefined : accountIdOf(item.assignee),
    duedate:
      item.dueInDays === undefined ? undefined : new Date(names.now + item.dueInDays * DAY).toISOString().slice(0, 10),
    components: list(item.components, names.componentIds),
    fixVersions: list(item.fixVersions, names.versionIds),
    versions: list(item.affectsVersions, names.versionIds),
    parent: item.parent === undefined ? undefined : names.ids.get(item.parent),
    [STORY_POINTS]: item.storyPoints,
    [SPRINT_FIELD.id]: item.sprint === undefined ? undefined : [names.sprints.get(item.sprint)],
    timetracking:
      item.estimateHours === undefined
        ? undefined
        : { original: item.estimateHours * HOUR_S, remaining: (item.remainingHours ?? item.estimateHours) * HOUR_S },
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function stored(world: World, document: AdfDocument): AdfNode | undefined {
  const { people } = world.store;
  const context = { newLocalId: randomUUID, displayName: (id: string) => people.get(id)?.displayName };
  return normalizeDocument(withAccountIds(document, accountIdOf), context) ?? undefined;
}

function statusChange(from: string, to: string): ChangeItem {
  const name = (id: string): string => statuses.get(id)?.name ?? id;
  return {
    field: 'status',
    fieldId: 'status',
    fieldtype: 'jira',
    from,
    fromString: name(from),
    to,
    toString: name(to),
  };
}

function resolutionChange(id: string | undefined): readonly ChangeItem[] {
  if (id === undefined) return [];
  const name = RESOLUTIONS.find((resolution) => resolution.id === id)?.name ?? id;
  return [
    {
      field: 'resolution',
      fieldId: 'resolution',
      fieldtype: 'jira',
      from: null,
      fromString: null,
      to: id,
      toString: name,
    },
  ];
}

function addComments(world: World, item: JiraSeedItem, issueId: number, now: number): void {
  const inOrder = [...(item.comments ?? [])].sort((a, b) => b.daysAgo - a.daysAgo);
  for (const { author, daysAgo, body } of inOrder) {
    const document = stored(world, body);
    if (document === undefined) continue;
    const at = Math.round(now - daysAgo * DAY);
    const accountId = accountIdOf(author);
    world.store.putComment({
      id: world.store.nextId('comment'),
      issueId,
      author: accountId,
      updateAuthor: accountId,
      created: at,
      updated: at,
      body: document,
      properties: {},
    });
  }
}

function addFiles(world: World, item: JiraSeedItem, issueId: number, now: number): void {
  for (const { fileName, mimeType, author, daysAgo, content } of item.attachments ?? []) {
    const id = world.store.nextId('attachment');
    const created = Math.round(now - daysAgo * DAY);
    world.store.addAttachment({
      id,
      issueId,
      author: accountIdOf(author),
      created,
      filename: fileName,
      mimeType,
      content: bytesContent(attachmentBytes(content)),
      mediaId: mediaIdOf(`${item.ref} ${fileName}`),
    });
    world.store.addHistory(issueId, {
      id: world.store.nextId('history'),
      author: accountIdOf(author),
      created,
      items: [
        {
          field: 'Attachment',
          fieldId: 'attachment',
          fieldtype: 'jira',
          from: null,
          fromString: null,
          to: String(id),
          toString: fileName,
        },
      ],
    });
  }
}

function mediaIdOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function addLinks(world: World, item: JiraSeedItem, ids: ReadonlyMap<string, number>): void {
  const sourceId = ids.get(item.ref);
  for (const { type, to } of item.links ?? []) {
    const destinationId = ids.get(to);
    const linkType = [...world.store.linkTypes.values()].find(({ name }) => name === type);
    if (sourceId === undefined || destinationId === undefined || linkType === undefined) continue;
    world.store.addLink({ id: world.store.nextId('link'), typeId: linkType.id, sourceId, destinationId });
  }
}

function named(list: readonly { readonly id: string; readonly name: string }[], name: string): string {
  const found = list.find((entry) => entry.name === name);
  if (found === undefined) throw new Error(`the seed names ${JSON.stringify(name)}, which the site does not have`);
  return found.id;
}
