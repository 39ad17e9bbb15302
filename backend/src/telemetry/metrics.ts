// Counts what happens, by installation and hour. The port; postgres-metrics.ts is the implementation of one machine, a
// data warehouse takes its place in production.

import type { Scope } from '../reconcile/ports.ts';

export interface MetricRow {
  /** Start of the hour, epoch ms. */
  readonly hour: number;
  readonly name: string;
  readonly value: number;
}

export interface Metrics {
  /**
   * Adds to a counter. Never waits and never throws for the store's sake. The name is lower-case words joined by dots and
   * dashes (`calls.jira`, `errors.invalid-value`), so that no user content fits in; others throw.
   */
  count(scope: Scope | null, name: string, value?: number): void;
  /** Writes what was counted; when it fails the counts are kept for the next time. */
  flush(): Promise<void>;
  /** Stored rows from `from` (inclusive) to `to` (exclusive), epoch ms, by hour and name. */
  read(scope: Scope | null, from: number, to: number): Promise<readonly MetricRow[]>;
  /** Removes rows of hours that began before; returns how many. */
  purge(before: number): Promise<number>;
}

export const metricName = /^[a-z0-9]+(?:[.-][a-z0-9]+)*$/;
