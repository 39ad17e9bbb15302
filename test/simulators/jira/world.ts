// What every part of the simulator works with: the data, the settings that tests may change, and the outside (time, events, addresses).
import { randomUUID } from 'node:crypto';
import type { VirtualClock } from '../kernel/clock.ts';
import type { EventBus } from '../kernel/events.ts';
import type { RateLimits } from './limits.ts';
import type { IssueRecord } from './model.ts';
import type { Denial } from './permissions.ts';
import type { Screens } from './screens.ts';
import type { SearchIndex } from './search-index.ts';
import type { Store } from './store.ts';

export interface Settings {
  /** How long the search index lags behind a write. */
  indexLagMs: number;
  /** The largest attachment, bytes. */
  attachmentLimit: number;
  /** Whether the site sends mail. */
  outgoingMail: boolean;
  /** Transition ids taken out of the workflow. */
  readonly removedTransitions: Set<string>;
  /** Transition id → fields that its screen asks for besides. */
  readonly requiredOnTransition: Map<string, string[]>;
  /** Permissions taken away since the start. */
  readonly denials: Denial[];
}

export interface World {
  readonly store: Store;
  readonly screens: Screens;
  readonly index: SearchIndex;
  readonly limits: RateLimits;
  readonly settings: Settings;
  readonly clock: VirtualClock;
  readonly events: EventBus;
  /** The site's address, without a slash at the end. */
  readonly url: string;
  /** The media host's address: another origin, as in reality. */
  readonly mediaUrl: string;
}

export const newLocalId = (): string => randomUUID();

/** Replaces an issue's record and lets the search index know. */
export function putIssue(world: World, next: IssueRecord): IssueRecord {
  world.index.changing(next.id);
  world.store.putIssue(next);
  world.index.changed(next);
  return next;
}
