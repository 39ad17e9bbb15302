// Which trace the present work belongs to: what Cloud Run gives a request, kept for all that is logged while it is answered.

import { AsyncLocalStorage } from 'node:async_hooks';

export interface Trace {
  /** 32 hexadecimal digits. */
  readonly trace: string;
  /** 16 hexadecimal digits. */
  readonly span: string | null;
}

const current = new AsyncLocalStorage<Trace>();

/** Runs `work` as a part of the trace; without one, as it is. */
export const withTrace = <T>(trace: Trace | null, work: () => T): T =>
  trace === null ? work() : current.run(trace, work);

export const currentTrace = (): Trace | null => current.getStore() ?? null;

/**
 * Of W3C's `traceparent` (https://www.w3.org/TR/trace-context/), or Google's older header, whose span is a decimal number
 * (https://cloud.google.com/trace/docs/trace-context). Null when neither is well formed.
 */
export function readTrace(header: (name: string) => string | undefined): Trace | null {
  const standard = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/.exec(header('traceparent') ?? '');
  if (standard?.[1] !== undefined) return { trace: standard[1], span: standard[2] ?? null };
  const own = /^([0-9a-f]{32})(?:\/(\d{1,20}))?/i.exec(header('x-cloud-trace-context') ?? '');
  if (own?.[1] === undefined) return null;
  const span = own[2] === undefined ? null : BigInt(own[2]).toString(16).padStart(16, '0');
  return { trace: own[1].toLowerCase(), span };
}
