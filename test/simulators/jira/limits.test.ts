import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createVirtualClock, type VirtualClock } from '../kernel/clock.ts';
import { REAL_LIMITS } from './limits.ts';
import { type JiraSimulator, startJiraSimulator } from './server.ts';
import { client, control, create, expectNoViolations, type TestClient } from './testing.ts';

let sim: JiraSimulator;
let clock: VirtualClock;
let sync: TestClient;
beforeEach(async () => {
  // Time stands still but for advance().
  clock = createVirtualClock(() => Date.UTC(2026, 10, 24, 10, 15));
  sim = await startJiraSimulator({ seed: 'empty', clock, limits: 'real' });
  sync = client(sim, 'tandem-sync');
});
afterEach(async () => {
  expectNoViolations(sim);
  await sim.close();
  clock.close();
});

describe('rate limits', () => {
  test('writes to one issue: 20 in 2 s, and other issues go on', async () => {
    const [one, other] = [await create(sync), await create(sync)];
    const write = (key: string, count: number) => sync.put(`/issue/${key}/properties/p`, { count });
    for (let count = 0; count < 20; count += 1) expect((await write(one.key, count)).status).toBeLessThan(300);
    const refused = await write(one.key, 20);
    expect(refused.status).toBe(429);
    expect(Object.fromEntries(refused.headers)).toMatchObject({
      'retry-after': '2',
      'ratelimit-reason': 'jira-per-issue-on-write',
      'x-ratelimit-limit': '20',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '2026-11-24T10:15:02Z',
    });
    expect((await write(other.key, 0)).status).toBe(201);
    expect((await sync.get(`/issue/${one.key}`)).status).toBe(200);
    await clock.advance(2_000);
    expect((await write(one.key, 21)).status).toBe(200);
  });

  test('writes to one issue: 100 in 30 s', async () => {
    const { key } = await create(sync);
    for (let count = 0; count < 100; count += 1) {
      if (count % 20 === 0) await clock.advance(2_000);
      expect((await sync.put(`/issue/${key}/properties/p`, { count })).status).toBeLessThan(300);
    }
    await clock.advance(2_000);
    const refused = await sync.put(`/issue/${key}/properties/p`, {});
    expect([refused.status, refused.headers.get('x-ratelimit-limit')]).toEqual([429, '100']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(10);
  });

  test('bursts are counted by endpoint and method, and refill', async () => {
    const passed = await sync.get('/status');
    expect([passed.headers.get('x-ratelimit-limit'), passed.headers.get('x-ratelimit-remaining')]).toEqual([
      '100',
      '99',
    ]);
    const rest = await Promise.all(Array.from({ length: 100 }, () => sync.get('/status')));
    const refused = rest.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(1);
    expect(refused[0]?.headers.get('ratelimit-reason')).toBe('jira-burst-based');
    expect((await sync.get('/priority')).status).toBe(200);
    await clock.advance(1_000);
    expect((await sync.get('/status')).status).toBe(200);
  });

  test('an app has points until the full hour; API tokens have no such limit', async () => {
    await control(sim, 'POST', '/limits', { pointsPerHour: 10 });
    const app = client(sim, `Bearer ${sim.appSystemToken}`);
    const { key } = await create(app);
    // Reading an issue costs two: one for the call, one for the issue.
    for (let count = 0; count < 4; count += 1) expect((await app.get(`/issue/${key}`)).status).toBe(200);
    const last = await app.get(`/issue/${key}`);
    expect([last.status, last.headers.get('x-ratelimit-nearlimit')]).toEqual([200, 'true']);
    const refused = await app.get(`/issue/${key}`);
    expect([refused.status, refused.headers.get('ratelimit-reason'), refused.headers.get('retry-after')]).toEqual([
      429,
      'jira-quota-global-based',
      '2700',
    ]);
    expect((await sync.get(`/issue/${key}`)).status).toBe(200);
    await clock.advance(2_700_000);
    expect((await app.get(`/issue/${key}`)).status).toBe(200);
  });

  test('the real numbers are the documented ones', () => {
    expect(REAL_LIMITS).toEqual({
      burst: { GET: 100, POST: 100, PUT: 50, DELETE: 50 },
      perIssue: [
        { writes: 20, windowMs: 2_000 },
        { writes: 100, windowMs: 30_000 },
      ],
      pointsPerHour: 65_000,
    });
  });

  test('an injected 429 looks like a real one', async () => {
    await control(sim, 'POST', '/faults', {
      kind: 'status',
      status: 429,
      retryAfter: 7,
      times: 1,
      match: { path: '/rest/api/3/myself' },
    });
    const refused = await sync.get('/myself');
    expect([refused.status, refused.headers.get('retry-after'), refused.headers.get('ratelimit-reason')]).toEqual([
      429,
      '7',
      'jira-burst-based',
    ]);
    expect((await sync.get('/myself')).status).toBe(200);
  });
});
