// What leaves Jira of each event: ids, the aspect and a version, never a word that somebody wrote.

import { describe, expect, it } from 'vitest';
import { jiraEventHintSchema, jiraHint } from '../../backend/src/jira/events.ts';
import { cutJiraEvent } from '../../forge-app/handlers/cut-event.ts';

const secret = 'Zebra-Quartz';
const person = { accountId: `557058:${secret}` };
const issue = {
  id: '10073',
  key: 'TAN-10',
  fields: {
    summary: secret,
    creator: person,
    created: '2026-01-20T15:00:00.000+1100',
    updated: '2026-01-20T15:58:12.797+1100',
    status: { name: secret },
  },
};
const updatedMs = Date.UTC(2026, 0, 20, 4, 58, 12, 797);
const comment = {
  id: '10501',
  author: person,
  body: { type: 'doc', text: secret },
  updated: '2026-01-20T16:00:00.000+0000',
};
const item = (field: string, more: object = {}) => ({
  field,
  fieldId: field,
  fromString: secret,
  toString: secret,
  from: null,
  to: null,
  ...more,
});

const cases: readonly [string, object, readonly object[]][] = [
  [
    'a created issue',
    { eventType: 'avi:jira:created:issue', issue, atlassianId: person.accountId, associatedUsers: [person.accountId] },
    [{ issueId: '10073', projectKey: 'TAN', aspect: 'fields', version: { updated: updatedMs } }],
  ],
  [
    'an edit, with the history id where the event has it',
    {
      eventType: 'avi:jira:updated:issue',
      issue,
      changelog: { id: '20331', items: [item('summary'), item('status')] },
    },
    [{ issueId: '10073', projectKey: 'TAN', aspect: 'fields', version: { history: 20331, updated: updatedMs } }],
  ],
  [
    'an edit without a history id',
    { eventType: 'avi:jira:updated:issue', issue, changelog: { items: [item('labels')] } },
    [{ issueId: '10073', projectKey: 'TAN', aspect: 'fields', version: { updated: updatedMs } }],
  ],
  [
    'a move to another project, of which the former one must hear too',
    {
      eventType: 'avi:jira:updated:issue',
      issue: { ...issue, key: 'OPS-3' },
      changelog: { items: [item('project'), item('Key')] },
    },
    [{ issueId: '10073', aspect: 'fields', version: { updated: updatedMs } }],
  ],
  [
    'an update without a changelog: anything may have changed',
    { eventType: 'avi:jira:updated:issue', issue },
    [{ issueId: '10073', projectKey: 'TAN', aspect: 'any' }],
  ],
  [
    'an update that only adds an attachment',
    { eventType: 'avi:jira:updated:issue', issue, changelog: { items: [item('Attachment', { to: '10900' })] } },
    [{ issueId: '10073', projectKey: 'TAN', aspect: 'attachments', childId: '10900' }],
  ],
  [
    'an update that only takes an attachment away',
    { eventType: 'avi:jira:updated:issue', issue, changelog: { items: [item('Attachment', { from: '10900' })] } },
    [{ issueId: '10073', projectKey: 'TAN', aspect: 'attachments', childId: '10900', gone: true }],
  ],
  [
    'an update that only links, of which the link tells itself',
    { eventType: 'avi:jira:updated:issue', issue, changelog: { items: [item('Link', { to: 'TAN-11' })] } },
    [],
  ],
  [
    'an update of a field together with an attachment',
    { eventType: 'avi:jira:updated:issue', issue, changelog: { items: [item('Attachment'), item('summary')] } },
    [{ issueId: '10073', projectKey: 'TAN', aspect: 'any' }],
  ],
  [
    'a comment',
    { eventType: 'avi:jira:commented:issue', issue, comment },
    [
      {
        issueId: '10073',
        projectKey: 'TAN',
        aspect: 'comments',
        childId: '10501',
        version: { updated: Date.UTC(2026, 0, 20, 16) },
      },
    ],
  ],
  [
    'a deleted comment',
    { eventType: 'avi:jira:deleted:comment', issue, comment },
    [{ issueId: '10073', projectKey: 'TAN', aspect: 'comments', childId: '10501' }],
  ],
  [
    'an attachment, which names its issue by id',
    {
      eventType: 'avi:jira:created:attachment',
      attachment: { id: '10900', issueId: '10073', fileName: secret, size: '12' },
    },
    [{ issueId: '10073', aspect: 'attachments', childId: '10900' }],
  ],
  [
    'a link, which concerns both ends',
    {
      eventType: 'avi:jira:created:issuelink',
      id: '7',
      sourceIssueId: '10073',
      destinationIssueId: 10074,
      issueLinkType: { id: '10000', name: secret },
    },
    [
      { issueId: '10073', aspect: 'links', link: { type: '10000', direction: 'outward', other: '10074' } },
      { issueId: '10074', aspect: 'links', link: { type: '10000', direction: 'inward', other: '10073' } },
    ],
  ],
  [
    'a link of an unknown type',
    { eventType: 'avi:jira:deleted:issuelink', id: '7', sourceIssueId: '10073', issueLinkType: { name: secret } },
    [{ issueId: '10073', aspect: 'links' }],
  ],
  [
    'a deleted issue',
    { eventType: 'avi:jira:deleted:issue', issue },
    [{ issueId: '10073', projectKey: 'TAN', aspect: 'deleted' }],
  ],
  [
    'an assignment',
    { eventType: 'avi:jira:assigned:issue', issue },
    [{ issueId: '10073', projectKey: 'TAN', aspect: 'fields', version: { updated: updatedMs } }],
  ],
  [
    'a version of the project',
    { eventType: 'avi:jira:released:version', version: { id: '1', name: secret } },
    [{ aspect: 'any' }],
  ],
  ['a sprint', { eventType: 'avi:jira-software:started:sprint', sprint: { id: 3, goal: secret } }, [{ aspect: 'any' }]],
];

describe('cutting events', () => {
  it.each(cases)('keeps ids and versions of %s', (_, raw, expected) => {
    const cut = cutJiraEvent(raw);
    expect(cut).toEqual(expected.map((part) => ({ event: (raw as { eventType: string }).eventType, ...part })));
    expect(JSON.stringify(cut)).not.toContain(secret);
  });

  it.each(cases)('makes of %s what the backend accepts', (_, raw) => {
    for (const cut of cutJiraEvent(raw)) expect(jiraEventHintSchema.safeParse(cut).success).toBe(true);
  });

  it.each([
    ['nothing', null],
    ['a text', 'avi:jira:updated:issue'],
    ['no type', { issue }],
    ['a type that is no event name', { eventType: secret, issue }],
    ['an issue id that is no number', { eventType: 'avi:jira:updated:issue', issue: { ...issue, id: secret } }],
    ['an issue that is missing', { eventType: 'avi:jira:deleted:issue' }],
  ])('drops an event with %s', (_, raw) => {
    expect(cutJiraEvent(raw)).toEqual([]);
  });

  it('leaves out a child id that could carry content', () => {
    const cut = cutJiraEvent({ eventType: 'avi:jira:commented:issue', issue, comment: { ...comment, id: secret } });
    expect(cut[0]).not.toHaveProperty('childId');
  });
});

describe('the hint that the backend makes of a cut event', () => {
  it('carries history id and time as the version of the aspect', () => {
    expect(
      jiraHint({
        event: 'avi:jira:updated:issue',
        issueId: '1',
        aspect: 'fields',
        version: { history: 5, updated: 9 },
      }),
    ).toEqual({ side: 'jira', itemId: '1', aspect: 'fields', version: { seq: 5, at: 9 } });
  });

  it('has no version where the event had none, so that it always leads to a read', () => {
    expect(
      jiraHint({ event: 'avi:jira:created:attachment', issueId: '1', aspect: 'attachments', childId: '2' }),
    ).toEqual({
      side: 'jira',
      itemId: '1',
      aspect: 'attachments',
      childId: '+2',
    });
    expect(
      jiraHint({ event: 'avi:jira:updated:issue', issueId: '1', aspect: 'attachments', childId: '2', gone: true }),
    ).toMatchObject({ childId: '-2' });
  });

  it('is none for events of the project', () => {
    expect(jiraHint({ event: 'avi:jira:released:version', aspect: 'any' })).toBeNull();
  });

  it.each([
    ['a field that is not in the form', { event: 'avi:jira:updated:issue', aspect: 'fields', summary: 'x' }],
    ['an id that is no number', { event: 'avi:jira:updated:issue', issueId: 'TAN-1', aspect: 'fields' }],
    ['a negative time', { event: 'avi:jira:updated:issue', issueId: '1', aspect: 'fields', version: { updated: -1 } }],
  ])('is refused with %s', (_, hint) => {
    expect(jiraEventHintSchema.safeParse(hint).success).toBe(false);
  });
});
