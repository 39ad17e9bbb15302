// All that is kept of one installation, for its owner: configuration, where an admin is told, people seen, and pairs by their ids.
// No secret, and no fingerprint, which tells nothing without its key.

import { childKinds, type Pair, type Scope } from './reconcile/ports.ts';
import type { Service } from './service.ts';

type Stores = Pick<Service, 'config' | 'state' | 'notices'>;

const pairsPerPage = 500;
const instant = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

/** Null when there is no such installation. */
export async function exportInstallation({ config, state, notices }: Stores, scope: Scope, now: number) {
  const installation = await config.installation(scope);
  if (!installation) return null;
  const [connections, profiles, notifications, jira, azure] = await Promise.all([
    config.listConnections(scope),
    config.listProfiles(scope),
    notices.channels(scope),
    config.people(scope, 'jira'),
    config.people(scope, 'azure'),
  ]);
  return {
    format: 'tandem-export-1',
    exportedAt: instant(now),
    installation: {
      ...installation,
      createdAt: instant(installation.createdAt),
      graceUntil: instant(installation.graceUntil),
    },
    connections: connections.map(({ installationId: _, healthAt, ...one }) => ({
      ...one,
      healthAt: instant(healthAt),
    })),
    notifications,
    people: { jira, azure },
    profiles: await Promise.all(
      profiles.map(async ({ installationId: _, createdAt, updatedAt, ...profile }) => ({
        ...profile,
        createdAt: instant(createdAt),
        updatedAt: instant(updatedAt),
        history: (await config.settingsHistory(scope, profile.id)).map((one) => ({
          ...one,
          savedAt: instant(one.savedAt),
        })),
        draft: await config.draft(scope, profile.id),
        hooks: await config.hooks(scope, profile.id),
        initialSync: await state.getInitialSync(scope, profile.id),
        itemErrors: (await state.listItemErrors(scope, profile.id)).map(({ side, itemId, key, record }) => ({
          side,
          itemId,
          key,
          error: record,
        })),
        pairs: await pairsOf(state, scope, profile.id, now),
      })),
    ),
  };
}

async function pairsOf(state: Stores['state'], scope: Scope, profileId: string, now: number) {
  const pairs = [];
  let after: string | undefined;
  do {
    const page = await state.listPairs(scope, profileId, {
      limit: pairsPerPage,
      ...(after === undefined ? {} : { after }),
    });
    for (const pair of page.pairs) pairs.push(await exportedPair(state, scope, pair, now));
    after = page.next;
  } while (after !== undefined);
  return pairs;
}

async function exportedPair(state: Stores['state'], scope: Scope, pair: Pair, now: number) {
  const children = (await Promise.all(childKinds.map((kind) => state.children(scope, pair.id, kind)))).flat();
  return {
    id: pair.id,
    status: pair.status,
    source: pair.source,
    ids: pair.ids,
    keys: pair.keys,
    syncedAt: instant(pair.syncedAt),
    errors: pair.errors,
    children: children.map(({ kind, source, sourceId, targetId = null }) => ({ kind, source, sourceId, targetId })),
    timeline: await state.timeline(scope, pair.id, now),
  };
}
