// A thousand deletions in a row: the brake stops the profile before it has marked more than its budget; when an admin resumes
// it, it goes on from there.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseOrganization } from '../../backend/src/azure/organization.ts';
import { orphanTag } from '../../backend/src/azure/write-scope.ts';
import type { Pair } from '../../backend/src/reconcile/ports.ts';
import { unsynced } from '../../backend/src/reconcile/unsynced.ts';
import { enableProfile } from '../../backend/src/routes/profile-lifecycle.ts';
import { latest } from '../simulators/azure/store/model.ts';
import { type Actions, actionsOf } from './actions.ts';
import { eventually, type Harness, startHarness } from './harness.ts';

const count = 1_000;

let tandem: Harness;
let people: Actions;
beforeAll(async () => {
  tandem = await startHarness();
  people = actionsOf(tandem);
  await tandem.startEvents();
});
afterAll(() => tandem?.close());

it('1,000 issues that are deleted one by one mark 100 work items and stop the profile', {
  timeout: 400_000,
}, async () => {
  const { service, scope, profile, jira, azure } = tandem;
  await people.control('jira', 'POST', 'generate', { count });
  const { first } = await people.control('azure', 'POST', 'work-items', { count });
  const issues: { id: number; key: string }[] = (await people.control('jira', 'GET', 'state')).issues;
  const sites = { jira: jira.cloudId, azure: parseOrganization(azure.url).url };
  await Promise.all(
    issues.map((issue, index) =>
      service.state.createPair(scope, sites, newPair(String(issue.id), String(first + index))),
    ),
  );
  await tandem.startWorkers();
  const marked = () =>
    [...azure.world().items.values()].filter((item) =>
      String(latest(item).fields['System.Tags'] ?? '').includes(orphanTag),
    ).length;
  for (const { id } of issues) await people.remove('jira', String(id));
  await eventually(async () => (await service.config.profileRecord(scope, profile.id))?.status === 'stopped', 200_000);
  await tandem.idle();
  expect(await service.config.profileRecord(scope, profile.id)).toMatchObject({
    reason: { code: 'brake', side: 'jira' },
  });
  expect(marked()).toBe(100);
  expect(await service.state.countPairs(scope, profile.id)).toMatchObject({ paired: count - 100, orphaned: 100 });

  // An admin looked at it and resumes; the window has passed, and the proof of the deletions was kept.
  await tandem.advance(61 * 60_000);
  const record = await service.config.profileRecord(scope, profile.id);
  if (!record) throw new Error('the profile is stored');
  await enableProfile(service, scope, record);
  await eventually(async () => marked() > 100);

  function newPair(jiraId: string, azureId: string): Pair {
    return {
      id: `pair-${jiraId}`,
      installationId: scope.installationId,
      profileId: profile.id,
      status: 'paired',
      source: 'jira',
      ids: { jira: jiraId, azure: azureId },
      keys: { jira: jiraId, azure: azureId },
      ...unsynced,
      choices: {},
      errors: [],
      retry: null,
      dirty: false,
      syncedAt: null,
    };
  }
});
