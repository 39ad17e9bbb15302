// Reads both projects through the services' public APIs into one small form: what the story is judged by, and what the page lists.

import type { Person } from './person.ts';
import type { Seen, SeenFile } from './seen.ts';

interface JiraIssue {
  readonly id: string;
  readonly key: string;
  readonly properties?: Readonly<Record<string, { readonly sourceId?: unknown } | undefined>>;
  readonly fields: {
    readonly summary: string;
    readonly status: { readonly name: string };
    readonly issuetype: { readonly name: string };
    readonly labels: readonly string[];
    readonly assignee: { readonly accountId: string; readonly displayName: string } | null;
    readonly priority?: { readonly name: string } | null;
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
  'priority',
  'labels',
  'assignee',
  'updated',
  'description',
  'security',
  'comment',
  'attachment',
];
/** Where Tandem leaves its marker on an issue that it made. */
const markerProperty = 'tandem.pair';

export async function lookAtJira(person: Person, project: string): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  let nextPageToken: string | undefined;
  do {
    const page = await person.call<{ issues: readonly JiraIssue[]; nextPageToken?: string }>('search/jql', {
      body: {
        jql: `project = ${project} ORDER BY created ASC`,
        fields: jiraFields,
        properties: [markerProperty],
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
  issueSeen(await person.call<JiraIssue>(`issue/${id}?fields=${jiraFields.join(',')}&properties=${markerProperty}`));

const issuesAtATime = 100;

/** Those of the ids that are still there. */
export async function lookAtIssues(person: Person, ids: readonly string[]): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  for (let start = 0; start < ids.length; start += issuesAtATime) {
    const issueIdsOrKeys = ids.slice(start, start + issuesAtATime);
    const { issues } = await person.call<{ issues: readonly JiraIssue[] }>('issue/bulkfetch', {
      body: { issueIdsOrKeys, fields: jiraFields, properties: [markerProperty] },
    });
    seen.push(...issues.map(issueSeen));
  }
  return seen;
}

const bySize = (a: SeenFile, b: SeenFile) => a.size - b.size || (a.name < b.name ? -1 : 1);

const issueSeen = ({ id, key, fields, properties }: JiraIssue): Seen => ({
  side: 'jira',
  id,
  key,
  type: fields.issuetype.name,
  title: fields.summary,
  state: fields.status.name,
  tags: fields.labels,
  priority: fields.priority?.name ?? null,
  assignee: fields.assignee && { id: fields.assignee.accountId, name: fields.assignee.displayName },
  updated: Date.parse(fields.updated),
  comments: fields.comment.comments.filter(({ visibility }) => visibility === undefined).length,
  files: fields.attachment.map(({ filename, size }) => ({ name: filename, size })).sort(bySize),
  restricted: fields.security !== undefined && fields.security !== null,
  madeFrom: text(properties?.[markerProperty]?.sourceId) || null,
  description: fields.description,
});

interface WorkItem {
  readonly id: number;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly relations?: readonly {
    readonly rel: string;
    readonly attributes: { readonly name?: string; readonly resourceSize?: number; readonly comment?: string };
  }[];
}

const idsAtATime = 200;

export async function lookAtAzure(person: Person, project: string): Promise<readonly Seen[]> {
  const { workItems } = await person.call<{ workItems: readonly { id: number }[] }>(`${project}/_apis/wit/wiql`, {
    body: { query: `SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = '${project}' ORDER BY [System.Id]` },
  });
  return lookAtWorkItems(
    person,
    workItems.map(({ id }) => String(id)),
  );
}

/** Those of the ids that are still there. */
export async function lookAtWorkItems(person: Person, ids: readonly string[]): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  for (let start = 0; start < ids.length; start += idsAtATime) {
    const { value } = await person.call<{ value: readonly (WorkItem | null)[] }>('_apis/wit/workitemsbatch', {
      body: {
        ids: ids.slice(start, start + idsAtATime).map(Number),
        $expand: 'relations',
        errorPolicy: 'omit',
      },
    });
    seen.push(...value.flatMap((item) => (item === null ? [] : [workItemSeen(item)])));
  }
  return seen;
}

export const lookAtWorkItem = async (person: Person, id: string): Promise<Seen> =>
  workItemSeen(await person.call<WorkItem>(`_apis/wit/workitems/${id}?$expand=relations`));

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const priorityField = 'Microsoft.VSTS.Common.Priority';

/** Tandem's marker on a work item that it made stands in the comment of the link to the issue. */
function sourceIn(comment: string | undefined): string | null {
  const source = /\[tandem source=([^\s\]/]+) /.exec(comment ?? '')?.[1];
  return source === undefined ? null : decodeURIComponent(source);
}

function workItemSeen({ id, fields, relations = [] }: WorkItem): Seen {
  const assigned = fields['System.AssignedTo'] as { uniqueName?: string; displayName?: string } | undefined;
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
    priority: fields[priorityField] === undefined ? null : String(fields[priorityField]),
    assignee: assigned ? { id: assigned.uniqueName ?? '', name: assigned.displayName ?? '' } : null,
    updated: Date.parse(text(fields['System.ChangedDate'])),
    comments: Number(fields['System.CommentCount'] ?? 0),
    files: relations
      .filter(({ rel }) => rel === 'AttachedFile')
      .map(({ attributes }) => ({ name: attributes.name ?? '', size: attributes.resourceSize ?? 0 }))
      .sort(bySize),
    restricted: false,
    madeFrom:
      relations
        .map(({ rel, attributes }) => (rel === 'Hyperlink' ? sourceIn(attributes.comment) : null))
        .find((source) => source !== null) ?? null,
    description: fields[type === 'Bug' ? 'Microsoft.VSTS.TCM.ReproSteps' : 'System.Description'] ?? null,
  };
}
