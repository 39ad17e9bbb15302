// Starts the backend: HTTP and workers in one process. On SIGTERM it finishes or gives back what is in hand, within 10 s;
// on an error that nobody expected it ends at once, and what was in hand is found again by the queue.

import { once } from 'node:events';
import { type ServerType, serve } from '@hono/node-server';
import { createApp } from './app.ts';
import type { Log } from './reconcile/ports.ts';
import { forgeVerifier, remoteKeys } from './routes/forge-token.ts';
import { supportVerifier } from './routes/support-token.ts';
import { openService } from './service.ts';
import { readSettings, type Settings, SettingsError } from './settings.ts';
import { createLog } from './telemetry/log.ts';

/** Requests answer in seconds; what is longer would be cut off by the platform. */
const requestsEndMs = 5_000;
/** What hangs must not keep the process beyond the 10 s that it is given. */
const lastMomentMs = 9_500;

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const log = createLog({ level: settings.logLevel, project: settings.cloud.project });
  endOnDefects(log);
  // Asked before anything is open, so that a signal during the start is not lost; a second one changes nothing.
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopping.abort());
  stopping.signal.addEventListener('abort', () => {
    log.info({}, 'stopping');
    setTimeout(() => {
      log.error({}, 'what was in hand did not end in time');
      process.exit(1);
    }, lastMomentMs).unref();
  });

  const service = await openService(settings, { log });
  try {
    const app = createApp(service, verifierOf(settings), {
      stopping: () => stopping.signal.aborted,
      support: supportOf(settings),
    });
    const { http, port } = await listen(app.fetch, settings);
    const working = settings.workers > 0 ? await service.work() : service.measure();
    log.info({ port }, 'ready');
    process.send?.({ ready: true, port });
    if (!stopping.signal.aborted) await once(stopping.signal, 'abort');
    await Promise.all([closeServer(http), working.stop()]);
  } finally {
    await service.close();
  }
  log.info({}, 'stopped');
}

function verifierOf({ forge: { appId, environments, jwksUrl } }: Settings) {
  return appId === null ? null : forgeVerifier({ appId, environments, keys: remoteKeys(jwksUrl) });
}

function supportOf({ support }: Settings) {
  return support === null ? null : supportVerifier({ ...support, keys: remoteKeys(support.jwksUrl) });
}

/** Rejects when the port is taken. */
async function listen(fetch: Parameters<typeof serve>[0]['fetch'], { port, host }: Settings) {
  const http: ServerType = serve({ fetch, port, hostname: host });
  if (!http.listening) await once(http, 'listening');
  const address = http.address();
  return { http, port: typeof address === 'object' && address ? address.port : port };
}

/** Takes no new connection and waits for the requests under way; idle connections that a client keeps do not hold it. */
async function closeServer(server: ServerType): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  if (!('closeIdleConnections' in server)) return closed;
  // A connection becomes idle when its answer is out, and would then be kept for the next request.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const late = setTimeout(() => server.closeAllConnections(), requestsEndMs);
  await closed;
  clearInterval(idle);
  clearTimeout(late);
}

/** The message of an unexpected error may hold anything, so only its name and place are told. */
function endOnDefects(log: Log): void {
  const end = (error: unknown) => {
    const name = error instanceof Error ? error.name : typeof error;
    const place = error instanceof Error ? (error.stack?.split('\n').find((line) => /^\s+at /.test(line)) ?? '') : '';
    log.error({ code: name, detail: place.trim() }, 'an error that nobody expected: the process ends');
    process.exit(1);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof SettingsError ? error.message : error);
    process.exit(error instanceof SettingsError ? 2 : 1);
  },
);
