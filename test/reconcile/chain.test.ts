// A chain of two Jira sites over one Azure DevOps project, and two Tandems on the same two projects: nothing goes in a circle.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInitialSync } from '../../backend/src/reconcile/initial-sync.ts';
import type { Scope } from '../../backend/src/reconcile/ports.ts';
import { reconcileItem } from '../../backend/src/reconcile/reconcile.ts';
import { scanProfile } from '../../backend/src/reconcile/scan.ts';
import type { ProfileRecord } from '../../backend/src/store/config-store.ts';
import { latest } from '../simulators/azure/store/model.ts';
import { type JiraSimulator, startJiraSimulator } from '../simulators/jira/server.ts';
import { createVirtualClock } from '../simulators/kernel/clock.ts';
import { type Actions, actionsOf } from './actions.ts';
import { type Answer, type Harness, startHarness } from './harness.ts';

let tandem: Harness;
let people: Actions;
let far: JiraSimulator;
let end: { readonly scope: Scope; readonly profile: ProfileRecord };
beforeAll(async () => {
  const clock = createVirtualClock();
  far = await startJiraSimulator({ clock, seed: 'empty', indexLagMs: 0 });
  tandem = await startHarness({ clock, origins: [far.url, far.mediaUrl], environment: { TANDEM_SETTLE_MS: '200' } });
  people = actionsOf(tandem);
  end = await secondTandem('far-site', far);
  await tandem.startEvents();
  await tandem.startWorkers();
});
afterAll(async () => {
  await tandem?.close();
  await far?.close();
});

/** Another installation, of a Jira site and the same organization, with the same account there. */
async function secondTandem(cloudId: string, jira: JiraSimulator) {
  const { config } = tandem.service;
  const { id } = await config.install({ cloudId, environment: 'stand-alone', siteUrl: jira.url });
  const scope = { installationId: id };
  const { email, token } = jira.accounts.synchronizer;
  const one = await config.createConnection(scope, {
    side: 'jira',
    name: 'Jira',
    url: jira.url,
    auth: 'token',
    account: email,
    secret: token,
  });
  const other = await config.createConnection(scope, {
    side: 'azure',
    name: 'Azure',
    url: tandem.azure.url,
    auth: 'token',
    secret: tandem.azure.synchronizer.pat,
  });
  const { settings } = tandem.profile;
  const made = await config.createProfile(
    scope,
    { jiraConnectionId: one.id, azureConnectionId: other.id, settings },
    null,
  );
  await config.setStatus(scope, made.id, 'enabled', null);
  const profile = await config.profileRecord(scope, made.id);
  if (!profile) throw new Error('the profile was stored');
  // The first scan leaves what was there before to an initial sync.
  await scanProfile(tandem.service.deps, scope, made.id);
  return { scope, profile };
}

/** Scans tell the far installation what changed on both its sides; settled once a round brings nothing more. */
async function settle(rounds = 4): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    await tandem.advance(5_000);
    await scanProfile(tandem.service.deps, end.scope, end.profile.id);
    await tandem.settled();
  }
}

const inFar = async (method: string, path: string, body?: unknown): Promise<Answer> => {
  const { email, token } = far.accounts.ordinary;
  const answer = await fetch(`${far.url}/rest/api/3/${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${email}:${token}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} → ${answer.status}: ${text}`);
  return text === '' ? null : JSON.parse(text);
};
const farIssues = async (): Promise<Answer[]> =>
  (await inFar('POST', 'search/jql', { jql: 'project = TAN', fields: ['summary', 'comment'], maxResults: 100 })).issues;
const nearIssues = async (): Promise<Answer[]> => (await people.control('jira', 'GET', 'state')).issues;
const workItems = () => [...tandem.azure.world().items.values()];

describe('a chain Jira ↔ Azure DevOps ↔ Jira', () => {
  it('brings an item, its edits and its comments to the far end and back, each once', {
    timeout: 120_000,
  }, async () => {
    const near = await people.create('jira', 'From the near end');
    await people.comment('jira', near, 'said at the near end');
    await settle();
    const counts = async () => [(await nearIssues()).length, workItems().length, (await farIssues()).length];
    expect(await counts()).toEqual([1, 1, 1]);
    const [copy] = await farIssues();
    expect(copy.fields.summary).toBe('From the near end');
    expect(JSON.stringify(copy.fields.comment)).toContain('said at the near end');

    await inFar('PUT', `issue/${copy.id}`, { fields: { summary: 'Renamed at the far end' } });
    await inFar('POST', `issue/${copy.id}/comment`, {
      body: {
        type: 'doc',
        version: 1,
        content: [{ type: 'paragraph', content: [{ type: 'text', text: 'said far away' }] }],
      },
    });
    await settle();
    expect(await people.title('jira', near)).toBe('Renamed at the far end');
    const comments = await people.comments('jira', near);
    expect(comments).toHaveLength(2);
    expect(comments.join()).toContain('said far away');

    const made = await inFar('POST', 'issue', {
      fields: { project: { key: 'TAN' }, issuetype: { name: 'Task' }, summary: 'From the far end' },
    });
    await settle();
    expect(await counts()).toEqual([2, 2, 2]);
    await people.remove('jira', near);
    await settle();
    await inFar('PUT', `issue/${made.id}`, { fields: { summary: 'Still once' } });
    await settle();
    expect(await counts()).toEqual([1, 2, 2]);
    const writes = tandem.calls.length;
    await settle();
    const sent = tandem.calls
      .slice(writes)
      .filter(({ operation }) => /^(POST|PUT|PATCH|DELETE) (issue|workitems|workItems)/.test(operation));
    expect(sent.map(({ operation }) => operation).filter((name) => !name.includes('bulkfetch'))).toEqual([]);
    // What people said stands once at each place, and Tandem's word of the deletion beside it.
    const said = (workItems()[0]?.comments ?? []).map(({ versions }) => versions.at(-1)?.text ?? '');
    const times = (words: string) => said.filter((text) => text.includes(words)).length;
    expect([times('said at the near end'), times('said far away'), times('was deleted in Jira')]).toEqual([1, 1, 1]);
  });
});

describe('a second Tandem on the same two projects', () => {
  it('makes no copies of the first one’s copies, nor the first of its', { timeout: 120_000 }, async () => {
    const rival = await secondTandem('same-site', tandem.jira);
    const twins = await people.twins('jira', 'Kept by the first');
    const reverse = await people.twins('azure', 'Kept by the first as well');
    const run = (side: 'jira' | 'azure', itemId: string) =>
      reconcileItem(tandem.service.deps, { ...rival.scope, profileId: rival.profile.id, side, itemId, hints: [] });
    /** Issues and work items of a title. */
    const counts = async (title: string) => [
      (await nearIssues()).filter(({ fields, summary, values }) =>
        [fields?.summary, summary, values?.summary].includes(title),
      ).length,
      workItems().filter((item) => latest(item).fields['System.Title'] === title).length,
    ];
    const round = async () => {
      await run('azure', twins.azure);
      await run('jira', twins.jira);
      await run('azure', reverse.azure);
      await run('jira', reverse.jira);
      await tandem.settled();
      return [await counts('Kept by the first'), await counts('Kept by the first as well')];
    };
    // It had its first sync: else markers that it can't prove might be its own, of a state that was lost.
    const sync = await startInitialSync(tandem.service.deps, rival.scope, rival.profile.id);
    await tandem.service.state.putInitialSync(rival.scope, { ...sync, status: 'stopped', finishedAt: sync.startedAt });
    // Its copies of the originals are one each: that an original has a copy already, it can't know.
    for (let times = 0; times < 3; times += 1)
      expect(await round()).toEqual([
        [1, 2],
        [2, 1],
      ]);
    const errors = await tandem.service.state.listItemErrors(rival.scope, rival.profile.id);
    expect(errors.map(({ itemId, record }) => [itemId, record.error.code])).toEqual(
      expect.arrayContaining([
        [twins.azure, 'claimed'],
        [reverse.jira, 'claimed'],
      ]),
    );
    await tandem.service.config.setStatus(rival.scope, rival.profile.id, 'paused', null);
  });
});
