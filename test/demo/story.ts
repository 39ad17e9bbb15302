// The fixed story of `--once`: people edit on both sides, answers get lost, the backend is killed; each step waits for what it
// brings about. What it came to is judged by verdict.ts.

import { randomBytes } from 'node:crypto';
import { carried } from './carried.ts';
import { lookAtIssue, lookAtWorkItem } from './look.ts';
import {
  counterpartOf,
  issueShows,
  newIssue,
  newWorkItem,
  type Pair,
  patience,
  type Scene,
  setSummary,
  setTitle,
  workItemShows,
} from './scene.ts';
import type { Seen } from './seen.ts';
import { until } from './until.ts';
import { adfText } from './verdict.ts';

const editsEachWay = 8;
const bornTogether = 12;

/** Throws an Error that names the step whose outcome did not come. */
export async function play(scene: Scene): Promise<void> {
  const { tell } = scene;
  tell('edits on both sides');
  const first = await newIssue(scene, 'Story', 'Drivers see the next stop before they leave the yard');
  const pair = { issue: first, workItem: await counterpartOf(scene, first) };
  await editsBothWays(scene, pair);
  tell('conflicts');
  await conflicts(scene, pair);
  tell('comments and files');
  await comments(scene, pair);
  await files(scene, pair);
  tell('mentions, pictures, links, sprints, a comment taken back');
  await carried(scene, pair);
  tell('a walk through the workflow');
  await workflow(scene, pair);
  tell('lost answers');
  await lostAnswers(scene, pair);
  tell('the backend is killed and comes back');
  await killed(scene, pair);
}

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

/**
 * Both sides are edited before either hears of the other: tags merge, titles are settled by the profile's rule. The newest
 * wins; of two at the same time the side that the profile names, which is Jira unless an admin says otherwise.
 */
async function conflicts(scene: Scene, pair: Pair): Promise<void> {
  const { jira, azure } = scene;
  const { issue, workItem } = pair;
  await unheard(scene, async () => {
    await Promise.all([
      jira.call(`issue/${issue}`, {
        method: 'PUT',
        body: { fields: { summary: 'Jira’s title of the same second', labels: ['from-jira'] } },
      }),
      azure.call(`_apis/wit/workitems/${workItem}`, {
        method: 'PATCH',
        body: [
          { op: 'add', path: '/fields/System.Title', value: 'Azure’s title of the same second' },
          { op: 'add', path: '/fields/System.Tags', value: 'from-azure' },
        ],
      }),
    ]);
  });
  const tags = (item: Seen) => [...item.tags].sort().join(' ');
  await bothShow(scene, pair, 'Jira’s title wins and no tag is lost', (item) => {
    return item.title === 'Jira’s title of the same second' && tags(item) === 'from-azure from-jira';
  });
  await unheard(scene, async () => {
    await setSummary(jira, issue, 'Jira’s older title');
    for (const { kernel } of [scene.stack.jira, scene.stack.azure]) {
      await control(kernel.url, 'POST', 'clock', { advanceMs: apartMs });
    }
    await setTitle(azure, workItem, 'Azure’s newer title');
  });
  await bothShow(scene, pair, 'the newer title wins', ({ title }) => title === 'Azure’s newer title');
}

/** By more than times of two services can be wrong. */
const apartMs = 8_000;
const heldMs = 60_000;

/** Events of what `edits` does go out when it is done. */
async function unheard({ stack }: Scene, edits: () => Promise<void>): Promise<void> {
  const kernels = [stack.jira.kernel, stack.azure.kernel];
  for (const { url } of kernels) await control(url, 'POST', 'events', { mode: 'reorder', ms: heldMs });
  await edits();
  for (const { url } of kernels) await control(url, 'POST', 'events', { mode: 'deliver' });
}

const bothShow = ({ jira, azure }: Scene, { issue, workItem }: Pair, what: string, holds: (item: Seen) => boolean) =>
  until(
    what,
    async () => (await Promise.all([lookAtIssue(jira, issue), lookAtWorkItem(azure, workItem)])).every(holds),
    patience,
  );

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
  const plan = randomBytes(200_000);
  form.append('file', new Blob([plan]), 'plän "A".bin');
  await jira.call(`issue/${issue}/attachments`, { form });
  await workItemShows(scene, workItem, 'a file reaches Azure DevOps', (item) => item.files.length === 1);
  const { relations = [] } = await azure.call<{ relations?: readonly { rel: string; url: string }[] }>(
    `_apis/wit/workitems/${workItem}?$expand=relations`,
  );
  const copy = relations.find(({ rel }) => rel === 'AttachedFile');
  if (!copy || !plan.equals(await azure.bytes(copy.url))) throw new Error('the file in Azure DevOps has other bytes');
  const route = Buffer.from('stop;time\nA;07:45\n');
  const { url } = await azure.call<{ url: string }>(`${project}/_apis/wit/attachments?fileName=route.csv`, {
    method: 'POST',
    bytes: new Uint8Array(route),
  });
  await azure.call(`_apis/wit/workitems/${workItem}`, {
    method: 'PATCH',
    body: [{ op: 'add', path: '/relations/-', value: { rel: 'AttachedFile', url, attributes: { name: 'route.csv' } } }],
  });
  await issueShows(scene, issue, 'a file reaches Jira', (item) => item.files.length === 2);
  const { fields } = await jira.call<{ fields: { attachment: readonly { filename: string; content: string }[] } }>(
    `issue/${issue}?fields=attachment`,
  );
  const shown = fields.attachment.find(({ filename }) => filename === 'route.csv');
  if (!shown || !route.equals(await jira.bytes(shown.content))) throw new Error('the file in Jira has other bytes');
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

  const title = 'Edited although the answer got lost';
  await lose(stack.jira.kernel, 'PUT', '/rest/api/3/issue');
  await setTitle(azure, workItem, title);
  await issueShows(scene, issue, 'an edit whose answer got lost arrives', (item) => item.title === title);
  for (const { kernel } of [stack.jira, stack.azure]) {
    // A fault leaves once it has been met.
    const unmet = (await control(kernel.url, 'GET', 'faults')) as readonly unknown[];
    if (unmet.length > 0) throw new Error(`${unmet.length} of the answers that should have got lost did not`);
  }
}

/** Work that is under way when the process dies, and edits that nobody listens to, all arrive. */
async function killed(scene: Scene, pair: Pair): Promise<void> {
  const { stack, jira, azure } = scene;
  const created = async () => {
    const { recent } = (await control(stack.azure.kernel.url, 'GET', 'calls')) as {
      recent: readonly { method: string; path: string; at: number }[];
    };
    return recent.findLast(({ method, path }) => method === 'POST' && /\/workitems\/\$/i.test(decodeURIComponent(path)))
      ?.at;
  };
  const before = await created();
  const made = await Promise.all(
    Array.from({ length: bornTogether }, (_, index) =>
      newIssue(scene, 'Task', `On the way when the backend dies, ${index + 1}`),
    ),
  );
  await until('some of the new issues are being created in Azure DevOps', async () => (await created()) !== before, {
    ...patience,
    everyMs: 5,
  });
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

async function control(url: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${url}/_control/${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} /_control/${path}: ${response.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}
