// Starts the backend: HTTP and workers in one process. On SIGTERM it finishes or gives back what is in hand, within 10 s.

import { serve } from '@hono/node-server';
import { createApp } from './app.ts';
import { forgeVerifier, remoteKeys } from './routes/forge-token.ts';
import { openService } from './service.ts';
import { readSettings, SettingsError } from './settings.ts';
import { createLog } from './telemetry/log.ts';

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const log = createLog({ level: settings.logLevel });
  const service = await openService(settings, { log });
  const { appId, jwksUrl, environments } = settings.forge;
  const verify = appId === null ? null : forgeVerifier({ appId, environments, keys: remoteKeys(jwksUrl) });
  const app = createApp(service, verify);
  const workers = settings.workers > 0 ? await service.work() : null;
  const server = serve({ fetch: app.fetch, port: settings.port, hostname: settings.host }, ({ port }) => {
    log.info({ port }, 'ready');
    process.send?.({ ready: true, port });
  });

  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    server.close();
    if ('closeIdleConnections' in server) server.closeIdleConnections();
    await workers?.stop();
    await service.close();
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());
}

main().catch((error: unknown) => {
  console.error(error instanceof SettingsError ? error.message : error);
  process.exit(error instanceof SettingsError ? 2 : 1);
});
