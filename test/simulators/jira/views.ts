// How the site's things look in answers: people, types, statuses, priorities, versions, comments, attachments… One function a thing.

import { renderHtml } from './adf.ts';
import type { Caller } from './caller.ts';
import type { FieldOption } from './fields/definitions.ts';
import type {
  AttachmentRecord,
  CommentRecord,
  ComponentRecord,
  History,
  IssueRecord,
  LinkRecord,
  Person,
  ProjectRecord,
  RemoteLinkRecord,
  SprintRecord,
  VersionRecord,
  WorklogRecord,
} from './model.ts';
import { hasPermission } from './permissions.ts';
import {
  CLOUD_ID,
  GROUPS,
  type IssueType,
  issueTypes,
  known,
  type LinkType,
  type NamedValue,
  PRIORITIES,
  priorities,
  resolutions,
  STATUS_CATEGORIES,
  type StatusCategoryKey,
  type StatusDef,
  securityLevels,
  statuses,
} from './site.ts';
import { formatDuration, formatInstant } from './time.ts';
import type { World } from './world.ts';

export type View = Readonly<Record<string, unknown>>;

const AVATAR_SIZES = ['16x16', '24x24', '32x32', '48x48'] as const;
const avatars = (base: string): View =>
  Object.fromEntries(AVATAR_SIZES.map((size) => [size, `${base}/${size.split('x')[0]}`]));

/** The e-mail shows to the person, to administrators, and to all where the person's settings allow it. */
export function emailFor(world: World, caller: Caller, person: Person): string | undefined {
  const open = !person.emailHidden || caller.person?.accountId === person.accountId;
  return open || hasPermission(world, caller, 'ADMINISTER') ? person.email : undefined;
}

export function userView(world: World, caller: Caller, person: Person): View {
  const emailAddress = person.accountType === 'app' ? undefined : emailFor(world, caller, person);
  return {
    self: `${world.url}/rest/api/3/user?accountId=${encodeURIComponent(person.accountId)}`,
    accountId: person.accountId,
    ...(emailAddress === undefined ? {} : { emailAddress }),
    avatarUrls: avatars(`${world.mediaUrl}/avatar/${encodeURIComponent(person.accountId)}`),
    displayName: person.displayName,
    active: person.active,
    timeZone: person.timeZone,
    accountType: person.accountType,
  };
}

export function userById(world: World, caller: Caller, accountId: unknown): View | null {
  if (typeof accountId !== 'string') return null;
  const person = world.store.people.get(accountId);
  return person === undefined ? null : userView(world, caller, person);
}

export const issueTypeView = (world: World, type: IssueType): View => ({
  self: `${world.url}/rest/api/3/issuetype/${type.id}`,
  id: type.id,
  description: type.description,
  iconUrl: `${world.url}/rest/api/2/universal_avatar/view/type/issuetype/avatar/${type.avatarId}?size=medium`,
  name: type.name,
  subtask: type.level === -1,
  avatarId: type.avatarId,
  hierarchyLevel: type.level,
});

export function statusCategoryView(world: World, key: StatusCategoryKey): View {
  const category = STATUS_CATEGORIES[key];
  return { self: `${world.url}/rest/api/3/statuscategory/${category.id}`, ...category };
}

export const statusView = (world: World, status: StatusDef): View => ({
  self: `${world.url}/rest/api/3/status/${status.id}`,
  description: status.description,
  iconUrl: `${world.url}/images/icons/statuses/generic.png`,
  name: status.name,
  id: status.id,
  statusCategory: statusCategoryView(world, status.category),
});

export const priorityView = (world: World, priority: NamedValue): View => ({
  self: `${world.url}/rest/api/3/priority/${priority.id}`,
  iconUrl: `${world.url}/images/icons/priorities/${priority.name.toLowerCase()}_new.svg`,
  name: priority.name,
  id: priority.id,
});

export const resolutionView = (world: World, resolution: NamedValue): View => ({
  self: `${world.url}/rest/api/3/resolution/${resolution.id}`,
  id: resolution.id,
  description: resolution.description,
  name: resolution.name,
});

export const optionView = (world: World, option: FieldOption): View => ({
  self: `${world.url}/rest/api/3/customFieldOption/${option.id}`,
  value: option.value,
  id: option.id,
});

export const versionView = (world: World, version: VersionRecord): View => ({
  self: `${world.url}/rest/api/3/version/${version.id}`,
  id: version.id,
  description: version.description,
  name: version.name,
  archived: version.archived,
  released: version.released,
  ...(version.startDate === undefined ? {} : { startDate: version.startDate }),
  ...(version.releaseDate === undefined ? {} : { releaseDate: version.releaseDate }),
});

export const fullVersionView = (world: World, version: VersionRecord): View => ({
  ...versionView(world, version),
  projectId: version.projectId,
});

export const componentView = (world: World, component: ComponentRecord): View => ({
  self: `${world.url}/rest/api/3/component/${component.id}`,
  id: component.id,
  name: component.name,
  description: component.description,
});

export const projectView = (world: World, project: ProjectRecord): View => ({
  self: `${world.url}/rest/api/3/project/${project.id}`,
  id: String(project.id),
  key: project.key,
  name: project.name,
  projectTypeKey: 'software',
  simplified: false,
  avatarUrls: avatars(`${world.mediaUrl}/project/${project.id}`),
});

export const linkTypeView = (world: World, type: LinkType): View => ({
  id: type.id,
  name: type.name,
  inward: type.inward,
  outward: type.outward,
  self: `${world.url}/rest/api/3/issueLinkType/${type.id}`,
});

/** An issue as links, parents and subtasks show it. */
export function shortIssueView(world: World, issue: IssueRecord): View {
  const priority = issue.values.priority;
  return {
    id: String(issue.id),
    key: world.store.keyOf(issue),
    self: `${world.url}/rest/api/3/issue/${issue.id}`,
    fields: {
      summary: issue.values.summary,
      status: statusView(world, known(statuses, issue.statusId)),
      ...(typeof priority === 'string' ? { priority: priorityView(world, known(priorities, priority)) } : {}),
      issuetype: issueTypeView(world, known(issueTypes, issue.typeId)),
    },
  };
}

/** A link as one of its ends shows it: only the other end. */
export function linkViewFrom(world: World, link: LinkRecord, issueId: number): View {
  const outward = link.sourceId === issueId;
  const other = world.store.issues.get(outward ? link.destinationId : link.sourceId);
  return {
    id: String(link.id),
    self: `${world.url}/rest/api/3/issueLink/${link.id}`,
    type: linkTypeView(world, known(world.store.linkTypes, link.typeId)),
    ...(other === undefined ? {} : { [outward ? 'outwardIssue' : 'inwardIssue']: shortIssueView(world, other) }),
  };
}

/** The property that service projects are known to keep of an internal comment; the API's description names only `jsdPublic`. */
const isInternal = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'internal' in value && value.internal === true;

export function commentView(
  world: World,
  caller: Caller,
  comment: CommentRecord,
  expand: ReadonlySet<string> = new Set(),
): View {
  return {
    self: `${world.url}/rest/api/3/issue/${comment.issueId}/comment/${comment.id}`,
    id: String(comment.id),
    author: userById(world, caller, comment.author),
    body: comment.body,
    ...(expand.has('renderedBody') ? { renderedBody: renderHtml(comment.body) } : {}),
    updateAuthor: userById(world, caller, comment.updateAuthor),
    created: formatInstant(comment.created, caller.zone),
    updated: formatInstant(comment.updated, caller.zone),
    ...(comment.visibility === undefined
      ? {}
      : { visibility: { ...comment.visibility, identifier: comment.visibility.value } }),
    ...(expand.has('properties')
      ? { properties: Object.entries(comment.properties).map(([key, value]) => ({ key, value })) }
      : {}),
    jsdPublic: !isInternal(comment.properties['sd.public.comment']),
  };
}

/** Comments for a group or a role show to its members only. */
export function mayReadComment(caller: Caller, comment: CommentRecord): boolean {
  if (comment.visibility === undefined) return true;
  const { type, value } = comment.visibility;
  const groups = caller.person?.groups ?? [];
  if (type === 'group') return groups.includes(value);
  return value === 'Administrators' ? groups.includes(GROUPS.administrators) : groups.includes(GROUPS.team);
}

export const attachmentView = (world: World, caller: Caller, attachment: AttachmentRecord): View => ({
  self: `${world.url}/rest/api/3/attachment/${attachment.id}`,
  id: String(attachment.id),
  filename: attachment.filename,
  author: userById(world, caller, attachment.author),
  created: formatInstant(attachment.created, caller.zone),
  size: attachment.content.size,
  mimeType: attachment.mimeType,
  content: `${world.url}/rest/api/3/attachment/content/${attachment.id}`,
  ...(attachment.mimeType.startsWith('image/')
    ? { thumbnail: `${world.url}/rest/api/3/attachment/thumbnail/${attachment.id}` }
    : {}),
});

export const worklogView = (world: World, caller: Caller, worklog: WorklogRecord): View => ({
  self: `${world.url}/rest/api/3/issue/${worklog.issueId}/worklog/${worklog.id}`,
  author: userById(world, caller, worklog.author),
  updateAuthor: userById(world, caller, worklog.updateAuthor),
  ...(worklog.comment === undefined ? {} : { comment: worklog.comment }),
  created: formatInstant(worklog.created, caller.zone),
  updated: formatInstant(worklog.updated, caller.zone),
  started: formatInstant(worklog.started, caller.zone),
  timeSpent: formatDuration(worklog.seconds),
  timeSpentSeconds: worklog.seconds,
  id: String(worklog.id),
  issueId: String(worklog.issueId),
});

export const remoteLinkView = (world: World, link: RemoteLinkRecord): View => ({
  id: link.id,
  self: `${world.url}/rest/api/3/issue/${link.issueId}/remotelink/${link.id}`,
  ...(link.globalId === undefined ? {} : { globalId: link.globalId }),
  application: link.application ?? {},
  ...(link.relationship === undefined ? {} : { relationship: link.relationship }),
  object: { icon: {}, status: { icon: {} }, ...link.object },
});

export const historyView = (world: World, caller: Caller, history: History): View => ({
  id: String(history.id),
  author: userById(world, caller, history.author),
  created: formatInstant(history.created, caller.zone),
  items: history.items,
});

export const securityView = (world: World, id: string): View => {
  const level = known(securityLevels, id);
  return { self: `${world.url}/rest/api/3/securitylevel/${id}`, id, description: level.description, name: level.name };
};

export const allowedPriorities = (world: World): readonly View[] =>
  PRIORITIES.map((entry) => priorityView(world, entry));
export const resolutionById = (world: World, id: string): View => resolutionView(world, known(resolutions, id));

export const siteAri = (kind: string, id: string | number): string => `ari:cloud:jira:${CLOUD_ID}:${kind}/${id}`;

/** As the Sprint field of an issue shows one; the Agile API's own form is in routes/agile.ts. */
export const sprintFieldView = (sprint: SprintRecord): View => ({
  id: sprint.id,
  name: sprint.name,
  state: sprint.state,
  boardId: sprint.boardId,
  goal: sprint.goal,
  ...(sprint.start === undefined ? {} : { startDate: new Date(sprint.start).toISOString() }),
  ...(sprint.end === undefined ? {} : { endDate: new Date(sprint.end).toISOString() }),
  ...(sprint.completed === undefined ? {} : { completeDate: new Date(sprint.completed).toISOString() }),
});
