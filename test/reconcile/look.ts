// A pair's item as a person sees it, with the same words for both sides, so that the two can be compared; and the edits of
// people that only make sense on what is there.

import type { Side } from '../../backend/src/sync/model.ts';
import { paragraph, type Twins } from './actions.ts';
import type { Answer, Harness } from './harness.ts';

/** By part (`title`, `label red`, `comment comment3`, `file file4.txt`): what it says. A part that is absent is not there. */
export type Look = Readonly<Record<string, string>>;

export interface Comment {
  readonly id: string;
  /** Markup left in. */
  readonly text: string;
}

export interface Edits {
  look(side: Side, twins: Twins, partner: Twins): Promise<Look>;
  describe(side: Side, id: string, text: string): Promise<void>;
  /** False where the present state offers no way there. */
  move(side: Side, id: string, state: string): Promise<boolean>;
  label(side: Side, id: string, label: string, add: boolean): Promise<void>;
  comments(side: Side, id: string): Promise<readonly Comment[]>;
  /** False where the service lets nobody but the author do it. */
  editComment(side: Side, id: string, comment: string, text: string): Promise<boolean>;
  deleteComment(side: Side, id: string, comment: string): Promise<boolean>;
  detach(side: Side, id: string, name: string): Promise<boolean>;
  /** As related to the partner; says nothing where it is so already. */
  relate(side: Side, twins: Twins, partner: Twins): Promise<void>;
  unrelate(side: Side, twins: Twins, partner: Twins): Promise<void>;
}

const priorities: Readonly<Record<string, string>> = { 1: 'Highest', 2: 'High', 3: 'Medium', 4: 'Low' };
const states: Readonly<Record<string, string>> = { New: 'To Do', Active: 'In Progress', Closed: 'Done' };

export function editsOf({ asPerson }: Harness): Edits {
  const azureItem = (id: string) => asPerson('azure', 'GET', `_apis/wit/workitems/${id}?$expand=relations`);
  const patchAzure = (id: string, patch: readonly unknown[]) =>
    asPerson('azure', 'PATCH', `_apis/wit/workitems/${id}`, patch);
  const azureComments = (id: string, comment = '') => `Tandem/_apis/wit/workItems/${id}/comments${comment}`;
  const tagsOf = (fields: Answer): readonly string[] =>
    (fields['System.Tags'] ?? '').split(';').flatMap((tag: string) => tag.trim() || []);

  const edits: Edits = {
    async look(side, twins, partner) {
      const parts: Record<string, string> = {};
      for (const { text } of await edits.comments(side, twins[side])) {
        if (isNotice(text)) continue;
        const said = /comment\d+(?: edited\d+)?/.exec(text)?.[0] ?? text;
        parts[`comment ${said.split(' ')[0]}`] = said;
      }
      if (side === 'jira') {
        const { fields } = await asPerson('jira', 'GET', `issue/${twins.jira}`);
        for (const label of fields.labels) parts[`label ${label}`] = label;
        for (const { filename } of fields.attachment) parts[`file ${filename}`] = filename;
        if (linkIds(fields, partner).length > 0) parts.link = 'to the partner';
        return {
          ...parts,
          title: fields.summary,
          description: /text\d+/.exec(JSON.stringify(fields.description))?.[0] ?? '',
          priority: fields.priority.name,
          state: fields.status.name,
        };
      }
      const { fields, relations = [] } = await azureItem(twins.azure);
      for (const tag of tagsOf(fields)) parts[`label ${tag}`] = tag;
      for (const { rel, attributes } of relations) {
        if (rel === 'AttachedFile') parts[`file ${attributes.name}`] = attributes.name;
      }
      if (relationTo(relations, partner) >= 0) parts.link = 'to the partner';
      return {
        ...parts,
        title: fields['System.Title'],
        description: /text\d+/.exec(fields['System.Description'] ?? '')?.[0] ?? '',
        priority: priorities[fields['Microsoft.VSTS.Common.Priority']] ?? '',
        state: states[fields['System.State']] ?? fields['System.State'],
      };
    },
    async describe(side, id, text) {
      if (side === 'jira') await asPerson('jira', 'PUT', `issue/${id}`, { fields: { description: paragraph(text) } });
      else await patchAzure(id, [{ op: 'add', path: '/fields/System.Description', value: `<div>${text}</div>` }]);
    },
    async move(side, id, state) {
      if (side === 'azure') {
        return unlessRefused(() => patchAzure(id, [{ op: 'add', path: '/fields/System.State', value: state }]));
      }
      const { transitions } = await asPerson('jira', 'GET', `issue/${id}/transitions`);
      const transition = transitions.find(({ to }: Answer) => to.name === state);
      if (!transition) return false;
      const fields = state === 'Done' ? { fields: { resolution: { name: 'Done' } } } : {};
      await asPerson('jira', 'POST', `issue/${id}/transitions`, { transition: { id: transition.id }, ...fields });
      return true;
    },
    async label(side, id, label, add) {
      if (side === 'jira') {
        await asPerson('jira', 'PUT', `issue/${id}`, { update: { labels: [{ [add ? 'add' : 'remove']: label }] } });
        return;
      }
      const { fields } = await azureItem(id);
      const others = tagsOf(fields).filter((tag) => tag !== label);
      const value = [...others, ...(add ? [label] : [])].join('; ');
      await patchAzure(id, [{ op: 'replace', path: '/fields/System.Tags', value }]);
    },
    async comments(side, id) {
      if (side === 'jira') {
        const { comments } = await asPerson('jira', 'GET', `issue/${id}/comment`);
        return comments.map((one: Answer) => ({ id: one.id, text: JSON.stringify(one.body) }));
      }
      const { comments } = await asPerson('azure', 'GET', azureComments(id));
      return comments.map((one: Answer) => ({ id: String(one.id), text: one.text }));
    },
    editComment: (side, id, comment, text) =>
      unlessRefused(() =>
        side === 'jira'
          ? asPerson('jira', 'PUT', `issue/${id}/comment/${comment}`, { body: paragraph(text) })
          : asPerson('azure', 'PATCH', azureComments(id, `/${comment}`), { text }),
      ),
    deleteComment: (side, id, comment) =>
      unlessRefused(() =>
        side === 'jira'
          ? asPerson('jira', 'DELETE', `issue/${id}/comment/${comment}`)
          : asPerson('azure', 'DELETE', azureComments(id, `/${comment}`)),
      ),
    async detach(side, id, name) {
      if (side === 'jira') {
        const { fields } = await asPerson('jira', 'GET', `issue/${id}`);
        const file = fields.attachment.find(({ filename }: Answer) => filename === name);
        return file !== undefined && unlessRefused(() => asPerson('jira', 'DELETE', `attachment/${file.id}`));
      }
      const { relations = [] } = await azureItem(id);
      const index = relations.findIndex(({ attributes }: Answer) => attributes.name === name);
      if (index >= 0) await patchAzure(id, [{ op: 'remove', path: `/relations/${index}` }]);
      return index >= 0;
    },
    async relate(side, twins, partner) {
      if (side === 'azure') {
        const { relations = [], url } = await azureItem(twins.azure);
        if (relationTo(relations, partner) >= 0) return;
        const target = url.replace(/\d+$/, partner.azure);
        await patchAzure(twins.azure, [{ op: 'add', path: '/relations/-', value: { rel: related, url: target } }]);
        return;
      }
      const { fields } = await asPerson('jira', 'GET', `issue/${twins.jira}`);
      if (linkIds(fields, partner).length > 0) return;
      const ends = { inwardIssue: { id: twins.jira }, outwardIssue: { id: partner.jira } };
      await asPerson('jira', 'POST', 'issueLink', { type: { name: 'Relates' }, ...ends });
    },
    async unrelate(side, twins, partner) {
      if (side === 'azure') {
        const { relations = [] } = await azureItem(twins.azure);
        const index = relationTo(relations, partner);
        if (index >= 0) await patchAzure(twins.azure, [{ op: 'remove', path: `/relations/${index}` }]);
        return;
      }
      const { fields } = await asPerson('jira', 'GET', `issue/${twins.jira}`);
      for (const id of linkIds(fields, partner)) await asPerson('jira', 'DELETE', `issueLink/${id}`);
    },
  };
  return edits;
}

/** Tandem's own word on the fate of the counterpart, which stays on its side. */
const isNotice = (text: string): boolean => / was deleted in (?:Jira|Azure DevOps)/.test(text);

const related = 'System.LinkTypes.Related';

const linkIds = (fields: Answer, partner: Twins): readonly string[] =>
  fields.issuelinks
    .filter(({ outwardIssue, inwardIssue }: Answer) => (outwardIssue ?? inwardIssue).id === partner.jira)
    .map(({ id }: Answer) => id);

const relationTo = (relations: Answer, partner: Twins): number =>
  relations.findIndex(({ rel, url }: Answer) => rel === related && url.endsWith(`/${partner.azure}`));

/** False when the service refuses the person, as it does for what somebody else wrote. */
async function unlessRefused(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (error instanceof Error && /→ (?:400|401|403|404)/.test(error.message)) return false;
    throw error;
  }
}
