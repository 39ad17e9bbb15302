// Serves the demo's page: what is on the board, every change as it comes, and what its visitor does, as an ordinary person, at
// the two services' public APIs. The app's own pages are behind the same address.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { build } from 'esbuild';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { z } from 'zod';
import { type Board, startBoard } from './board.ts';
import { azurePerson, jiraPerson } from './person.ts';
import type { Choices, Row, Side } from './seen.ts';
import type { Stack } from './stack.ts';
import { statusWatch } from './status.ts';
import { attachFile, choicesOf, createItem, detailOf, editItem, type Hands } from './visitor.ts';

const sideSchema = z.enum(['jira', 'azure']);
const title = z.string().trim().min(1).max(255);
const editSchema = z.strictObject({
  title: title.optional(),
  state: z.string().min(1).optional(),
  priority: z.string().min(1).optional(),
  tags: z.array(z.string().trim().min(1).max(255)).max(50).optional(),
  assignee: z.string().nullable().optional(),
  descriptionHtml: z.string().max(200_000).optional(),
  comment: z.string().trim().min(1).max(5_000).optional(),
});
const createSchema = z.strictObject({ type: z.string().min(1), title });
const largestFile = 10 * 1024 * 1024;

export interface Page {
  readonly url: string;
  close(): Promise<void>;
}

export async function startPage(stack: Stack): Promise<Page> {
  const { email, token } = stack.jira.accounts.ordinary;
  const hands: Hands = {
    jira: jiraPerson({ url: stack.jira.url, email, token }),
    azure: azurePerson({ url: stack.azure.url, pat: stack.azure.ordinary.pat }),
    jiraProject: stack.jira.project,
    azureProject: stack.azure.project,
  };
  const board = await startBoard(stack, hands);
  const status = statusWatch(stack, hands, board);
  const app = pageApp(stack, hands, board, status, await assets());
  const server = serve({ fetch: app.fetch, port: stack.pagePort, hostname: '127.0.0.1' });
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  return {
    url: `http://127.0.0.1:${stack.pagePort}`,
    close: async () => {
      status.close();
      board.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
    },
  };
}

type Assets = ReadonlyMap<string, { readonly type: string; readonly body: string }>;

function pageApp(
  stack: Stack,
  hands: Hands,
  board: Board,
  status: ReturnType<typeof statusWatch>,
  files: Assets,
): Hono {
  const app = new Hono();
  app.onError((error, c) => c.json({ error: wordsOf(error) }, error instanceof z.ZodError ? 400 : 502));
  for (const [path, { type, body }] of files) app.get(path, (c) => c.body(body, 200, { 'content-type': type }));

  app.get('/api/board', (c) => c.json({ jira: board.rows('jira'), azure: board.rows('azure'), status: status.now() }));

  app.get('/api/changes', (c) =>
    streamSSE(c, async (stream) => {
      const send = (event: string, data: unknown) => void stream.writeSSE({ event, data: JSON.stringify(data) });
      const leave = [
        board.watch((changes, gone) => {
          if (changes.length > 0) send('changes', changes);
          if (gone) send('again', null);
        }),
        status.watch((now) => send('status', now)),
      ];
      send('status', status.now());
      await new Promise<void>((resolve) => stream.onAbort(resolve));
      for (const one of leave) one();
    }),
  );

  const choices = new Map<Side, Promise<Choices>>();
  app.get('/api/choices/:side', async (c) => {
    const side = sideSchema.parse(c.req.param('side'));
    const known = choices.get(side) ?? choicesOf(hands, side);
    choices.set(side, known);
    known.catch(() => choices.delete(side));
    return c.json(await known);
  });

  const rowAt = (sideText: string, id: string): Row => {
    const row = board.row(sideSchema.parse(sideText), id);
    if (row === null) throw new Error(`There is no ${sideText === 'jira' ? 'issue' : 'work item'} ${id}.`);
    return row;
  };

  app.get('/api/items/:side/:id', async (c) =>
    c.json(await detailOf(hands, rowAt(c.req.param('side'), c.req.param('id')))),
  );

  app.post('/api/items/:side/:id', async (c) => {
    const edit = editSchema.parse(await c.req.json());
    await editItem(hands, rowAt(c.req.param('side'), c.req.param('id')), edit);
    return c.body(null, 204);
  });

  app.post('/api/items/:side/:id/files', async (c) => {
    const file = (await c.req.formData()).get('file');
    if (!(file instanceof File) || file.size === 0) throw new Error('There is no file in the request.');
    if (file.size > largestFile) throw new Error('A file may have 10 MB here at most.');
    await attachFile(hands, rowAt(c.req.param('side'), c.req.param('id')), file.name, await file.arrayBuffer());
    return c.body(null, 204);
  });

  app.post('/api/items/:side', async (c) => {
    const made = createSchema.parse(await c.req.json());
    return c.json({ id: await createItem(hands, sideSchema.parse(c.req.param('side')), made.type, made.title) }, 201);
  });

  for (const path of ['/admin', '/browse/*', '/assets/*', '/bridge/*']) {
    app.all(path, (c) => toHost(stack.host.url, c.req.raw));
  }
  return app;
}

/** The Forge host answers what belongs to the app's pages. */
async function toHost(host: string, request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const answer = await fetch(`${host}${pathname}${search}`, {
    method: request.method,
    headers: { 'content-type': request.headers.get('content-type') ?? 'text/plain' },
    ...(request.method === 'GET' || request.method === 'HEAD' ? {} : { body: await request.arrayBuffer() }),
    redirect: 'manual',
  });
  const type = answer.headers.get('content-type');
  return new Response(answer.body, { status: answer.status, headers: type === null ? {} : { 'content-type': type } });
}

const wordsOf = (error: Error): string => (error instanceof z.ZodError ? z.prettifyError(error) : error.message);

async function assets(): Promise<Assets> {
  const folder = join(import.meta.dirname, 'page');
  const result = await build({
    entryPoints: [join(folder, 'main.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2023',
  });
  const [script] = result.outputFiles;
  if (!script) throw new Error('the page was not bundled');
  return new Map([
    ['/', { type: 'text/html; charset=utf-8', body: await readFile(join(folder, 'index.html'), 'utf8') }],
    ['/page.css', { type: 'text/css; charset=utf-8', body: await readFile(join(folder, 'page.css'), 'utf8') }],
    ['/page.js', { type: 'text/javascript; charset=utf-8', body: script.text }],
  ]);
}
