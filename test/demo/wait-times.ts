// The wait times that the demo shortens, so that a visitor needn't wait for what takes minutes in production.

export interface WaitTime {
  readonly variable: string;
  readonly ms: number;
  readonly means: string;
}

export const waitTimes: readonly WaitTime[] = [
  { variable: 'TANDEM_SETTLE_MS', ms: 3_000, means: 'before a create without an answer is looked for' },
  { variable: 'TANDEM_LEASE_MS', ms: 6_000, means: 'until the pair of a dead process is free' },
  { variable: 'TANDEM_RETRY_BASE_MS', ms: 500, means: 'before the first new attempt' },
  { variable: 'TANDEM_RETRY_MAX_MS', ms: 30_000, means: 'between later attempts, at most' },
  { variable: 'TANDEM_SCAN_EVERY_MS', ms: 5_000, means: 'between scans for changes that no event told' },
  { variable: 'TANDEM_SCAN_OVERLAP_MS', ms: 5_000, means: 'that a scan reaches back' },
  { variable: 'TANDEM_SWEEP_EVERY_MS', ms: 3_000, means: 'between looks for work that was left lying' },
  { variable: 'TANDEM_PROBE_EVERY_MS', ms: 3_000, means: 'between looks at a connection that failed' },
  { variable: 'TANDEM_HEARTBEAT_MS', ms: 1_000, means: 'between signs of life of the workers' },
  { variable: 'TANDEM_DEAD_AFTER_MS', ms: 5_000, means: 'of silence until a worker counts as dead' },
];

export const waitTimeSettings = (): Record<string, string> =>
  Object.fromEntries(waitTimes.map(({ variable, ms }) => [variable, String(ms)]));

export const describeWaitTimes = (): string =>
  waitTimes.map(({ ms, means }) => `${(ms / 1000).toLocaleString('en')} s ${means}`).join('; ');
