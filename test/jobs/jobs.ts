// What the tests of the queue share: item jobs, handlers that do nothing, and promises that a test settles.

import type { TaskHandlers } from '../../backend/src/jobs/tasks.ts';
import type { Hint, ItemJob, Log } from '../../backend/src/reconcile/ports.ts';

export const itemJob = (
  itemId: string,
  hints: readonly Partial<Hint>[] = [],
  more: Partial<ItemJob> = {},
): ItemJob => ({
  installationId: 'i1',
  profileId: 'p1',
  side: 'jira',
  itemId,
  hints: hints.map((hint) => ({ side: 'jira', itemId, aspect: 'fields', ...hint })),
  ...more,
});

const done = async () => 'done' as const;

export const handlers = (more: Partial<TaskHandlers>): TaskHandlers => ({
  'reconcile-item': done,
  'scan-profile': done,
  'initial-sync': done,
  inventory: done,
  adopt: done,
  'adopt-without-key': done,
  sweep: done,
  probe: done,
  'register-hooks': done,
  'refresh-catalogs': done,
  purge: done,
  'erase-expired': done,
  'rewrap-keys': done,
  'send-notices': done,
  ...more,
});

export interface RecordedLog extends Log {
  readonly lines: string[];
}

export function recordedLog(): RecordedLog {
  const lines: string[] = [];
  const line = (fields: object, message: string) => {
    lines.push(`${message} ${JSON.stringify(fields)}`);
  };
  return { lines, info: line, warn: line, error: line };
}

/** A list that a test can wait on until it has grown to a length. */
export function collector<T>() {
  const seen: T[] = [];
  const waiting: { readonly length: number; readonly resolve: (seen: readonly T[]) => void }[] = [];
  return {
    seen,
    add(value: T) {
      seen.push(value);
      for (const one of waiting) if (seen.length >= one.length) one.resolve(seen);
    },
    until: (length: number): Promise<readonly T[]> =>
      new Promise((resolve) => {
        if (seen.length >= length) resolve(seen);
        else waiting.push({ length, resolve });
      }),
  };
}
