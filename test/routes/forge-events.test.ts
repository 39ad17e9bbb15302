// Jira's events as the app sends them: many at once, for the profiles that care, without a call to either service.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { profileSchema } from '../../backend/src/sync/profile.ts';
import { type Backend, madeProfile, startBackend, type Tenant } from './kit.ts';
import { storedPair } from './stored.ts';

let backend: Backend & { close(): Promise<void> };
let owner: Tenant;
let scope: { installationId: string };
let profile: string;

beforeAll(async () => {
  backend = await startBackend();
  owner = backend.tenant();
  ({ profile } = await madeProfile(backend, owner));
  scope = { installationId: await owner.installationId() };
  await backend.service.config.setStatus(scope, profile, 'enabled', null);
});
afterAll(() => backend.close());
beforeEach(async () => {
  backend.calls.length = 0;
  await backend.service.pool.query('delete from tandem.pending_items');
});

const event = (issueId: string, more: object = {}) => ({
  event: 'avi:jira:updated:issue',
  issueId,
  projectKey: 'TAN',
  aspect: 'fields',
  version: { history: 10, updated: 1_700_000_000_000 },
  ...more,
});
const post = (events: readonly object[]) => owner.send('POST', '/forge/events', { body: { events } });
const pending = async () =>
  (await backend.service.pool.query('select item_key, item_id, hints from tandem.pending_items order by item_id')).rows;

describe('events', () => {
  it('of unpaired issues wait for the profile of their project', async () => {
    expect(await post([event('10001'), event('10002')])).toMatchObject({ status: 202, body: { accepted: 2 } });
    expect(await pending()).toMatchObject([
      { item_id: '10001', hints: [{ aspect: 'fields', version: { seq: 10, at: 1_700_000_000_000 } }] },
      { item_id: '10002' },
    ]);
  });

  it('of a paired issue wait for its pair, whatever project they name', async () => {
    const pair = await storedPair(backend.service, scope, profile, { jira: '10100', azure: '100', errors: [] });
    expect((await post([event('10100', { projectKey: 'ELSE' })])).body).toEqual({ accepted: 1 });
    expect(await pending()).toMatchObject([{ item_key: pair }]);
  });

  it('of another project, and of no issue, are taken and dropped', async () => {
    const foreign = event('10001', { projectKey: 'ELSE' });
    const { issueId: _, version: __, ...version } = event('', { event: 'avi:jira:created:version', aspect: 'any' });
    expect(await post([foreign, version])).toMatchObject({ status: 202, body: { accepted: 0 } });
  });

  it('of a version or sprint have those looked at anew where their counterparts follow them', async () => {
    const { config, pool } = backend.service;
    const asked = async () => {
      await post([{ event: 'avi:jira-software:updated:sprint', aspect: 'any' }]);
      const { rows } = await pool.query(
        `select key from graphile_worker.jobs where task_identifier = 'refresh-catalogs' and key like $1`,
        [`%${profile}%`],
      );
      return rows.length;
    };
    expect(await asked()).toBe(0);
    const stored = await config.profileRecord(scope, profile);
    if (!stored) throw new Error('the profile is stored');
    const sprints = { jira: 'customfield_10020', azure: 'System.IterationPath', kind: 'option', createMissing: true };
    const settings = profileSchema.parse({ ...stored.settings, fields: [...stored.settings.fields, sprints] });
    await config.saveProfile(scope, profile, stored.revision, settings, null);
    expect(await asked()).toBe(1);
  });

  it('of one issue in one call make one job with every hint', async () => {
    await post([
      event('10001'),
      event('10001', { aspect: 'comments', childId: '5' }),
      event('10001', { version: { history: 12, updated: 1_700_000_000_001 } }),
    ]);
    const [row, ...rest] = await pending();
    expect(rest).toEqual([]);
    expect(row.hints).toHaveLength(2);
    expect(row.hints).toContainEqual(
      expect.objectContaining({ aspect: 'fields', version: expect.objectContaining({ seq: 12 }) }),
    );
  });

  it('that come again leave what waits as it is', async () => {
    await post([event('10001')]);
    const before = await pending();
    await post([event('10001')]);
    expect(await pending()).toEqual(before);
  });

  it('ask neither service, however many come', async () => {
    const many = Array.from({ length: 100 }, (_, index) => event(String(20_000 + index)));
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(many)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(await pending()).toHaveLength(100);
    expect(backend.calls).toEqual([]);
  });

  it('cost the database as many statements for a hundred as for one', async () => {
    const statements = async (events: readonly object[]) => {
      const { pool } = backend.service;
      let count = 0;
      const counted = (client: { query: unknown }) => {
        const query = client.query as (...given: unknown[]) => unknown;
        client.query = (...given: unknown[]) => {
          count += 1;
          return query.apply(client, given);
        };
        return () => {
          client.query = query;
        };
      };
      const undo = counted(pool);
      await post(events);
      undo();
      return count;
    };
    await post([event('1')]);
    const one = await statements([event('30000')]);
    const hundred = await statements(Array.from({ length: 100 }, (_, index) => event(String(31_000 + index))));
    expect(hundred).toBe(one);
  });

  it.each<[string, object, string]>([
    ['too many', { events: Array.from({ length: 101 }, () => event('1')) }, 'events'],
    ['an id that is none', { events: [event('x')] }, 'events.0.issueId'],
    ['content', { events: [{ ...event('1'), summary: 'geheim' }] }, 'events.0'],
    ['no list', {}, 'events'],
  ])('with %s are refused', async (_, body, path) => {
    const answer = await owner.send('POST', '/forge/events', { body });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid-request', path } } });
    expect(answer.text).not.toContain('geheim');
  });
});

describe('usage of the pages', () => {
  const post = (body: object) => owner.send('POST', '/forge/usage', { body });

  it('is counted by page and action', async () => {
    const event = { page: 'wizard', action: 'next', durationMs: 1_500 };
    expect(await post(event)).toMatchObject({ status: 204 });
    expect(await post({ ...event, durationMs: 500 })).toMatchObject({ status: 204 });
    await backend.service.metrics.flush();
    const rows = await backend.service.metrics.read(scope, 0, Number.MAX_SAFE_INTEGER);
    expect(Object.fromEntries(rows.map(({ name, value }) => [name, value]))).toMatchObject({
      'usage.wizard.next': 2,
      'usage.wizard.next.ms': 2_000,
    });
  });

  it.each([
    { page: 'geheim', action: 'next', durationMs: 1 },
    { page: 'wizard', action: 'next', durationMs: 1, account: 'geheim' },
  ])('is refused as %j, without a word of it in the log', async (event) => {
    expect(await post(event)).toMatchObject({ status: 400, body: { error: { code: 'invalid-request' } } });
    expect(backend.lines.join('')).not.toContain('geheim');
  });
});

describe('people whose accounts are kept', () => {
  const due = async () => {
    const { body } = await owner.send('POST', '/forge/people/due');
    return body.accounts.map(({ accountId }: { accountId: string }) => accountId);
  };
  const reported = (asked: readonly string[], updates: readonly object[]) =>
    owner.send('POST', '/forge/people/reported', { body: { asked, updates } });

  it('are asked about once in seven days; a closed account is erased, a changed one read again', async () => {
    const { config } = backend.service;
    const person = (id: string) => ({ id, name: `Name of ${id}`, seenIn: [] });
    await config.rememberPeople(scope, 'jira', [person('closed'), person('changed'), person('same')]);
    const asked = await due();
    expect(asked).toEqual(expect.arrayContaining(['changed', 'closed', 'same']));
    const answer = await reported(asked, [
      { accountId: 'closed', status: 'closed' },
      { accountId: 'changed', status: 'updated' },
    ]);
    expect(answer.status).toBe(204);
    expect((await config.people(scope, 'jira')).map(({ id }) => id)).toEqual(['same']);
    expect(await due()).toEqual([]);
    await backend.clock.advance(7 * 24 * 60 * 60 * 1000 + 1);
    expect(await due()).toContain('same');
  });

  it('are nobody else’s to ask for', async () => {
    const stranger = backend.tenant({ cloudId: 'another-site' });
    expect((await stranger.send('POST', '/forge/people/due')).body).toEqual({ accounts: [] });
    expect((await backend.send('POST', '/forge/people/due')).status).toBe(401);
    const wrong = await reported(['same'], [{ accountId: 'same', status: 'gone' }]);
    expect(wrong).toMatchObject({ status: 400, body: { error: { path: 'updates.0.status' } } });
  });
});
