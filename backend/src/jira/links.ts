// The links of an issue: reads its web links, makes and removes links, and sets its parent. Which links there should be is
// not decided here.

import { z } from 'zod';
import type { HttpAnswer } from '../http/transport.ts';
import type { LinkChange, LinkOutcome, UpdateOutcome } from '../reconcile/ports.ts';
import { type SyncError, syncError } from '../sync/errors.ts';
import { type ItemSnapshot, type LinkSnapshot, parentLink, webLink } from '../sync/model.ts';
import { type JiraCall, type JiraClient, segment } from './client.ts';
import { refusalsOf } from './refusals.ts';
import { issueSchema, type JiraIssue } from './schemas.ts';

const webLinksSchema = z.array(
  z.object({
    id: z.number().int(),
    globalId: z.string().nullish(),
    object: z.object({ url: z.string(), title: z.string().nullish() }),
  }),
);

/** All of them come in one answer. */
export async function readWebLinks(client: JiraClient, id: string): Promise<readonly LinkSnapshot[]> {
  const links = await client.get(webLinksSchema, {
    operation: 'GET issue/{id}/remotelink',
    method: 'GET',
    path: `issue/${segment(id)}/remotelink`,
    endpoint: 'read',
  });
  return links.map((link) => ({
    id: String(link.id),
    type: webLink,
    direction: 'outward',
    target: link.object.url,
    identity: `${webLink}|${link.object.url}`,
    ...(link.object.title ? { title: link.object.title } : {}),
  }));
}

export interface LinkWriter {
  readonly client: JiraClient;
  /** What an answer of an edit proves, as for any field. */
  readonly written: (base: ItemSnapshot, issue: JiraIssue) => Promise<UpdateOutcome>;
}

/** One call for each: Jira has none for several. A link that is made twice is one link, and answered as if it were made. */
export async function changeLinks(
  writer: LinkWriter,
  base: ItemSnapshot,
  changes: readonly LinkChange[],
): Promise<LinkOutcome> {
  const refused = new Map<number, SyncError>();
  const inexpressible = new Set<number>();
  let outcome: UpdateOutcome | undefined;
  // A parent that is replaced need not be taken away first.
  const replaced = changes.some((change) => change.kind === 'add' && change.type === parentLink);
  for (const [index, change] of changes.entries()) {
    if (change.kind === 'remove' && change.link.type === parentLink && replaced) continue;
    const call = callOf(base, change);
    const answer = await writer.client.send(call);
    if (answer.status === 404 && change.kind === 'remove') continue;
    if (answer.status >= 400) {
      const error = refusalOf(call, answer, change);
      if (change.kind === 'add' && error.value === wrongLevel) inexpressible.add(index);
      else refused.set(index, error);
      continue;
    }
    if (call.method === 'PUT') {
      const issue = issueSchema.safeParse(answer.json);
      if (issue.success) outcome = await writer.written(base, issue.data);
    }
  }
  if (outcome?.kind !== 'written') return { kind: 'written', refused, inexpressible };
  const { item, version } = outcome;
  return { kind: 'written', refused, inexpressible, item, ...(version === undefined ? {} : { version }) };
}

function callOf(base: ItemSnapshot, change: LinkChange): JiraCall {
  const common = { endpoint: 'write', item: base.id } as const;
  const type = change.kind === 'add' ? change.type : change.link.type;
  if (type === parentLink) {
    // https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-put
    const parent = change.kind === 'add' ? { set: { id: change.target } } : { set: { none: true } };
    return {
      ...common,
      operation: 'PUT issue/{id}',
      method: 'PUT',
      path: `issue/${segment(base.id)}`,
      query: { returnIssue: true, expand: 'changelog' },
      json: { update: { parent: [parent] } },
    };
  }
  if (type === webLink) {
    if (change.kind === 'remove') {
      const operation = 'DELETE issue/{id}/remotelink/{id}';
      const path = `issue/${segment(base.id)}/remotelink/${segment(change.link.id)}`;
      return { ...common, operation, method: 'DELETE', path };
    }
    return {
      ...common,
      operation: 'POST issue/{id}/remotelink',
      method: 'POST',
      path: `issue/${segment(base.id)}/remotelink`,
      // The same global id again replaces the link, so that a lost answer makes no second one.
      json: {
        ...(change.marker === undefined ? {} : { globalId: `tandem|${change.marker.sourceId}` }),
        object: { url: change.target, title: (change.title ?? change.target).slice(0, 255) },
      },
    };
  }
  if (change.kind === 'remove') {
    const path = `issueLink/${segment(change.link.id)}`;
    return { ...common, operation: 'DELETE issueLink/{id}', method: 'DELETE', path };
  }
  // The request calls the issue that the outward words are said of its inward one: "inwardIssue blocks outwardIssue".
  const [from, to] = change.direction === 'outward' ? [base.id, change.target] : [change.target, base.id];
  return {
    ...common,
    operation: 'POST issueLink',
    method: 'POST',
    path: 'issueLink',
    json: { type: { name: change.type }, inwardIssue: { id: from }, outwardIssue: { id: to } },
  };
}

/** Jira takes a parent of the next higher level only, and types of the highest have no such field: https://support.atlassian.com/jira-cloud-administration/docs/configure-issue-type-hierarchy/ */
const wrongLevel = 'the type of the other item is no parent of this type';

const reasons: readonly (readonly [RegExp, string])[] = [
  [/hierarchy level|not a valid parent|valid parent|'?parent'? cannot be set/i, wrongLevel],
  [/No issue link type/i, 'the site has no such link type'],
  [/itself/i, 'an item cannot be linked to itself'],
  [/permission/i, 'the synchronizer may not link these issues'],
  [/sub-?task/i, 'a sub-task keeps its parent'],
];

function refusalOf(call: JiraCall, answer: HttpAnswer, change: LinkChange): SyncError {
  if (answer.status === 403) return syncError('forbidden', { side: 'jira', level: 'child', value: 'LINK_ISSUES' });
  const [refusal] = refusalsOf(answer, new Set(['parent']), []);
  const detail = refusal?.error.detail ?? '';
  const known = reasons.find(([pattern]) => pattern.test(detail))?.[1];
  const missing = answer.status === 404 ? 'the linked issue cannot be seen' : 'no reason is given';
  const value = change.kind === 'remove' && known === undefined ? 'it cannot be taken away' : (known ?? missing);
  return syncError('link-refused', {
    side: 'jira',
    value,
    detail: `${call.operation}: HTTP ${answer.status}. ${detail}`,
  });
}
