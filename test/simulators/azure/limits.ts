// Rate limits after https://learn.microsoft.com/azure/devops/integrate/concepts/rate-limits: units used in a sliding five
// minutes, by person. Near the limit the headers appear, past it calls are said to be delayed, far past it blocked.
import { blockedByUsage } from './errors.ts';

export interface RateLimits {
  /** Units in five minutes before calls are delayed; the real service's is 200 of its own units. */
  units: number;
  /** How many times `units` a person may use before calls are refused. */
  blockAt: number;
  /** The refusal: 429, or 503 as the service's older limits gave. */
  status: number;
}

/** High enough never to be met unless a test lowers it. */
export const DEFAULT_RATE_LIMITS: RateLimits = { units: 1_000_000, blockAt: 2, status: 429 };

const WINDOW_MS = 300_000;

export interface RateMeter {
  limits: RateLimits;
  /** Counts one call; the headers to send, or the refusal. */
  count(personId: string, displayName: string, cost: number, now: number): RateVerdict;
  reset(): void;
}

export interface RateVerdict {
  readonly headers: Readonly<Record<string, string>>;
  readonly refusal: ReturnType<typeof blockedByUsage> | undefined;
}

export function createRateMeter(limits: RateLimits): RateMeter {
  const used = new Map<string, { at: number; cost: number }[]>();
  return {
    limits,
    count(personId, displayName, cost, now) {
      const recent = (used.get(personId) ?? []).filter((entry) => entry.at > now - WINDOW_MS);
      const before = recent.reduce((sum, entry) => sum + entry.cost, 0);
      const { units, blockAt, status } = this.limits;
      const blocked = before + cost > units * blockAt;
      if (!blocked) recent.push({ at: now, cost });
      used.set(personId, recent);
      const total = before + (blocked ? 0 : cost);
      if (!blocked && total <= units / 2) return { headers: {}, refusal: undefined };
      const free = recent[0] === undefined ? now : recent[0].at + WINDOW_MS;
      const seconds = Math.max(1, Math.ceil((free - now) / 1000));
      const delay = Math.max(0, (total - units) / units);
      const headers: Record<string, string> = {
        'x-ratelimit-resource': 'core',
        'x-ratelimit-limit': String(units),
        'x-ratelimit-remaining': String(Math.max(0, units - total)),
        'x-ratelimit-reset': String(Math.ceil(free / 1000)),
        ...(delay > 0 || blocked ? { 'x-ratelimit-delay': delay.toFixed(3), 'retry-after': String(seconds) } : {}),
      };
      return { headers, refusal: blocked ? blockedByUsage(status, displayName) : undefined };
    },
    reset: () => used.clear(),
  };
}
