// Virtual time: moved, elapsed, cancelled, closed.
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from './clock.ts';

const still = () => createVirtualClock(() => 1_000_000);

describe('virtual clock', () => {
  it('stands still unless moved, and moves at once', async () => {
    const clock = still();
    expect(clock.now()).toBe(1_000_000);
    await clock.advance(1500);
    expect(clock.now()).toBe(1_001_500);
    clock.close();
  });

  it('runs what became due, earliest first, and waits for it', async () => {
    const clock = still();
    const ran: string[] = [];
    clock.schedule(200, async () => {
      await Promise.resolve();
      ran.push('b');
    });
    clock.schedule(100, () => void ran.push('a'));
    clock.schedule(301, () => void ran.push('c'));
    await clock.advance(300);
    expect(ran).toEqual(['a', 'b']);
    await clock.advance(1);
    expect(ran).toEqual(['a', 'b', 'c']);
    clock.close();
  });

  it('also fires when real time passes', async () => {
    const clock = createVirtualClock();
    await clock.wait(5);
    await new Promise<void>((resolve) => {
      clock.schedule(60_000, resolve);
      clock.schedule(59_990, () => {});
      void clock.advance(59_995);
    });
    clock.close();
  });

  it('forgets what was cancelled or came after close', async () => {
    const clock = still();
    const ran: string[] = [];
    clock.schedule(10, () => void ran.push('cancelled'))();
    await clock.advance(20);
    clock.schedule(10, () => void ran.push('closed'));
    clock.close();
    await clock.advance(20);
    expect(ran).toEqual([]);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses to move by %s', async (ms) => {
    await expect(still().advance(ms)).rejects.toThrow(RangeError);
  });
});
