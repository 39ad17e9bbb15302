// The whole engine on Google Cloud's stores: pairs in Datastore (Google's emulator), keys in Cloud KMS (its stand-in). What a
// reconciliation costs there, how large a pair is, and that no credential lies in either.

import type { Datastore, Key } from '@google-cloud/datastore';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Hint } from '../../backend/src/reconcile/ports.ts';
import { reconcileItem } from '../../backend/src/reconcile/reconcile.ts';
import { openDatastore } from '../../backend/src/store/datastore-client.ts';
import { kinds, namespaceOf } from '../../backend/src/store/datastore-entities.ts';
import { datastoreStateStore } from '../../backend/src/store/datastore-state-store.ts';
import { type CloudStores, startCloudStores } from '../demo/cloud-stores.ts';
import { marksIn, playCanary, recordRows, storedRows } from '../reconcile/canary.ts';
import { type Harness, startHarness } from '../reconcile/harness.ts';
import { findEmulator } from './datastore-emulator.ts';
import { listenTo } from './datastore-requests.ts';

if (findEmulator() === null) {
  const missing = 'Google’s Datastore emulator is not on this machine (set DATASTORE_EMULATOR to its program)';
  if (process.env.CI === 'true') throw new Error(missing);
  describe.skip(missing, () => test('is needed'));
} else {
  let cloud: CloudStores;
  let tandem: Harness;
  beforeAll(async () => {
    cloud = await startCloudStores();
    tandem = await startHarness({ environment: cloud.environment });
  });
  afterAll(async () => {
    await tandem?.close();
    await cloud?.close();
  });

  const open = () => {
    const datastore = openDatastore({
      project: cloud.environment.TANDEM_DATASTORE_PROJECT ?? '',
      database: '',
      emulator: cloud.environment.DATASTORE_EMULATOR_HOST ?? '',
    });
    const requests = listenTo(datastore);
    const run = async (side: 'jira' | 'azure', itemId: string, pairId?: string, told: Partial<Hint> = {}) => {
      requests.clear();
      const result = await reconcileItem(
        { ...tandem.service.deps, state: datastoreStateStore(datastore) },
        {
          ...tandem.scope,
          profileId: tandem.profile.id,
          side,
          itemId,
          hints: pairId === undefined ? [] : [{ side, itemId, aspect: 'fields', ...told }],
          ...(pairId === undefined ? {} : { pairId }),
        },
      );
      expect(result).toEqual({ kind: 'done' });
      return Object.fromEntries(
        Map.groupBy(requests.methods, (method) => method)
          .entries()
          .map(([m, all]) => [m, all.length]),
      );
    };
    return { datastore, run };
  };

  const pairOf = async (itemId: string) => {
    const pair = await tandem.service.state.findPair(tandem.scope, tandem.jira.cloudId, 'jira', itemId);
    if (!pair?.ids.azure) throw new Error('the issue is not paired');
    return { ...pair, azure: pair.ids.azure };
  };
  const words = (text: string) => ({
    type: 'doc',
    version: 1,
    content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
  });
  const newIssue = async (summary: string): Promise<string> => {
    const issue = await tandem.asPerson('jira', 'POST', 'issue', {
      fields: { project: { key: 'TAN' }, issuetype: { name: 'Story' }, summary },
    });
    return issue.id;
  };

  describe('on Google Cloud’s stores', () => {
    test('a pair is made and edited both ways, at so many operations of Datastore', async () => {
      const { run } = open();
      const id = await newIssue('In the cloud');
      await run('jira', id);
      const pair = await pairOf(id);

      await tandem.asPerson('azure', 'PATCH', `_apis/wit/workitems/${pair.azure}`, [
        { op: 'add', path: '/fields/System.Title', value: 'Renamed in Azure' },
      ]);
      // The pair; the intent with the lease, the result with what was written.
      const edit = { lookup: 1, commit: 2 };
      expect(await run('azure', pair.azure, pair.id)).toEqual(edit);
      expect((await tandem.asPerson('jira', 'GET', `issue/${id}`)).fields.summary).toBe('Renamed in Azure');

      await tandem.asPerson('jira', 'PUT', `issue/${id}`, { fields: { summary: 'Renamed in Jira' } });
      expect(await run('jira', id, pair.id)).toEqual(edit);
      const workItem = await tandem.asPerson('azure', 'GET', `_apis/wit/workitems/${pair.azure}`);
      expect(workItem.fields['System.Title']).toBe('Renamed in Jira');

      // A state that Jira reaches by a transition costs no more.
      await tandem.asPerson('azure', 'PATCH', `_apis/wit/workitems/${pair.azure}`, [
        { op: 'add', path: '/fields/System.State', value: 'Active' },
      ]);
      expect(await run('azure', pair.azure, pair.id)).toEqual(edit);
      expect((await tandem.asPerson('jira', 'GET', `issue/${id}`)).fields.status.name).toBe('In Progress');

      // Nothing to write: the pair, the result.
      expect(await run('azure', pair.azure, pair.id)).toEqual({ lookup: 1, commit: 1 });
      // An echo of our own write: the pair.
      expect(await run('azure', pair.azure, pair.id, { version: { seq: 1 } })).toEqual({ lookup: 1 });

      const comment = await tandem.asPerson('jira', 'POST', `issue/${id}/comment`, { body: words('Said') });
      const told = { aspect: 'comments', childId: comment.id } as const;
      // A new comment: its intent with the lease, its copy, the result; records of children are looked up by their shards.
      expect(await run('jira', id, pair.id, told)).toEqual({ lookup: 7, commit: 3 });
    });

    test('a pair with 10 comments and 3 attachments takes a few kilobytes', async () => {
      const { datastore, run } = open();
      const id = await newIssue('With children');
      for (let number = 1; number <= 10; number += 1) {
        const body = words(`Comment ${number}: MARKED-CONTENT`);
        await tandem.asPerson('jira', 'POST', `issue/${id}/comment`, { body });
      }
      for (let number = 1; number <= 3; number += 1) {
        const form = new FormData();
        form.append('file', new Blob([`bytes ${number}`]), `MARKED-NAME-${number}.txt`);
        const { email, token } = tandem.jira.accounts.ordinary;
        const answer = await fetch(`${tandem.jira.url}/rest/api/3/issue/${id}/attachments`, {
          method: 'POST',
          headers: {
            authorization: `Basic ${Buffer.from(`${email}:${token}`).toString('base64')}`,
            'x-atlassian-token': 'no-check',
          },
          body: form,
        });
        expect(answer.status).toBe(200);
      }
      const before = await stored(datastore);
      await run('jira', id);
      const pair = await pairOf(id);
      const { state } = tandem.service;
      expect(await state.children(tandem.scope, pair.id, 'comment')).toHaveLength(10);
      expect(await state.children(tandem.scope, pair.id, 'attachment')).toHaveLength(3);
      const after = await stored(datastore);
      const bytes = after.bytes - before.bytes;
      console.info(`Datastore: ${bytes} bytes and ${after.entities - before.entities} entities for this pair`);
      expect(bytes).toBeLessThan(20_000);
      expect(after.text).not.toMatch(/MARKED|With children|In the cloud|Renamed/);
    });

    test('what users write is in no entity, no row and no figure, whatever failed', async () => {
      const { datastore } = open();
      await recordRows(tandem);
      await tandem.startEvents();
      await tandem.startWorkers();
      await playCanary(tandem);
      const rows = await storedRows(tandem);
      const sent = () => cloud.bigQuery.rows('metrics').some(({ name }) => name === 'errors.invalid-value');
      await expect.poll(sent, { timeout: 20_000 }).toBe(true);
      const figures = cloud.bigQuery.rows('metrics');
      expect(cloud.bigQuery.refusals).toEqual([]);
      const everything = [(await stored(datastore)).text, JSON.stringify(figures), ...rows.values()];
      expect(everything[0]).toContain('***');
      expect(everything.flatMap(marksIn)).toEqual([]);
    });

    test('no credential lies in either store, and the data key is wrapped by Cloud KMS', async () => {
      const { datastore } = open();
      const { rows: keys } = await tandem.service.pool.query('select wrapped from tandem.data_keys');
      expect(keys).toEqual([{ wrapped: expect.stringMatching(/^kms\.1\./) }]);
      const { rows: tables } = await tandem.service.pool.query<{ name: string }>(
        `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('tandem', 'graphile_worker')`,
      );
      const contents = await Promise.all(tables.map(({ name }) => tandem.service.pool.query(`select * from ${name}`)));
      const everything = JSON.stringify(contents.map(({ rows }) => rows)) + (await stored(datastore)).text;
      expect(everything).toContain('kms.1.');
      for (const secret of [tandem.azure.synchronizer.pat, tandem.jira.accounts.synchronizer.token]) {
        expect(everything).not.toContain(secret);
        expect(everything).not.toContain(Buffer.from(secret).toString('base64'));
      }
    });
  });

  /** All entities of the installation; sizes by https://cloud.google.com/datastore/docs/concepts/storage-size, without indexes. */
  async function stored(datastore: Datastore) {
    const namespace = namespaceOf(tandem.scope);
    let [bytes, entities, text] = [0, 0, ''];
    for (const kind of kinds) {
      const [found] = await datastore.runQuery(datastore.createQuery(namespace, kind));
      for (const entity of found as (Record<string, unknown> & Record<symbol, Key>)[]) {
        const path = (entity[datastore.KEY]?.path ?? []).map(String);
        const names = [namespace, ...path].reduce((sum, part) => sum + Buffer.byteLength(part) + 1, 32);
        const values = Object.entries(entity).map(
          ([name, value]) =>
            Buffer.byteLength(name) + 1 + (typeof value === 'string' ? Buffer.byteLength(value) + 1 : 8),
        );
        bytes += values.reduce((sum, size) => sum + size, names);
        entities += 1;
        text += JSON.stringify(entity);
      }
    }
    return { bytes, entities, text };
  }
}
