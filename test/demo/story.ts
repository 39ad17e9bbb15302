// The fixed story of `--once`: people edit on both sides, answers get lost, the backend is killed; each step waits for what it
// brings about. What it came to is judged by verdict.ts.

import { randomBytes } from 'node:crypto';
import { lookAtIssue, lookAtWorkItem } from './look.ts';
import { azurePerson, jiraPerson, type Person } from './person.ts';
import type { Seen } from './seen.ts';
import type { Stack } from './stack.ts';
import { until } from './until.ts';
import { adfText } from './verdict.ts';

export interface Scene {
  readonly stack: Pick<Stack, 'jira' | 'azure' | 'backend'>;
  readonly jira: Person;
  readonly azure: Person;
  readonly project: string;
  /** Milliseconds from an edit until its counterpart shows it. */
  readonly latencies: number[];
  readonly tell: (step: string) => void;
}

/** Longer than the longest of the shortened wait times together. */
const patience = { timeoutMs: 45_000 };
const editsEachWay = 8;

export function sceneOf(stack: Scene['stack'], tell: (step: string) => void): Scene {
  const { email, token } = stack.jira.accounts.ordinary;
  return {
    stack,
    jira: jiraPerson({ url: stack.jira.url, email, token }),
    azure: azurePerson({ url: stack.azure.url, pat: stack.azure.ordinary.pat }),
    project: stack.azure.project,
    latencies: [],
    tell,
  };
}

/** Throws an Error that names the step whose outcome did not come. */
export async function play(scene: Scene): Promise<void> {
  const { tell } = scene;
  tell('edits on both sides');
  const first = await newIssue(scene, 'Story', 'Drivers see the next stop before they leave the yard');
  const pair = { issue: first, workItem: await counterpartOf(scene, first) };
  await editsBothWays(scene, pair);
  tell('a conflict');
  await conflict(scene, pair);
  tell('comments and files');
  await comments(scene, pair);
  await files(scene, pair);
  tell('a walk through the workflow');
  await workflow(scene, pair);
  tell('lost answers');
  await lostAnswers(scene, pair);
  tell('the backend is killed and comes back');
  await killed(scene, pair);
}

interface Pair {
  readonly issue: string;
  readonly workItem: string;
}

async function newIssue({ jira, stack }: Scene, type: string, summary: string): Promise<string> {
  const fields = { project: { key: stack.jira.project }, issuetype: { name: type }, summary };
  return (await jira.call<{ id: string }>('issue', { body: { fields } })).id;
}

async function newWorkItem({ azure, project }: Scene, type: string, title: string): Promise<string> {
  const body = [{ op: 'add', path: '/fields/System.Title', value: title }];
  const made = await azure.call<{ id: number }>(`${project}/_apis/wit/workitems/$${encodeURIComponent(type)}`, {
    body,
  });
  return String(made.id);
}

/** The work item with the issue's title, once it is there. */
async function counterpartOf({ jira, azure, project }: Scene, issue: string): Promise<string> {
  const { title } = await lookAtIssue(jira, issue);
  const quoted = title.replaceAll("'", "''");
  const query = `SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = '${project}' AND [System.Title] = '${quoted}'`;
  return until(
    `${JSON.stringify(title)} has a work item`,
    async () => {
      const { workItems } = await azure.call<{ workItems: readonly { id: number }[] }>(`${project}/_apis/wit/wiql`, {
        body: { query },
      });
      const [found] = workItems;
      return found ? String(found.id) : null;
    },
    patience,
  );
}

const setTitle = (azure: Person, workItem: string, title: string) =>
  azure.call(`_apis/wit/workitems/${workItem}`, {
    method: 'PATCH',
    body: [{ op: 'add', path: '/fields/System.Title', value: title }],
  });

const setSummary = (jira: Person, issue: string, summary: string) =>
  jira.call(`issue/${issue}`, { method: 'PUT', body: { fields: { summary } } });

const workItemShows = (scene: Scene, workItem: string, what: string, holds: (item: Seen) => boolean) =>
  until(what, async () => holds(await lookAtWorkItem(scene.azure, workItem)), patience);
const issueShows = (scene: Scene, issue: string, what: string, holds: (item: Seen) => boolean) =>
  until(what, async () => holds(await lookAtIssue(scene.jira, issue)), patience);

async function timed(scene: Scene, edit: () => Promise<unknown>, arrived: () => Promise<unknown>): Promise<void> {
  await edit();
  const start = performance.now();
  await arrived();
  scene.latencies.push(performance.now() - start);
}

async function editsBothWays(scene: Scene, { issue, workItem }: Pair): Promise<void> {
  for (let round = 1; round <= editsEachWay; round++) {
    const fromJira = `Drivers see the next stop, take ${round} ✓`;
    await timed(
      scene,
      () => setSummary(scene.jira, issue, fromJira),
      () => workItemShows(scene, workItem, 'an edit of the issue arrives', ({ title }) => title === fromJira),
    );
    const fromAzure = `Drivers see the next stop, 第${round}版`;
    await timed(
      scene,
      () => setTitle(scene.azure, workItem, fromAzure),
      () => issueShows(scene, issue, 'an edit of the work item arrives', ({ title }) => title === fromAzure),
    );
  }
}

/** Both sides are edited before either hears of the other: the tags merge, the titles are settled by the profile's rule. */
async function conflict(scene: Scene, { issue, workItem }: Pair): Promise<void> {
  const { stack, jira, azure } = scene;
  const kernels = [stack.jira.kernel, stack.azure.kernel];
  for (const kernel of kernels) await control(kernel.url, 'POST', 'events', { mode: 'delay', ms: 600 });
  await jira.call(`issue/${issue}`, {
    method: 'PUT',
    body: { fields: { summary: 'The title that Jira gave', labels: ['from-jira'] } },
  });
  await azure.call(`_apis/wit/workitems/${workItem}`, {
    method: 'PATCH',
    body: [
      { op: 'add', path: '/fields/System.Title', value: 'The title that Azure DevOps gave' },
      { op: 'add', path: '/fields/System.Tags', value: 'from-azure' },
    ],
  });
  for (const kernel of kernels) await control(kernel.url, 'POST', 'events', { mode: 'deliver' });
  await until(
    'both sides agree after a conflict',
    async () => {
      const [left, right] = await Promise.all([lookAtIssue(jira, issue), lookAtWorkItem(azure, workItem)]);
      const tags = (item: Seen) => [...item.tags].sort().join(' ');
      return left.title === right.title && tags(left) === 'from-azure from-jira' && tags(right) === tags(left);
    },
    patience,
  );
}

async function comments(scene: Scene, { issue, workItem }: Pair): Promise<void> {
  const { jira, azure, project } = scene;
  const body = {
    type: 'doc',
    version: 1,
    content: [{ type: 'paragraph', content: [{ type: 'text', text: 'Seen in the depot 🚚' }] }],
  };
  await jira.call(`issue/${issue}/comment`, { body: { body } });
  await workItemShows(scene, workItem, 'a comment reaches Azure DevOps', (item) => item.comments === 1);
  await azure.call(`${project}/_apis/wit/workItems/${workItem}/comments`, {
    body: { text: '<div>Fine for <b>us</b></div>' },
  });
  await issueShows(scene, issue, 'a comment reaches Jira', (item) => item.comments === 2);
  const { comments: shown } = await jira.call<{ comments: readonly { body: unknown }[] }>(`issue/${issue}/comment`);
  if (!shown.some((comment) => /Azure DevOps/.test(adfText(comment.body)))) {
    throw new Error('the comment in Jira does not say whose it is');
  }
}

async function files(scene: Scene, { issue, workItem }: Pair): Promise<void> {
  const { jira, azure, project } = scene;
  const form = new FormData();
  form.append('file', new Blob([randomBytes(200_000)]), 'plän "A".bin');
  await jira.call(`issue/${issue}/attachments`, { form });
  await workItemShows(scene, workItem, 'a file reaches Azure DevOps', (item) => item.files.length === 1);
  const { url } = await azure.call<{ url: string }>(`${project}/_apis/wit/attachments?fileName=route.csv`, {
    method: 'POST',
    bytes: new Uint8Array(Buffer.from('stop;time\nA;07:45\n')),
  });
  await azure.call(`_apis/wit/workitems/${workItem}`, {
    method: 'PATCH',
    body: [{ op: 'add', path: '/relations/-', value: { rel: 'AttachedFile', url, attributes: { name: 'route.csv' } } }],
  });
  await issueShows(scene, issue, 'a file reaches Jira', (item) => item.files.length === 2);
}

/** Jira needs several transitions, the last with a field on its screen. */
async function workflow(scene: Scene, { issue, workItem }: Pair): Promise<void> {
  for (const state of ['Active', 'Resolved', 'Closed']) {
    await scene.azure.call(`_apis/wit/workitems/${workItem}`, {
      method: 'PATCH',
      body: [{ op: 'add', path: '/fields/System.State', value: state }],
    });
  }
  await issueShows(scene, issue, 'the issue is done', ({ state }) => state === 'Done');
}

async function lostAnswers(scene: Scene, { issue, workItem }: Pair): Promise<void> {
  const { stack, jira, azure } = scene;
  const lose = (kernel: { readonly url: string }, method: string, path: string) =>
    control(kernel.url, 'POST', 'faults', { match: { method, path }, kind: 'lost-answer', times: 1 });

  await lose(stack.azure.kernel, 'POST', '/_apis/wit/workitems/$User*');
  const lonely = await newIssue(scene, 'Story', 'Created although the answer got lost');
  await counterpartOf(scene, lonely);

  await lose(stack.jira.kernel, 'POST', '/rest/api/3/issue');
  const made = await newWorkItem(scene, 'Bug', 'Made in Jira although the answer got lost');
  await until(
    'the work item has an issue',
    async () => {
      const jql = `project = ${stack.jira.project} AND summary ~ "\\"Made in Jira although the answer got lost\\""`;
      const page = await jira.call<{ issues: readonly unknown[] }>('search/jql', { body: { jql, maxResults: 5 } });
      return page.issues.length > 0;
    },
    patience,
  );
  await lookAtWorkItem(azure, made);

  // The person's own edit goes by before the fault is set: the next write of that kind is Tandem's.
  const title = 'Edited although the answer got lost';
  await setTitle(azure, workItem, title);
  await lose(stack.jira.kernel, 'PUT', '/rest/api/3/issue');
  await issueShows(scene, issue, 'an edit whose answer got lost arrives', (item) => item.title === title);
  for (const kernel of [stack.jira.kernel, stack.azure.kernel]) await control(kernel.url, 'DELETE', 'faults');
}

/** Work that is under way when the process dies, and edits that nobody listens to, all arrive. */
async function killed(scene: Scene, pair: Pair): Promise<void> {
  const { stack, jira, azure } = scene;
  const made = await Promise.all(
    ['Kill: one', 'Kill: two', 'Kill: three', 'Kill: four'].map((summary) => newIssue(scene, 'Task', summary)),
  );
  await stack.backend.kill();
  await setSummary(jira, pair.issue, 'Edited while the backend was dead');
  await newWorkItem(scene, 'Task', 'Born while the backend was dead');
  await stack.backend.start();
  await workItemShows(scene, pair.workItem, 'an edit made meanwhile arrives', ({ title }) => /was dead/.test(title));
  for (const issue of made) await counterpartOf(scene, issue);
  await until(
    'a work item made meanwhile has an issue',
    async () => {
      const jql = `project = ${stack.jira.project} AND summary ~ "\\"Born while the backend was dead\\""`;
      return (await jira.call<{ issues: readonly unknown[] }>('search/jql', { body: { jql } })).issues.length > 0;
    },
    patience,
  );
  await setTitle(azure, pair.workItem, 'Drivers see the next stop, the end');
  await issueShows(scene, pair.issue, 'the restarted backend hears events', ({ title }) => title.endsWith('the end'));
}

async function control(url: string, method: string, path: string, body?: unknown): Promise<void> {
  const response = await fetch(`${url}/_control/${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} /_control/${path}: ${response.status} ${await response.text()}`);
}
