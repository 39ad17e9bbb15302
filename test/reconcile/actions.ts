// What the fault tests do and look at: people's edits on both sides, the pair that came of them, and an audit of both
// simulators that counts what stands there twice and what is left open.

import { parseOrganization } from '../../backend/src/azure/organization.ts';
import { markerIn } from '../../backend/src/azure/relations.ts';
import { readMarker } from '../../backend/src/jira/markers.ts';
import { leaseRetryMs } from '../../backend/src/reconcile/leased-pair.ts';
import type { Pair } from '../../backend/src/reconcile/ports.ts';
import type { ErrorCode } from '../../backend/src/sync/errors.ts';
import { otherSide, type Side } from '../../backend/src/sync/model.ts';
import type { ProfileSettings } from '../../backend/src/sync/profile.ts';
import { latest } from '../simulators/azure/store/model.ts';
import type { FaultInput } from '../simulators/kernel/faults.ts';
import { type Answer, basic, eventually, type Harness } from './harness.ts';

export const paragraph = (text: string) => ({
  type: 'doc',
  version: 1,
  content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
});

export interface Actions {
  control(side: Side, method: string, path: string, body?: unknown): Promise<Answer>;
  fault(side: Side, fault: FaultInput): void;
  clearFaults(): void;
  /** Keeps all events back until `letGo`, so that edits on both sides meet. */
  hold(): void;
  letGo(): Promise<void>;
  saveSettings(change: (settings: ProfileSettings) => ProfileSettings): Promise<void>;
  /** A person's new item; answers its id. */
  create(side: Side, title: string, fields?: Readonly<Record<string, unknown>>, type?: string): Promise<string>;
  /** A person's edit, by native field ids. */
  edit(side: Side, id: string, fields: Readonly<Record<string, unknown>>): Promise<void>;
  rename(side: Side, id: string, title: string): Promise<void>;
  /** The native fields. */
  fields(side: Side, id: string): Promise<Readonly<Record<string, Answer>>>;
  title(side: Side, id: string): Promise<string>;
  comment(side: Side, id: string, text: string): Promise<string>;
  editComment(side: Side, id: string, comment: string, text: string): Promise<void>;
  deleteComment(side: Side, id: string, comment: string): Promise<void>;
  /** Texts of all comments, markup left in. */
  comments(side: Side, id: string): Promise<readonly string[]>;
  attach(side: Side, id: string, name: string, content: string): Promise<void>;
  /** A link that has no direction. */
  relate(side: Side, id: string, other: string): Promise<void>;
  /** Ids of all items so linked, in order. */
  related(side: Side, id: string): Promise<readonly string[]>;
  /** Names of all attachments, sorted. */
  attachments(side: Side, id: string): Promise<readonly string[]>;
  remove(side: Side, id: string): Promise<void>;
  /** Takes a work item out of the recycle bin, as an administrator. */
  restore(id: string): Promise<void>;
  pair(side: Side, id: string): Promise<Pair | null>;
  /** Waits until the item has its counterpart and all is settled; answers the counterpart's id. */
  counterpart(side: Side, id: string): Promise<string>;
  /** Two paired items, made on that side. */
  twins(side: Side, title: string, fields?: Readonly<Record<string, unknown>>, type?: string): Promise<Twins>;
  /** Codes of the visible errors of an item, by subject (`item` for the item itself). */
  errors(side: Side, id: string): Promise<Readonly<Record<string, ErrorCode>>>;
  audit(): Promise<Audit>;
}

export interface Twins {
  readonly jira: string;
  readonly azure: string;
}

export interface Audit {
  /** What was made more than once for one source. */
  readonly duplicates: readonly string[];
  /** Intents that are not resolved. */
  readonly open: readonly string[];
}

const titleField = { jira: 'summary', azure: 'System.Title' } as const;

export function actionsOf(tandem: Harness): Actions {
  const { jira, azure, scope, service, profile } = tandem;
  const siteId = { jira: jira.cloudId, azure: parseOrganization(azure.url).url };
  const simulator = { jira, azure };

  const pair: Actions['pair'] = (side, id) => service.state.findPair(scope, siteId[side], side, id);

  const actions: Actions = {
    async control(side, method, path, body) {
      const response = await fetch(`${simulator[side].kernel.url}/_control/${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path} → ${response.status}: ${text}`);
      return text === '' ? null : JSON.parse(text);
    },
    fault: (side, fault) => void simulator[side].kernel.faults.add(fault),
    clearFaults() {
      jira.kernel.faults.clear();
      azure.kernel.faults.clear();
    },
    hold() {
      for (const { kernel } of [jira, azure]) kernel.events.setMode({ mode: 'reorder', ms: 3_600_000 });
    },
    async letGo() {
      for (const { kernel } of [jira, azure]) kernel.events.setMode({ mode: 'deliver' });
      await tandem.settled();
    },
    async saveSettings(change) {
      const present = await service.config.profileRecord(scope, profile.id);
      if (!present) throw new Error('the profile is stored');
      await service.config.saveProfile(scope, profile.id, present.revision, change(present.settings), null);
    },
    async create(side, title, fields = {}, type = 'Task') {
      if (side === 'jira') {
        const made = await tandem.asPerson('jira', 'POST', 'issue', {
          fields: { project: { key: 'TAN' }, issuetype: { name: type }, summary: title, ...fields },
        });
        return made.id;
      }
      const all = { 'System.Title': title, ...fields };
      const made = await tandem.asPerson('azure', 'POST', `Tandem/_apis/wit/workitems/$${type}`, patchOf(all));
      return String(made.id);
    },
    async edit(side, id, fields) {
      if (side === 'jira') await tandem.asPerson('jira', 'PUT', `issue/${id}`, { fields });
      else await tandem.asPerson('azure', 'PATCH', `_apis/wit/workitems/${id}`, patchOf(fields));
    },
    rename: (side, id, title) => actions.edit(side, id, { [titleField[side]]: title }),
    async fields(side, id) {
      const path = side === 'jira' ? `issue/${id}` : `_apis/wit/workitems/${id}`;
      return (await tandem.asPerson(side, 'GET', path)).fields;
    },
    title: async (side, id) => (await actions.fields(side, id))[titleField[side]],
    async comment(side, id, text) {
      const made =
        side === 'jira'
          ? await tandem.asPerson('jira', 'POST', `issue/${id}/comment`, { body: paragraph(text) })
          : await tandem.asPerson('azure', 'POST', `Tandem/_apis/wit/workItems/${id}/comments`, { text });
      return String(made.id);
    },
    async editComment(side, id, comment, text) {
      if (side === 'jira') {
        await tandem.asPerson('jira', 'PUT', `issue/${id}/comment/${comment}`, { body: paragraph(text) });
        return;
      }
      await tandem.asPerson('azure', 'PATCH', `Tandem/_apis/wit/workItems/${id}/comments/${comment}`, { text });
    },
    async deleteComment(side, id, comment) {
      const path =
        side === 'jira' ? `issue/${id}/comment/${comment}` : `Tandem/_apis/wit/workItems/${id}/comments/${comment}`;
      await tandem.asPerson(side, 'DELETE', path);
    },
    async comments(side, id) {
      if (side === 'jira') {
        const { comments } = await tandem.asPerson('jira', 'GET', `issue/${id}/comment`);
        return comments.map(({ body }: Answer) => JSON.stringify(body));
      }
      const { comments } = await tandem.asPerson('azure', 'GET', `Tandem/_apis/wit/workItems/${id}/comments`);
      return comments.map(({ text }: Answer) => text);
    },
    async attach(side, id, name, content) {
      if (side === 'azure') {
        const upload = await fetch(
          `${azure.url}/Tandem/_apis/wit/attachments?fileName=${encodeURIComponent(name)}&api-version=7.1`,
          {
            method: 'POST',
            headers: { authorization: basic('', azure.ordinary.pat), 'content-type': 'application/octet-stream' },
            body: content,
          },
        );
        const { url }: Answer = await upload.json();
        await tandem.asPerson('azure', 'PATCH', `_apis/wit/workitems/${id}`, [
          { op: 'add', path: '/relations/-', value: { rel: 'AttachedFile', url, attributes: { name } } },
        ]);
        return;
      }
      const form = new FormData();
      form.append('file', new Blob([content]), name);
      const { email, token } = jira.accounts.ordinary;
      const answer = await fetch(`${jira.url}/rest/api/3/issue/${id}/attachments`, {
        method: 'POST',
        headers: { authorization: basic(email, token), 'x-atlassian-token': 'no-check' },
        body: form,
      });
      if (!answer.ok) throw new Error(`attach → ${answer.status}: ${await answer.text()}`);
      await answer.arrayBuffer();
    },
    async relate(side, id, other) {
      if (side === 'jira') {
        const ends = { inwardIssue: { id }, outwardIssue: { id: other } };
        await tandem.asPerson('jira', 'POST', 'issueLink', { type: { name: 'Relates' }, ...ends });
        return;
      }
      const value = { rel: 'System.LinkTypes.Related', url: `${azure.url}/_apis/wit/workItems/${other}` };
      await tandem.asPerson('azure', 'PATCH', `_apis/wit/workitems/${id}`, [
        { op: 'add', path: '/relations/-', value },
      ]);
    },
    async related(side, id) {
      if (side === 'jira') {
        const { issuelinks } = await actions.fields('jira', id);
        return issuelinks.map(({ outwardIssue, inwardIssue }: Answer) => (outwardIssue ?? inwardIssue).id).sort();
      }
      const item = await tandem.asPerson('azure', 'GET', `_apis/wit/workitems/${id}?$expand=relations`);
      return (item.relations ?? [])
        .filter(({ rel }: Answer) => rel === 'System.LinkTypes.Related')
        .map(({ url }: Answer) => url.split('/').at(-1))
        .sort();
    },
    async attachments(side, id) {
      if (side === 'jira') {
        const { attachment } = await actions.fields('jira', id);
        return attachment.map(({ filename }: Answer) => filename).sort();
      }
      const item = await tandem.asPerson('azure', 'GET', `_apis/wit/workitems/${id}?$expand=relations`);
      return (item.relations ?? [])
        .filter(({ rel }: Answer) => rel === 'AttachedFile')
        .map(({ attributes }: Answer) => attributes.name)
        .sort();
    },
    async remove(side, id) {
      const path = side === 'jira' ? `issue/${id}` : `_apis/wit/workitems/${id}`;
      const authorization =
        side === 'jira' ? basic(jira.accounts.admin.email, jira.accounts.admin.token) : basic('', azure.admin.pat);
      const url = side === 'jira' ? `${jira.url}/rest/api/3/${path}` : `${azure.url}/Tandem/${path}?api-version=7.1`;
      const answer = await fetch(url, { method: 'DELETE', headers: { authorization } });
      if (!answer.ok) throw new Error(`delete → ${answer.status}: ${await answer.text()}`);
      await answer.arrayBuffer();
    },
    async restore(id) {
      const answer = await fetch(`${azure.url}/Tandem/_apis/wit/recyclebin/${id}?api-version=7.1`, {
        method: 'PATCH',
        headers: { authorization: basic('', azure.admin.pat), 'content-type': 'application/json' },
        body: JSON.stringify({ isDeleted: false }),
      });
      if (!answer.ok) throw new Error(`restore → ${answer.status}: ${await answer.text()}`);
      await answer.arrayBuffer();
    },
    pair,
    async counterpart(side, id) {
      const found = await eventually(async () => {
        const one = await pair(side, id);
        return one?.status === 'paired' ? one : null;
      });
      // A job that looks again after the settle time may be left, of a creation that was in doubt; one that found the lease
      // taken is waited for, or the next event would wait with it.
      await tandem.idle(leaseRetryMs);
      return found.ids[otherSide(side)] ?? '';
    },
    async twins(side, title, fields, type) {
      const id = await actions.create(side, title, fields, type);
      const other = await actions.counterpart(side, id);
      return side === 'jira' ? { jira: id, azure: other } : { jira: other, azure: id };
    },
    async errors(side, id) {
      const found = await pair(side, id);
      const items = await service.state.listItemErrors(scope, profile.id, { side, itemId: id });
      const records = [...(found?.errors ?? []), ...items.map(({ record }) => record)];
      return Object.fromEntries(records.map(({ subject, error }) => [subject ?? 'item', error.code]));
    },
    async audit() {
      const state = await actions.control('jira', 'GET', 'state');
      const issues: Answer[] = state.issues;
      const workItems = [...azure.world().items.values()].filter(({ deleted }) => deleted === undefined);
      const made: string[] = [];
      for (const { id, creator, properties, comments, attachments } of issues) {
        const marker = readMarker(properties['tandem.pair']);
        if (creator === jira.accounts.synchronizer.accountId && marker) made.push(`issue for ${marker.sourceId}`);
        for (const comment of comments) {
          const copied = /"sourceId":"([^"]+)"/.exec(JSON.stringify(comment.properties ?? {}))?.[1];
          if (copied) made.push(`comment on issue ${id} for ${copied}`);
        }
        for (const { filename } of attachments) made.push(`attachment on issue ${id}: ${filename}`);
      }
      for (const item of workItems) {
        const { relations } = latest(item);
        const [first] = item.revisions;
        for (const { rel, attributes } of relations) {
          const marker = rel === 'Hyperlink' ? markerIn(attributes.comment) : undefined;
          if (marker && first && JSON.stringify(first.fields).includes(azure.synchronizer.id))
            made.push(`work item for ${marker.sourceId}`);
          if (rel === 'AttachedFile') made.push(`attachment on work item ${item.id}: ${String(attributes.name)}`);
        }
        for (const { versions } of item.comments) {
          const last = versions.at(-1);
          const copied = last?.isDeleted ? undefined : /tandem=([^:&"]+)/.exec(last?.text ?? '')?.[1];
          if (copied) made.push(`comment on work item ${item.id} for ${copied}`);
        }
      }
      const { pairs } = await service.state.listPairs(scope, profile.id, { limit: 10_000 });
      const open: string[] = [];
      for (const one of pairs) {
        if (one.status === 'creating') open.push(`${one.id} is being created`);
        if (one.writeIntents.length > 0) open.push(`${one.id} has write intents`);
        if (one.late.length > 0) open.push(`${one.id} has late edits`);
        for (const kind of ['comment', 'attachment'] as const) {
          for (const child of await service.state.children(scope, one.id, kind)) {
            if (child.targetId === undefined) open.push(`${one.id} has an open ${kind}`);
          }
        }
      }
      return { duplicates: made.filter((one, index) => made.indexOf(one) !== index), open };
    },
  };
  return actions;
}

const patchOf = (fields: Readonly<Record<string, unknown>>) =>
  Object.entries(fields).map(([field, value]) => ({ op: 'add', path: `/fields/${field}`, value }));
