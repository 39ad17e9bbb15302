// What a visitor of the page may see and do with one item, in the terms of each service.

import type { AdfDoc } from '../../backend/src/sync/richtext/adf.ts';
import { adfToHtml } from '../../backend/src/sync/richtext/adf-to-html.ts';

import type { Person } from './person.ts';
import type { Detail, Seen } from './seen.ts';

export interface Hands {
  readonly jira: Person;
  readonly azure: Person;
  readonly jiraProject: string;
  readonly azureProject: string;
}

export interface Edit {
  readonly title?: string | undefined;
  readonly state?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly comment?: string | undefined;
}

interface Transition {
  readonly id: string;
  readonly to: { readonly name: string };
  readonly fields?: Readonly<Record<string, { readonly required: boolean }>>;
}

const shownComments = 20;
/** Azure DevOps tells a type's transitions with the type. */
type Transitions = Readonly<Record<string, readonly { readonly to: string }[]>>;

export async function detailOf(hands: Hands, seen: Seen): Promise<Detail> {
  const { description, ...item } = seen;
  if (item.side === 'jira') {
    const [{ transitions }, { comments }] = await Promise.all([
      hands.jira.call<{ transitions: readonly Transition[] }>(`issue/${item.id}/transitions`),
      hands.jira.call<{ comments: readonly { author: { displayName: string }; body: unknown; created: string }[] }>(
        `issue/${item.id}/comment?orderBy=-created&maxResults=${shownComments}`,
      ),
    ]);
    return {
      item,
      descriptionHtml: htmlOf(description),
      comments: comments.map(({ author, body, created }) => ({
        author: author.displayName,
        html: htmlOf(body),
        at: created,
      })),
      nextStates: [...new Set(transitions.map(({ to }) => to.name))],
    };
  }
  const [{ transitions }, { comments }] = await Promise.all([
    hands.azure.call<{ transitions: Transitions }>(
      `${hands.azureProject}/_apis/wit/workitemtypes/${encodeURIComponent(item.type)}`,
    ),
    hands.azure.call<{
      comments: readonly { createdBy: { displayName: string }; text: string; createdDate: string }[];
    }>(`${hands.azureProject}/_apis/wit/workItems/${item.id}/comments?$top=${shownComments}`),
  ]);
  return {
    item,
    descriptionHtml: typeof description === 'string' ? description : '',
    comments: comments.map(({ createdBy, text, createdDate }) => ({
      author: createdBy.displayName,
      html: text,
      at: createdDate,
    })),
    nextStates: (transitions[item.state] ?? []).map(({ to }) => to).filter((to) => to !== item.state),
  };
}

const htmlOf = (adf: unknown): string => (adf === null || adf === undefined ? '' : adfToHtml(adf as AdfDoc, {}).html);

export async function editOf(hands: Hands, item: Seen, edit: Edit): Promise<void> {
  await (item.side === 'jira' ? editIssue(hands, item, edit) : editWorkItem(hands, item, edit));
}

async function editIssue({ jira }: Hands, { id }: Seen, { title, tags, state, comment }: Edit): Promise<void> {
  if (title !== undefined || tags !== undefined) {
    const labels = tags?.map((tag) => tag.replaceAll(/\s+/g, '_'));
    const fields = { ...(title === undefined ? {} : { summary: title }), ...(labels === undefined ? {} : { labels }) };
    await jira.call(`issue/${id}`, { method: 'PUT', body: { fields } });
  }
  if (state !== undefined) {
    const { transitions } = await jira.call<{ transitions: readonly Transition[] }>(
      `issue/${id}/transitions?expand=transitions.fields`,
    );
    const transition = transitions.find(({ to }) => to.name === state);
    if (!transition) throw new Error(`No transition leads to ${state} from here.`);
    const fields = transition.fields?.resolution?.required ? { fields: { resolution: { name: 'Done' } } } : {};
    await jira.call(`issue/${id}/transitions`, { body: { transition: { id: transition.id }, ...fields } });
  }
  if (comment !== undefined) {
    const paragraph = { type: 'paragraph', content: [{ type: 'text', text: comment }] };
    await jira.call(`issue/${id}/comment`, { body: { body: { type: 'doc', version: 1, content: [paragraph] } } });
  }
}

async function editWorkItem({ azure, azureProject }: Hands, { id }: Seen, edit: Edit): Promise<void> {
  const set = (field: string, value: string | undefined) =>
    value === undefined ? [] : [{ op: 'add', path: `/fields/${field}`, value }];
  const body = [
    ...set('System.Title', edit.title),
    ...set('System.State', edit.state),
    ...set('System.Tags', edit.tags?.join('; ')),
  ];
  if (body.length > 0) await azure.call(`_apis/wit/workitems/${id}`, { method: 'PATCH', body });
  if (edit.comment !== undefined) {
    const text = edit.comment.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    await azure.call(`${azureProject}/_apis/wit/workItems/${id}/comments`, { body: { text: `<div>${text}</div>` } });
  }
}
