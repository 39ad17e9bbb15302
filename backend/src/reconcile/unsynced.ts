// What a pair remembers before its first agreement.

import type { Pair } from './ports.ts';

export const unsynced = {
  baseline: null,
  versions: { jira: {}, azure: {} },
  writeIntents: [],
  held: {},
  replaced: {},
  late: [],
} as const satisfies Partial<Pair>;
