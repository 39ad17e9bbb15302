// A profile's figures as rows of UI Kit's charts, and added up. Pure.

import type { FigurePoint } from '../contract-watch.ts';

export interface ChartRow {
  /** On the x-axis. */
  readonly at: string;
  readonly value: number;
  readonly series: string;
}

type Label = (instant: string) => string;

export function throughputRows(
  points: readonly FigurePoint[],
  label: Label,
  series: { readonly changes: string; readonly failed: string },
): ChartRow[] {
  return points.flatMap(({ at, changes, failed }) => [
    { at: label(at), value: changes, series: series.changes },
    { at: label(at), value: failed, series: series.failed },
  ]);
}

/** In seconds. Steps without a known lag have no point. */
export function lagRows(
  points: readonly FigurePoint[],
  label: Label,
  series: { readonly average: string; readonly longest: string },
): ChartRow[] {
  return points.flatMap(({ at, averageLagMs, longestLagMs }) =>
    averageLagMs === null || longestLagMs === null
      ? []
      : [
          { at: label(at), value: seconds(averageLagMs), series: series.average },
          { at: label(at), value: seconds(longestLagMs), series: series.longest },
        ],
  );
}

const seconds = (ms: number): number => Math.round(ms / 100) / 10;

export interface FigureSums {
  readonly changes: number;
  readonly failed: number;
  /** Over the steps, however much happened in each; 0 where none is known. */
  readonly averageLagMs: number;
  readonly longestLagMs: number;
}

export function sumsOf(points: readonly FigurePoint[]): FigureSums {
  const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
  const lags = points.flatMap(({ averageLagMs }) => (averageLagMs === null ? [] : [averageLagMs]));
  return {
    changes: sum(points.map(({ changes }) => changes)),
    failed: sum(points.map(({ failed }) => failed)),
    averageLagMs: lags.length === 0 ? 0 : sum(lags) / lags.length,
    longestLagMs: Math.max(0, ...points.map(({ longestLagMs }) => longestLagMs ?? 0)),
  };
}
