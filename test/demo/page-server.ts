// Serves the demo's page, and does for its visitor what an ordinary person does at the two services' public APIs.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { build } from 'esbuild';
import { Hono } from 'hono';
import { z } from 'zod';
import { lookAtAzure, lookAtIssue, lookAtJira, lookAtWorkItem } from './look.ts';
import { azurePerson, jiraPerson } from './person.ts';
import type { Row, Seen } from './seen.ts';
import type { Stack } from './stack.ts';
import { until } from './until.ts';
import { detailOf, editOf, type Hands } from './visitor.ts';

const sideSchema = z.enum(['jira', 'azure']);
const editSchema = z.strictObject({
  side: sideSchema,
  id: z.string().regex(/^\d+$/),
  title: z.string().trim().min(1).max(255).optional(),
  state: z.string().min(1).optional(),
  tags: z.array(z.string().min(1)).optional(),
  comment: z.string().trim().min(1).max(5_000).optional(),
});
const createSchema = z.strictObject({ side: sideSchema, title: z.string().trim().min(1).max(255) });

/** How long the page waits for the other side before it says that it goes on waiting. */
const arrivesWithinMs = 15_000;

export async function startPage(stack: Stack): Promise<{ readonly url: string; close(): Promise<void> }> {
  const { email, token } = stack.jira.accounts.ordinary;
  const hands: Hands = {
    jira: jiraPerson({ url: stack.jira.url, email, token }),
    azure: azurePerson({ url: stack.azure.url, pat: stack.azure.ordinary.pat }),
    jiraProject: stack.jira.project,
    azureProject: stack.azure.project,
  };
  const partners = createPartners();
  const look = (side: Seen['side'], id: string) =>
    side === 'jira' ? lookAtIssue(hands.jira, id) : lookAtWorkItem(hands.azure, id);
  const folder = join(import.meta.dirname, 'page');
  const script = await bundle(join(folder, 'page.ts'));
  const [html, css] = await Promise.all([
    readFile(join(folder, 'index.html'), 'utf8'),
    readFile(join(folder, 'page.css'), 'utf8'),
  ]);

  const app = new Hono();
  app.onError((error, c) => c.json({ error: error.message }, 500));
  app.get('/', (c) => c.html(html));
  app.get('/page.js', (c) => c.body(script, 200, { 'content-type': 'text/javascript; charset=utf-8' }));
  app.get('/page.css', (c) => c.body(css, 200, { 'content-type': 'text/css; charset=utf-8' }));

  app.get('/api/items', async (c) => {
    const [jira, azure] = await Promise.all([
      lookAtJira(hands.jira, hands.jiraProject),
      lookAtAzure(hands.azure, hands.azureProject),
    ]);
    partners.learn(jira, azure);
    const row = ({ description: _, ...item }: Seen): Row => ({ ...item, counterpart: partners.of(item.side, item.id) });
    return c.json({ jira: jira.map(row), azure: azure.map(row) });
  });

  app.get('/api/status', async (c) => {
    const { profiles } = await stack.admin.call('overview', {});
    const [profile] = profiles;
    return c.json({
      pairs: profile?.pairs.paired ?? 0,
      failing: profile?.pairs.failing ?? 0,
      initialSync: profile?.initialSync ?? null,
      admin: stack.host.adminUrl,
      panel: stack.host.panelUrl('KEY'),
    });
  });

  app.get('/api/items/:side/:id', async (c) => {
    const side = sideSchema.parse(c.req.param('side'));
    const item = await look(side, z.string().regex(/^\d+$/).parse(c.req.param('id')));
    return c.json({ ...(await detailOf(hands, item)), counterpart: partners.of(side, item.id) });
  });

  app.post('/api/edit', async (c) => {
    const edit = editSchema.parse(await c.req.json());
    const other = partners.of(edit.side, edit.id);
    const target = edit.side === 'jira' ? 'azure' : 'jira';
    const before = other === null ? null : await look(target, other);
    await editOf(hands, await look(edit.side, edit.id), edit);
    const start = performance.now();
    if (other === null || before === null) return c.json({ arrived: false, ms: null });
    const arrived = await until(
      'the other side follows',
      async () => {
        const now = await look(target, other);
        return fingerprint(now) !== fingerprint(before);
      },
      { timeoutMs: arrivesWithinMs, everyMs: 20 },
    ).catch(() => false);
    return c.json({ arrived, ms: arrived ? Math.round(performance.now() - start) : null });
  });

  app.post('/api/create', async (c) => {
    const { side, title } = createSchema.parse(await c.req.json());
    if (side === 'jira') {
      const fields = { project: { key: hands.jiraProject }, issuetype: { name: 'Story' }, summary: title };
      await hands.jira.call('issue', { body: { fields } });
    } else {
      const body = [{ op: 'add', path: '/fields/System.Title', value: title }];
      await hands.azure.call(`${hands.azureProject}/_apis/wit/workitems/$User%20Story`, { body });
    }
    return c.json({ created: true });
  });

  const server = serve({ fetch: app.fetch, port: stack.pagePort, hostname: '127.0.0.1' });
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  return {
    url: `http://127.0.0.1:${stack.pagePort}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}

const fingerprint = ({ title, state, tags, comments }: Seen) =>
  JSON.stringify([title, state, [...tags].sort(), comments]);

/** Which items belong together, learned while their titles are alike and kept when they differ for a moment. */
function createPartners() {
  const known = { jira: new Map<string, string>(), azure: new Map<string, string>() };
  return {
    of: (side: Seen['side'], id: string): string | null => known[side].get(id) ?? null,
    learn(jira: readonly Seen[], azure: readonly Seen[]): void {
      const byTitle = new Map(
        azure.filter(({ id }) => !known.azure.has(id)).map((item) => [item.title.trim(), item.id]),
      );
      for (const { id, title } of jira) {
        const other = byTitle.get(title.trim());
        if (known.jira.has(id) || other === undefined) continue;
        known.jira.set(id, other);
        known.azure.set(other, id);
      }
    },
  };
}

async function bundle(entry: string): Promise<string> {
  const result = await build({ entryPoints: [entry], bundle: true, write: false, format: 'esm', target: 'es2024' });
  const [file] = result.outputFiles;
  if (!file) throw new Error('the page was not bundled');
  return file.text;
}
