// The part of the story about what else an item carries: a mention, a picture in a text, a link, a sprint, and a comment
// that is taken back.

import { counterpartOf, newIssue, type Pair, patience, type Scene } from './scene.ts';
import { until } from './until.ts';
import { adfText } from './verdict.ts';
import { choicesOf } from './visitor.ts';

export async function carried(scene: Scene, pair: Pair): Promise<void> {
  await mention(scene, pair);
  await picture(scene, pair);
  await link(scene, pair);
  await sprint(scene, pair);
}

/** Somebody whom both sides know is mentioned on both; then the comment is taken back, and its copy goes with it. */
async function mention({ jira, azure, project, stack }: Scene, { issue, workItem }: Pair): Promise<void> {
  const hands = { jira, azure, jiraProject: stack.jira.project, azureProject: project };
  const [left, right] = await Promise.all([choicesOf(hands, 'jira'), choicesOf(hands, 'azure')]);
  const known = new Set(right.people.map(({ name }) => name));
  const person = left.people.find(({ name }) => known.has(name));
  if (!person) throw new Error('nobody is known on both sides');
  const content = [
    { type: 'text', text: 'Is this what you meant, ' },
    { type: 'mention', attrs: { id: person.id, text: `@${person.name}` } },
  ];
  const body = { type: 'doc', version: 1, content: [{ type: 'paragraph', content }] };
  const made = await jira.call<{ id: string }>(`issue/${issue}/comment`, { body: { body } });
  const copies = async () => {
    const page = await azure.call<{ comments: readonly { text: string }[] }>(
      `${project}/_apis/wit/workItems/${workItem}/comments`,
    );
    return page.comments.filter(({ text }) => text.includes('what you meant'));
  };
  await until(
    'a mention reaches Azure DevOps as a mention',
    async () => (await copies()).some(({ text }) => /data-vss-mention/.test(text) && text.includes(person.name)),
    patience,
  );
  await jira.call(`issue/${issue}/comment/${made.id}`, { method: 'DELETE' });
  await until('the copy of a comment that was taken back is gone', async () => (await copies()).length === 0, patience);
}

/** One pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

async function picture({ jira, azure, project }: Scene, { issue, workItem }: Pair): Promise<void> {
  const { url } = await azure.call<{ url: string }>(`${project}/_apis/wit/attachments?fileName=stop.png`, {
    method: 'POST',
    bytes: new Uint8Array(png),
  });
  const html = `<div>The sign at the stop:</div><div><img src="${url}" alt="stop.png"></div>`;
  await azure.call(`_apis/wit/workitems/${workItem}`, {
    method: 'PATCH',
    body: [{ op: 'add', path: '/fields/System.Description', value: html }],
  });
  await until(
    'a picture in a description is shown in Jira',
    async () => {
      const { fields } = await jira.call<{
        fields: { description: unknown; attachment: readonly { filename: string }[] };
      }>(`issue/${issue}?fields=description,attachment`);
      return (
        adfText(fields.description).includes('The sign at the stop') &&
        JSON.stringify(fields.description).includes('"type":"media"') &&
        fields.attachment.some(({ filename }) => filename === 'stop.png')
      );
    },
    patience,
  );
}

/** To an item that is made in the same moment: the link waits for its counterpart. */
async function link(scene: Scene, { issue, workItem }: Pair): Promise<void> {
  const { jira, azure } = scene;
  const other = await newIssue(scene, 'Task', 'Print the sign for the stop');
  await jira.call('issueLink', {
    body: { type: { name: 'Relates' }, inwardIssue: { id: issue }, outwardIssue: { id: other } },
  });
  const target = await counterpartOf(scene, other);
  await until(
    'a link reaches Azure DevOps',
    async () => {
      const { relations = [] } = await azure.call<{ relations?: readonly { rel: string; url: string }[] }>(
        `_apis/wit/workitems/${workItem}?$expand=relations`,
      );
      return relations.some(({ rel, url }) => rel === 'System.LinkTypes.Related' && url.endsWith(`/${target}`));
    },
    patience,
  );
}

async function sprint({ jira, azure, project }: Scene, { issue, workItem }: Pair): Promise<void> {
  const name = 'Sprint 22';
  await azure.call(`_apis/wit/workitems/${workItem}`, {
    method: 'PATCH',
    body: [{ op: 'add', path: '/fields/System.IterationPath', value: `${project}\\Release 6\\${name}` }],
  });
  await until(
    'the issue is in the sprint of the same name',
    async () => {
      const { fields } = await jira.call<{ fields: Readonly<Record<string, unknown>> }>(`issue/${issue}`);
      return JSON.stringify(fields).includes(`"name":"${name}"`);
    },
    patience,
  );
}
