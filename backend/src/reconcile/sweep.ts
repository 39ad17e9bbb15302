// Gives a new job to every pair that waits for one: open intents, due retries, pairs that changed while they were held.

import type { EngineDeps, Scope } from './ports.ts';

const batch = 500;

export async function sweep(deps: EngineDeps, scope: Scope): Promise<number> {
  const due = await deps.state.due(scope, deps.now(), batch);
  await deps.queue.addItems(
    due.flatMap((pair) => {
      const side = pair.ids[pair.source] === null ? (pair.source === 'jira' ? 'azure' : 'jira') : pair.source;
      const itemId = pair.ids[side];
      if (itemId === null) return [];
      return [
        { installationId: scope.installationId, profileId: pair.profileId, pairId: pair.id, side, itemId, hints: [] },
      ];
    }),
    { bulk: true },
  );
  return due.length;
}
