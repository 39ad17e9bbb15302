// Erases installations from every store of ours, with a proof of what was there and that nothing is left; backups and logs
// expire by date.

import { backupRetention, copyRetention, logRetention } from '../data-policy/elsewhere.ts';
import type { Log, Scope, StateStore } from '../reconcile/ports.ts';
import type { ConfigStore } from '../store/config-store.ts';
import type { SecretStore } from '../store/secrets.ts';
import type { TandemQueue } from './queue.ts';

export interface EraseDeps {
  readonly config: ConfigStore;
  readonly state: StateStore;
  readonly secrets: SecretStore;
  readonly queue: Pick<TandemQueue, 'forget'>;
  readonly log: Log;
  /** Epoch ms. */
  readonly now?: () => number;
}

type Counts = Readonly<Record<string, number>>;

interface Erased {
  readonly state: Counts;
  readonly configuration: Counts;
  readonly queue: Counts;
}

export interface ErasureProof {
  readonly installation: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** From then on nothing that was sealed can be opened, in backups neither. */
  readonly dataKey: 'destroyed';
  /** How many rows or entities there were, by table or kind, and how many jobs. */
  readonly erased: Erased;
  /** What a second look found: nothing, or a job that ran at that moment. */
  readonly left: Erased;
  /** What can't be reached goes by itself, on this day at the latest. */
  readonly expires: { readonly logs: string; readonly backups: string; readonly copies: string };
}

/**
 * The data key goes first: from then on what backups hold is unreadable. The installation's own row goes last: it is what
 * an erasure that was killed is found again by.
 */
export async function eraseInstallation(
  { config, state, secrets, queue, log, now = Date.now }: EraseDeps,
  scope: Scope,
): Promise<ErasureProof> {
  const erase = async (): Promise<Erased> => {
    const jobs = await queue.forget(scope);
    return {
      state: await state.erase(scope),
      configuration: await config.eraseInstallation(scope),
      queue: jobs === 0 ? {} : { jobs },
    };
  };
  await secrets.destroy(scope);
  const erased = await erase();
  // A run that was under way may have written once more; its next look finds no profile.
  const left = await erase();
  log.info({ installation: scope.installationId, count: total(erased) }, 'an installation was erased');
  const at = now();
  return {
    installation: scope.installationId,
    at: new Date(at).toISOString(),
    dataKey: 'destroyed',
    erased,
    left,
    expires: {
      logs: dayAfter(at, logRetention),
      backups: dayAfter(at, backupRetention),
      copies: dayAfter(at, backupRetention + copyRetention),
    },
  };
}

const total = (erased: Erased): number =>
  Object.values(erased)
    .flatMap((counts: Counts) => Object.values(counts))
    .reduce((sum, count) => sum + count, 0);

const dayMs = 24 * 60 * 60 * 1000;
const dayAfter = (at: number, days: number) => new Date(at + days * dayMs).toISOString().slice(0, 10);

/** Those whose grace period is over at `now` (epoch ms); returns how many. */
export async function eraseExpired(deps: EraseDeps, now: number): Promise<number> {
  const expired = (await deps.config.listInstallations()).filter(
    ({ status, graceUntil }) => status === 'uninstalled' && graceUntil !== null && graceUntil <= now,
  );
  let erased = 0;
  for (const { id } of expired) {
    // Somebody may have installed the app again while the ones before were erased.
    const present = await deps.config.installation({ installationId: id });
    if (present?.status !== 'uninstalled') continue;
    await eraseInstallation(deps, { installationId: id });
    erased += 1;
  }
  return erased;
}
