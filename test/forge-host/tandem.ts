// A whole Tandem as the app sees it, for tests: simulators, the backend over HTTP with its workers, and the Forge host.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServerType, serve } from '@hono/node-server';
import { createApp } from '../../backend/src/app.ts';
import type { Log } from '../../backend/src/reconcile/ports.ts';
import { forgeVerifier, remoteKeys } from '../../backend/src/routes/forge-token.ts';
import { openService, type Service } from '../../backend/src/service.ts';
import { readSettings } from '../../backend/src/settings.ts';
import { type AzureSimulator, startAzureSimulator } from '../simulators/azure/server.ts';
import { type JiraSimulator, startJiraSimulator } from '../simulators/jira/server.ts';
import { testDatabase } from '../store/postgres.ts';
import { type ForgeHost, startForgeHost } from './host.ts';

export interface TandemBehindForge {
  readonly jira: JiraSimulator;
  readonly azure: AzureSimulator;
  readonly service: Service;
  readonly host: ForgeHost;
  /** Stops answering; what runs in it goes on. */
  stopBackend(): Promise<void>;
  /** On the same port. */
  startBackend(): Promise<void>;
  close(): Promise<void>;
}

const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };

export async function startTandemBehindForge(): Promise<TandemBehindForge> {
  const jira = await startJiraSimulator({ seed: 'empty' });
  const azure = await startAzureSimulator({ seed: 'empty' });
  const { url: databaseUrl } = await testDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'tandem-forge-'));

  let port = 0;
  const backendUrl = (): string => `http://127.0.0.1:${port}`;
  const { cloudId, apiBaseUrl, appSystemToken } = jira;
  const host = await startForgeHost({
    backendUrl,
    jira: { url: jira.url, cloudId, apiBaseUrl, appSystemToken, admin: jira.accounts.admin.accountId },
  });
  const settings = readSettings({
    DATABASE_URL: databaseUrl,
    TANDEM_DATA_DIR: folder,
    TANDEM_ALLOWED_ORIGINS: [jira.url, jira.mediaUrl, new URL(azure.url).origin].join(','),
    TANDEM_SETTLE_MS: '2000',
    TANDEM_RETRY_BASE_MS: '600000',
    // What a scan finds by itself would be missing from what a page is to show.
    TANDEM_SCAN_EVERY_MS: '3600000',
    FORGE_APP_ID: host.app.appId,
    FORGE_JWKS_URL: host.jwksUrl,
    FORGE_ENVIRONMENTS: 'DEVELOPMENT',
  });
  const service = await openService(settings, { log: silent });
  const verify = forgeVerifier({
    appId: host.app.appId,
    environments: settings.forge.environments,
    keys: remoteKeys(settings.forge.jwksUrl),
  });
  const app = createApp(service, verify);
  const workers = await service.work();

  let server: ServerType | undefined;
  const startBackend = async (): Promise<void> => {
    const started = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' });
    await new Promise<void>((resolve) => started.once('listening', () => resolve()));
    const address = started.address();
    if (address === null || typeof address === 'string') throw new Error('the backend listens on no port');
    port = address.port;
    server = started;
  };
  const stopBackend = (): Promise<void> =>
    new Promise((resolve) => {
      server?.close(() => resolve());
      if (server && 'closeAllConnections' in server) server.closeAllConnections();
    });

  await startBackend();
  await host.install();
  return {
    jira,
    azure,
    service,
    host,
    startBackend,
    stopBackend,
    async close() {
      await host.close();
      await stopBackend();
      await workers.stop();
      await service.close();
      await Promise.all([jira.close(), azure.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
