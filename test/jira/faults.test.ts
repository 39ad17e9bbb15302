// When Jira does not play along: wrong and expired credentials, limits, outages, answers that are lost or of another form.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { limitReach } from '../../backend/src/jira/client.ts';
import { SyncFailure, syncError } from '../../backend/src/sync/errors.ts';
import { failureOf, operations, readItem, type Site, startSite, text } from './site.ts';

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.close());
beforeEach(() => {
  site.calls.length = 0;
});
afterEach(async () => {
  await site.control('DELETE', 'faults');
  await site.control('DELETE', 'permissions');
  await site.control('POST', 'limits', { set: 'roomy' });
});

const summary = [{ field: 'summary', value: text('ours') }];

describe('credentials', () => {
  it('that Jira refuses are told from an issue that is missing', async () => {
    const id = await site.newIssue();
    const { email } = site.simulator.accounts.synchronizer;
    const wrong = site.open({ auth: { kind: 'basic', email, token: 'wrong' } });
    const base = await readItem(site.jira, id);
    for (const call of [
      () => wrong.reader.read(id, { comments: false }),
      () => wrong.reader.changes(null),
      () => wrong.writer.update(base, summary),
      () => wrong.accountId(),
    ]) {
      expect((await failureOf(call())).error).toMatchObject({ code: 'unauthorized', level: 'connection' });
    }
  });

  it('of an app that have expired are unauthorized', async () => {
    const { token } = (await site.control('POST', 'tokens', {
      user: site.simulator.accounts.admin.email,
      kind: 'app-user',
      expiresInMs: -1,
    })) as { token: string };
    const expired = site.open({ auth: { kind: 'bearer', token: async () => token } });
    expect((await failureOf(expired.reader.changes(null))).error.code).toBe('unauthorized');
  });

  it('that nobody has yet are the provider’s error, without a call', async () => {
    const missing = site.open({
      auth: {
        kind: 'bearer',
        token: async () => {
          throw new SyncFailure(syncError('unauthorized', { side: 'jira' }));
        },
      },
    });
    expect((await failureOf(missing.reader.changes(null))).error.code).toBe('unauthorized');
    expect(site.calls).toHaveLength(0);
  });
});

describe('permissions', () => {
  it('taken on half of the issues make them missing, never deleted', async () => {
    const ids = await Promise.all([site.newIssue(), site.newIssue()]);
    await site.control('POST', 'permissions', { permissions: ['BROWSE_PROJECTS'], issues: 'every-second' });
    const kinds = [...(await site.jira.reader.readMany(ids)).values()].map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual(['found', 'missing']);
  });

  it('on a project that the account cannot see are an error of the connection, not an empty project', async () => {
    const hidden = site.open({ project: 'OPS' }).reader;
    for (const call of [() => hidden.inventory(), () => hidden.changes(null)]) {
      expect((await failureOf(call())).error).toMatchObject({ code: 'connection-forbidden', value: 'BROWSE_PROJECTS' });
    }
  });
});

describe('limits', () => {
  it('are honoured to the second, and no call is made meanwhile', async () => {
    const id = await site.newIssue();
    await site.control('POST', 'faults', {
      match: { method: 'GET', path: '/rest/api/3/issue/*' },
      kind: 'status',
      status: 429,
      retryAfter: 17,
      times: 1,
    });
    const first = await failureOf(site.jira.reader.read(id, { comments: false }));
    expect(first.error).toMatchObject({ code: 'rate-limited', retryAfterMs: 17_000 });
    const second = await failureOf(site.jira.reader.read(id, { comments: false }));
    expect(second.error.code).toBe('rate-limited');
    expect(second.error.retryAfterMs).toBeGreaterThan(16_000);
    expect(site.calls).toHaveLength(1);
  });

  it('on one issue hold up that issue alone', async () => {
    await site.close();
    site = await startSite();
    await site.control('POST', 'limits', { perIssue: [{ writes: 1, windowMs: 60_000 }] });
    const [held, free] = [await site.newIssue(), await site.newIssue()];
    await site.jira.writer.update(await readItem(site.jira, held), summary);
    const error = await failureOf(
      site.jira.writer.update(await readItem(site.jira, held), [{ field: 'summary', value: text('again') }]),
    );
    expect(error.error).toMatchObject({ code: 'rate-limited', level: 'item' });
    expect(error.mayHaveLanded).toBe(false);
    expect(await site.jira.writer.update(await readItem(site.jira, free), summary)).toMatchObject({ kind: 'written' });
  });

  it.each([
    ['jira-per-issue-on-write', 'item'],
    ['jira-burst-based', 'endpoint'],
    ['jira-quota-global-based', 'quota'],
    ['jira-quota-tenant-based', 'quota'],
    [null, 'connection'],
  ])('of reason %s reach the %s', (reason, reach) => {
    expect(limitReach((name) => (name === 'ratelimit-reason' ? reason : null))).toBe(reach);
  });
});

describe('outages', () => {
  it('on a read are unavailable, with the wait that Jira asks for', async () => {
    await site.close();
    site = await startSite();
    const id = await site.newIssue();
    await site.control('POST', 'faults', {
      match: { method: 'GET' },
      kind: 'status',
      status: 503,
      retryAfter: 4,
      times: 1,
    });
    const error = await failureOf(site.jira.reader.read(id, { comments: false }));
    expect(error.error).toMatchObject({ code: 'unavailable', value: 'HTTP 503', retryAfterMs: 4000 });
    expect(error.error.detail).toBeUndefined();
  });

  it('of a socket cost a read one more attempt', async () => {
    await site.close();
    site = await startSite();
    const id = await site.newIssue();
    await site.control('POST', 'faults', { match: { method: 'GET' }, kind: 'lost-answer', times: 1 });
    expect((await readItem(site.jira, id)).id).toBe(id);
    expect(operations(site.calls)).toEqual(['GET issue/{id}', 'GET issue/{id}']);
  });

  it('after a write leave it open, and the write is not sent again', async () => {
    const id = await site.newIssue();
    const base = await readItem(site.jira, id);
    await site.control('POST', 'faults', { match: { method: 'PUT' }, kind: 'lost-answer', times: 1 });
    site.calls.length = 0;
    const error = await failureOf(site.jira.writer.update(base, summary));
    expect(error.error.code).toBe('unavailable');
    expect(error.mayHaveLanded).toBe(true);
    expect(site.calls).toHaveLength(1);
    expect((await readItem(site.jira, id)).fields.summary).toEqual(text('ours'));
    // The history tells that it was our own write.
    expect(await site.jira.reader.history(id, base.versions.fields?.seq ?? 0)).toMatchObject([
      { field: 'summary', byId: site.simulator.accounts.synchronizer.accountId, to: text('ours') },
    ]);
  });

  it('after a comment leave it open, and the next read finds it by its marker', async () => {
    const id = await site.newIssue();
    const marker = { token: 'tandem1.n.m', sourceId: '5' };
    await site.control('POST', 'faults', {
      match: { method: 'POST', path: '/rest/api/3/issue/*/comment' },
      kind: 'lost-answer',
      times: 1,
    });
    const body = {
      kind: 'richText',
      format: 'adf',
      adf: { version: 1, type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text: 'x' }] }] },
    } as const;
    expect((await failureOf(site.jira.writer.addComment(id, body, marker))).mayHaveLanded).toBe(true);
    expect((await readItem(site.jira, id)).comments).toMatchObject([{ marker }]);
  });
});
