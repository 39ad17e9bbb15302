// Reads of the stores what support may see. Asks neither site.

import type { z } from 'zod';
import { backlogOf } from '../jobs/backlog.ts';
import { childKinds, type ErrorRecord, type Pair, type Scope } from '../reconcile/ports.ts';
import type { Service } from '../service.ts';
import type { Connection, Installation, ProfileRecord } from '../store/config-store.ts';
import { postgresBlocks } from '../store/postgres-blocks.ts';
import { shownDecision, shownSyncState } from './shown.ts';
import type {
  supportErrorSchema,
  supportHealthSchema,
  supportInstallationSchema,
  supportItemSchema,
} from './support-schemas.ts';

type Health = z.infer<typeof supportHealthSchema>;

const instant = (ms: number) => new Date(ms).toISOString();
const instantOrNull = (ms: number | null | undefined) => (typeof ms === 'number' ? instant(ms) : null);

export const shownInstallation = (one: Installation): z.infer<typeof supportInstallationSchema> => ({
  id: one.id,
  cloudId: one.cloudId,
  environment: one.environment,
  siteUrl: one.siteUrl,
  status: one.status,
  graceUntil: instantOrNull(one.graceUntil),
  createdAt: instant(one.createdAt),
  forgeInstallationIds: [...one.forgeInstallationIds],
});

/** Not `value` and `detail`: the one may be a name that an admin chose, the other is a service's words. */
export const shownSupportError = ({
  error,
  subject,
  firstAt,
  lastAt,
  count,
  ignored,
}: ErrorRecord): z.infer<typeof supportErrorSchema> => ({
  code: error.code,
  level: error.level,
  side: error.side ?? null,
  field: error.field ?? null,
  subject: subject ?? null,
  firstAt: instant(firstAt),
  lastAt: instant(lastAt),
  count,
  ignored,
});

const hourMs = 3_600_000;

export async function healthOf(service: Service, installation: Installation): Promise<Health> {
  const { config, deps, extendedLogging, metrics } = service;
  const scope = { installationId: installation.id };
  const now = deps.now();
  const [connections, profiles, token, extended, rows] = await Promise.all([
    config.listConnections(scope),
    config.listProfiles(scope),
    config.systemToken(scope, now),
    extendedLogging.status(scope),
    metrics.read(scope, now - 24 * hourMs, now + hourMs),
  ]);
  const counts: Record<string, number> = {};
  for (const { name, value } of rows) counts[name] = (counts[name] ?? 0) + value;
  return {
    installation: shownInstallation(installation),
    systemTokenUntil: instantOrNull(token?.expiresAt),
    extendedLoggingUntil: instantOrNull(extended?.until),
    connections: await Promise.all(connections.map((one) => connectionHealth(service, one))),
    profiles: await Promise.all(profiles.map((one) => profileHealth(service, scope, one))),
    counts,
  };
}

const endpoints = ['read', 'search', 'write', 'media'];

async function connectionHealth({ pool, deps }: Service, one: Connection): Promise<Health['connections'][number]> {
  const blocks = postgresBlocks(pool, deps.now);
  const { health } = one;
  return {
    id: one.id,
    side: one.side,
    url: one.url,
    auth: one.auth,
    hasSecret: one.hasSecret,
    secretExpiresOn: one.secretExpiresOn,
    reachable: health?.reachable ?? null,
    authenticated: health?.authenticated ?? null,
    missingPermissions: (health?.permissions ?? []).filter(({ granted }) => !granted).map(({ name }) => name),
    checkedAt: instantOrNull(one.healthAt),
    blockedUntil: instantOrNull(
      await blocks.blockedUntil([one.id, ...endpoints.map((endpoint) => `${one.id}/${endpoint}`)]),
    ),
  };
}

async function profileHealth(
  { config, deps, pool, state }: Service,
  scope: Scope,
  record: ProfileRecord,
): Promise<Health['profiles'][number]> {
  const { id, settings } = record;
  const [pairs, items, initial, backlog, taken] = await Promise.all([
    state.countPairs(scope, id),
    state.listItemErrors(scope, id),
    state.getInitialSync(scope, id),
    backlogOf(pool, scope.installationId, id),
    config.takenBudget(scope, id, deps.now()),
  ]);
  return {
    id,
    jiraProject: settings.jira.project,
    azureProject: settings.azure.project,
    status: record.status,
    reason: record.reason?.code ?? null,
    revision: record.revision,
    updatedAt: instant(record.updatedAt),
    pairs,
    itemErrors: items.length,
    initialSync: initial === null ? null : shownSyncState(initial, deps.now()),
    queue: { now: backlog.busy, later: backlog.later.length, nextAt: instantOrNull(backlog.later[0]?.at) },
    destructive: { taken, limit: settings.policies.brake.limit },
  };
}

/** Pairs of an issue's key or id, or of a work item's id, in any profile. */
export async function findPairs({ config, state }: Service, { id, cloudId }: Installation, name: string) {
  const scope = { installationId: id };
  const byKey = [...(await state.findPairsByKey(scope, [name])).values()];
  if (!/^\d+$/.test(name)) return byKey;
  const connections = await config.listConnections(scope);
  const sites = connections.map(({ side, url }) => ({ side, site: side === 'jira' ? cloudId : url }));
  const known = new Map(sites.map((one) => [`${one.side} ${one.site}`, one]));
  const found = await Promise.all([...known.values()].map(({ side, site }) => state.findPair(scope, site, side, name)));
  return [...byKey, ...found.filter((pair) => pair !== null)];
}

export async function shownItem(
  { deps, state }: Service,
  scope: Scope,
  pair: Pair,
): Promise<z.infer<typeof supportItemSchema>> {
  const timeline = await state.timeline(scope, pair.id, deps.now());
  const [comment, attachment, link] = await Promise.all(
    childKinds.map(async (kind) => (await state.children(scope, pair.id, kind)).length),
  );
  const { left } = pair;
  return {
    pair: {
      id: pair.id,
      profileId: pair.profileId,
      status: pair.status,
      source: pair.source,
      jira: { id: pair.ids.jira, key: pair.keys.jira },
      azure: { id: pair.ids.azure },
      versions: { jira: pair.versions.jira.fields?.seq ?? null, azure: pair.versions.azure.fields?.seq ?? null },
      syncedAt: instantOrNull(pair.syncedAt),
      retry: pair.retry ? { attempts: pair.retry.attempts, dueAt: instant(pair.retry.dueAt) } : null,
      dirty: pair.dirty,
      held: Object.keys(pair.held),
      left: left ? { side: left.side, why: left.why, action: left.action, done: left.done } : null,
      children: { comment: comment ?? 0, attachment: attachment ?? 0, link: link ?? 0 },
    },
    errors: pair.errors.map(shownSupportError),
    timeline: timeline.map(shownDecision),
  };
}
