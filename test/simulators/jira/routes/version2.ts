// The few operations of version 2 that clients use to write rich text as a plain string. They are version 3's, behind a conversion.
import { Hono } from 'hono';
import { isRecord, plainText } from '../adf.ts';
import type { AdfNode } from '../model.ts';
import { wikiToDocument } from '../wiki.ts';
import type { World } from '../world.ts';

export function version2Routes(world: World, version3: (request: Request) => Response | Promise<Response>): Hono {
  const app = new Hono();

  const forward = async (request: Request, convert: (body: Record<string, unknown>) => unknown): Promise<Response> => {
    const url = new URL(request.url);
    url.pathname = url.pathname.replace('/rest/api/2/', '/rest/api/3/');
    const body: unknown = await request.json().catch(() => undefined);
    const headers = new Headers(request.headers);
    headers.delete('content-length');
    return version3(
      new Request(url, {
        method: request.method,
        headers,
        body: JSON.stringify(isRecord(body) ? convert({ ...body }) : body),
      }),
    );
  };

  const withDocument = (key: string) => (body: Record<string, unknown>) =>
    typeof body[key] === 'string' ? { ...body, [key]: wikiToDocument(body[key]) } : body;

  app.post('/issue', (c) =>
    forward(c.req.raw, (body) => {
      const fields = isRecord(body.fields) ? Object.entries(body.fields) : [];
      const converted = fields.map(([id, value]): [string, unknown] =>
        typeof value === 'string' && world.store.fields.get(id)?.kind === 'adf'
          ? [id, wikiToDocument(value)]
          : [id, value],
      );
      return { ...body, fields: Object.fromEntries(converted) };
    }),
  );
  for (const path of ['/issue/:issueIdOrKey/comment', '/issue/:issueIdOrKey/comment/:id']) {
    app.on(['POST', 'PUT'], path, async (c) => asText(await forward(c.req.raw, withDocument('body')), 'body'));
  }
  app.post('/issue/:issueIdOrKey/worklog', async (c) =>
    asText(await forward(c.req.raw, withDocument('comment')), 'comment'),
  );
  return app;
}

/** Version 2 answers with text where version 3 has a document. */
async function asText(response: Response, key: string): Promise<Response> {
  const body: unknown = await response.json();
  if (!isRecord(body) || !isRecord(body[key])) return Response.json(body, response);
  return Response.json({ ...body, [key]: plainText(body[key] as unknown as AdfNode) }, { status: response.status });
}
