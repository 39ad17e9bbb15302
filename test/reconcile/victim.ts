// A process of Tandem that dies by SIGKILL when it reaches a step for the n-th time: what the kill tests work with. Works
// on the stores of the test that forked it once that says `work`.

import { openService } from '../../backend/src/service.ts';
import { readSettings } from '../../backend/src/settings.ts';

/** How far the test's clock is ahead of the real one is told with the message, since it moves. */
export interface VictimOrder {
  readonly step: string;
  readonly nth: number;
  readonly aheadMs: number;
}

let order: VictimOrder | null = null;
let seen = 0;
const silent = () => {};
const service = await openService(readSettings(process.env), {
  log: { info: silent, warn: silent, error: silent },
  now: () => Date.now() + (order?.aheadMs ?? 0),
  reached: async (step) => {
    if (step !== order?.step) return;
    seen += 1;
    if (seen < order.nth) return;
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => {});
  },
});
process.on('message', (message: VictimOrder) => {
  order = message;
  void service.work();
});
process.on('disconnect', () => process.exit(1));
process.send?.('ready');
