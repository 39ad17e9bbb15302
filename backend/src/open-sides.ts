// Opens the two sides of a profile from its stored connections: credentials, clients, caches. One opener a process; what
// it keeps is dropped when the credentials change.

import { type AzureConnection, openAzure } from './azure/side.ts';
import type { Transport } from './http/transport.ts';
import type { JiraClientCache, JiraConnection } from './jira/client.ts';
import { openJira } from './jira/side.ts';
import type { OpenSides, Scope } from './reconcile/ports.ts';
import type { Access, ConfigStore } from './store/config-store.ts';
import { SyncFailure, syncError } from './sync/errors.ts';
import { setFingerprint } from './sync/fingerprint.ts';
import type { Side } from './sync/model.ts';

export interface OpenerOptions {
  readonly config: ConfigStore;
  readonly transport: Transport;
  readonly scanOverlapMs: number;
  /** Epoch ms. */
  readonly now: () => number;
  /** Of the Forge app, whose points all its sites share. */
  readonly appQuota?: string;
}

export interface ConnectionOpener {
  readonly openSides: OpenSides;
  /** Throws SyncFailure when there is none of this id or it lacks its token. */
  readonly jira: (scope: Scope, connectionId: string) => Promise<JiraConnection>;
  readonly azure: (scope: Scope, connectionId: string) => Promise<AzureConnection>;
  /** Whose a connection is, for counting its calls; null for one that this opener did not open. */
  readonly ownerOf: (connectionId: string) => Scope | null;
}

const unusable = (side: Side, detail: string): SyncFailure =>
  new SyncFailure(syncError('unauthorized', { side, detail }), { mayHaveLanded: false });

export function connectionOpener(options: OpenerOptions): ConnectionOpener {
  const { config, transport, now } = options;
  const owners = new Map<string, Scope>();
  const caches = new Map<string, { readonly secret: string; readonly cache: JiraClientCache }>();

  const pick = (scope: Scope, access: Access, id: string, side: Side) => {
    const found = access.connections.find(({ connection }) => connection.id === id);
    if (found?.connection.side !== side) throw unusable(side, 'The profile names a connection that no longer exists.');
    owners.set(id, scope);
    return found;
  };
  const given = (secret: string | null, side: Side): string => {
    if (secret === null) throw unusable(side, 'The connection has no token.');
    return secret;
  };

  const jira = async (scope: Scope, access: Access, connectionId: string): Promise<JiraConnection> => {
    const { connection, secret } = pick(scope, access, connectionId, 'jira');
    const siteId = access.cloudId ?? connection.url;
    if (connection.auth === 'token') {
      const auth = { kind: 'basic', email: connection.account ?? '', token: given(secret, 'jira') } as const;
      return { id: connection.id, siteUrl: connection.url, apiUrl: connection.url, siteId, auth };
    }
    const live = await config.systemToken(scope, now());
    if (live === null) throw unusable('jira', 'No live Forge token is stored; the next call of the app brings one.');
    return {
      id: connection.id,
      siteUrl: connection.url,
      apiUrl: live.apiBaseUrl,
      siteId,
      auth: {
        kind: 'bearer',
        token: async () => {
          const current = await config.systemToken(scope, now());
          if (current === null) throw unusable('jira', 'No live Forge token is stored.');
          return current.token;
        },
      },
      ...(options.appQuota === undefined ? {} : { quota: options.appQuota }),
    };
  };

  const azure = (scope: Scope, access: Access, connectionId: string): AzureConnection => {
    const { connection, secret } = pick(scope, access, connectionId, 'azure');
    return { id: connection.id, url: connection.url, pat: given(secret, 'azure') };
  };

  /** Fields and account are asked once per connection and secret. */
  const cacheOf = (connection: JiraConnection): JiraClientCache => {
    const secret = connection.auth.kind === 'basic' ? `${connection.auth.email} ${connection.auth.token}` : 'app';
    const known = caches.get(connection.id);
    if (known?.secret === secret) return known.cache;
    const cache: JiraClientCache = {};
    caches.set(connection.id, { secret, cache });
    return cache;
  };

  return {
    jira: async (scope, id) => jira(scope, await config.access(scope, [id]), id),
    azure: async (scope, id) => azure(scope, await config.access(scope, [id]), id),
    ownerOf: (connectionId) => owners.get(connectionId) ?? null,
    openSides: async (profile, catalogs) => {
      const scope = { installationId: profile.installationId };
      const access = await config.access(scope, [profile.jiraConnectionId, profile.azureConnectionId]);
      const jiraConnection = await jira(scope, access, profile.jiraConnectionId);
      const azureConnection = azure(scope, access, profile.azureConnectionId);
      const key = access.fingerprintKey ?? (await config.fingerprintKey(scope));
      return {
        key,
        jira: openJira({
          connection: jiraConnection,
          profile,
          transport,
          setFingerprint: (ids) => setFingerprint(key, ids),
          cache: cacheOf(jiraConnection),
          scanOverlapMs: options.scanOverlapMs,
          now,
        }),
        azure: openAzure({
          connection: azureConnection,
          transport,
          profile,
          setFingerprint: (ids) => setFingerprint(key, ids),
          catalog: async () => ((await catalogs) ?? (await config.catalogs(scope, profile.id)))?.azure ?? null,
          overlapMs: options.scanOverlapMs,
        }),
      };
    },
  };
}
