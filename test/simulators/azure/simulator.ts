// What every route of the running simulator shares: the data, the clock, the settings, and who is told of changes.
import type { VirtualClock } from '../kernel/clock.ts';
import type { SpecChecker } from '../kernel/spec-checker.ts';
import type { Caller } from './auth.ts';
import type { HookBoard } from './hooks/board.ts';
import type { RateMeter } from './limits.ts';
import type { View } from './render.ts';
import type { LinkLimits } from './store/links.ts';
import type { World } from './store/model.ts';
import type { SaveContext, WorkItemHappening } from './store/save.ts';
import type { TextLimits } from './store/values.ts';

export interface Settings {
  /** How far WIQL lags behind what is saved, milliseconds. */
  indexLagMs: number;
  /** How far the reporting feeds lag. */
  reportingLagMs: number;
  text: TextLimits;
  links: LinkLimits;
  /** Bytes of an attachment, and of one that is sent in a single request. */
  attachmentBytes: number;
  simpleUploadBytes: number;
  /** Work items that a query may find. */
  queryResults: number;
  /** Rows in a page of a reporting feed. */
  reportingPage: number;
  /**
   * `each`: a failed request of a $batch leaves the others alone, as documented. `whole`: one failure fails all the others with
   * TF401321, as https://github.com/microsoft/vsts-work-item-migrator/issues/86 shows it (1 BadRequest, 26 UnexpectedError).
   */
  batchFailure: 'each' | 'whole';
}

export interface Simulator {
  world: World;
  readonly clock: VirtualClock;
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  readonly settings: Settings;
  readonly rates: RateMeter;
  readonly checker: SpecChecker;
  readonly hooks: HookBoard;
}

export const viewOf = (simulator: Simulator): View => ({
  world: simulator.world,
  base: `${simulator.origin}/${simulator.world.organization}`,
});

export function saveContext(simulator: Simulator, caller: Caller): SaveContext {
  return {
    world: simulator.world,
    now: simulator.clock.now(),
    actor: caller.person,
    textLimits: simulator.settings.text,
    linkLimits: simulator.settings.links,
    emit: (happening: WorkItemHappening) => simulator.hooks.happened(happening),
  };
}
