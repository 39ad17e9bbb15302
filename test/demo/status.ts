// How Tandem fares, for the page's first line: asked of the admin API and the simulators' counts, told when it changes.

import { z } from 'zod';
import type { Board } from './board.ts';
import type { Status } from './seen.ts';
import type { Stack } from './stack.ts';
import type { Hands } from './visitor.ts';

const everyMs = 1_000;
const callsSchema = z.object({ total: z.number() });

export interface StatusWatch {
  now(): Status;
  watch(listener: (status: Status) => void): () => void;
  close(): void;
}

export function statusWatch(stack: Stack, hands: Hands, board: Board): StatusWatch {
  const listeners = new Set<(status: Status) => void>();
  let closed = false;
  let status: Status = {
    project: { jira: stack.jira.project, azure: stack.azure.project },
    progress: null,
    profile: null,
    pairs: 0,
    errors: 0,
    calls: { jira: 0, azure: 0 },
    medianMs: null,
    followed: 0,
    backendUp: true,
  };

  /** Of all clients but this page's own. */
  const callsOf = async (kernelUrl: string, own: number): Promise<number> => {
    const { total } = callsSchema.parse(await (await fetch(`${kernelUrl}/_control/calls`)).json());
    return Math.max(0, total - own);
  };

  const look = async (): Promise<Status> => {
    const [jira, azure, overview] = await Promise.all([
      callsOf(stack.jira.kernel.url, hands.jira.calls()),
      callsOf(stack.azure.kernel.url, hands.azure.calls()),
      stack.admin.call('overview', {}).catch(() => null),
    ]);
    const { medianMs, count } = board.following();
    const [profile] = overview?.profiles ?? [];
    const sync = profile?.initialSync;
    return {
      ...status,
      calls: { jira, azure },
      medianMs,
      followed: count,
      backendUp: overview !== null,
      ...(overview === null
        ? {}
        : {
            profile: profile?.name ?? null,
            pairs: profile?.pairs.paired ?? 0,
            errors: overview.errors,
            progress: sync?.status === 'running' ? { done: sync.done + sync.failed, queued: sync.queued } : null,
          }),
    };
  };

  const round = async (): Promise<void> => {
    const before = JSON.stringify(status);
    status = await look().catch(() => status);
    if (closed) return;
    if (JSON.stringify(status) !== before) for (const listener of listeners) listener(status);
    setTimeout(() => void round(), everyMs).unref();
  };
  void round();

  return {
    now: () => status,
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      closed = true;
      listeners.clear();
    },
  };
}
