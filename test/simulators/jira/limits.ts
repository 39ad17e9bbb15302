// Jira's three rate limits, all by https://developer.atlassian.com/cloud/jira/platform/rate-limiting/ :
// a burst per endpoint and method, writes to one issue, and points an hour for apps (not for API tokens).
import type { VirtualClock } from '../kernel/clock.ts';
import type { Token } from './model.ts';

export interface LimitSettings {
  /** Requests a second to one endpoint, by method; the bucket holds as many at once. */
  readonly burst: Readonly<Record<'GET' | 'POST' | 'PUT' | 'DELETE', number>>;
  /** Writes to one issue: so many in so many milliseconds, each window by itself. */
  readonly perIssue: readonly { readonly writes: number; readonly windowMs: number }[];
  /** Of an app, from the full hour (UTC) on. */
  readonly pointsPerHour: number;
}

/** The real numbers. */
export const REAL_LIMITS: LimitSettings = {
  burst: { GET: 100, POST: 100, PUT: 50, DELETE: 50 },
  perIssue: [
    { writes: 20, windowMs: 2_000 },
    { writes: 100, windowMs: 30_000 },
  ],
  pointsPerHour: 65_000,
};

/** High enough that a demo or a bench on one machine does not meet them. */
export const ROOMY_LIMITS: LimitSettings = {
  burst: { GET: 5_000, POST: 5_000, PUT: 5_000, DELETE: 5_000 },
  perIssue: [
    { writes: 2_000, windowMs: 2_000 },
    { writes: 10_000, windowMs: 30_000 },
  ],
  pointsPerHour: 10_000_000,
};

export interface LimitedRequest {
  readonly method: string;
  /** The path's template: one bucket each. */
  readonly operation: string;
  readonly token: Token['kind'] | undefined;
  /** Set for writes to one issue. */
  readonly issueId?: number;
}

export interface Refusal {
  readonly reason: 'jira-burst-based' | 'jira-per-issue-on-write' | 'jira-quota-global-based';
  readonly retryAfterSeconds: number;
  readonly limit: number;
}

export interface LimitHeaders {
  readonly limit: number;
  readonly remaining: number;
  readonly nearLimit: boolean;
}

const HOUR = 3_600_000;

export class RateLimits {
  readonly #clock: VirtualClock;
  settings: LimitSettings;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();
  readonly #writes = new Map<number, number[]>();
  #hour = 0;
  #points = 0;

  constructor(clock: VirtualClock, settings: LimitSettings) {
    this.#clock = clock;
    this.settings = settings;
  }

  reset(settings: LimitSettings): void {
    this.settings = settings;
    this.#buckets.clear();
    this.#writes.clear();
    this.#points = 0;
  }

  /** Takes the request's share, or says why not. */
  take(request: LimitedRequest): Refusal | LimitHeaders {
    return this.#takePoints(request) ?? this.#takeWrite(request) ?? this.#takeBurst(request);
  }

  /** More points for what a read brought: one an issue, two a person. */
  charge(token: Token['kind'] | undefined, points: number): void {
    if (token === 'app-system' || token === 'app-user') this.#points += points;
  }

  #takePoints({ token }: LimitedRequest): Refusal | undefined {
    if (token !== 'app-system' && token !== 'app-user') return undefined;
    const now = this.#clock.now();
    const hour = Math.floor(now / HOUR);
    if (hour !== this.#hour) {
      this.#hour = hour;
      this.#points = 0;
    }
    const { pointsPerHour } = this.settings;
    if (this.#points >= pointsPerHour) {
      const retryAfterSeconds = Math.ceil(((hour + 1) * HOUR - now) / 1_000);
      return { reason: 'jira-quota-global-based', retryAfterSeconds, limit: pointsPerHour };
    }
    this.#points += 1;
    return undefined;
  }

  #takeWrite({ issueId }: LimitedRequest): Refusal | undefined {
    if (issueId === undefined) return undefined;
    const now = this.#clock.now();
    const longest = Math.max(0, ...this.settings.perIssue.map(({ windowMs }) => windowMs));
    const recent = (this.#writes.get(issueId) ?? []).filter((at) => at > now - longest);
    for (const { writes, windowMs } of this.settings.perIssue) {
      const inWindow = recent.filter((at) => at > now - windowMs);
      const oldest = inWindow[inWindow.length - writes];
      if (oldest === undefined) continue;
      this.#writes.set(issueId, recent);
      return {
        reason: 'jira-per-issue-on-write',
        retryAfterSeconds: Math.max(1, Math.ceil((oldest + windowMs - now) / 1_000)),
        limit: writes,
      };
    }
    recent.push(now);
    this.#writes.set(issueId, recent);
    return undefined;
  }

  #takeBurst({ method, operation }: LimitedRequest): Refusal | LimitHeaders {
    const limit = this.settings.burst[method as 'GET'] ?? this.settings.burst.GET;
    const now = this.#clock.now();
    const key = `${method} ${operation}`;
    const bucket = this.#buckets.get(key) ?? { tokens: limit, at: now };
    const tokens = Math.min(limit, bucket.tokens + ((now - bucket.at) / 1_000) * limit);
    if (tokens < 1) {
      this.#buckets.set(key, { tokens, at: now });
      return { reason: 'jira-burst-based', retryAfterSeconds: 1, limit };
    }
    this.#buckets.set(key, { tokens: tokens - 1, at: now });
    const remaining = Math.floor(tokens - 1);
    return { limit, remaining, nearLimit: this.#points > 0.8 * this.settings.pointsPerHour };
  }
}

export const isRefusal = (answer: Refusal | LimitHeaders): answer is Refusal => 'reason' in answer;

/** The headers of an answer that was let through. */
export const passHeaders = ({ limit, remaining, nearLimit }: LimitHeaders): Readonly<Record<string, string>> => ({
  'X-RateLimit-Limit': String(limit),
  'X-RateLimit-Remaining': String(remaining),
  ...(nearLimit ? { 'X-RateLimit-NearLimit': 'true' } : {}),
});

/** The 429 itself. `now` in milliseconds. */
export function refusalAnswer({ reason, retryAfterSeconds, limit }: Refusal, now: number): Response {
  const reset = new Date(now + retryAfterSeconds * 1_000).toISOString().replace(/\.\d+Z$/, 'Z');
  return Response.json(
    { errorMessages: ['Rate limit exceeded.'], errors: {} },
    {
      status: 429,
      headers: {
        'Retry-After': String(retryAfterSeconds),
        'X-RateLimit-Limit': String(limit),
        'X-RateLimit-Remaining': '0',
        'X-RateLimit-Reset': reset,
        'RateLimit-Reason': reason,
      },
    },
  );
}
