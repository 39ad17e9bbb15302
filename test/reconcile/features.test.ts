// What a person can put on an item, through events and queue, both ways: states, comments, attachments, people, texts.

import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, eventually, type Harness, startHarness } from './harness.ts';

let tandem: Harness;
beforeAll(async () => {
  tandem = await startHarness();
  await tandem.startEvents();
  await tandem.startWorkers();
});
afterAll(() => tandem?.close());

async function newPair(fields: Record<string, unknown> = {}): Promise<{ issue: string; workItem: string }> {
  const created = await tandem.asPerson('jira', 'POST', 'issue', {
    fields: { project: { key: 'TAN' }, issuetype: { name: 'Story' }, summary: 'A story', ...fields },
  });
  const pair = await eventually(async () => {
    const found = await tandem.service.state.findPair(tandem.scope, tandem.jira.cloudId, 'jira', created.id);
    return found?.status === 'paired' && found.syncedAt !== null ? found : null;
  });
  await tandem.settled();
  return { issue: created.id, workItem: pair.ids.azure ?? '' };
}

const issueOf = (id: string): Promise<Answer> => tandem.asPerson('jira', 'GET', `issue/${id}`);
const workItemOf = (id: string): Promise<Answer> =>
  tandem.asPerson('azure', 'GET', `_apis/wit/workitems/${id}?$expand=all`);
const editWorkItem = (id: string, ...operations: readonly object[]): Promise<Answer> =>
  tandem.asPerson('azure', 'PATCH', `_apis/wit/workitems/${id}`, operations);
const commentsOf = async (workItem: string): Promise<Answer[]> =>
  (await tandem.asPerson('azure', 'GET', `Tandem/_apis/wit/workItems/${workItem}/comments?order=asc`)).comments;

const paragraph = (text: string) => ({
  type: 'doc',
  version: 1,
  content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
});

describe('states', () => {
  it('walk the workflow where no single transition leads there, and come back', async () => {
    const { issue, workItem } = await newPair();
    for (const state of ['Active', 'Resolved', 'Closed']) {
      await editWorkItem(workItem, { op: 'add', path: '/fields/System.State', value: state });
    }
    await tandem.settled();
    expect((await issueOf(issue)).fields.status.name).toBe('Done');
    const { transitions } = await tandem.asPerson('jira', 'GET', `issue/${issue}/transitions`);
    const reopen = transitions.find((one: Answer) => one.to.name === 'To Do');
    await tandem.asPerson('jira', 'POST', `issue/${issue}/transitions`, { transition: { id: reopen.id } });
    await tandem.settled();
    expect((await workItemOf(workItem)).fields['System.State']).toBe('New');
  });
});

describe('comments', () => {
  it('travel once each way with their author, and an edit of either follows', async () => {
    const { issue, workItem } = await newPair();
    const fromJira = await tandem.asPerson('jira', 'POST', `issue/${issue}/comment`, { body: paragraph('From Jira') });
    await tandem.settled();
    const fromAzure = await tandem.asPerson('azure', 'POST', `Tandem/_apis/wit/workItems/${workItem}/comments`, {
      text: '<div>From <b>Azure</b></div>',
    });
    await tandem.settled();

    const inAzure = await commentsOf(workItem);
    expect(inAzure).toHaveLength(2);
    const copy = inAzure.find((one) => one.id !== fromAzure.id);
    expect(copy.text).toContain('From Jira');
    expect(copy.text).toContain('Dana Whitfield · Jira');
    const inJira = (await issueOf(issue)).fields.comment.comments;
    expect(inJira).toHaveLength(2);
    expect(JSON.stringify(inJira)).toContain('Azure DevOps');

    await tandem.asPerson('jira', 'PUT', `issue/${issue}/comment/${fromJira.id}`, {
      body: paragraph('From Jira, edited'),
    });
    await tandem.settled();
    const edited = await commentsOf(workItem);
    expect(edited).toHaveLength(2);
    expect(edited.find((one) => one.id === copy.id).text).toContain('From Jira, edited');
  });

  it('that are restricted stay where they are', async () => {
    const { issue, workItem } = await newPair();
    await tandem.asPerson('jira', 'POST', `issue/${issue}/comment`, {
      body: paragraph('For developers only'),
      visibility: { type: 'role', value: 'Developers' },
    });
    await tandem.settled();
    expect(await commentsOf(workItem)).toEqual([]);
  });
});

describe('attachments', () => {
  it('travel once each way, byte for byte', async () => {
    const { issue, workItem } = await newPair();
    const bytes = Buffer.from('§ Ünïcode \u0000\u0001 bytes');
    const form = new FormData();
    form.append('file', new Blob([bytes]), 'plän "A".bin');
    const { email, token } = tandem.jira.accounts.ordinary;
    const sent = await fetch(`${tandem.jira.url}/rest/api/3/issue/${issue}/attachments`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${email}:${token}`).toString('base64')}`,
        'x-atlassian-token': 'no-check',
      },
      body: form,
    });
    expect(sent.status).toBe(200);
    await tandem.settled();
    const files = (await workItemOf(workItem)).relations.filter((one: Answer) => one.rel === 'AttachedFile');
    expect(files.map((one: Answer) => one.attributes.name)).toEqual(['plän "A".bin']);
    const got = await fetch(`${files[0].url}?api-version=7.1&download=true`, {
      headers: { authorization: `Basic ${Buffer.from(`:${tandem.azure.ordinary.pat}`).toString('base64')}` },
    });
    expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true);
    await tandem.asPerson('jira', 'PUT', `issue/${issue}`, { fields: { summary: 'Touched' } });
    await tandem.settled();
    expect((await issueOf(issue)).fields.attachment).toHaveLength(1);
  });
});

describe('a description', () => {
  it('keeps what the other side cannot express when another paragraph is edited there', async () => {
    const panel = {
      type: 'panel',
      attrs: { panelType: 'warning' },
      content: [{ type: 'paragraph', content: [{ type: 'text', text: 'Careful' }] }],
    };
    const status = {
      type: 'paragraph',
      content: [
        { type: 'status', attrs: { text: 'OPEN', color: 'green' } },
        { type: 'text', text: ' until Friday' },
      ],
    };
    const { issue, workItem } = await newPair({
      description: {
        type: 'doc',
        version: 1,
        content: [panel, status, { type: 'paragraph', content: [{ type: 'text', text: 'Last words' }] }],
      },
    });
    const html: string = (await workItemOf(workItem)).fields['System.Description'];
    expect(html).toContain('Last words');
    await editWorkItem(workItem, {
      op: 'add',
      path: '/fields/System.Description',
      value: html.replace('Last words', 'Very last words'),
    });
    await tandem.settled();
    const { description } = (await issueOf(issue)).fields;
    expect(JSON.stringify(description)).toContain('Very last words');
    expect(description.content[0]).toMatchObject({ type: 'panel', attrs: { panelType: 'warning' } });
    expect(description.content[1].content[0]).toMatchObject({
      type: 'status',
      attrs: { text: 'OPEN', color: 'green' },
    });
  });
});

describe('labels and people', () => {
  it('merge by element, so that two people who add one each lose neither', async () => {
    const { issue, workItem } = await newPair({ labels: ['one'] });
    await tandem.service.config.setStatus(tandem.scope, tandem.profile.id, 'paused', null);
    await tandem.asPerson('jira', 'PUT', `issue/${issue}`, { fields: { labels: ['one', 'jira'] } });
    await editWorkItem(workItem, { op: 'add', path: '/fields/System.Tags', value: 'one; azure' });
    await tandem.service.config.setStatus(tandem.scope, tandem.profile.id, 'enabled', null);
    await tandem.asPerson('jira', 'PUT', `issue/${issue}`, { fields: { summary: 'Go' } });
    const all = ['azure', 'jira', 'one'];
    await eventually(async () => isDeepStrictEqual((await issueOf(issue)).fields.labels.sort(), all));
    await eventually(async () => {
      const tags: string = (await workItemOf(workItem)).fields['System.Tags'];
      return isDeepStrictEqual(tags.split('; ').sort(), all);
    });
  });

  it('are known by their e-mail address', async () => {
    const { issue, workItem } = await newPair();
    await editWorkItem(workItem, {
      op: 'add',
      path: '/fields/System.AssignedTo',
      value: 'mara.lindqvist@acme.example',
    });
    await tandem.settled();
    expect((await issueOf(issue)).fields.assignee.displayName).toBe('Mara Lindqvist');
  });
});
