// Opens the Jira side of a profile: reader, writer and catalog over one client.

import type { Transport } from '../http/transport.ts';
import type { SidePort } from '../reconcile/ports.ts';
import type { Profile } from '../sync/profile.ts';
import { createCatalog } from './catalog.ts';
import { createJiraClient, type JiraClientCache, type JiraConnection } from './client.ts';
import { createReader } from './reader.ts';
import { mappedFields, type SetFingerprint } from './snapshot.ts';
import { createWriter } from './writer.ts';

export interface OpenJira {
  readonly connection: JiraConnection;
  readonly profile: Profile;
  readonly transport: Transport;
  /** The keyed fingerprint of a sorted id set: the version of attachments and links. */
  readonly setFingerprint: SetFingerprint;
  /** Kept by the caller for as long as the connection's credentials stay the same; saves a call for account and fields. */
  readonly cache?: JiraClientCache;
  /** Of the search index, ms: see `defaultScanOverlapMs`. */
  readonly scanOverlapMs?: number;
  readonly now?: () => number;
}

/** The index is usually seconds behind; two minutes of margin and one for the lag itself. */
export const defaultScanOverlapMs = 3 * 60_000;

export function openJira(options: OpenJira): SidePort {
  const { connection, profile, transport } = options;
  const client = createJiraClient(connection, transport, profile.id, options.cache ?? {}, options.now ?? Date.now);
  const context = {
    connection,
    mapped: mappedFields(profile.settings),
    setFingerprint: options.setFingerprint,
  };
  return {
    side: 'jira',
    siteId: connection.siteId,
    webUrl: connection.siteUrl.replace(/\/+$/, ''),
    reader: createReader({
      client,
      settings: profile.settings,
      context,
      overlapMs: options.scanOverlapMs ?? defaultScanOverlapMs,
    }),
    writer: createWriter({ client, profileId: profile.id, settings: profile.settings, context }),
    catalog: createCatalog(client, profile.settings.jira.project),
    accountId: client.accountId,
  };
}
