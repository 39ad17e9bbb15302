// A foreign client, unmodified, does a full round against the simulator. It validates every answer by its own schemas.
import { createCloudClient, isNotFoundError } from 'jira.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JiraSimulator, startJiraSimulator } from './server.ts';
import { expectNoViolations } from './testing.ts';

let sim: JiraSimulator;
let jira: ReturnType<typeof createCloudClient>;

beforeAll(async () => {
  sim = await startJiraSimulator({ seed: 'team' });
  const { email, token } = sim.accounts.synchronizer;
  jira = createCloudClient({ host: sim.url, auth: { type: 'basic', email, apiToken: token } });
});
afterAll(() => sim.close());

const doc = (text: string) => ({
  type: 'doc' as const,
  version: 1 as const,
  content: [{ type: 'paragraph' as const, content: [{ type: 'text' as const, text }] }],
});

describe('jira.js', () => {
  test('creates, edits, searches, comments, attaches, links, transitions', async () => {
    const made = await jira.issues.createIssue({
      fields: {
        project: { key: sim.project },
        issuetype: { name: 'Story' },
        summary: 'Ein Test — ÄÖÜ 漢字',
        description: doc('First'),
        labels: ['b', 'a'],
        customfield_10016: 5,
      },
    });
    const other = await jira.issues.createIssue({
      fields: { project: { key: sim.project }, issuetype: { name: 'Bug' }, summary: 'Another' },
    });

    await jira.issues.editIssue({
      issueIdOrKey: made.key,
      fields: { summary: 'Edited' },
      update: { labels: [{ add: 'c' }] },
    });
    const issue = await jira.issues.getIssue({
      issueIdOrKey: made.key,
      expand: 'changelog,names,transitions,editmeta',
    });
    expect(issue.fields?.summary).toBe('Edited');
    expect(issue.fields?.labels).toEqual(['a', 'b', 'c']);
    expect(issue.changelog?.histories?.[0]?.items).toHaveLength(2);

    const found = await jira.issueSearch.searchAndReconsileIssuesUsingJqlPost({
      jql: `project = ${sim.project} AND summary ~ "Edited"`,
      fields: ['summary', 'status'],
      maxResults: 10,
    });
    expect(found.issues?.map(({ key }) => key)).toEqual([made.key]);

    const comment = await jira.issueComments.addComment({ issueIdOrKey: made.key, body: doc('Hello') });
    await jira.issueComments.updateComment({
      issueIdOrKey: made.key,
      id: comment.id ?? '',
      body: { body: doc('Hello again') },
    });
    const comments = await jira.issueComments.getComments({ issueIdOrKey: made.key });
    expect(comments.comments?.map(({ author }) => author?.displayName)).toEqual(['tandem-sync']);

    const bytes = new TextEncoder().encode('some text\n');
    const attached = await jira.issueAttachments.addAttachment({
      issueIdOrKey: made.key,
      attachments: { filename: 'notes.txt', content: bytes },
    });
    const content = await jira.issueAttachments.getAttachmentContent({ id: attached[0]?.id ?? '' });
    const back = ArrayBuffer.isView(content)
      ? new Uint8Array(content.buffer, content.byteOffset, content.byteLength)
      : new Uint8Array(content);
    expect(new TextDecoder().decode(back)).toBe('some text\n');

    await jira.issueLinks.linkIssues({
      type: { name: 'Blocks' },
      inwardIssue: { key: made.key },
      outwardIssue: { key: other.key },
    });
    const linked = await jira.issues.getIssue({ issueIdOrKey: made.key, fields: ['issuelinks'] });
    expect(linked.fields?.issuelinks[0].outwardIssue.key).toBe(other.key);

    const { transitions } = await jira.issues.getTransitions({ issueIdOrKey: made.key });
    expect(transitions?.map(({ name }) => name)).toEqual(['Start progress', 'Cancel']);
    await jira.issues.doTransition({ issueIdOrKey: made.key, transition: { id: '11' } });
    const moved = await jira.issues.getIssue({ issueIdOrKey: made.key, fields: ['status'] });
    expect(moved.fields?.status.name).toBe('In Progress');

    expectNoViolations(sim);
  });

  test('writes rich text given as a string, which goes by version 2', async () => {
    const made = await jira.issues.createIssue({
      fields: {
        project: { key: sim.project },
        issuetype: { name: 'Task' },
        summary: 'Wiki',
        description:
          'h2. Why\n\nFirst *bold* line\nand [a link|https://x.example/a]\n\n* one\n* two\n\n{code:ts}\nlet a = 1;\n{code}',
      },
    });
    const { fields } = await jira.issues.getIssue({ issueIdOrKey: made.key });
    expect(fields?.description.content.map((node: { type: string }) => node.type)).toEqual([
      'heading',
      'paragraph',
      'bulletList',
      'codeBlock',
    ]);
    const comment = await jira.issueComments.addComment({ issueIdOrKey: made.key, body: 'plain *text*' });
    expect(comment.body?.content?.[0]?.content?.[1]).toEqual({
      type: 'text',
      text: 'text',
      marks: [{ type: 'strong' }],
    });
    expectNoViolations(sim);
  });

  test('reads the catalogs', async () => {
    const project = await jira.projects.getProject({ projectIdOrKey: sim.project });
    expect(project.key).toBe('TAN');
    expect((await jira.projects.searchProjects()).values).toHaveLength(1);
    expect(await jira.projects.getAllStatuses({ projectIdOrKey: sim.project })).toHaveLength(5);
    expect((await jira.issueFields.getFields()).some(({ name }) => name === 'Story Points')).toBe(true);
    const types = await jira.issues.getCreateIssueMetaIssueTypes({ projectIdOrKey: sim.project });
    expect(types.issueTypes?.map(({ name }) => name)).toEqual(['Epic', 'Story', 'Task', 'Bug', 'Sub-task']);
    const meta = await jira.issues.getCreateIssueMetaIssueTypeId({ projectIdOrKey: sim.project, issueTypeId: '10003' });
    expect(meta.total).toBeGreaterThan(20);
    expect((await jira.workflowStatuses.getStatuses()).map(({ name }) => name)).toContain('In Review');
    expect((await jira.myself.getCurrentUser()).emailAddress).toBe(sim.accounts.synchronizer.email);
    const rights = await jira.permissions.getMyPermissions({
      permissions: 'BROWSE_PROJECTS,ADMINISTER',
      projectKey: 'TAN',
    });
    expect(rights.permissions?.ADMINISTER?.havePermission).toBe(false);
    expect((await jira.userSearch.findUsers({ query: 'dana' }))[0]?.displayName).toBe('Dana Whitfield');
    expect((await jira.serverInfo.getServerInfo()).deploymentType).toBe('Cloud');
    expectNoViolations(sim);
  });

  test('sees errors as errors', async () => {
    const failed = jira.issues.getIssue({ issueIdOrKey: 'TAN-99999' });
    await expect(failed).rejects.toSatisfy(isNotFoundError);
  });
});
