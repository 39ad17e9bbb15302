// Serves the demo's page.

import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { Stack } from './stack.ts';

export async function startPage(stack: Stack): Promise<{ readonly url: string; close(): Promise<void> }> {
  const app = new Hono();
  app.get('/', (c) => c.text('ok'));
  const server = serve({ fetch: app.fetch, port: stack.pagePort, hostname: '127.0.0.1' });
  return {
    url: `http://127.0.0.1:${stack.pagePort}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
