// Keeps some workers of a process free of one installation's long runs: uploads of large files take minutes, and turns (turns.ts)
// only order what has not begun. Quick runs are never held back, nor is an installation that is alone here.

/** Longer than a run takes that uploads nothing. */
const longMs = 10_000;
/** An installation of which nothing ran for so long need not be waited for. */
const rememberedMs = 60 * 60_000;
/** Of the workers, how many stay free: one of so many, at least one. */
const freeShare = 4;

export interface LongRuns {
  /** `installationId` is empty for a run that is about no installation in particular. */
  during<T>(installationId: string, run: () => Promise<T>): Promise<T>;
  /** Installations of which no run may begin now. */
  heldBack(): readonly string[];
}

/** `now` in ms, of any clock that only goes on. */
export function longRuns(
  concurrency: number,
  { longAfterMs = longMs, now = () => performance.now() }: { longAfterMs?: number; now?: () => number } = {},
): LongRuns {
  const most = concurrency - Math.max(1, Math.floor(concurrency / freeShare));
  const running = new Map<symbol, { readonly installationId: string; readonly since: number }>();
  const lastSeen = new Map<string, number>();

  return {
    async during(installationId, run) {
      if (installationId === '') return run();
      const id = Symbol();
      running.set(id, { installationId, since: now() });
      lastSeen.set(installationId, now());
      try {
        return await run();
      } finally {
        running.delete(id);
      }
    },

    heldBack() {
      const at = now();
      for (const [id, seen] of lastSeen) if (at - seen > rememberedMs) lastSeen.delete(id);
      if (lastSeen.size < 2 || most < 1) return [];
      const long = [...running.values()].filter(({ since }) => at - since >= longAfterMs);
      const byInstallation = Map.groupBy(long, ({ installationId }) => installationId);
      return [...byInstallation].flatMap(([id, runs]) => (runs.length >= most ? [id] : []));
    },
  };
}
