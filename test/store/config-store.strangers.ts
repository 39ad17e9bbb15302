// Every method of a configuration store with another installation's ids: see strangers.ts.

import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Scope, SideCatalog } from '../../backend/src/reconcile/ports.ts';
import type { ConfigStore } from '../../backend/src/store/config-store.ts';
import { syncError } from '../../backend/src/sync/errors.ts';
import { settings } from './config-store.contract.ts';
import { type Probes, walkStrangers } from './strangers.ts';

const later = 4_000_000_000_000;
const health = { reachable: true, authenticated: true, permissions: [] };
const catalog = (side: SideCatalog['side']): SideCatalog => ({
  side,
  project: { id: '1', key: 'TAN', name: 'Tandem' },
  types: [],
  people: [],
  maxAttachmentSize: 1,
});
const catalogs = { jira: catalog('jira'), azure: catalog('azure') };

export function testConfigStrangers(name: string, make: () => Promise<ConfigStore>): void {
  test(`${name}: a stranger with all ids gets nothing by any method, and changes nothing`, async () => {
    const store = await make();
    const install = async (): Promise<Scope> => ({
      installationId: (await store.install({ cloudId: randomUUID(), environment: 'PRODUCTION', siteKey: 'site-key' }))
        .id,
    });
    const [owner, stranger] = [await install(), await install()];
    const connectionOf = (side: 'jira' | 'azure', secret: string) =>
      store.createConnection(owner, { side, name: side, url: `https://${side}.example`, auth: 'token', secret });
    const [jira, azure] = [await connectionOf('jira', 'api-token'), await connectionOf('azure', 'pat')];
    const input = { jiraConnectionId: jira.id, azureConnectionId: azure.id, settings: settings() };
    const { id } = await store.createProfile(owner, input, 'admin');
    const place = { connectionId: jira.id, project: 'TAN', type: 'Story' };
    const hook = { profileId: id, connectionId: azure.id, subscriptionId: 's1', event: 'workitem.created' };
    const seen = { id: 'u1', name: 'Ana', seenIn: [] };
    await store.setStatus(owner, id, 'enabled', null);
    await store.fingerprintKey(owner);
    await store.hookSecret(owner, azure.id);
    await store.saveSystemToken(owner, { token: 'system', expiresAt: later, apiBaseUrl: 'https://a.example' });
    await store.saveCatalogs(owner, id, catalogs);
    await store.saveDraft(owner, id, { settings: { name: 'x' }, baseRevision: 1, savedBy: 'admin' }, null);
    await store.addHook(owner, hook);
    await store.rememberPeople(owner, 'jira', [seen]);
    await store.learnTransitions(owner, place, 'To Do', ['Doing']);
    await store.setWatermark(owner, id, 'jira', 'w');
    await store.raiseHighestKnown(owner, id, 'jira', '10');
    await store.takeBudget(owner, id, later, 3);
    await store.takeDelivery(owner, 'azure', 'd1');

    const none = { gives: null };
    const silence = { gives: undefined };
    const probes: Probes<ConfigStore> = {
      connection: [
        [[jira.id], none],
        [[azure.id], none],
      ],
      listConnections: [[[], { gives: [] }]],
      connectionSecret: [
        [[jira.id], none],
        [[azure.id], none],
      ],
      access: [[[[jira.id, azure.id]], { gives: expect.objectContaining({ fingerprintKey: null, connections: [] }) }]],
      hookSecret: [[[azure.id], none]],
      hookSecrets: [[[azure.id], { gives: [] }]],
      rotateHookSecret: [[[azure.id], none]],
      changeConnection: [[[azure.id, { name: 'stolen' }], none]],
      deleteConnection: [[[azure.id], { gives: { kind: 'missing' } }]],
      saveHealth: [[[azure.id, health, 1], silence]],
      profile: [[[id], none]],
      profileRecord: [[[id], none]],
      listProfiles: [[[], { gives: [] }]],
      enabledProfiles: [
        [[], { gives: [] }],
        [[{ connectionId: azure.id }], { gives: [] }],
        [[{ jiraProject: 'TAN' }], { gives: [] }],
      ],
      settingsHistory: [[[id], { gives: [] }]],
      saveProfile: [[[id, 1, settings({ name: 'stolen' }), null], { gives: { kind: 'missing' } }]],
      setStatus: [[[id, 'stopped', null], silence]],
      halt: [[[id, 'stopped', syncError('brake'), later], silence]],
      draft: [[[id], none]],
      saveDraft: [[[id, { settings: {}, baseRevision: 1, savedBy: null }, null], none]],
      discardDraft: [[[id], silence]],
      hooks: [[[id], { gives: [] }]],
      addHook: [[[{ ...hook, subscriptionId: 's2' }], silence]],
      removeHook: [[[azure.id, 's1'], silence]],
      catalogs: [[[id], none]],
      lastCatalogs: [[[id], none]],
      saveCatalogs: [[[id, catalogs], silence]],
      people: [[['jira'], { gives: [] }]],
      rememberPeople: [[['jira', [{ ...seen, name: 'Changed' }]], 'own']],
      learnedWorkflow: [[[place], { gives: {} }]],
      learnTransitions: [[[place, 'To Do', ['Done']], 'own']],
      watermark: [[[id, 'jira'], none]],
      setWatermark: [[[id, 'jira', 'x'], silence]],
      highestKnown: [[[id, 'jira'], none]],
      raiseHighestKnown: [[[id, 'jira', '99'], silence]],
      takenBudget: [[[id, later], { gives: 0 }]],
      takeBudget: [[[id, later, 1], { gives: false }]],
      renewBudget: [[[id], silence]],
      takeDelivery: [[['azure', 'd1'], { gives: true }]],
      createProfile: [[[input, null], { throws: /foreign key/ }]],
      createConnection: [[[{ side: 'azure', name: 'azure', url: 'https://azure.example', auth: 'token' }], 'own']],
      deleteProfile: [[[id], { gives: false }]],
      siteKey: [[[], { gives: 'site-key' }]],
      sharedSecret: [[[], none]],
      systemToken: [[[1], none]],
      saveSystemToken: [[[{ token: 'mine', expiresAt: later + 1, apiBaseUrl: 'https://b.example' }], 'own']],
      fingerprintKey: [[[], 'own']],
      installation: [[[], { gives: expect.objectContaining({ id: stranger.installationId }) }]],
      uninstall: [[[later], silence]],
      eraseInstallation: [[[], 'own']],
      accountsDue: [[[later, 10], { gives: [] }]],
      accountsReported: [[[['u1'], later], 'own']],
      forgetAccount: [[['u1'], silence]],
      erasePerson: [[['jira', 'u1'], { gives: { erased: expect.anything(), left: [] } }]],
      install: null,
      findInstallation: null,
      listInstallations: null,
      allEnabledProfiles: null,
      purgeDeliveries: null,
    };
    const snapshot = async () => [
      await store.installation(owner),
      await store.access(owner, [jira.id, azure.id]),
      await store.hookSecrets(owner, azure.id),
      await store.systemToken(owner, 1),
      await store.listConnections(owner),
      await store.listProfiles(owner),
      await store.settingsHistory(owner, id),
      await store.draft(owner, id),
      await store.hooks(owner, id),
      await store.catalogs(owner, id),
      await store.people(owner, 'jira'),
      await store.learnedWorkflow(owner, place),
      await store.watermark(owner, id, 'jira'),
      await store.highestKnown(owner, id, 'jira'),
      await store.takenBudget(owner, id, later),
      await store.takeDelivery(owner, 'azure', 'd1'),
    ];
    expect(await walkStrangers(store, stranger, probes, snapshot)).toBeGreaterThanOrEqual(53);
  });
}
