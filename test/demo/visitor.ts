// What a visitor of the page may see and do with one item, in the terms of each service's public API.

import type { AdfDoc } from '../../backend/src/sync/richtext/adf.ts';
import { adfToHtml } from '../../backend/src/sync/richtext/adf-to-html.ts';
import { htmlToAdf } from '../../backend/src/sync/richtext/html-to-adf.ts';
import { lookAtIssue, lookAtWorkItem } from './look.ts';
import type { Person } from './person.ts';
import type { Choices, Comment, Detail, Edit, Row, Side } from './seen.ts';

export interface Hands {
  readonly jira: Person;
  readonly azure: Person;
  readonly jiraProject: string;
  readonly azureProject: string;
}

interface Transition {
  readonly id: string;
  readonly to: { readonly name: string };
  readonly fields?: Readonly<Record<string, { readonly required: boolean }>>;
}
type JiraUser = { readonly accountId: string; readonly displayName: string; readonly accountType?: string };
type AzureType = {
  readonly transitions: Readonly<Record<string, readonly { readonly to: string }[]>>;
  readonly isDisabled?: boolean;
};

const shownComments = 20;
/** Types that a person plans work with; the others of the process belong to test plans. */
const workItemTypes: readonly string[] = ['Epic', 'Feature', 'User Story', 'Task', 'Bug', 'Issue'];

export async function choicesOf(hands: Hands, side: Side): Promise<Choices> {
  if (side === 'jira') {
    const { jira, jiraProject } = hands;
    const [project, priorities, people] = await Promise.all([
      jira.call<{ issueTypes: readonly { name: string; subtask: boolean }[] }>(`project/${jiraProject}`),
      jira.call<{ values: readonly { name: string }[] }>('priority/search'),
      jira.call<readonly JiraUser[]>(`user/assignable/search?project=${jiraProject}&maxResults=100`),
    ]);
    return {
      types: project.issueTypes.filter(({ subtask }) => !subtask).map(({ name }) => name),
      priorities: priorities.values.map(({ name }) => name),
      people: people
        .filter(({ accountType = 'atlassian' }) => accountType === 'atlassian')
        .map(({ accountId, displayName }) => ({ id: accountId, name: displayName })),
    };
  }
  const { azure, azureProject } = hands;
  const teams = await azure.call<{ value: readonly { id: string }[] }>(`_apis/projects/${azureProject}/teams`);
  const people = new Map<string, string>();
  for (const { id } of teams.value) {
    const members = await azure.call<{
      value: readonly { identity: { uniqueName: string; displayName: string; inactive?: boolean } }[];
    }>(`_apis/projects/${azureProject}/teams/${id}/members`);
    for (const { identity } of members.value)
      if (identity.inactive !== true) people.set(identity.uniqueName, identity.displayName);
  }
  return {
    types: workItemTypes,
    priorities: ['1', '2', '3', '4'],
    people: [...people].map(([id, name]) => ({ id, name })),
  };
}

export async function detailOf(hands: Hands, row: Row): Promise<Detail> {
  const { id } = row;
  if (row.side === 'jira') {
    const [{ description }, { transitions }, { comments }] = await Promise.all([
      lookAtIssue(hands.jira, id),
      hands.jira.call<{ transitions: readonly Transition[] }>(`issue/${id}/transitions`),
      hands.jira.call<{ comments: readonly { author?: JiraUser; body: unknown; created: string }[] }>(
        `issue/${id}/comment?orderBy=-created&maxResults=${shownComments}`,
      ),
    ]);
    return {
      row,
      descriptionHtml: htmlOf(description),
      comments: comments.map(
        ({ author, body, created }): Comment => ({
          author: author?.displayName ?? 'Somebody',
          html: htmlOf(body),
          at: created,
        }),
      ),
      nextStates: [...new Set(transitions.map(({ to }) => to.name))].filter((to) => to !== row.state),
    };
  }
  const [{ description }, { transitions }, { comments }] = await Promise.all([
    lookAtWorkItem(hands.azure, id),
    hands.azure.call<AzureType>(`${hands.azureProject}/_apis/wit/workitemtypes/${encodeURIComponent(row.type)}`),
    hands.azure.call<{
      comments: readonly { createdBy: { displayName: string }; text: string; createdDate: string }[];
    }>(`${hands.azureProject}/_apis/wit/workItems/${id}/comments?$top=${shownComments}&order=desc`),
  ]);
  return {
    row,
    descriptionHtml: typeof description === 'string' ? description : '',
    comments: comments.map(
      ({ createdBy, text, createdDate }): Comment => ({ author: createdBy.displayName, html: text, at: createdDate }),
    ),
    nextStates: (transitions[row.state] ?? []).map(({ to }) => to).filter((to) => to !== row.state),
  };
}

const htmlOf = (adf: unknown): string => (adf === null || adf === undefined ? '' : adfToHtml(adf as AdfDoc).html);

/** Throws an Error with the service's own words when it refuses. */
export const editItem = (hands: Hands, row: Row, edit: Edit): Promise<void> =>
  row.side === 'jira' ? editIssue(hands, row.id, edit) : editWorkItem(hands, row, edit);

async function editIssue({ jira }: Hands, id: string, edit: Edit): Promise<void> {
  const { title, priority, tags, assignee, descriptionHtml, state, comment } = edit;
  const fields = {
    ...(title === undefined ? {} : { summary: title }),
    ...(priority === undefined ? {} : { priority: { name: priority } }),
    ...(tags === undefined ? {} : { labels: tags.map((tag) => tag.replaceAll(/\s+/g, '_')) }),
    ...(assignee === undefined ? {} : { assignee: assignee === null ? null : { accountId: assignee } }),
    ...(descriptionHtml === undefined ? {} : { description: htmlToAdf(descriptionHtml).doc }),
  };
  if (Object.keys(fields).length > 0) await jira.call(`issue/${id}`, { method: 'PUT', body: { fields } });
  if (state !== undefined) {
    const { transitions } = await jira.call<{ transitions: readonly Transition[] }>(
      `issue/${id}/transitions?expand=transitions.fields`,
    );
    const transition = transitions.find(({ to }) => to.name === state);
    if (!transition) throw new Error(`No transition leads to ${state} from here.`);
    const resolved = transition.fields?.resolution?.required ? { fields: { resolution: { name: 'Done' } } } : {};
    await jira.call(`issue/${id}/transitions`, { body: { transition: { id: transition.id }, ...resolved } });
  }
  if (comment !== undefined) {
    const content = comment.split(/\n+/).map((text) => ({ type: 'paragraph', content: [{ type: 'text', text }] }));
    await jira.call(`issue/${id}/comment`, { body: { body: { type: 'doc', version: 1, content } } });
  }
}

async function editWorkItem({ azure, azureProject }: Hands, { id, type }: Row, edit: Edit): Promise<void> {
  const set = (field: string, value: string | number | undefined) =>
    // What is added to tags leaves those that are there.
    value === undefined ? [] : [{ op: field === 'System.Tags' ? 'replace' : 'add', path: `/fields/${field}`, value }];
  const body = [
    ...set('System.Title', edit.title),
    ...set('System.State', edit.state),
    ...set('Microsoft.VSTS.Common.Priority', edit.priority === undefined ? undefined : Number(edit.priority)),
    ...set('System.Tags', edit.tags?.join('; ')),
    ...set('System.AssignedTo', edit.assignee === null ? '' : edit.assignee),
    ...set(type === 'Bug' ? 'Microsoft.VSTS.TCM.ReproSteps' : 'System.Description', edit.descriptionHtml),
  ];
  if (body.length > 0) await azure.call(`_apis/wit/workitems/${id}`, { method: 'PATCH', body });
  if (edit.comment !== undefined) {
    const lines = edit.comment.split(/\n+/).map((line) => `<div>${escaped(line)}</div>`);
    await azure.call(`${azureProject}/_apis/wit/workItems/${id}/comments`, { body: { text: lines.join('') } });
  }
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The new item's id. */
export async function createItem(hands: Hands, side: Side, type: string, title: string): Promise<string> {
  if (side === 'jira') {
    const fields = { project: { key: hands.jiraProject }, issuetype: { name: type }, summary: title };
    return (await hands.jira.call<{ id: string }>('issue', { body: { fields } })).id;
  }
  const made = await hands.azure.call<{ id: number }>(
    `${hands.azureProject}/_apis/wit/workitems/$${encodeURIComponent(type)}`,
    { body: [{ op: 'add', path: '/fields/System.Title', value: title }] },
  );
  return String(made.id);
}

export async function attachFile(hands: Hands, { side, id }: Row, name: string, bytes: ArrayBuffer): Promise<void> {
  if (side === 'jira') {
    const form = new FormData();
    form.append('file', new Blob([bytes]), name);
    await hands.jira.call(`issue/${id}/attachments`, { form });
    return;
  }
  const { url } = await hands.azure.call<{ url: string }>(
    `${hands.azureProject}/_apis/wit/attachments?fileName=${encodeURIComponent(name)}`,
    { method: 'POST', bytes: new Uint8Array(bytes) },
  );
  await hands.azure.call(`_apis/wit/workitems/${id}`, {
    method: 'PATCH',
    body: [{ op: 'add', path: '/relations/-', value: { rel: 'AttachedFile', url, attributes: { name } } }],
  });
}
