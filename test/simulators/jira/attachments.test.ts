import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JiraSimulator, startJiraSimulator } from './server.ts';
import { client, control, create, expectNoViolations, type TestClient } from './testing.ts';

let sim: JiraSimulator;
let sync: TestClient;
beforeAll(async () => {
  sim = await startJiraSimulator({ seed: 'empty', attachmentLimit: 1_000 });
  sync = client(sim, 'tandem-sync');
});
afterAll(() => sim.close());

const upload = (
  key: string,
  files: readonly File[],
  headers: Record<string, string> = { 'x-atlassian-token': 'no-check' },
) => {
  const form = new FormData();
  for (const file of files) form.append('file', file);
  return sync.send('POST', `/issue/${key}/attachments`, { body: form, headers });
};
const file = (name: string, content: string, type = 'text/plain'): File => new File([content], name, { type });

describe('attachments', () => {
  test('several files at once, with Unicode names', async () => {
    const { key } = await create(sync);
    const answer = await upload(key, [file('Überblick – 図.txt', 'äöü'), file('b.png', 'png', 'image/png')]);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject([
      { filename: 'Überblick – 図.txt', mimeType: 'text/plain', size: 6, author: { displayName: 'tandem-sync' } },
      { filename: 'b.png', mimeType: 'image/png' },
    ]);
    expect(answer.body[0].thumbnail).toBeUndefined();
    const issue = await sync.get(`/issue/${key}?fields=attachment`);
    expect(issue.body.fields.attachment).toEqual(answer.body);
    const meta = await sync.get(`/attachment/${answer.body[0].id}`);
    expect(meta.body).toMatchObject({ id: Number(answer.body[0].id), size: 6 });
    expectNoViolations(sim);
  });

  test('without the header against forged requests: refused in plain text', async () => {
    const { key } = await create(sync);
    const answer = await upload(key, [file('a.txt', 'a')], {});
    expect([answer.status, answer.body]).toEqual([403, 'XSRF check failed']);
    expect((await sync.get(`/issue/${key}?fields=attachment`)).body.fields.attachment).toEqual([]);
  });

  test('a file over the limit is refused, and the limit is told', async () => {
    const { key } = await create(sync);
    expect((await sync.get('/attachment/meta')).body).toEqual({ enabled: true, uploadLimit: 1_000 });
    const answer = await upload(key, [file('big.txt', 'x'.repeat(1_001))]);
    expect(answer.status).toBe(413);
    expect((await sync.get(`/issue/${key}?fields=attachment`)).body.fields.attachment).toEqual([]);
  });

  test('the content is at another origin, which names the media file and takes no credentials', async () => {
    const { key } = await create(sync);
    const [attached] = (await upload(key, [file('a.txt', 'content')])).body;
    const redirect = await sync.get(`/attachment/content/${attached.id}`);
    expect(redirect.status).toBe(303);
    const target = redirect.headers.get('location') ?? '';
    expect(new URL(target).origin).toBe(sim.mediaUrl);
    expect(new URL(target).origin).not.toBe(sim.url);
    expect(target).toMatch(/\/file\/[0-9a-f-]{36}\/binary\?token=/);
    expect(await (await fetch(target)).text()).toBe('content');
    expect((await fetch(target.replace('token=', 'token=_'))).status).toBe(403);
    const leaky = await fetch(target, { headers: { authorization: sim.authorizationOf('dana') } });
    expect([leaky.status, sim.credentialLeaks()]).toEqual([400, 1]);
  });

  test('pictures have thumbnails', async () => {
    const { key } = await create(sync);
    const [picture, words] = (await upload(key, [file('a.png', 'png', 'image/png'), file('a.txt', 'a')])).body;
    expect(new URL(picture.thumbnail).pathname).toBe(`/rest/api/3/attachment/thumbnail/${picture.id}`);
    expect((await sync.get(`/attachment/thumbnail/${picture.id}`)).status).toBe(303);
    expect((await sync.get(`/attachment/thumbnail/${words.id}`)).status).toBe(404);
  });

  test('the content without a redirect, whole or in part', async () => {
    const { key } = await create(sync);
    const [attached] = (await upload(key, [file('a.txt', 'content')])).body;
    const path = `/attachment/content/${attached.id}?redirect=false`;
    expect((await sync.get(path)).body).toBe('content');
    const part = await sync.send('GET', path, { headers: { range: 'bytes=3-5' } });
    expect([part.status, part.body, part.headers.get('content-range')]).toEqual([206, 'ten', 'bytes 3-5/7']);
    expect((await sync.send('GET', path, { headers: { range: 'bytes=9-' } })).status).toBe(416);
  });

  test('whose issue can’t be seen, is not there', async () => {
    const { key } = await create(sync);
    const [attached] = (await upload(key, [file('a.txt', 'content')])).body;
    await control(sim, 'POST', '/permissions', {
      permissions: ['BROWSE_PROJECTS'],
      user: 'tandem-sync',
      issues: [key],
    });
    expect((await sync.get(`/attachment/content/${attached.id}`)).status).toBe(404);
    expect((await sync.get(`/attachment/${attached.id}`)).status).toBe(404);
    await control(sim, 'DELETE', '/permissions');
  });

  test('deleted by trusted accounts or the author', async () => {
    const { key } = await create(sync);
    const [attached] = (await upload(key, [file('a.txt', 'content')])).body;
    expect((await client(sim, 'dana').delete(`/attachment/${attached.id}`)).status).toBe(403);
    expect((await sync.delete(`/attachment/${attached.id}`)).status).toBe(204);
    expect((await sync.get(`/attachment/${attached.id}`)).status).toBe(404);
  });

  test('larger than memory should hold: kept on disk, and read back whole or in part', async () => {
    const large = await startJiraSimulator({ seed: 'empty' });
    const big = client(large, 'tandem-sync');
    const { key } = await create(big);
    const content = 'abcdefgh'.repeat(1024 * 1024);
    const form = new FormData();
    form.append('file', new File([content], 'Groß "und" schwer.txt', { type: 'text/plain' }));
    const headers = { 'x-atlassian-token': 'no-check' };
    const { status, body } = await big.send('POST', `/issue/${key}/attachments`, { body: form, headers });
    expect([status, body[0].filename, body[0].size, body[0].mimeType]).toEqual([
      200,
      'Groß "und" schwer.txt',
      content.length,
      'text/plain',
    ]);
    const path = `/attachment/content/${body[0].id}?redirect=false`;
    expect((await big.get(path)).body === content).toBe(true);
    const part = await big.send('GET', path, { headers: { range: `bytes=${content.length - 3}-` } });
    expect([part.status, part.body]).toEqual([206, 'fgh']);
    expectNoViolations(large);
    await large.close();
  });

  test('are shown in texts by the ids of their media files, and by no other id', async () => {
    const { key } = await create(sync);
    const [attached] = (await upload(key, [file('a.png', 'png', 'image/png')])).body;
    const location = (await sync.get(`/attachment/content/${attached.id}`)).headers.get('location') ?? '';
    const mediaId = /\/file\/([^/]+)\//.exec(location)?.[1];
    const shows = (id: unknown) => ({
      type: 'doc',
      version: 1,
      content: [
        {
          type: 'mediaSingle',
          attrs: { layout: 'center' },
          content: [{ type: 'media', attrs: { type: 'file', id, collection: '' } }],
        },
      ],
    });
    const edit = (id: unknown) => sync.put(`/issue/${key}`, { fields: { description: shows(id) } });
    expect((await edit(mediaId)).status).toBe(204);
    const refused = await edit(attached.id);
    expect([refused.status, refused.body.errors]).toEqual([400, { description: 'ATTACHMENT_VALIDATION_ERROR' }]);
    const comment = await sync.post(`/issue/${key}/comment`, { body: shows(attached.id) });
    expect([comment.status, JSON.stringify(comment.body)]).toEqual([
      400,
      expect.stringContaining('ATTACHMENT_VALIDATION_ERROR'),
    ]);
  });
});
