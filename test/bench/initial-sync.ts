// Measures the initial sync of everything that exists on both sides.

import { tally } from './meter.ts';
import type { Databases, Tandem } from './tandem.ts';
import { startTandem } from './tandem.ts';

export interface InitialSyncFigures {
  readonly items: number;
  readonly pairs: number;
  /** Items that got no counterpart. */
  readonly failed: number;
  /** Pairs with something that an admin must look at; the seed holds some on purpose. */
  readonly failing: number;
  readonly seconds: number;
  readonly itemsPerSecond: number;
  /** All calls of the run, catalogs and paging included. */
  readonly callsPerItem: { readonly jira: number; readonly azure: number; readonly total: number };
  /** By side and operation, the most frequent first. */
  readonly calls: Readonly<Record<string, number>>;
  /** `around`: the queue's own and the rest of the process. */
  readonly statementsPerItem: { readonly engine: number; readonly around: number };
  readonly cpuMsPerItem: { readonly service: number; readonly jira: number; readonly azure: number };
  /** Of the process that runs the service, in MiB. */
  readonly peakMemoryMiB: number;
}

/** The seed's items, or `generated` further ones, half of them on each side. */
export async function measureInitialSync(
  databases: Databases,
  source: 'seed' | { readonly generated: number },
  tell: (line: string) => void,
): Promise<InitialSyncFigures> {
  const tandem = await startTandem(databases, source === 'seed' ? 'team' : 'empty');
  try {
    if (source !== 'seed') {
      const inJira = Math.ceil(source.generated / 2);
      await tandem.ask('jira', 'POST', '/_control/generate', { count: inJira });
      const inAzure = source.generated - inJira;
      if (inAzure > 0) await tandem.ask('azure', 'POST', '/_control/work-items', { count: inAzure });
    }
    const figures = await measure(tandem, tell);
    // The echoes of the last creations still come in.
    await tandem.settled();
    return figures;
  } finally {
    await tandem.close();
  }
}

async function measure(tandem: Tandem, tell: (line: string) => void): Promise<InitialSyncFigures> {
  const { service, jira, azure } = tandem;
  const before = { jira: await jira.call('usage', null), azure: await azure.call('usage', null) };
  const ticker = setInterval(async () => {
    const sync = await service.call('progress', null).catch(() => null);
    if (sync?.status === 'running') tell(`  ${sync.done + sync.failed} of ${sync.queued} items`);
  }, 10_000);
  const run = await service.call('initialSync', null).finally(() => clearInterval(ticker));
  const after = { jira: await jira.call('usage', null), azure: await azure.call('usage', null) };
  const { peakBytes } = await service.call('usage', null);

  const { sync, metered, seconds } = run;
  const items = run.pairs + sync.failed;
  const of = (total: number) => (items === 0 ? 0 : total / items);
  const onSide = (side: 'jira' | 'azure') => metered.calls.filter((call) => call.side === side).length;
  return {
    items,
    pairs: run.pairs,
    failed: sync.failed,
    failing: run.failing,
    seconds,
    itemsPerSecond: items / seconds,
    callsPerItem: { jira: of(onSide('jira')), azure: of(onSide('azure')), total: of(metered.calls.length) },
    calls: tally(metered.calls),
    statementsPerItem: { engine: of(metered.statements.engine), around: of(metered.statements.around) },
    cpuMsPerItem: {
      service: of(run.cpuMs),
      jira: of(after.jira.cpuMs - before.jira.cpuMs),
      azure: of(after.azure.cpuMs - before.azure.cpuMs),
    },
    peakMemoryMiB: peakBytes / 2 ** 20,
  };
}
