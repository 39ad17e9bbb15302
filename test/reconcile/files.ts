// What people do with files in tests: attach, show in texts, link to, take away; and what stands there in the end.

import { createHash } from 'node:crypto';
import type { Side } from '../../backend/src/sync/model.ts';
import { type Answer, basic, type Harness } from './harness.ts';

export interface AttachedFile {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}

export interface Files {
  /** Attaches a file; answers its id: Jira's attachment, Azure's GUID. */
  attach(side: Side, item: string, name: string, content: string | Uint8Array): Promise<string>;
  /** Uploads without attaching, as Azure's editor does for images; answers the address. */
  upload(name: string, content: string | Uint8Array): Promise<string>;
  /** All attachments with their contents, by name and then id. */
  attached(side: Side, item: string): Promise<readonly AttachedFile[]>;
  detach(side: Side, item: string, id: string): Promise<void>;
  /** By which texts in Jira name an attachment. */
  mediaId(attachment: string): Promise<string>;
  describe(side: Side, item: string, text: unknown): Promise<void>;
  /** The description as the side keeps it. */
  description(side: Side, item: string): Promise<Answer>;
}

const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

export function filesOf({ jira, azure, asPerson }: Harness): Files {
  const authorization = {
    jira: basic(jira.accounts.ordinary.email, jira.accounts.ordinary.token),
    azure: basic('', azure.ordinary.pat),
  };
  const bytesAt = async (side: Side, url: string): Promise<Uint8Array> => {
    const answer = await fetch(url, { headers: { authorization: authorization[side] }, redirect: 'manual' });
    const place = answer.headers.get('location');
    const content = place === null ? answer : await fetch(place);
    if (!content.ok) throw new Error(`${url} → ${content.status}`);
    return new Uint8Array(await content.arrayBuffer());
  };
  const azureItem = (id: string) => asPerson('azure', 'GET', `_apis/wit/workitems/${id}?$expand=relations`);

  const files: Files = {
    async attach(side, item, name, content) {
      if (side === 'azure') {
        const url = await files.upload(name, content);
        const value = { rel: 'AttachedFile', url, attributes: { comment: '' } };
        await asPerson('azure', 'PATCH', `_apis/wit/workitems/${item}`, [{ op: 'add', path: '/relations/-', value }]);
        return idIn(url);
      }
      const form = new FormData();
      form.append('file', new Blob([content as string]), name);
      const answer = await fetch(`${jira.url}/rest/api/3/issue/${item}/attachments`, {
        method: 'POST',
        headers: { authorization: authorization.jira, 'x-atlassian-token': 'no-check' },
        body: form,
      });
      if (!answer.ok) throw new Error(`attach → ${answer.status}: ${await answer.text()}`);
      const [made]: Answer = await answer.json();
      return made.id;
    },
    async upload(name, content) {
      const answer = await fetch(
        `${azure.url}/Tandem/_apis/wit/attachments?fileName=${encodeURIComponent(name)}&api-version=7.1`,
        {
          method: 'POST',
          headers: { authorization: authorization.azure, 'content-type': 'application/octet-stream' },
          body: content as string,
        },
      );
      if (!answer.ok) throw new Error(`upload → ${answer.status}: ${await answer.text()}`);
      const { url }: Answer = await answer.json();
      return url;
    },
    async attached(side, item) {
      const found: Omit<AttachedFile, 'sha256'>[] = [];
      const urls: string[] = [];
      if (side === 'jira') {
        const { fields } = await asPerson('jira', 'GET', `issue/${item}`);
        for (const { id, filename, size, content } of fields.attachment) {
          found.push({ id, name: filename, size });
          urls.push(content);
        }
      } else {
        const { relations = [] } = await azureItem(item);
        for (const { rel, url, attributes } of relations) {
          if (rel !== 'AttachedFile') continue;
          found.push({ id: idIn(url), name: attributes.name, size: attributes.resourceSize });
          urls.push(url);
        }
      }
      const whole = await Promise.all(
        found.map(async (file, index) => ({ ...file, sha256: sha256(await bytesAt(side, urls[index] ?? '')) })),
      );
      return whole.sort((a, b) => (`${a.name} ${a.id}` < `${b.name} ${b.id}` ? -1 : 1));
    },
    async detach(side, item, id) {
      if (side === 'jira') {
        const { email, token } = jira.accounts.admin;
        const answer = await fetch(`${jira.url}/rest/api/3/attachment/${id}`, {
          method: 'DELETE',
          headers: { authorization: basic(email, token) },
        });
        if (!answer.ok) throw new Error(`detach → ${answer.status}`);
        return;
      }
      const { relations = [] } = await azureItem(item);
      const place = relations.findIndex(({ url }: Answer) => idIn(url) === id);
      if (place < 0) throw new Error(`work item ${item} has no file ${id}`);
      await asPerson('azure', 'PATCH', `_apis/wit/workitems/${item}`, [{ op: 'remove', path: `/relations/${place}` }]);
    },
    async mediaId(attachment) {
      const url = `${jira.url}/rest/api/3/attachment/content/${attachment}`;
      const answer = await fetch(url, { headers: { authorization: authorization.jira }, redirect: 'manual' });
      return /\/file\/([0-9a-f-]+)\//.exec(answer.headers.get('location') ?? '')?.[1] ?? '';
    },
    async describe(side, item, text) {
      if (side === 'jira') await asPerson('jira', 'PUT', `issue/${item}`, { fields: { description: text } });
      else {
        await asPerson('azure', 'PATCH', `_apis/wit/workitems/${item}`, [
          { op: 'add', path: '/fields/System.Description', value: text },
        ]);
      }
    },
    async description(side, item) {
      if (side === 'jira') return (await asPerson('jira', 'GET', `issue/${item}`)).fields.description;
      return (await azureItem(item)).fields['System.Description'];
    },
  };
  return files;
}

export const idIn = (url: string): string => /\/attachments\/([0-9a-f-]{36})/i.exec(url)?.[1]?.toLowerCase() ?? '';

export const doc = (...content: readonly unknown[]) => ({ type: 'doc', version: 1, content });
export const words = (text: string) => ({ type: 'paragraph', content: [{ type: 'text', text }] });
export const image = (id: string, alt: string) => ({
  type: 'mediaSingle',
  attrs: { layout: 'center' },
  content: [{ type: 'media', attrs: { type: 'file', id, collection: '', alt, width: 20, height: 10 } }],
});
