// The simulators' time: real time plus an offset that tests move forward. Nothing here sleeps; waiting is done by schedule().

export interface VirtualClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Moves time forward and runs what has become due, earliest first; resolves when all of that has settled. */
  advance(ms: number): Promise<void>;
  /** Runs `task` once, when `delayMs` have passed really or by advance(). Returns the cancel function. */
  schedule(delayMs: number, task: () => void | Promise<void>): () => void;
  /** Resolves when `delayMs` have passed really or by advance(). */
  wait(delayMs: number): Promise<void>;
  /** Forgets all that is scheduled; later calls of schedule() do nothing. */
  close(): void;
}

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly task: () => void | Promise<void>;
  handle: NodeJS.Timeout;
}

const LONGEST_TIMEOUT_MS = 2_147_483_647;

/** `realNow` is where unmoved time comes from; a test that wants time to stand still passes a constant. */
export function createVirtualClock(realNow: () => number = Date.now): VirtualClock {
  const timers = new Set<Timer>();
  let offset = 0;
  let order = 0;
  let closed = false;

  const now = (): number => Math.floor(realNow() + offset);

  const fire = async (timer: Timer): Promise<void> => {
    if (!timers.delete(timer)) return;
    clearTimeout(timer.handle);
    await timer.task();
  };

  const schedule = (delayMs: number, task: () => void | Promise<void>): (() => void) => {
    if (closed) return () => {};
    const delay = Math.max(0, delayMs);
    const handle = setTimeout(() => void fire(timer), Math.min(delay, LONGEST_TIMEOUT_MS));
    order += 1;
    const timer: Timer = { due: now() + delay, order, task, handle };
    timers.add(timer);
    return () => {
      clearTimeout(timer.handle);
      timers.delete(timer);
    };
  };

  return {
    now,
    schedule,
    wait: (delayMs) => new Promise((resolve) => schedule(delayMs, resolve)),
    async advance(ms) {
      if (!Number.isFinite(ms) || ms < 0) throw new RangeError(`a clock moves forward by 0 ms or more, not by ${ms}`);
      offset += ms;
      const due = [...timers].filter((timer) => timer.due <= now());
      due.sort((a, b) => a.due - b.due || a.order - b.order);
      // What stays waits for the rest of its delay only, also in real time.
      for (const timer of timers) {
        clearTimeout(timer.handle);
        const rest = Math.min(Math.max(0, timer.due - now()), LONGEST_TIMEOUT_MS);
        timer.handle = setTimeout(() => void fire(timer), rest);
      }
      await Promise.allSettled(due.map(fire));
    },
    close() {
      closed = true;
      for (const timer of timers) clearTimeout(timer.handle);
      timers.clear();
    },
  };
}
