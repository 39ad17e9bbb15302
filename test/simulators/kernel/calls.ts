// Counts what clients call, by operation, so that tests can hold a budget of calls. Control calls are not counted.

export interface CallRecord {
  readonly method: string;
  readonly path: string;
  /** `PUT /rest/api/3/issue/{issueIdOrKey}`, or `GET (unknown)`. */
  readonly operation: string;
  /** The status that was sent; 0 while none has been, or when the client was never answered. */
  status: number;
  /** Arrival, milliseconds since the epoch, by the virtual clock. */
  readonly at: number;
  /** The fault that met the call. */
  fault?: string;
}

export interface CallsReport {
  readonly total: number;
  readonly byOperation: Readonly<Record<string, number>>;
  /** The last 1,000, oldest first. */
  readonly recent: readonly CallRecord[];
}

export interface Calls {
  /** Counts a call on arrival; the caller fills in status and fault later. */
  record(call: Omit<CallRecord, 'status'>): CallRecord;
  report(): CallsReport;
  reset(): void;
}

const KEPT = 1000;

export function createCalls(): Calls {
  let total = 0;
  let byOperation = new Map<string, number>();
  let recent: CallRecord[] = [];
  return {
    record(call) {
      const entry: CallRecord = { ...call, status: 0 };
      total += 1;
      byOperation.set(entry.operation, (byOperation.get(entry.operation) ?? 0) + 1);
      recent.push(entry);
      if (recent.length >= 2 * KEPT) recent = recent.slice(-KEPT);
      return entry;
    },
    report: () => ({
      total,
      byOperation: Object.fromEntries([...byOperation].sort(([a], [b]) => a.localeCompare(b))),
      recent: recent.slice(-KEPT),
    }),
    reset() {
      total = 0;
      byOperation = new Map();
      recent = [];
    },
  };
}
