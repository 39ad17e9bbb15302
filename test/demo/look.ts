// Reads both projects through the services' public APIs into one small form: what the story is judged by, and what the page lists.

import type { Person } from './person.ts';
import type { Seen } from './seen.ts';

interface JiraIssue {
  readonly id: string;
  readonly key: string;
  readonly fields: {
    readonly summary: string;
    readonly status: { readonly name: string };
    readonly issuetype: { readonly name: string };
    readonly labels: readonly string[];
    readonly assignee: { readonly displayName: string } | null;
    readonly updated: string;
    readonly description: unknown;
    readonly security?: unknown;
    readonly comment: { readonly comments: readonly { readonly visibility?: unknown }[] };
    readonly attachment: readonly { readonly filename: string; readonly size: number }[];
  };
}

const jiraFields = [
  'summary',
  'status',
  'issuetype',
  'labels',
  'assignee',
  'updated',
  'description',
  'security',
  'comment',
  'attachment',
];

export async function lookAtJira(person: Person, project: string): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  let nextPageToken: string | undefined;
  do {
    const page = await person.call<{ issues: readonly JiraIssue[]; nextPageToken?: string }>('search/jql', {
      body: {
        jql: `project = ${project} ORDER BY created ASC`,
        fields: jiraFields,
        maxResults: 100,
        ...(nextPageToken === undefined ? {} : { nextPageToken }),
      },
    });
    seen.push(...page.issues.map(issueSeen));
    nextPageToken = page.nextPageToken;
  } while (nextPageToken !== undefined);
  return seen;
}

export const lookAtIssue = async (person: Person, id: string): Promise<Seen> =>
  issueSeen(await person.call<JiraIssue>(`issue/${id}?fields=${jiraFields.join(',')}`));

const issueSeen = ({ id, key, fields }: JiraIssue): Seen => ({
  side: 'jira',
  id,
  key,
  type: fields.issuetype.name,
  title: fields.summary,
  state: fields.status.name,
  tags: fields.labels,
  assignee: fields.assignee?.displayName ?? null,
  updated: Date.parse(fields.updated),
  comments: fields.comment.comments.filter(({ visibility }) => visibility === undefined).length,
  files: fields.attachment.map(({ filename, size }) => `${filename} ${size}`).sort(),
  restricted: fields.security !== undefined && fields.security !== null,
  description: fields.description,
});

interface WorkItem {
  readonly id: number;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly relations?: readonly {
    readonly rel: string;
    readonly attributes: { readonly name?: string; readonly resourceSize?: number };
  }[];
}

const idsAtATime = 200;

export async function lookAtAzure(person: Person, project: string): Promise<readonly Seen[]> {
  const { workItems } = await person.call<{ workItems: readonly { id: number }[] }>(`${project}/_apis/wit/wiql`, {
    body: { query: `SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = '${project}' ORDER BY [System.Id]` },
  });
  const seen: Seen[] = [];
  for (let start = 0; start < workItems.length; start += idsAtATime) {
    const ids = workItems.slice(start, start + idsAtATime).map(({ id }) => id);
    const { value } = await person.call<{ value: readonly WorkItem[] }>('_apis/wit/workitemsbatch', {
      body: { ids, $expand: 'relations' },
    });
    seen.push(...value.map(workItemSeen));
  }
  return seen;
}

export const lookAtWorkItem = async (person: Person, id: string): Promise<Seen> =>
  workItemSeen(await person.call<WorkItem>(`_apis/wit/workitems/${id}?$expand=relations`));

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function workItemSeen({ id, fields, relations = [] }: WorkItem): Seen {
  const assigned = fields['System.AssignedTo'] as { displayName?: string } | undefined;
  const type = text(fields['System.WorkItemType']);
  return {
    side: 'azure',
    id: String(id),
    key: String(id),
    type,
    title: text(fields['System.Title']),
    state: text(fields['System.State']),
    tags: text(fields['System.Tags'])
      .split(';')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
    assignee: assigned?.displayName ?? null,
    updated: Date.parse(text(fields['System.ChangedDate'])),
    comments: Number(fields['System.CommentCount'] ?? 0),
    files: relations
      .filter(({ rel }) => rel === 'AttachedFile')
      .map(({ attributes }) => `${attributes.name ?? ''} ${attributes.resourceSize ?? 0}`)
      .sort(),
    restricted: false,
    description: fields[type === 'Bug' ? 'Microsoft.VSTS.TCM.ReproSteps' : 'System.Description'] ?? null,
  };
}
