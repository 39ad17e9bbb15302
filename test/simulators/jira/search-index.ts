// What search sees: every issue as it was some time ago. Records are replaced, not changed, so an older one is simply kept
// until the index has caught up. Finding by time of update is fast; everything else is a walk.
import type { VirtualClock } from '../kernel/clock.ts';
import type { IssueRecord } from './model.ts';
import type { Store } from './store.ts';

/** An issue as the index holds it. */
export interface Indexed {
  readonly record: IssueRecord;
  readonly properties: Readonly<Record<string, unknown>>;
}

interface Stale {
  readonly until: number;
  /** Undefined: the index does not know the issue yet. */
  readonly indexed: Indexed | undefined;
}

interface LogEntry {
  readonly at: number;
  readonly id: number;
}

const NO_PROPERTIES: Readonly<Record<string, unknown>> = {};

export class SearchIndex {
  readonly #store: Store;
  readonly #clock: VirtualClock;
  readonly #lagMs: () => number;
  readonly #stale = new Map<number, Stale[]>();
  #log: LogEntry[] = [];
  #sorted = true;
  /** Searches leave these out: https://support.atlassian.com/jira-cloud-administration/docs/archive-a-project/ */
  readonly #archived = new Set<number>();

  constructor(store: Store, clock: VirtualClock, lagMs: () => number) {
    this.#store = store;
    this.#clock = clock;
    this.#lagMs = lagMs;
  }

  /** To be called before a write: the index goes on showing what stands now for as long as it lags. */
  changing(issueId: number): void {
    const lag = this.#lagMs();
    if (lag === 0) return;
    const entries = this.#stale.get(issueId) ?? [];
    entries.push({ until: this.#clock.now() + lag, indexed: this.live(issueId) });
    this.#stale.set(issueId, entries);
  }

  /** To be called after a write. */
  changed(record: IssueRecord): void {
    const last = this.#log.at(-1);
    if (last !== undefined && last.at > record.updated) this.#sorted = false;
    this.#log.push({ at: record.updated, id: record.id });
    if (this.#log.length > 2 * this.#store.issues.size + 1_000) this.#compact();
  }

  reset(): void {
    this.#stale.clear();
    this.#archived.clear();
    this.#log = [];
    this.#sorted = true;
  }

  removed(issueId: number): void {
    this.#stale.delete(issueId);
  }

  archive(issueId: number, archived: boolean): void {
    if (archived) this.#archived.add(issueId);
    else this.#archived.delete(issueId);
  }

  isArchived(issueId: number): boolean {
    return this.#archived.has(issueId);
  }

  /** The issue as it stands, which `reconcileIssues` asks for. */
  live(issueId: number): Indexed | undefined {
    const record = this.#archived.has(issueId) ? undefined : this.#store.issues.get(issueId);
    return record && { record, properties: this.#store.properties.get(issueId) ?? NO_PROPERTIES };
  }

  /** The issue as the index shows it now; undefined when it does not know the issue, or the issue is gone. */
  seen(issueId: number): Indexed | undefined {
    if (!this.#store.issues.has(issueId) || this.#archived.has(issueId)) return undefined;
    const entries = this.#stale.get(issueId);
    if (entries === undefined) return this.live(issueId);
    const now = this.#clock.now();
    const rest = entries.filter(({ until }) => until > now);
    if (rest.length === 0) {
      this.#stale.delete(issueId);
      return this.live(issueId);
    }
    if (rest.length < entries.length) this.#stale.set(issueId, rest);
    return rest[0]?.indexed;
  }

  /** Ids of issues whose present `updated` is `from` or later, in its order. The index may still show them as they were before. */
  updatedSince(from: number): readonly number[] {
    if (!this.#sorted) this.#compact();
    let low = 0;
    let high = this.#log.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#log[middle]?.at ?? 0) < from) low = middle + 1;
      else high = middle;
    }
    const ids: number[] = [];
    for (let index = low; index < this.#log.length; index += 1) {
      const entry = this.#log[index];
      if (entry !== undefined && this.#store.issues.get(entry.id)?.updated === entry.at) ids.push(entry.id);
    }
    return [...new Set(ids)];
  }

  #compact(): void {
    this.#log = [...this.#store.issues.values()].map(({ id, updated }) => ({ at: updated, id }));
    this.#log.sort((a, b) => a.at - b.at || a.id - b.id);
    this.#sorted = true;
  }
}
