// The events' bodies, in the form that a Forge trigger receives: https://developer.atlassian.com/platform/forge/events-reference/jira/
import type { Caller } from './caller.ts';
import { anonymous } from './caller.ts';
import type {
  AttachmentRecord,
  ChangeItem,
  CommentRecord,
  ComponentRecord,
  IssueRecord,
  LinkRecord,
  ProjectRecord,
  VersionRecord,
  WorklogRecord,
} from './model.ts';
import { issueTypes, known, statuses } from './site.ts';
import { formatInstant } from './time.ts';
import {
  commentView,
  componentView,
  issueTypeView,
  projectView,
  statusView,
  versionView,
  worklogView,
} from './views.ts';
import type { World } from './world.ts';

/** What an event may be about. */
export interface EventSubject {
  readonly issue?: IssueRecord;
  readonly items?: readonly ChangeItem[];
  readonly comment?: CommentRecord;
  readonly attachment?: AttachmentRecord;
  readonly link?: LinkRecord;
  readonly worklog?: WorklogRecord;
  readonly version?: VersionRecord;
  readonly component?: ComponentRecord;
  readonly project?: ProjectRecord;
}

type Body = Readonly<Record<string, unknown>>;

export function eventBody(world: World, caller: Caller, eventType: string, subject: EventSubject): Body {
  const actor = caller.person?.accountId;
  return {
    eventType,
    // Set for what the receiving app did as itself; edits with a person's API token never are.
    selfGenerated: caller.token === 'app-system',
    ...(actor === undefined ? {} : { atlassianId: actor }),
    ...content(world, eventType, subject, actor),
  };
}

function content(world: World, eventType: string, subject: EventSubject, actor: string | undefined): Body {
  const { issue, items = [], comment, attachment, link, worklog, version, component, project } = subject;
  if (link !== undefined && eventType.endsWith(':issuelink')) return linkBody(world, link);
  if (attachment !== undefined && eventType.endsWith(':attachment')) return { attachment: attachmentBody(attachment) };
  if (worklog !== undefined && eventType.endsWith(':worklog'))
    return { worklog: worklogView(world, anonymous, worklog) };
  if (version !== undefined) return { version: { ...versionView(world, version), projectId: version.projectId } };
  if (component !== undefined)
    return { component: { ...componentView(world, component), projectId: component.projectId } };
  if (project !== undefined) return { project: projectView(world, project) };
  if (issue === undefined) return {};
  return {
    issue: issueBody(world, issue),
    associatedUsers: associatedUsers(actor, items),
    ...(comment === undefined ? {} : { comment: commentView(world, anonymous, comment) }),
    ...(items.length === 0 ? {} : { changelog: { items } }),
    ...associatedStatuses(items),
  };
}

/** A few fields only, times in the site's zone, rich text never. */
function issueBody(world: World, issue: IssueRecord): Body {
  const { store } = world;
  const project = store.projects.get(issue.projectId);
  const person = (accountId: unknown): Body | null => (typeof accountId === 'string' ? { accountId } : null);
  return {
    id: String(issue.id),
    key: store.keyOf(issue),
    fields: {
      summary: issue.values.summary,
      issuetype: issueTypeView(world, known(issueTypes, issue.typeId)),
      creator: person(issue.creator),
      created: formatInstant(issue.created, anonymous.zone),
      project: project === undefined ? null : projectView(world, project),
      reporter: person(issue.values.reporter),
      assignee: person(issue.values.assignee),
      updated: formatInstant(issue.updated, anonymous.zone),
      status: statusView(world, known(statuses, issue.statusId)),
    },
  };
}

function associatedUsers(actor: string | undefined, items: readonly ChangeItem[]): readonly Body[] {
  const ids = new Set<string>();
  if (actor !== undefined) ids.add(actor);
  for (const { fieldId, from, to } of items) {
    if (fieldId !== 'assignee') continue;
    if (from !== null) ids.add(from);
    if (to !== null) ids.add(to);
  }
  return [...ids].map((accountId) => ({ accountId }));
}

function associatedStatuses(items: readonly ChangeItem[]): Body {
  const change = items.find(({ fieldId }) => fieldId === 'status');
  if (change === undefined) return {};
  const ids = [change.from, change.to].filter((id) => id !== null);
  return { associatedStatuses: ids.map((id) => ({ id, name: statuses.get(id)?.name })) };
}

const attachmentBody = (attachment: AttachmentRecord): Body => ({
  id: String(attachment.id),
  issueId: String(attachment.issueId),
  fileName: attachment.filename,
  createDate: formatInstant(attachment.created, anonymous.zone),
  size: String(attachment.content.size),
  mimeType: attachment.mimeType,
  author: { accountId: attachment.author },
});

function linkBody(world: World, link: LinkRecord): Body {
  const type = known(world.store.linkTypes, link.typeId);
  return {
    id: String(link.id),
    sourceIssueId: String(link.sourceId),
    destinationIssueId: String(link.destinationId),
    issueLinkType: {
      id: type.id,
      name: type.name,
      outwardName: type.outward,
      inwardName: type.inward,
      isSubTaskLinkType: false,
      isSystemLinkType: false,
    },
  };
}
