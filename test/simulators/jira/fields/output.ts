// Shows a field of an issue as answers carry it. Empty values are null, or an empty list where the field holds many.
import type { Caller } from '../caller.ts';
import type { IssueRecord } from '../model.ts';
import { issueTypes, known, priorities, statuses } from '../site.ts';
import { formatDuration, formatInstant } from '../time.ts';
import {
  attachmentView,
  commentView,
  componentView,
  issueTypeView,
  linkViewFrom,
  mayReadComment,
  optionView,
  priorityView,
  projectView,
  resolutionById,
  securityView,
  shortIssueView,
  sprintFieldView,
  statusCategoryView,
  statusView,
  userById,
  versionView,
  worklogView,
} from '../views.ts';
import type { World } from '../world.ts';
import type { FieldDef } from './definitions.ts';
import type { TimeTracking } from './input.ts';

/** Comments and worklogs that an issue carries; the rest is paged by their own operations. */
const CARRIED_WORKLOGS = 20;

export function showField(world: World, caller: Caller, issue: IssueRecord, field: FieldDef): unknown {
  const value = issue.values[field.id];
  switch (field.kind) {
    case 'summary':
    case 'adf':
    case 'text':
    case 'number':
    case 'date':
    case 'url':
      return value ?? null;
    case 'datetime':
      return typeof value === 'number' ? formatInstant(value, caller.zone) : null;
    case 'labels':
      return value ?? (field.custom ? null : []);
    case 'select':
      return optionById(world, field, value);
    case 'multiselect':
      return Array.isArray(value) ? value.map((id) => optionById(world, field, id)) : null;
    case 'user':
      return userById(world, caller, value);
    case 'priority':
      return typeof value === 'string' ? priorityView(world, known(priorities, value)) : null;
    case 'resolution':
      return typeof value === 'string' ? resolutionById(world, value) : null;
    case 'security':
      return typeof value === 'string' ? securityView(world, value) : null;
    case 'versions':
      return list(
        value,
        (id) => world.store.versions.get(id),
        (version) => versionView(world, version),
      );
    case 'components':
      return list(
        value,
        (id) => world.store.components.get(id),
        (component) => componentView(world, component),
      );
    case 'project': {
      const project = world.store.projects.get(issue.projectId);
      return project === undefined ? null : projectView(world, project);
    }
    case 'issuetype':
      return issueTypeView(world, known(issueTypes, issue.typeId));
    case 'parent': {
      const parent = typeof value === 'number' ? world.store.issues.get(value) : undefined;
      return parent === undefined ? undefined : shortIssueView(world, parent);
    }
    case 'timetracking':
      return timeTrackingView(world, issue);
    case 'sprint': {
      const ids = Array.isArray(value) ? value : [];
      const found = ids.flatMap((id) => (typeof id === 'number' ? (world.store.sprints.get(id) ?? []) : []));
      return found.length === 0 ? null : found.map(sprintFieldView);
    }
    case 'computed':
      return showComputed(world, caller, issue, field);
    default:
      return field.kind satisfies never;
  }
}

function showComputed(world: World, caller: Caller, issue: IssueRecord, field: FieldDef): unknown {
  const { store } = world;
  const status = known(statuses, issue.statusId);
  switch (field.id) {
    case 'status':
      return statusView(world, status);
    case 'statusCategory':
      return statusCategoryView(world, status.category);
    case 'statuscategorychangedate':
      return formatInstant(issue.statusChanged, caller.zone);
    case 'created':
      return formatInstant(issue.created, caller.zone);
    case 'updated':
      return formatInstant(issue.updated, caller.zone);
    case 'resolutiondate': {
      const resolved = issue.values.resolutiondate;
      return typeof resolved === 'number' ? formatInstant(resolved, caller.zone) : null;
    }
    case 'creator':
      return userById(world, caller, issue.creator);
    case 'subtasks':
      return store
        .childrenOf(issue.id)
        .filter((child) => issueTypes.get(child.typeId)?.level === -1)
        .map((child) => shortIssueView(world, child));
    case 'issuelinks':
      return store.linksOf(issue.id).map((link) => linkViewFrom(world, link, issue.id));
    case 'attachment':
      return store.attachmentsOf(issue.id).map((attachment) => attachmentView(world, caller, attachment));
    case 'comment': {
      const comments = store.commentsOf(issue.id).filter((comment) => mayReadComment(caller, comment));
      return {
        comments: comments.map((comment) => commentView(world, caller, comment)),
        self: `${world.url}/rest/api/3/issue/${issue.id}/comment`,
        maxResults: comments.length,
        total: comments.length,
        startAt: 0,
      };
    }
    case 'worklog': {
      const worklogs = store.worklogs.get(issue.id) ?? [];
      return {
        startAt: 0,
        maxResults: CARRIED_WORKLOGS,
        total: worklogs.length,
        worklogs: worklogs.slice(0, CARRIED_WORKLOGS).map((worklog) => worklogView(world, caller, worklog)),
      };
    }
    case 'watches': {
      const watchers = store.watchers.get(issue.id) ?? [];
      return {
        self: `${world.url}/rest/api/3/issue/${world.store.keyOf(issue)}/watchers`,
        watchCount: watchers.length,
        isWatching: watchers.includes(caller.person?.accountId ?? ''),
      };
    }
    case 'votes':
      return { self: `${world.url}/rest/api/3/issue/${world.store.keyOf(issue)}/votes`, votes: 0, hasVoted: false };
    case 'timeoriginalestimate':
      return timeTracking(issue).original ?? null;
    case 'timeestimate':
      return timeTracking(issue).remaining ?? null;
    case 'timespent':
      return timeSpent(world, issue) || null;
    default:
      return issue.values[field.id] ?? null;
  }
}

const timeTracking = (issue: IssueRecord): TimeTracking =>
  (issue.values.timetracking as TimeTracking | undefined) ?? {};

const timeSpent = (world: World, issue: IssueRecord): number =>
  (world.store.worklogs.get(issue.id) ?? []).reduce((sum, { seconds }) => sum + seconds, 0);

function timeTrackingView(world: World, issue: IssueRecord): unknown {
  const { original, remaining } = timeTracking(issue);
  const spent = timeSpent(world, issue);
  return {
    ...(original === undefined
      ? {}
      : { originalEstimate: formatDuration(original), originalEstimateSeconds: original }),
    ...(remaining === undefined
      ? {}
      : { remainingEstimate: formatDuration(remaining), remainingEstimateSeconds: remaining }),
    ...(spent === 0 ? {} : { timeSpent: formatDuration(spent), timeSpentSeconds: spent }),
  };
}

function optionById(world: World, field: FieldDef, id: unknown): unknown {
  const option = field.options?.find((entry) => entry.id === id);
  return option === undefined ? null : optionView(world, option);
}

function list<T>(value: unknown, find: (id: string) => T | undefined, show: (thing: T) => unknown): unknown[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((id) => {
    const thing = typeof id === 'string' ? find(id) : undefined;
    return thing === undefined ? [] : [show(thing)];
  });
}
