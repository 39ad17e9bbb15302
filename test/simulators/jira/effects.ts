// What each operation leaves behind on an issue: whether `updated` moves, which changelog entry is written, which events tell.
// The table is the one place where that is decided; the functions below it carry it out.
import { randomUUID } from 'node:crypto';
import type { Caller } from './caller.ts';
import { type EventSubject, eventBody } from './event-bodies.ts';
import type { ChangeItem, IssueRecord } from './model.ts';
import { putIssue, type World } from './world.ts';

interface Effect {
  readonly movesUpdated: boolean;
  /** The field of the entry in the changelog; `fields` stands for one item a changed field. */
  readonly history: 'fields' | 'Attachment' | 'Link' | 'timespent' | 'none';
  /** In the order in which they are sent; those after the first only where they apply. */
  readonly events: readonly string[];
  readonly source: string;
}

const FORGE = 'https://developer.atlassian.com/platform/forge/events-reference/jira/';
const API = 'https://developer.atlassian.com/cloud/jira/platform/rest/v3/';

export const EFFECTS = {
  'issue.create': {
    movesUpdated: true,
    history: 'none',
    events: ['avi:jira:created:issue'],
    source: FORGE,
  },
  // Also transitions and assignee. An edit that changes nothing leaves no trace.
  'issue.edit': {
    movesUpdated: true,
    history: 'fields',
    events: ['avi:jira:updated:issue', 'avi:jira:assigned:issue'],
    source: FORGE,
  },
  // Subtasks that go along are not told of: "cascading events aren't emitted".
  'issue.delete': { movesUpdated: false, history: 'none', events: ['avi:jira:deleted:issue'], source: FORGE },
  'comment.add': { movesUpdated: true, history: 'none', events: ['avi:jira:commented:issue'], source: FORGE },
  'comment.edit': { movesUpdated: true, history: 'none', events: ['avi:jira:commented:issue'], source: FORGE },
  'comment.delete': { movesUpdated: true, history: 'none', events: ['avi:jira:deleted:comment'], source: FORGE },
  'attachment.add': {
    movesUpdated: true,
    history: 'Attachment',
    events: ['avi:jira:created:attachment', 'avi:jira:updated:issue'],
    source: FORGE,
  },
  'attachment.delete': {
    movesUpdated: true,
    history: 'Attachment',
    events: ['avi:jira:deleted:attachment', 'avi:jira:updated:issue'],
    source: FORGE,
  },
  // On both ends.
  'link.create': {
    movesUpdated: true,
    history: 'Link',
    events: ['avi:jira:created:issuelink', 'avi:jira:updated:issue'],
    source: FORGE,
  },
  'link.delete': {
    movesUpdated: true,
    history: 'Link',
    events: ['avi:jira:deleted:issuelink', 'avi:jira:updated:issue'],
    source: FORGE,
  },
  'worklog.add': {
    movesUpdated: true,
    history: 'timespent',
    events: ['avi:jira:created:worklog', 'avi:jira:updated:issue'],
    source: FORGE,
  },
  'worklog.edit': {
    movesUpdated: true,
    history: 'timespent',
    events: ['avi:jira:updated:worklog', 'avi:jira:updated:issue'],
    source: FORGE,
  },
  'worklog.delete': {
    movesUpdated: true,
    history: 'timespent',
    events: ['avi:jira:deleted:worklog', 'avi:jira:updated:issue'],
    source: FORGE,
  },
  'property.set': { movesUpdated: false, history: 'none', events: [], source: `${API}api-group-issue-properties/` },
  'comment-property.set': {
    movesUpdated: false,
    history: 'none',
    events: [],
    source: `${API}api-group-issue-comment-properties/`,
  },
  'remotelink.set': { movesUpdated: false, history: 'none', events: [], source: `${API}api-group-issue-remote-links/` },
  'watcher.set': { movesUpdated: false, history: 'none', events: [], source: `${API}api-group-issue-watchers/` },
  // A renamed version or component shows in its issues and moves none of them.
  'version.create': { movesUpdated: false, history: 'none', events: ['avi:jira:created:version'], source: FORGE },
  'version.edit': { movesUpdated: false, history: 'none', events: ['avi:jira:updated:version'], source: FORGE },
  'version.delete': { movesUpdated: false, history: 'none', events: ['avi:jira:deleted:version'], source: FORGE },
  'component.create': { movesUpdated: false, history: 'none', events: ['avi:jira:created:component'], source: FORGE },
  'component.edit': { movesUpdated: false, history: 'none', events: ['avi:jira:updated:component'], source: FORGE },
  'component.delete': { movesUpdated: false, history: 'none', events: ['avi:jira:deleted:component'], source: FORGE },
  'project.edit': { movesUpdated: false, history: 'none', events: ['avi:jira:updated:project'], source: FORGE },
  'project.delete': { movesUpdated: false, history: 'none', events: ['avi:jira:softdeleted:project'], source: FORGE },
} as const satisfies Readonly<Record<string, Effect>>;

export type Operation = keyof typeof EFFECTS;

/**
 * Stores what `operation` made of an issue, with the time and the changelog entry that the table gives it, and tells.
 * `items` are the changelog's; `subject` is what the event is about besides the issue.
 */
export function carryOut(
  world: World,
  caller: Caller,
  operation: Operation,
  issue: IssueRecord,
  items: readonly ChangeItem[] = [],
  subject: EventSubject = {},
): IssueRecord {
  const stored = leaveTraces(world, caller, operation, issue, items);
  tell(world, caller, operation, { ...subject, issue: stored, items });
  return stored;
}

/** As carryOut(), without telling: for the second end of a link, and for data that was there before anyone listened. */
export function leaveTraces(
  world: World,
  caller: Caller,
  operation: Operation,
  issue: IssueRecord,
  items: readonly ChangeItem[],
): IssueRecord {
  const effect: Effect = EFFECTS[operation];
  const now = world.clock.now();
  const stored = effect.movesUpdated ? putIssue(world, { ...issue, updated: now }) : issue;
  if (effect.history !== 'none' && items.length > 0) {
    world.store.addHistory(issue.id, {
      id: world.store.nextId('history'),
      author: caller.person?.accountId ?? '',
      created: now,
      items,
    });
  }
  return stored;
}

/** Publishes the operation's events, those that apply. */
export function tell(world: World, caller: Caller, operation: Operation, subject: EventSubject): void {
  for (const type of EFFECTS[operation].events) {
    if (type === 'avi:jira:assigned:issue' && !subject.items?.some(({ fieldId }) => fieldId === 'assignee')) continue;
    if (type === 'avi:jira:updated:issue' && (subject.items ?? []).length === 0) continue;
    world.events.publish({
      id: randomUUID(),
      type,
      at: world.clock.now(),
      body: eventBody(world, caller, type, subject),
    });
  }
}
