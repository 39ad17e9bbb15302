// Whether the process lives, and whether it can work. Asked by the platform, without a token; says nothing of any tenant.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import type { Pool } from '../store/database.ts';
import { version } from '../version.ts';
import { json } from './described.ts';

const readySchema = z.object({ status: z.enum(['ready', 'stopping', 'database-unreachable']) });

const healthRoute = createRoute({
  method: 'get',
  path: '/health',
  summary: 'The process lives',
  tags: ['process'],
  responses: {
    200: { description: 'It does', ...json(z.object({ status: z.literal('ok'), version: z.string() })) },
  },
});
const readyRoute = createRoute({
  method: 'get',
  path: '/ready',
  summary: 'The process can take requests',
  tags: ['process'],
  responses: {
    200: { description: 'It can', ...json(readySchema) },
    503: { description: 'It stops, or its database does not answer', ...json(readySchema) },
  },
});

const longestMs = 2_000;

export function healthRoutes(pool: Pick<Pool, 'query'>, stopping: () => boolean): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(healthRoute, (c) => c.json({ status: 'ok' as const, version }, 200));
  app.openapi(readyRoute, async (c) => {
    if (stopping()) return c.json({ status: 'stopping' as const }, 503);
    return (await answers(pool))
      ? c.json({ status: 'ready' as const }, 200)
      : c.json({ status: 'database-unreachable' as const }, 503);
  });
  return app;
}

async function answers(pool: Pick<Pool, 'query'>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), longestMs);
  });
  const asked = pool.query('select 1').then(
    () => true,
    () => false,
  );
  return Promise.race([asked, tooLate]).finally(() => clearTimeout(timer));
}
