// Comments and files of an issue: once each, marked, past the first page, streamed.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JiraClientCache } from '../../backend/src/jira/client.ts';
import { adf, failureOf, operations, readItem, rich, type Site, startSite } from './site.ts';

let site: Site;
beforeAll(async () => {
  site = await startSite({ attachmentLimit: 3_000_000 });
});
afterAll(() => site.close());
beforeEach(() => {
  site.calls.length = 0;
});

const marker = { token: 'tandem1.nonce.mac', sourceId: '77' };
const streamOf = (size: number, chunk = 65_536) => {
  let left = size;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const next = Math.min(left, chunk);
        left -= next;
        if (next > 0) controller.enqueue(new Uint8Array(next).fill(65));
        if (left === 0) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
};

/** A comment of a person. */
const said = async (id: string, comment: object) =>
  (await site.person('POST', `issue/${id}/comment`, comment)) as { readonly id: string };

describe('a comment of ours', () => {
  it('carries its marker from the first moment and is read with it', async () => {
    const id = await site.newIssue();
    const made = await site.jira.writer.addComment(id, rich('From Azure'), marker);
    expect(made).toMatchObject({ marker, body: { format: 'adf' }, restricted: false });
    const fresh = site.open();
    site.calls.length = 0;
    expect((await readItem(fresh, id)).comments).toMatchObject([{ id: made.id, marker, version: made.version }]);
    expect(operations(site.calls)).toEqual(['GET issue/{id}', 'POST comment/list']);
    site.calls.length = 0;
    await readItem(fresh, id);
    expect(operations(site.calls)).toEqual(['GET issue/{id}']);
  });

  it('is edited in place, and its version moves', async () => {
    const id = await site.newIssue();
    const made = await site.jira.writer.addComment(id, rich('one'), marker);
    await site.control('POST', 'clock', { advanceMs: 1000 });
    const edited = await site.jira.writer.updateComment(id, made.id, rich('two'), marker);
    expect(edited).toMatchObject({ id: made.id, body: { adf: adf('two') }, marker });
    expect(edited.version.at).toBeGreaterThan(made.version.at ?? 0);
    expect((await readItem(site.jira, id)).comments).toHaveLength(1);
  });

  it('that was deleted can’t be edited: an error of that child', async () => {
    const id = await site.newIssue();
    const made = await site.jira.writer.addComment(id, rich('one'), marker);
    await site.person('DELETE', `issue/${id}/comment/${made.id}`, undefined, site.simulator.accounts.admin.email);
    const error = await failureOf(site.jira.writer.updateComment(id, made.id, rich('two'), marker));
    expect(error.error).toMatchObject({ code: 'unreachable', level: 'child', field: made.id });
  });

  it('is read by its id with its marker, in one call; what is gone, hidden or another issue’s is not', async () => {
    const id = await site.newIssue();
    const { key } = await readItem(site.jira, id);
    const made = await site.jira.writer.addComment(id, rich('ours'), marker);
    const mine = await said(id, {
      body: adf('mine'),
      properties: [{ key: 'tandem.comment', value: marker }],
    });
    const gone = await said(id, { body: adf('gone') });
    await site.person('DELETE', `issue/${id}/comment/${gone.id}`);
    const other = await said(await site.newIssue(), { body: adf('elsewhere') });
    await site.jira.reader.commentsById({ id, key }, [made.id]);
    site.calls.length = 0;
    const found = await site.jira.reader.commentsById({ id, key }, [made.id, mine.id, gone.id, other.id, '999999999']);
    expect(operations(site.calls)).toEqual(['POST comment/list']);
    expect(found.map(({ id: one, marker: mark, url }) => [one, mark, url])).toEqual([
      [made.id, marker, expect.stringContaining(`/browse/${key}?focusedCommentId=${made.id}`)],
      [mine.id, undefined, expect.any(String)],
    ]);
  });

  it('is deleted once: gone already is as good, and a right that is missing says so', async () => {
    const id = await site.newIssue();
    const made = await site.jira.writer.addComment(id, rich('one'), marker);
    await site.jira.writer.deleteComment(id, made.id);
    await site.jira.writer.deleteComment(id, made.id);
    expect((await readItem(site.jira, id)).comments).toEqual([]);
    const mine = await said(id, { body: adf('mine') });
    await site.control('POST', 'permissions', { permissions: ['DELETE_ALL_COMMENTS'] });
    const error = await failureOf(site.jira.writer.deleteComment(id, mine.id));
    await site.control('DELETE', 'permissions');
    expect(error.error).toMatchObject({ code: 'forbidden', level: 'child', field: mine.id });
  });

  it('that is too long is refused without its words', async () => {
    const id = await site.newIssue();
    const error = await failureOf(site.jira.writer.addComment(id, rich('zebra '.repeat(6_000)), marker));
    expect(error.error).toMatchObject({ code: 'too-long', level: 'child' });
    expect(error.message).not.toContain('zebra');
    expect(error.mayHaveLanded).toBe(false);
  });
});

describe('comments of others', () => {
  it('never carry a marker, though anyone can write the property', async () => {
    const id = await site.newIssue();
    await site.person('POST', `issue/${id}/comment`, {
      body: adf('forged'),
      properties: [{ key: 'tandem.comment', value: marker }],
    });
    const [comment] = (await readItem(site.jira, id)).comments ?? [];
    expect(comment).toMatchObject({ author: { id: site.simulator.accounts.ordinary.accountId } });
    expect(comment?.marker).toBeUndefined();
  });

  it('for a group, or internal to a service project, are restricted', async () => {
    const id = await site.newIssue();
    const { admin } = site.simulator.accounts;
    await site.person(
      'POST',
      `issue/${id}/comment`,
      { body: adf('x'), visibility: { type: 'role', value: 'Developers' } },
      admin.email,
    );
    await said(id, { body: adf('internal'), properties: [{ key: 'sd.public.comment', value: { internal: true } }] });
    await said(id, {
      body: adf('for customers'),
      properties: [{ key: 'sd.public.comment', value: { internal: false } }],
    });
    const { comments } = await readItem(site.jira, id);
    expect(comments?.map((comment) => comment.restricted)).toEqual([true, true, false]);
  });

  it('come whole when there are more than a page, in order', async () => {
    const id = await site.newIssue();
    await site.control('POST', 'limits', { perIssue: [] });
    for (let index = 0; index < 230; index += 1) {
      await site.person('POST', `issue/${id}/comment`, { body: adf(`comment ${index}`) });
    }
    await site.control('POST', 'limits', { set: 'roomy' });
    const comments = await site.jira.reader.comments(id);
    expect(comments).toHaveLength(230);
    expect(comments.map((comment) => Number(comment.id))).toEqual(
      comments.map((comment) => Number(comment.id)).toSorted((a, b) => a - b),
    );
    const item = await readItem(site.jira, id);
    expect(item.comments).toHaveLength(230);
    expect(item.commentCount).toBe(230);
  });

  it('move the version of comments and leave the fields’ history number', async () => {
    const id = await site.newIssue();
    const before = await readItem(site.jira, id);
    await site.person('POST', `issue/${id}/comment`, { body: adf('x') });
    const after = await readItem(site.jira, id);
    expect(after.versions.comments).not.toEqual(before.versions.comments);
    expect(after.versions.fields?.seq).toBe(before.versions.fields?.seq);
  });
});

describe('markers', () => {
  it('are remembered between openings that share a cache', async () => {
    const cache: JiraClientCache = {};
    const id = await site.newIssue();
    await site.open({ cache }).writer.addComment(id, rich('x'), marker);
    await readItem(site.open({ cache }), id);
    site.calls.length = 0;
    expect((await readItem(site.open({ cache }), id)).comments).toMatchObject([{ marker }]);
    expect(operations(site.calls)).toEqual(['GET issue/{id}']);
  });
});

describe('a file', () => {
  it.each(['plain.txt', 'Grüße “an” 🦓.txt', 'a"b.txt', '; filename="x".txt'])(
    'named %j arrives whole',
    async (name) => {
      const item = await readItem(site.jira, await site.newIssue());
      site.calls.length = 0;
      const { attachment: made } = await site.jira.writer.addAttachment(
        item,
        { name, size: 1_000_000, mediaType: 'text/plain' },
        streamOf(1_000_000),
        marker,
      );
      expect(operations(site.calls)).toEqual(['POST issue/{id}/attachments']);
      expect(made).toMatchObject({
        size: 1_000_000,
        mediaType: 'text/plain',
        author: { id: site.simulator.accounts.synchronizer.accountId },
      });
      expect(decodeURIComponent(made.name)).toBe(name);
      const [read] = (await readItem(site.jira, item.id)).attachments ?? [];
      if (!read) throw new Error('no attachment');
      const bytes = new Uint8Array(
        await new Response((await site.jira.reader.openAttachment(read)).stream).arrayBuffer(),
      );
      expect(bytes.byteLength).toBe(1_000_000);
      expect(bytes.every((byte) => byte === 65)).toBe(true);
    },
  );

  it('larger than the site takes is an error of that child', async () => {
    const item = await readItem(site.jira, await site.newIssue());
    const error = await failureOf(
      site.jira.writer.addAttachment(item, { name: 'big', size: 3_000_001 }, streamOf(3_000_001), marker),
    );
    expect(error.error).toMatchObject({ code: 'too-large', level: 'child', value: '3000001 bytes' });
    expect(error.mayHaveLanded).toBe(false);
  });

  it('whose content breaks off is not attached', async () => {
    const item = await readItem(site.jira, await site.newIssue());
    const error = await failureOf(
      site.jira.writer.addAttachment(item, { name: 'cut', size: 500 }, streamOf(400), marker),
    );
    expect(error.error).toMatchObject({ code: 'unavailable' });
    expect((await readItem(site.jira, item.id)).attachments).toEqual([]);
  });

  it('moves the version of attachments', async () => {
    const item = await readItem(site.jira, await site.newIssue());
    await site.jira.writer.addAttachment(item, { name: 'a', size: 3 }, streamOf(3), marker);
    const after = await readItem(site.jira, item.id);
    expect(after.versions.attachments?.set).not.toBe(item.versions.attachments?.set);
  });
});
