// What every configuration store must do. Implementations run it from a test file of their own.

import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Scope, SideCatalog } from '../../backend/src/reconcile/ports.ts';
import type { ConfigStore, Connection, ProfileRecord } from '../../backend/src/store/config-store.ts';
import { syncError } from '../../backend/src/sync/errors.ts';
import { type ProfileSettings, profileSchema } from '../../backend/src/sync/profile.ts';

export interface ConfigStoreUnderTest {
  readonly store: ConfigStore;
  /** Moves the store's clock on. */
  advance(ms: number): void;
  /** All that is at rest, as text: no secret may show in it. */
  dump(): Promise<string>;
}

const minute = 60_000;

export const settings = (more: Record<string, unknown> = {}): ProfileSettings =>
  profileSchema.parse({
    name: 'Tandem',
    jira: { project: 'TAN' },
    azure: { project: 'Tandem' },
    types: [{ jira: 'Story', azure: 'User Story' }],
    fields: [{ jira: 'summary', azure: 'System.Title', kind: 'text' }],
    ...more,
  });

export function describeConfigStore(name: string, factory: () => Promise<ConfigStoreUnderTest>): void {
  describe(`${name} as a configuration store`, () => {
    let under: ConfigStoreUnderTest;
    let store: ConfigStore;
    let scope: Scope;
    beforeAll(async () => {
      under = await factory();
      store = under.store;
    });

    const install = async (): Promise<Scope> => {
      const made = await store.install({ cloudId: randomUUID(), environment: 'DEVELOPMENT' });
      return { installationId: made.id };
    };
    beforeEach(async () => {
      scope = await install();
    });

    const azureConnection = (more = {}): Promise<Connection> =>
      store.createConnection(scope, {
        side: 'azure',
        name: 'Acme',
        url: 'https://dev.azure.com/acme/',
        auth: 'token',
        secret: 'pat-secret-1',
        secretExpiresOn: '2027-01-31',
        ...more,
      });
    const jiraConnection = (): Promise<Connection> =>
      store.createConnection(scope, { side: 'jira', name: 'Site', url: 'https://acme.atlassian.net', auth: 'app' });
    const profile = async (more = {}): Promise<ProfileRecord> => {
      const [jira, azure] = [await jiraConnection(), await azureConnection()];
      const input = { jiraConnectionId: jira.id, azureConnectionId: azure.id, settings: settings(more) };
      return store.createProfile(scope, input, 'admin-1');
    };

    describe('an installation', () => {
      test('is one per cloud id and environment, however often it is installed', async () => {
        const cloudId = randomUUID();
        const first = await store.install({
          cloudId,
          environment: 'PRODUCTION',
          forgeInstallationId: 'f1',
          siteUrl: 'https://a',
        });
        const again = await store.install({ cloudId, environment: 'PRODUCTION', forgeInstallationId: 'f2' });
        const staging = await store.install({ cloudId, environment: 'STAGING', forgeInstallationId: 'f3' });
        expect(again).toMatchObject({ id: first.id, siteUrl: 'https://a', forgeInstallationIds: ['f1', 'f2'] });
        expect(staging.id).not.toBe(first.id);
        expect(await store.findInstallation(cloudId, 'PRODUCTION')).toEqual(again);
        expect(await store.findInstallation(cloudId, 'DEVELOPMENT')).toBeNull();
      });

      test('keeps the newest Forge id last when an old one comes again', async () => {
        const cloudId = randomUUID();
        for (const id of ['f1', 'f2', 'f1'])
          await store.install({ cloudId, environment: 'X', forgeInstallationId: id });
        expect((await store.findInstallation(cloudId, 'X'))?.forgeInstallationIds).toEqual(['f2', 'f1']);
      });

      test('made by several events at once is one', async () => {
        const cloudId = randomUUID();
        const made = await Promise.all(Array.from({ length: 6 }, () => store.install({ cloudId, environment: 'X' })));
        expect(new Set(made.map((one) => one.id)).size).toBe(1);
      });

      test('uninstalled has a grace time, and a reinstall ends it', async () => {
        const cloudId = randomUUID();
        const made = await store.install({ cloudId, environment: 'X' });
        await store.uninstall({ installationId: made.id }, 5_000);
        expect(await store.findInstallation(cloudId, 'X')).toMatchObject({ status: 'uninstalled', graceUntil: 5_000 });
        expect(await store.install({ cloudId, environment: 'X' })).toMatchObject({
          id: made.id,
          status: 'active',
          graceUntil: null,
        });
      });

      test('keeps the handshake’s secrets sealed; a later event without them leaves them', async () => {
        const cloudId = randomUUID();
        const { id } = await store.install({
          cloudId,
          environment: 'X',
          siteKey: 'site-key-1',
          sharedSecret: 'shared-1',
        });
        await store.install({ cloudId, environment: 'X' });
        const own = { installationId: id };
        expect([await store.siteKey(own), await store.sharedSecret(own)]).toEqual(['site-key-1', 'shared-1']);
        const dump = await under.dump();
        expect(dump).not.toContain('site-key-1');
        expect(dump).not.toContain('shared-1');
      });

      test('keeps the system token that expires last, whatever the order', async () => {
        const token = (text: string, expiresAt: number) => ({ token: text, expiresAt, apiBaseUrl: 'https://api' });
        await store.saveSystemToken(scope, token('two', 2_000));
        await store.saveSystemToken(scope, token('one', 1_000));
        expect(await store.systemToken(scope, 1_999)).toEqual(token('two', 2_000));
        expect(await store.systemToken(scope, 2_000)).toBeNull();
        await Promise.all([3, 5, 4].map((time) => store.saveSystemToken(scope, token(`t${time}`, time * 1_000))));
        expect((await store.systemToken(scope, 0))?.token).toBe('t5');
        expect(await under.dump()).not.toContain('"t5"');
      });

      test('has one fingerprint key of 32 bytes, also when it is first asked for by several at once', async () => {
        const keys = await Promise.all(Array.from({ length: 5 }, () => store.fingerprintKey(scope)));
        expect(new Set(keys.map((key) => `${key.id} ${Buffer.from(key.secret).toString('hex')}`)).size).toBe(1);
        expect(keys[0]?.secret).toHaveLength(32);
        const other = await store.fingerprintKey(await install());
        expect(Buffer.from(other.secret)).not.toEqual(Buffer.from(keys[0]?.secret ?? []));
        await expect(store.fingerprintKey({ installationId: 'nobody' })).rejects.toThrow('not known');
      });
    });

    describe('a connection', () => {
      test('is kept with its secret apart', async () => {
        const made = await azureConnection();
        expect(made).toMatchObject({
          side: 'azure',
          url: 'https://dev.azure.com/acme',
          hasSecret: true,
          secretExpiresOn: '2027-01-31',
          account: null,
          health: null,
        });
        expect(JSON.stringify(made)).not.toContain('pat-secret-1');
        expect(await store.connectionSecret(scope, made.id)).toBe('pat-secret-1');
        expect(await under.dump()).not.toContain('pat-secret-1');
        expect(await store.listConnections(scope)).toEqual([made]);
      });

      test('changes what is named; the secret stays for the same URL only', async () => {
        const { id } = await azureConnection();
        expect(
          await store.changeConnection(scope, id, { name: 'Renamed', url: 'https://dev.azure.com/acme' }),
        ).toMatchObject({
          name: 'Renamed',
          hasSecret: true,
        });
        expect(await store.changeConnection(scope, id, { url: 'https://dev.azure.com/evil' })).toMatchObject({
          hasSecret: false,
        });
        expect(await store.connectionSecret(scope, id)).toBeNull();
        await store.changeConnection(scope, id, { secret: 'pat-secret-2', secretExpiresOn: null });
        expect(await store.connectionSecret(scope, id)).toBe('pat-secret-2');
        expect(await store.connection(scope, id)).toMatchObject({ secretExpiresOn: null });
        expect(await store.changeConnection(scope, 'nobody', { name: 'x' })).toBeNull();
      });

      test('is opened with its secret, the site and the key in one look-up', async () => {
        const azure = await azureConnection();
        const bare = await store.createConnection(scope, { side: 'jira', name: 'J', url: 'https://j', auth: 'app' });
        const { cloudId } = (await store.installation(scope)) ?? {};
        expect(await store.access(scope, [azure.id, bare.id, 'nobody'])).toMatchObject({
          cloudId,
          fingerprintKey: null,
        });
        const key = await store.fingerprintKey(scope);
        const access = await store.access(scope, [azure.id, bare.id, 'nobody']);
        expect(access.fingerprintKey).toEqual(key);
        expect(new Map(access.connections.map(({ connection, secret }) => [connection, secret]))).toEqual(
          new Map([
            [azure, 'pat-secret-1'],
            [bare, null],
          ]),
        );
        expect(await store.access(scope, [])).toEqual({ cloudId, fingerprintKey: key, connections: [] });
        const other = await install();
        expect((await store.access(other, [azure.id])).connections).toEqual([]);
        expect(await store.access({ installationId: 'nobody' }, [azure.id])).toEqual({
          cloudId: null,
          fingerprintKey: null,
          connections: [],
        });
      });

      test('has one hook secret, made at first need and renewed on request', async () => {
        const { id } = await azureConnection();
        const secrets = await Promise.all([store.hookSecret(scope, id), store.hookSecret(scope, id)]);
        expect(secrets[0]).toHaveLength(43);
        expect(secrets[1]).toBe(secrets[0]);
        const renewed = await store.rotateHookSecret(scope, id);
        expect(renewed).not.toBe(secrets[0]);
        expect(await store.hookSecret(scope, id)).toBe(renewed);
        expect(await store.hookSecret(scope, 'nobody')).toBeNull();
        expect(await store.hookSecrets(scope, id)).toEqual([renewed, secrets[0]]);
        under.advance(24 * 60 * minute);
        expect(await store.hookSecrets(scope, id)).toEqual([renewed]);
      });

      test('is not deleted while a profile needs it', async () => {
        const made = await profile();
        expect(await store.deleteConnection(scope, made.azureConnectionId)).toEqual({
          kind: 'in-use',
          profileIds: [made.id],
        });
        await store.deleteProfile(scope, made.id);
        expect(await store.deleteConnection(scope, made.azureConnectionId)).toEqual({ kind: 'deleted' });
        expect(await store.deleteConnection(scope, made.azureConnectionId)).toEqual({ kind: 'missing' });
      });

      test('remembers its last check', async () => {
        const { id } = await azureConnection();
        const health = {
          reachable: true,
          authenticated: false,
          permissions: [{ name: 'vso.work_write', granted: false }],
          error: syncError('unauthorized', { side: 'azure' }),
        } as const;
        await store.saveHealth(scope, id, health, 77);
        expect(await store.connection(scope, id)).toMatchObject({ health, healthAt: 77 });
      });
    });

    describe('a profile', () => {
      test('starts as a draft at revision 1', async () => {
        const made = await profile();
        expect(made).toMatchObject({ status: 'draft', revision: 1, reason: null, settings: settings() });
        expect(await store.profile(scope, made.id)).toMatchObject({ id: made.id, revision: 1 });
      });

      test('is saved from the newest revision only', async () => {
        const made = await profile();
        const outcomes = await Promise.all(
          ['A', 'B'].map((name) => store.saveProfile(scope, made.id, 1, settings({ name }), 'admin-2')),
        );
        expect(outcomes.map((outcome) => outcome.kind).sort()).toEqual(['conflict', 'saved']);
        expect(outcomes.find((outcome) => outcome.kind === 'conflict')).toEqual({ kind: 'conflict', revision: 2 });
        expect(await store.saveProfile(scope, 'nobody', 1, settings(), null)).toEqual({ kind: 'missing' });
      });

      test('keeps every saved revision with who saved it', async () => {
        const made = await profile();
        await store.saveProfile(scope, made.id, 1, settings({ name: 'Second' }), 'admin-2');
        const history = await store.settingsHistory(scope, made.id);
        expect(history.map((one) => [one.revision, one.settings.name, one.savedBy])).toEqual([
          [2, 'Second', 'admin-2'],
          [1, 'Tandem', 'admin-1'],
        ]);
      });

      test('keeps a status with its reason, without a new revision', async () => {
        const made = await profile();
        await store.setStatus(scope, made.id, 'stopped', syncError('brake'));
        expect(await store.profileRecord(scope, made.id)).toMatchObject({
          status: 'stopped',
          revision: 1,
          reason: { code: 'brake' },
        });
        await store.setStatus(scope, made.id, 'enabled', null);
        expect(await store.profileRecord(scope, made.id)).toMatchObject({ status: 'enabled', reason: null });
      });

      test('is halted for what a run met, unless an admin holds it or changed its connections since the run started', async () => {
        const made = await profile();
        const status = async () => (await store.profileRecord(scope, made.id))?.status;
        const start = made.updatedAt;
        await store.halt(scope, made.id, 'paused', syncError('unauthorized'), start);
        expect(await status()).toBe('draft');
        await store.setStatus(scope, made.id, 'enabled', null);
        under.advance(1_000);
        await store.changeConnection(scope, made.azureConnectionId, { secret: 'a good one' });
        await store.halt(scope, made.id, 'paused', syncError('unauthorized'), start + 500);
        expect(await status()).toBe('enabled');
        under.advance(1_000);
        await store.halt(scope, made.id, 'paused', syncError('unauthorized'), start + 2_000);
        expect(await store.profileRecord(scope, made.id)).toMatchObject({
          status: 'paused',
          reason: { code: 'unauthorized' },
        });
      });

      test('is found by what an event tells, when it is enabled', async () => {
        const [made, draft] = [await profile(), await profile({ jira: { project: 'OTHER' } })];
        await store.setStatus(scope, made.id, 'enabled', null);
        const ids = async (filter = {}) => (await store.enabledProfiles(scope, filter)).map((one) => one.id);
        expect(await ids()).toEqual([made.id]);
        expect(await ids({ jiraProject: 'TAN' })).toEqual([made.id]);
        expect(await ids({ jiraProject: 'OTHER' })).toEqual([]);
        expect(await ids({ azureProject: 'tandem' })).toEqual([made.id]);
        expect(await ids({ connectionId: made.azureConnectionId, azureProject: 'Tandem' })).toEqual([made.id]);
        expect(await ids({ connectionId: draft.azureConnectionId })).toEqual([]);
        const target = { installationId: scope.installationId, profileId: made.id };
        expect(await store.allEnabledProfiles()).toContainEqual(target);
        await store.uninstall(scope, 9);
        expect(await store.allEnabledProfiles()).not.toContainEqual(target);
      });

      test('has a draft beside it, as incomplete as it may be', async () => {
        const made = await profile();
        expect(await store.draft(scope, made.id)).toBeNull();
        const save = (savedBy: string, after: number | null) =>
          store.saveDraft(scope, made.id, { settings: { name: savedBy }, baseRevision: 1, savedBy }, after);
        // Two at once: one is told of the other.
        const both = await Promise.all([save('admin-1', null), save('admin-2', null)]);
        const [first, ...none] = both.filter((one) => one !== null);
        expect(none).toEqual([]);
        expect(await store.draft(scope, made.id)).toEqual(first);
        const savedAt = first?.savedAt ?? 0;
        const next = await Promise.all([save('admin-3', savedAt), save('admin-4', savedAt), save('admin-5', savedAt)]);
        const [second, ...others] = next.filter((one) => one !== null);
        expect(others).toEqual([]);
        expect(second?.savedAt).toBeGreaterThan(savedAt);
        expect(await store.draft(scope, made.id)).toEqual(second);
        // Nobody else: the same person went on elsewhere.
        expect(await save(second?.savedBy ?? '', null)).toMatchObject({ savedBy: second?.savedBy, baseRevision: 1 });
        await store.discardDraft(scope, made.id);
        expect(await store.draft(scope, made.id)).toBeNull();
        expect(await save('admin-6', savedAt)).toBeNull();
      });

      test('knows its service hooks', async () => {
        const made = await profile();
        const hook = {
          profileId: made.id,
          connectionId: made.azureConnectionId,
          subscriptionId: 's1',
          event: 'workitem.updated',
        };
        await store.addHook(scope, hook);
        await store.addHook(scope, hook);
        expect(await store.hooks(scope, made.id)).toEqual([hook]);
        await store.removeHook(scope, made.azureConnectionId, 's1');
        expect(await store.hooks(scope, made.id)).toEqual([]);
      });

      test('deleted takes all that belongs to it along', async () => {
        const made = await profile();
        await store.setWatermark(scope, made.id, 'jira', 'w');
        await store.saveDraft(scope, made.id, { settings: {}, baseRevision: 1, savedBy: null }, null);
        expect(await store.deleteProfile(scope, made.id)).toBe(true);
        expect(await store.deleteProfile(scope, made.id)).toBe(false);
        expect(await store.profile(scope, made.id)).toBeNull();
        expect(await store.watermark(scope, made.id, 'jira')).toBeNull();
        expect(await store.settingsHistory(scope, made.id)).toEqual([]);
      });
    });

    describe('what the engine keeps of a profile', () => {
      test('watermarks by side', async () => {
        const { id } = await profile();
        expect(await store.watermark(scope, id, 'jira')).toBeNull();
        await store.setWatermark(scope, id, 'jira', '1');
        await store.setWatermark(scope, id, 'jira', '2');
        expect([await store.watermark(scope, id, 'jira'), await store.watermark(scope, id, 'azure')]).toEqual([
          '2',
          null,
        ]);
      });

      test('the highest id, compared as a number and never lowered', async () => {
        const { id } = await profile();
        for (const item of ['9', '10', '8']) await store.raiseHighestKnown(scope, id, 'azure', item);
        expect(await store.highestKnown(scope, id, 'azure')).toBe('10');
        await Promise.all(['99', '101', '100'].map((item) => store.raiseHighestKnown(scope, id, 'azure', item)));
        expect(await store.highestKnown(scope, id, 'azure')).toBe('101');
        expect(await store.highestKnown(scope, id, 'jira')).toBeNull();
      });

      test('what was learned of a workflow: the newest listing of a status stands, for its project and type alone', async () => {
        const { jiraConnectionId: connectionId, azureConnectionId } = await profile();
        const story = { connectionId, project: 'TAN', type: 'Story' };
        await store.learnTransitions(scope, story, 'To Do', ['In Progress', 'Done', 'Done']);
        await store.learnTransitions(scope, story, 'Done', ['To Do']);
        await store.learnTransitions(scope, story, 'To Do', ['In Progress']);
        expect(await store.learnedWorkflow(scope, story)).toEqual({ 'To Do': ['In Progress'], Done: ['To Do'] });
        for (const other of [{ type: 'Bug' }, { project: 'OPS' }, { connectionId: azureConnectionId }]) {
          expect(await store.learnedWorkflow(scope, { ...story, ...other })).toEqual({});
        }
        await store.learnTransitions(scope, { ...story, connectionId: 'gone' }, 'To Do', ['Done']);
        expect(await store.learnedWorkflow(scope, { ...story, connectionId: 'gone' })).toEqual({});
      });

      test('catalogs, until they are too old', async () => {
        const { id } = await profile();
        const catalog = (side: SideCatalog['side']): SideCatalog => ({
          side,
          project: { id: '1', key: 'TAN', name: 'Größe 🚀' },
          types: [],
          people: [{ id: 'u1', name: 'Ada' }],
          maxAttachmentSize: 10,
        });
        const catalogs = { jira: catalog('jira'), azure: catalog('azure') };
        expect(await store.catalogs(scope, id)).toBeNull();
        await store.saveCatalogs(scope, id, catalogs);
        expect(await store.catalogs(scope, id)).toEqual(catalogs);
        expect(await store.catalogs(scope, id)).toEqual(catalogs);
        const renamed = { ...catalogs, azure: { ...catalogs.azure, maxAttachmentSize: 20 } };
        await store.saveCatalogs(scope, id, renamed);
        expect(await store.catalogs(scope, id)).toEqual(renamed);
        under.advance(61 * minute);
        expect(await store.catalogs(scope, id)).toBeNull();
        expect(await store.lastCatalogs(scope, id)).toEqual(renamed);
      });

      test('a budget in a sliding window, which no two instances overdraw', async () => {
        const { id } = await profile({ policies: { brake: { limit: 10, windowMinutes: 5 } } });
        const start = 100 * minute;
        const taken = await Promise.all(Array.from({ length: 8 }, () => store.takeBudget(scope, id, start, 2)));
        expect(taken.filter(Boolean)).toHaveLength(5);
        expect(await store.takeBudget(scope, id, start + 4 * minute, 1)).toBe(false);
        expect(await store.takeBudget(scope, id, start + 5 * minute, 10)).toBe(true);
        expect(await store.takeBudget(scope, id, start + 5 * minute, 1)).toBe(false);
        expect(await store.takeBudget(scope, id, start + 50 * minute, 11)).toBe(false);
      });

      test('what was taken of a budget, until an admin renews it', async () => {
        const { id } = await profile({ policies: { brake: { limit: 3, windowMinutes: 5 } } });
        const other = await install();
        const start = 100 * minute;
        expect(await store.takenBudget(scope, id, start)).toBe(0);
        await store.takeBudget(scope, id, start, 2);
        await store.takeBudget(scope, id, start + 2 * minute, 1);
        expect(await store.takenBudget(scope, id, start + 4 * minute)).toBe(3);
        expect(await store.takenBudget(scope, id, start + 5 * minute)).toBe(1);
        expect(await store.takenBudget(other, id, start)).toBe(0);
        await store.renewBudget(other, id);
        expect(await store.takeBudget(scope, id, start + 2 * minute, 1)).toBe(false);
        await store.renewBudget(scope, id);
        expect(await store.takeBudget(scope, id, start + 2 * minute, 3)).toBe(true);
      });
    });

    describe('what was seen', () => {
      test('people, newest name, every place, e-mail kept when it is hidden later', async () => {
        await store.rememberPeople(scope, 'jira', [
          { id: 'u1', name: 'Ada', email: 'ada@example.com', seenIn: ['reporter', 'assignee'] },
          { id: 'u2', name: 'Bob', active: false, seenIn: ['mention'] },
          { id: 'u2', name: 'Bob', active: true, seenIn: ['mention'] },
        ]);
        await store.rememberPeople(scope, 'jira', [{ id: 'u1', name: 'Ada L.', seenIn: ['assignee', 'mention'] }]);
        await store.rememberPeople(scope, 'azure', []);
        expect(await store.people(scope, 'jira')).toEqual([
          { id: 'u1', name: 'Ada L.', email: 'ada@example.com', seenIn: ['assignee', 'mention', 'reporter'] },
          { id: 'u2', name: 'Bob', active: true, seenIn: ['mention'] },
        ]);
        expect(await store.people(scope, 'azure')).toEqual([]);
      });

      test('a delivery once, until it is purged', async () => {
        const taken = await Promise.all([1, 2, 3].map(() => store.takeDelivery(scope, 'azure', 'd1')));
        expect(taken.filter(Boolean)).toHaveLength(1);
        expect(await store.takeDelivery(scope, 'forge', 'd1')).toBe(true);
        expect(await store.purgeDeliveries(Number.MAX_SAFE_INTEGER)).toBeGreaterThanOrEqual(2);
        expect(await store.takeDelivery(scope, 'azure', 'd1')).toBe(true);
      });
    });

    describe('another installation', () => {
      test('sees nothing and changes nothing, even with the right ids', async () => {
        const made = await profile();
        const connectionId = made.azureConnectionId;
        await store.setWatermark(scope, made.id, 'jira', 'w');
        const other = await install();

        expect(await store.connection(other, connectionId)).toBeNull();
        expect(await store.connectionSecret(other, connectionId)).toBeNull();
        expect(await store.hookSecret(other, connectionId)).toBeNull();
        expect(await store.rotateHookSecret(other, connectionId)).toBeNull();
        expect(await store.changeConnection(other, connectionId, { name: 'x' })).toBeNull();
        expect(await store.deleteConnection(other, connectionId)).toEqual({ kind: 'missing' });
        expect(await store.profile(other, made.id)).toBeNull();
        expect(await store.saveProfile(other, made.id, 1, settings({ name: 'x' }), null)).toEqual({ kind: 'missing' });
        expect(await store.deleteProfile(other, made.id)).toBe(false);
        await store.setStatus(other, made.id, 'enabled', null);
        await store.setWatermark(other, made.id, 'jira', 'x');
        await store.saveDraft(other, made.id, { settings: {}, baseRevision: 1, savedBy: null }, null);
        expect(await store.watermark(other, made.id, 'jira')).toBeNull();
        expect(await store.settingsHistory(other, made.id)).toEqual([]);
        expect(await store.takeBudget(other, made.id, 0, 1)).toBe(false);
        expect(await store.listConnections(other)).toEqual([]);
        expect(await store.listProfiles(other)).toEqual([]);
        const input = {
          jiraConnectionId: made.jiraConnectionId,
          azureConnectionId: connectionId,
          settings: settings(),
        };
        await expect(store.createProfile(other, input, null)).rejects.toThrow();

        expect(await store.profileRecord(scope, made.id)).toEqual(made);
        expect(await store.watermark(scope, made.id, 'jira')).toBe('w');
        expect(await store.draft(scope, made.id)).toBeNull();
      });
    });

    describe('accounts that are kept', () => {
      test('are due once in a cycle, wherever they stand, and are known anew when they changed', async () => {
        const made = await profile({ users: [{ jira: 'mapped', azure: 'ada@acme.example' }] });
        await store.rememberPeople(scope, 'jira', [{ id: 'seen', name: 'Ada', seenIn: [] }]);
        await store.rememberPeople(scope, 'azure', [{ id: 'bob@acme.example', name: 'Bob', seenIn: [] }]);
        const cached = { id: 'cached', name: 'Cy' };
        const catalog = {
          project: { id: '1', key: 'TAN', name: 'Tandem' },
          types: [],
          people: [cached],
          maxAttachmentSize: 1,
        };
        await store.saveCatalogs(scope, made.id, {
          jira: { side: 'jira', ...catalog },
          azure: { side: 'azure', ...catalog },
        });
        const due = async (before: number) => (await store.accountsDue(scope, before, 10)).map(({ id }) => id);
        expect(await due(0)).toEqual(['admin-1', 'cached', 'mapped', 'seen']);
        expect((await store.accountsDue(scope, 0, 1))[0]?.storedAt).toBeGreaterThan(1_000_000_000_000);
        await store.accountsReported(scope, ['admin-1', 'mapped', 'seen'], 1_000);
        expect(await due(1_000)).toEqual(['cached']);
        expect(await due(1_001)).toHaveLength(4);
        await store.forgetAccount(scope, 'seen');
        await store.forgetAccount(scope, 'cached');
        expect(await due(1_001)).toEqual(['admin-1', 'mapped']);
        expect(await store.people(scope, 'azure')).toHaveLength(1);
      });

      test('are found in values, defaults, earlier revisions and drafts as well; who is erased is in no report either', async () => {
        const person = { jira: 'assignee', azure: 'System.AssignedTo', kind: 'user' } as const;
        const users = (jira: string) => [{ jira, azure: 'ada@acme.example' }];
        const made = await profile({ users: users('earlier-one') });
        const replaced = {
          fields: [
            ...made.settings.fields,
            { ...person, values: users('valued'), unmapped: { set: { jira: 'set' } } },
            { ...person, jira: 'priority', kind: 'option' as const, values: users('High') },
          ],
          policies: { unmappedUser: { set: { jira: 'default' } } },
        };
        const given = { ...settings(), ...replaced, users: [] } as unknown as ProfileSettings;
        const outcome = await store.saveProfile(scope, made.id, 1, given, 'admin-1');
        expect(outcome.kind).toBe('saved');
        const draft = { step: 'people', settings: { ...given, fields: [], policies: {}, users: users('drafted-one') } };
        await store.saveDraft(scope, made.id, { settings: draft, baseRevision: 1, savedBy: 'admin-1' }, null);
        const due = async () => (await store.accountsDue(scope, 1_000, 10)).map(({ id }) => id);
        const all = ['admin-1', 'default', 'drafted-one', 'earlier-one', 'set', 'valued'];
        expect(await due()).toEqual(all);
        await store.accountsReported(scope, all, 1_000);
        expect(await due()).toEqual([]);
        for (const id of ['earlier-one', 'drafted-one']) {
          const { erased, left } = await store.erasePerson(scope, 'jira', id);
          expect({ reported: erased.reported_accounts, left }).toEqual({ reported: 1, left: [] });
        }
        await store.accountsReported(scope, ['earlier-one', 'drafted-one', 'unknown-one'], 2_000);
        expect((await under.dump()).match(/\w+-one/g)).toBeNull();
      });
    });

    describe('erasing a person', () => {
      test('takes the person out of mappings with their history, of people seen, and of who did something', async () => {
        const made = await profile({
          users: [
            { jira: 'u1', azure: 'ada@acme.example' },
            { jira: 'u2', azure: 'bob@acme.example' },
          ],
        });
        await store.saveProfile(scope, made.id, 1, { ...made.settings, name: 'Renamed' }, 'u1');
        await store.saveDraft(scope, made.id, { settings: made.settings, baseRevision: 2, savedBy: 'u1' }, null);
        await store.rememberPeople(scope, 'jira', [{ id: 'u1', name: 'Ada', seenIn: [] }]);
        expect(await store.erasePerson(scope, 'azure', 'u1')).toEqual({ erased: {}, left: [made.id] });
        expect(await store.erasePerson(scope, 'jira', 'u1')).toEqual({
          erased: {
            people: 1,
            'profiles.settings': 1,
            'profile_history.settings': 2,
            'profile_drafts.settings': 1,
            'profile_history.saved_by': 1,
            'profile_drafts.saved_by': 1,
          },
          left: [],
        });
        expect((await store.profile(scope, made.id))?.settings.users).toEqual([
          { jira: 'u2', azure: 'bob@acme.example' },
        ]);
        expect(
          JSON.stringify([await store.settingsHistory(scope, made.id), await store.draft(scope, made.id)]),
        ).not.toContain('u1');
        expect(await store.erasePerson(scope, 'jira', 'u1')).toEqual({ erased: {}, left: [] });
      });

      test('tells which profiles name the person where only an admin can say what is to stand there', async () => {
        const made = await profile({
          fields: [
            { jira: 'summary', azure: 'System.Title', kind: 'text' },
            {
              jira: 'assignee',
              azure: 'System.AssignedTo',
              kind: 'user',
              values: [{ jira: 'u1', azure: 'ada@acme.example' }],
            },
          ],
        });
        expect(await store.erasePerson(scope, 'jira', 'u1')).toEqual({ erased: {}, left: [made.id] });
      });
    });

    describe('erasing an installation', () => {
      test('leaves no row of it, and nothing of others is touched', async () => {
        const made = await profile();
        await store.rememberPeople(scope, 'jira', [{ id: 'u1', name: 'Erased Person', seenIn: [] }]);
        await store.saveDraft(
          scope,
          made.id,
          { settings: { name: 'Erased draft' }, baseRevision: 1, savedBy: null },
          null,
        );
        await store.takeDelivery(scope, 'azure', 'd1');
        await store.fingerprintKey(scope);
        const neighbour = await install();
        await store.createConnection(neighbour, {
          side: 'azure',
          name: 'N',
          url: 'https://n',
          auth: 'token',
          secret: 'n-secret',
        });

        expect(await store.eraseInstallation(scope)).toMatchObject({
          installations: 1,
          connections: 2,
          profiles: 1,
          people: 1,
          profile_drafts: 1,
          deliveries: 1,
        });
        expect(await store.eraseInstallation(scope)).toEqual({});
        expect(await store.installation(scope)).toBeNull();
        expect(await store.listConnections(scope)).toEqual([]);
        expect(await under.dump()).not.toContain(scope.installationId);
        const [kept] = await store.listConnections(neighbour);
        expect(await store.connectionSecret(neighbour, kept?.id ?? '')).toBe('n-secret');
        await store.eraseInstallation(scope);
      });
    });
  });
}
