// Pace and blocks: how calls wait, are refused, and share what is known.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type BlockReach,
  createGovernor,
  type GovernorOptions,
  type Lane,
  memoryBlocks,
} from '../../backend/src/http/governor.ts';
import { SyncFailure } from '../../backend/src/sync/errors.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const lane = (more: Partial<Lane> = {}): Lane => ({ connection: 'c1', endpoint: 'write', caller: 'p1', ...more });
const govern = (more: Partial<GovernorOptions> = {}) =>
  createGovernor({
    blocks: memoryBlocks(),
    limits: () => ({ concurrency: 2, perSecond: 10, burst: 4 }),
    ...more,
  });
const headers = (values: Record<string, string>) => (name: string) => values[name.toLowerCase()] ?? null;
const none = headers({});

const refusal = async (promise: Promise<unknown>) => {
  const error: unknown = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SyncFailure)) throw new Error('not refused', { cause: error });
  return error.error;
};

const block = async (governor: ReturnType<typeof govern>, at: Lane, seconds: string, reach?: BlockReach) => {
  const permit = await governor.enter(at, 'jira');
  permit.heard(429, headers({ 'retry-after': seconds }), reach === undefined ? undefined : () => reach);
  permit.leave();
};

describe('pace', () => {
  it('lets no more calls run at once than there are places', async () => {
    const governor = govern();
    const first = await governor.enter(lane(), 'jira');
    await governor.enter(lane(), 'jira');
    let entered = false;
    const third = governor.enter(lane(), 'jira').then(() => {
      entered = true;
    });
    await vi.advanceTimersByTimeAsync(500);
    expect(entered).toBe(false);
    first.leave();
    await third;
    expect(entered).toBe(true);
  });

  it('lets calls go at the rate once the burst is spent', async () => {
    const governor = govern({ limits: () => ({ concurrency: 100, perSecond: 10, burst: 4 }) });
    let entered = 0;
    for (let i = 0; i < 10; i += 1) void governor.enter(lane(), 'jira').then(() => (entered += 1));
    await vi.advanceTimersByTimeAsync(0);
    expect(entered).toBe(4);
    await vi.advanceTimersByTimeAsync(300);
    expect(entered).toBe(7);
  });

  it('refuses what would wait longer than two seconds, with a time to come back', async () => {
    const governor = govern({ limits: () => ({ concurrency: 1, perSecond: 10, burst: 4 }) });
    await governor.enter(lane(), 'jira');
    const waiting = refusal(governor.enter(lane(), 'jira'));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await waiting).toMatchObject({ code: 'rate-limited', retryAfterMs: 2_000 });
  });

  it('takes turns between callers, however many calls one of them has', async () => {
    const governor = govern({ limits: () => ({ concurrency: 1, perSecond: 1000, burst: 100 }) });
    const order: string[] = [];
    const run = async (caller: string) => {
      const permit = await governor.enter(lane({ caller }), 'jira');
      order.push(caller);
      permit.leave();
    };
    const holder = await governor.enter(lane({ caller: 'holder' }), 'jira');
    const all = [run('big'), run('big'), run('big'), run('big'), run('small')];
    await vi.advanceTimersByTimeAsync(0);
    holder.leave();
    await Promise.all(all);
    expect(order.indexOf('small')).toBe(1);
  });

  it('keeps connections and classes of calls apart', async () => {
    const governor = govern({ limits: () => ({ concurrency: 1, perSecond: 10, burst: 4 }) });
    await governor.enter(lane(), 'jira');
    await governor.enter(lane({ endpoint: 'read' }), 'jira');
    await governor.enter(lane({ connection: 'c2' }), 'jira');
  });

  it('halves after a 429 and grows again with good answers', async () => {
    const governor = govern({ limits: () => ({ concurrency: 4, perSecond: 1000, burst: 1000 }) });
    await block(governor, lane(), '1', 'endpoint');
    await vi.advanceTimersByTimeAsync(1_001);
    const held = [await governor.enter(lane(), 'jira'), await governor.enter(lane(), 'jira')];
    let third: { leave(): void } | undefined;
    void governor.enter(lane(), 'jira').then((permit) => (third = permit));
    await vi.advanceTimersByTimeAsync(10);
    expect(third).toBeUndefined();
    for (const permit of held) {
      permit.heard(200, none);
      permit.heard(200, none);
      permit.leave();
    }
    await vi.advanceTimersByTimeAsync(0);
    expect(third).toBeDefined();
    await governor.enter(lane(), 'jira');
    await governor.enter(lane(), 'jira');
  });

  it('draws from a quota that connections share', async () => {
    const governor = govern({
      limits: () => ({ concurrency: 10, perSecond: 1000, burst: 1000 }),
      quotaLimits: () => ({ concurrency: 10, perSecond: 0.5, burst: 2 }),
    });
    await governor.enter(lane({ quota: 'app' }), 'jira');
    await governor.enter(lane({ quota: 'app', connection: 'c2' }), 'jira');
    const waiting = refusal(governor.enter(lane({ quota: 'app', connection: 'c3' }), 'jira'));
    await vi.advanceTimersByTimeAsync(2_000);
    // A token of the quota comes only after two seconds.
    expect((await waiting).code).toBe('rate-limited');
    await governor.enter(lane({ connection: 'c4' }), 'jira');
  });
});

describe('blocks', () => {
  it('refuse calls until the very second that the service named', async () => {
    const governor = govern();
    await block(governor, lane(), '7');
    expect(await refusal(governor.enter(lane(), 'jira'))).toMatchObject({
      code: 'rate-limited',
      retryAfterMs: 7_000,
      level: 'connection',
    });
    await vi.advanceTimersByTimeAsync(6_900);
    expect((await refusal(governor.enter(lane(), 'jira'))).retryAfterMs).toBe(100);
    await vi.advanceTimersByTimeAsync(100);
    await governor.enter(lane(), 'jira');
  });

  it.each([
    ['item', { item: '2' }, { item: '1' }],
    ['endpoint', { endpoint: 'read' }, { item: '2' }],
    ['connection', { connection: 'c2' }, { endpoint: 'read' }],
    ['quota', { connection: 'c2' }, { connection: 'c3', quota: 'app' }],
  ] as const)('of one %s leave the others alone', async (reach, free, held) => {
    const governor = govern();
    const at = lane({ item: '1', ...(reach === 'quota' ? { quota: 'app' } : {}) });
    await block(governor, at, '5', reach);
    await governor.enter(lane({ ...free }), 'jira');
    expect((await refusal(governor.enter(lane({ ...held }), 'jira'))).code).toBe('rate-limited');
  });

  it('of one item are an error of the item, not of the connection', async () => {
    const governor = govern();
    await block(governor, lane({ item: '1' }), '5', 'item');
    expect((await refusal(governor.enter(lane({ item: '1' }), 'jira'))).level).toBe('item');
  });

  it('are shared with other processes through the store', async () => {
    const blocks = memoryBlocks();
    await block(govern({ blocks }), lane(), '30');
    expect((await refusal(govern({ blocks }).enter(lane(), 'jira'))).retryAfterMs).toBe(30_000);
  });

  it('of an item, heard of through the store, leave other items alone', async () => {
    const blocks = memoryBlocks();
    await block(govern({ blocks }), lane({ item: '1' }), '30', 'item');
    const other = govern({ blocks });
    expect((await refusal(other.enter(lane({ item: '1' }), 'jira'))).retryAfterMs).toBe(30_000);
    await other.enter(lane({ item: '2' }), 'jira');
  });

  it('raised elsewhere are seen within a second', async () => {
    const blocks = memoryBlocks();
    const governor = govern({ blocks });
    (await governor.enter(lane(), 'jira')).leave();
    await blocks.block('c1', Date.now() + 60_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await refusal(governor.enter(lane(), 'jira'))).code).toBe('rate-limited');
  });

  it('without a time last half a minute', async () => {
    const governor = govern();
    const permit = await governor.enter(lane(), 'jira');
    permit.heard(429, none);
    permit.leave();
    expect((await refusal(governor.enter(lane(), 'jira'))).retryAfterMs).toBe(30_000);
  });

  it('reach those who already stand in line', async () => {
    const governor = govern({ limits: () => ({ concurrency: 1, perSecond: 10, burst: 4 }) });
    const permit = await governor.enter(lane(), 'jira');
    const waiting = refusal(governor.enter(lane(), 'jira'));
    await vi.advanceTimersByTimeAsync(0);
    permit.heard(429, headers({ 'retry-after': '9' }));
    permit.leave();
    expect(await waiting).toMatchObject({ code: 'rate-limited', retryAfterMs: 9_000 });
  });
});
