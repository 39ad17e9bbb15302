// Tells that a page was opened, and how long it was looked at when it is left; not by whom. Whether it arrives is nobody's
// concern: the page waits for nothing.

import { useEffect, useRef } from 'react';
import type { UsageEvent } from '../contract.ts';

/** A page left open over night says no more than one left open for an hour. */
const longestMs = 60 * 60 * 1000;

export function useUsage(page: UsageEvent['page'], tell: (event: UsageEvent) => Promise<unknown>): void {
  const latest = useRef(tell);
  latest.current = tell;
  useEffect(() => {
    const opened = Date.now();
    void latest.current({ page, action: 'open', durationMs: 0 });
    return () => {
      const durationMs = Math.min(Date.now() - opened, longestMs);
      void latest.current({ page, action: 'leave', durationMs });
    };
  }, [page]);
}
