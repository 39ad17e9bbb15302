// One queue of calls: a number of places, a token bucket, and turns shared evenly between callers. Knows nothing of HTTP.

export interface PaceLimits {
  /** Calls under way at once. */
  readonly concurrency: number;
  readonly perSecond: number;
  /** Calls that may start at once after a pause. */
  readonly burst: number;
}

export interface Pace {
  /** Null when it is this caller's turn; otherwise about how many ms to stay away. Free the place afterwards. */
  take(caller: string): Promise<number | null>;
  free(): void;
  /** Multiplies places and rate; at most once a second, since calls that ran side by side bring the same news. */
  slowDown(factor: number): void;
  /** A little faster, up to the limits. */
  speedUp(): void;
}

interface Waiter {
  readonly settle: (result: number | null) => void;
  readonly timer: NodeJS.Timeout;
}

export function createPace(limits: PaceLimits, options: { now: () => number; maxWaitMs: number }): Pace {
  const { now, maxWaitMs } = options;
  let concurrency = limits.concurrency;
  let perSecond = limits.perSecond;
  let tokens = limits.burst;
  let filledAt = now();
  let active = 0;
  let slowedAt = Number.NEGATIVE_INFINITY;
  let wake: NodeJS.Timeout | null = null;
  /** Waiters by caller; the map's order is the order of turns. */
  const lines = new Map<string, Waiter[]>();

  const refill = () => {
    const at = now();
    tokens = Math.min(limits.burst, tokens + (Math.max(0, at - filledAt) / 1000) * perSecond);
    filledAt = at;
  };

  const waiting = () => [...lines.values()].reduce((sum, line) => sum + line.length, 0);

  /** The first of the next caller's line; that caller then goes to the end of the round. */
  const nextWaiter = (): Waiter | null => {
    for (const [caller, line] of lines) {
      lines.delete(caller);
      const waiter = line.shift();
      if (line.length > 0) lines.set(caller, line);
      if (waiter) return waiter;
    }
    return null;
  };

  const canStart = () => {
    refill();
    return active < Math.max(1, Math.floor(concurrency)) && tokens >= 1;
  };

  const start = () => {
    active += 1;
    tokens -= 1;
  };

  const pump = () => {
    while (lines.size > 0 && canStart()) {
      const waiter = nextWaiter();
      if (!waiter) break;
      clearTimeout(waiter.timer);
      start();
      waiter.settle(null);
    }
    if (lines.size > 0 && tokens < 1 && wake === null) {
      wake = setTimeout(
        () => {
          wake = null;
          pump();
        },
        Math.ceil(((1 - tokens) / perSecond) * 1000),
      );
    }
  };

  return {
    take(caller) {
      if (lines.size === 0 && canStart()) {
        start();
        return Promise.resolve(null);
      }
      return new Promise((resolve) => {
        const line = lines.get(caller) ?? [];
        const timer = setTimeout(() => {
          const index = line.indexOf(waiter);
          if (index >= 0) line.splice(index, 1);
          if (line.length === 0 && lines.get(caller) === line) lines.delete(caller);
          // Those in front, at the present rate; never less than the wait that was just in vain.
          resolve(Math.max(maxWaitMs, ((waiting() + 1) / perSecond) * 1000));
        }, maxWaitMs);
        const waiter: Waiter = { settle: resolve, timer };
        line.push(waiter);
        lines.set(caller, line);
        pump();
      });
    },
    free() {
      active -= 1;
      pump();
    },
    slowDown(factor) {
      if (now() - slowedAt < 1000) return;
      slowedAt = now();
      concurrency = Math.max(1, concurrency * factor);
      perSecond = Math.max(0.5, perSecond * factor);
    },
    speedUp() {
      concurrency = Math.min(limits.concurrency, concurrency + 1 / Math.max(1, concurrency));
      perSecond = Math.min(limits.perSecond, perSecond + limits.perSecond / 200);
    },
  };
}
