// Opens the Azure DevOps side of one profile: puts client, reader, writer and catalog together.

import type { Transport } from '../http/transport.ts';
import type { SideCatalog, SidePort } from '../reconcile/ports.ts';
import type { ProfileSettings } from '../sync/profile.ts';
import { readAccount } from './account.ts';
import { createCatalog } from './catalog.ts';
import { type AzureClient, createAzureClient } from './client.ts';
import { parseOrganization } from './organization.ts';
import { createReader } from './reader.ts';
import { once, schemaOf } from './schema.ts';
import { loadTypes } from './types.ts';
import { defaultUpload, type UploadLimits } from './upload.ts';
import { createWriter } from './writer.ts';

export interface AzureConnection {
  /** Names the connection in limits and metrics. */
  readonly id: string;
  /** https://dev.azure.com/organization or https://organization.visualstudio.com */
  readonly url: string;
  readonly pat: string;
}

export interface OpenAzureOptions {
  readonly connection: AzureConnection;
  readonly transport: Transport;
  readonly profile: {
    readonly id: string;
    readonly settings: Pick<ProfileSettings, 'azure' | 'comments' | 'timeZone'>;
  };
  /** The stored catalog, so that reading and writing need no call to learn the types; loaded once without it. */
  readonly catalog?: () => Promise<SideCatalog | null>;
  /** How far before the newest change a later scan starts again, in ms. Default: the index's lag and two minutes. */
  readonly overlapMs?: number;
  /** The keyed fingerprint of a set of ids: the version of attachments, links and comments. */
  readonly setFingerprint: (ids: readonly string[]) => string;
  readonly upload?: UploadLimits;
  /** Ids of one inventory page. */
  readonly inventoryPage?: number;
}

const defaultOverlapMs = 3 * 60 * 1000;
/** Half of what one query may return. */
const defaultInventoryPage = 10_000;

export function openAzure(options: OpenAzureOptions): SidePort {
  const { settings } = options.profile;
  const client = openAzureClient(options.connection, options.transport, options.profile.id);
  const project = settings.azure.project;
  const context = once(async () => ({
    organization: client.organization,
    schema: schemaOf((await options.catalog?.()) ?? { types: await loadTypes(client, project) }),
    setFingerprint: options.setFingerprint,
  }));
  const accountId = once(async () => (await readAccount(client)).id);
  return {
    side: 'azure',
    siteId: client.organization.url,
    webUrl: client.organization.url,
    accountId,
    reader: createReader({
      client,
      context,
      accountId,
      project,
      ...(settings.azure.filter === undefined ? {} : { filter: settings.azure.filter }),
      comments: settings.comments.enabled,
      overlapMs: options.overlapMs ?? defaultOverlapMs,
      inventoryPage: options.inventoryPage ?? defaultInventoryPage,
    }),
    writer: createWriter({
      client,
      context,
      project,
      timeZone: settings.timeZone,
      upload: options.upload ?? defaultUpload,
    }),
    catalog: createCatalog(client, project),
  };
}

/** For what needs a connection and no profile: its test, the list of projects, service hooks. */
export const openAzureClient = (connection: AzureConnection, transport: Transport, caller: string): AzureClient =>
  createAzureClient({
    organization: parseOrganization(connection.url),
    pat: connection.pat,
    transport,
    connectionId: connection.id,
    caller,
  });
