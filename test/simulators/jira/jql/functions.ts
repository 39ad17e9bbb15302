// JQL's functions that name people, issues, versions or issue types rather than a time: https://support.atlassian.com/jira-software-cloud/docs/jql-functions/
import type { LinkRecord } from '../model.ts';
import { GROUPS, ISSUE_TYPES } from '../site.ts';
import type { Comparable, JqlContext, JqlField } from './fields.ts';

export type Called = { readonly values: readonly Comparable[] } | { readonly error: string };

/** What `name(args)` stands for as a value of `field`; undefined when there is no such function for it. */
export function listFunction(
  context: JqlContext,
  field: JqlField,
  fieldName: string,
  name: string,
  args: readonly string[],
): Called | undefined {
  const lower = name.toLowerCase();
  const on = fieldName.toLowerCase();
  if (field.kind === 'user' && lower === 'currentuser')
    return { values: [context.caller.person?.accountId ?? '(nobody)'] };
  if (field.kind === 'user' && lower === 'membersof') return membersOf(context, args[0] ?? '');
  if (['issuetype', 'type'].includes(on)) {
    const wanted = lower === 'standardissuetypes' ? 'standard' : lower === 'subtaskissuetypes' ? 'subtask' : undefined;
    if (wanted === undefined) return undefined;
    return {
      values: ISSUE_TYPES.filter(({ level }) => (level === -1) === (wanted === 'subtask')).map(({ id }) => id),
    };
  }
  if (['fixversion', 'affectedversion', 'fixversions', 'versions'].includes(on)) {
    const released = lower === 'releasedversions' ? true : lower === 'unreleasedversions' ? false : undefined;
    if (released === undefined) return undefined;
    const versions = [...context.world.store.versions.values()];
    return { values: versions.filter((one) => one.released === released && !one.archived).map(({ id }) => id) };
  }
  if (on === 'sprint' || on === 'cf[10020]') {
    const state = { opensprints: 'active', futuresprints: 'future', closedsprints: 'closed' }[lower];
    if (state === undefined) return undefined;
    const sprints = [...context.world.store.sprints.values()].filter((one) => one.state === state);
    return { values: sprints.map(({ id }) => String(id)) };
  }
  if (['key', 'issuekey', 'issue', 'id'].includes(on) && lower === 'linkedissues') {
    return linkedIssues(context, field, args[0] ?? '', args[1]);
  }
  return undefined;
}

function membersOf({ world }: JqlContext, group: string): Called {
  const named = Object.values(GROUPS).find((one) => one.toLowerCase() === group.toLowerCase());
  if (named === undefined) {
    return {
      error: `Function 'membersOf' can not generate a list of usernames for group '${group}'; the group does not exist.`,
    };
  }
  const members = [...world.store.people.values()].filter(({ groups }) => groups.includes(named));
  return { values: members.map(({ accountId }) => accountId) };
}

function linkedIssues({ world }: JqlContext, field: JqlField, idOrKey: string, words: string | undefined): Called {
  const id = field.resolve(idOrKey);
  if (typeof id === 'object') return id;
  if (typeof id !== 'number') return { values: [] };
  const { store } = world;
  const fits = (link: LinkRecord): boolean => {
    if (words === undefined) return true;
    const type = store.linkTypes.get(link.typeId);
    return (link.sourceId === id ? type?.outward : type?.inward)?.toLowerCase() === words.toLowerCase();
  };
  const linked = store.linksOf(id).filter(fits);
  return { values: linked.map((link) => (link.sourceId === id ? link.destinationId : link.sourceId)) };
}
