// What the host serves: pages, their bundles, what a page asks of Forge, the keys, and the address that Jira's events come to.

import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { bundlePages } from './bundle.ts';
import { frame } from './frame.ts';
import { callFunction } from './functions.ts';
import type { InstalledApp, Issuer } from './issuer.ts';
import { handlerName, type Manifest } from './manifest.ts';
import type { PagePerson, People } from './people.ts';
import type { Remote } from './remote.ts';
import type { Troubles } from './trouble.ts';

export interface HostAppOptions {
  readonly manifest: Manifest;
  readonly issuer: Issuer;
  readonly app: InstalledApp;
  readonly remote: Remote;
  readonly people: People;
  readonly jira: { readonly apiBaseUrl: string; readonly appSystemToken: string; readonly admin: string };
  readonly deliver: (event: unknown) => Promise<unknown>;
  readonly troubles: Pick<Troubles, 'current'>;
}

/** https://developer.atlassian.com/platform/forge/platform-quotas-and-limits/ */
const largestRequest = 500 * 1024;

/** What a page sends with all it asks: which page it is, and who looks at it. */
const pageSchema = z.object({
  module: z.string(),
  user: z.string(),
  issue: z.object({ id: z.string(), key: z.string() }).optional(),
});
const invokeSchema = z.object({ page: pageSchema, functionKey: z.string(), payload: z.unknown() });
const issueSchema = z.object({ id: z.string(), key: z.string(), fields: z.object({ summary: z.string() }) });

export async function createHostApp(options: HostAppOptions): Promise<Hono> {
  const { manifest, issuer, app, remote, people, jira } = options;
  const assets = await bundlePages(manifest.resources);
  const [adminPage] = manifest.modules['jira:adminPage'];
  const [panel] = manifest.modules['jira:issuePanel'];
  if (!adminPage || !panel) throw new Error('manifest.yml has no pages');
  const http = new Hono();

  const personOf = (c: Context): Promise<PagePerson> => people.find(c.req.query('user') ?? jira.admin);

  http.onError((error, c) => c.text(error.message, 500));
  http.get('/', (c) => c.redirect('/admin'));
  http.get('/.well-known/jwks.json', (c) => c.json(issuer.jwks));
  http.get('/assets/:file', (c) => {
    const asset = assets.get(c.req.path);
    return asset ? c.body(asset.body, 200, { 'content-type': asset.type }) : c.notFound();
  });

  http.get('/admin', async (c) => {
    const person = await personOf(c);
    const { key, resource, title } = adminPage;
    return c.html(frame({ resource, title, kind: 'admin', person }, { module: key, user: person.accountId }));
  });

  http.get('/browse/:issue', async (c) => {
    const person = await personOf(c);
    const answer = await fetch(`${jira.apiBaseUrl}/rest/api/3/issue/${encodeURIComponent(c.req.param('issue'))}`, {
      headers: { authorization: `Bearer ${person.userToken}` },
    });
    if (!answer.ok) return c.text(`There is no such issue, or ${person.displayName} may not see it.`, 404);
    const { id, key, fields } = issueSchema.parse(await answer.json());
    const { resource, title } = panel;
    const shown = frame(
      { resource, title, kind: 'panel', person, issue: { id, key, summary: fields.summary } },
      { module: panel.key, user: person.accountId, issue: { id, key } },
    );
    return c.html(shown);
  });

  /** What `view.getContext` answers in a page. */
  const contextOf = async (page: z.infer<typeof pageSchema>) => {
    const person = await people.find(page.user);
    const type = page.issue ? 'jira:issuePanel' : 'jira:adminPage';
    return {
      accountId: person.accountId,
      cloudId: app.cloudId,
      environmentId: app.environment.id,
      environmentType: app.environment.type,
      extension: { type, ...(page.issue ? { issue: page.issue } : {}) },
      localId: page.module,
      locale: 'en-US',
      moduleKey: page.module,
      siteUrl: app.siteUrl,
      timezone: person.timeZone,
    };
  };

  http.get('/bridge/people/:id', async (c) => c.text((await people.find(c.req.param('id'))).displayName));

  http.post('/bridge/context', async (c) => c.json(await contextOf(pageSchema.parse(await c.req.json()))));

  http.post('/bridge/invoke', async (c) => {
    const body = await c.req.text();
    if (Buffer.byteLength(body) > largestRequest) return c.text('the request of the page is larger than 500 KB', 413);
    if (options.troubles.current()?.kind === 'signed-out') return c.json({ refused: 'the session has ended' });
    const { page, functionKey, payload } = invokeSchema.parse(JSON.parse(body));
    const pages = [...manifest.modules['jira:adminPage'], ...manifest.modules['jira:issuePanel']];
    const module = pages.find(({ key }) => key === page.module);
    if (!module) return c.text(`manifest.yml has no page ${page.module}`, 404);
    const handler = handlerName(manifest, module.resolver.function);
    const { userToken, accountId } = await people.find(page.user);
    const context = await contextOf(page);
    const running = {
      module: { type: context.extension.type, key: page.module },
      principal: accountId,
      withContext: true,
      userToken,
    };
    const request = { call: { functionKey, payload }, context, jobId: randomUUID() };
    const result = await remote.run(running, () => callFunction(handler, request));
    return c.json({ result: result ?? null });
  });

  http.post('/jira-events', async (c) => {
    const returned = await options.deliver(await c.req.json());
    const again = (returned as { _retry?: boolean } | undefined)?._retry === true;
    // The simulator brings an event again that was not taken, as Forge does for a returned InvocationError.
    return c.body(null, again ? 503 : 204);
  });

  return http;
}
