// What the engine needs of the two sides, the stores, the queue and the world. Adapters implement these; the engine
// imports nothing else of them. Every method takes what it works on as an argument: no port keeps an item's state.

import type { Baseline, Fingerprint, FingerprintKey, WriteIntent } from '../sync/baseline.ts';
import type { LinkTypeSchema } from '../sync/catalog.ts';
import type { ChildRecord } from '../sync/child-records.ts';
import type { ChangedWithin, DateRange } from '../sync/date-range.ts';
import type { ErrorCode, SyncError } from '../sync/errors.ts';
import type { LinkFields } from '../sync/link-fields.ts';
import type {
  Aspect,
  AttachmentSnapshot,
  BySide,
  CommentSnapshot,
  FieldKind,
  FieldValue,
  HistoryEntry,
  ItemSnapshot,
  LinkSnapshot,
  Marker,
  OptionRef,
  Side,
  TransitionOption,
  UserRef,
  Version,
} from '../sync/model.ts';
import type { MergeRule, Operation } from '../sync/plan.ts';
import type { NodeChange } from '../sync/planning-changes.ts';
import type { Profile } from '../sync/profile.ts';
import type { SeenPerson } from '../sync/unmapped-people.ts';

// ---------------------------------------------------------------------------------------------------- one side

/** `missing` proves nothing (no permission, moved, deleted); `deleted` is proven (recycle bin, delete event). */
export type ReadOutcome =
  | { readonly kind: 'found'; readonly item: ItemSnapshot }
  | { readonly kind: 'missing' }
  | { readonly kind: 'deleted' };

export interface ReadWant {
  /** Azure spends a second call on comments; Jira returns them with the issue. */
  readonly comments: boolean;
  /** Comments only where they come along with the item: of an issue with many they don't. */
  readonly freeOnly?: boolean;
}

export interface ChangePage {
  readonly changes: readonly {
    readonly id: string;
    readonly version: Version;
    readonly deleted: boolean;
    /** Server time of the change, epoch ms. */
    readonly at: number;
  }[];
  /** Where the next page starts; absent on the last. Opaque. */
  readonly next?: string;
  /** What a later scan may start from, already less the overlap; opaque; absent when nothing was seen. */
  readonly watermark?: string;
}

export interface Reader {
  /** Current state straight from the store of the service, never from its search index. Throws SyncFailure. */
  read(id: string, want: ReadWant): Promise<ReadOutcome>;
  /** Up to 100 ids in one call; comments only where they come for free. `also`: fields beside the mapped ones, as text. */
  readMany(ids: readonly string[], also?: readonly string[]): Promise<ReadonlyMap<string, ReadOutcome>>;
  /** All of them, oldest first. */
  comments(id: string): Promise<readonly CommentSnapshot[]>;
  /**
   * These of them, in a call for up to 200. One that is not in the answer does not exist any more, or was hidden from our
   * account.
   */
  commentsById(
    item: Pick<ItemSnapshot, 'id' | 'key'>,
    commentIds: readonly string[],
  ): Promise<readonly CommentSnapshot[]>;
  /** The newest comments, for a side whose events may not tell which one is new; `all`: there are no others. */
  newestComments?(id: string): Promise<{ readonly ids: readonly string[]; readonly all: boolean }>;
  /** Field changes with a seq greater than `afterSeq`, oldest first. */
  history(id: string, afterSeq: number): Promise<readonly HistoryEntry[]>;
  /** Accounts that ever changed it, whatever they changed; Jira counts no comments. */
  changedBy(id: string): Promise<ReadonlySet<string>>;
  /** Items of the profile's project and filter that changed since the watermark (from the beginning when null). */
  changes(watermark: string | null, next?: string): Promise<ChangePage>;
  /** All ids of the profile's project and filter, ascending, in pages; `within`: of those that changed last then. */
  inventory(
    next?: string,
    within?: ChangedWithin,
  ): Promise<{ readonly ids: readonly string[]; readonly next?: string }>;
  /** Whether the item passes the profile's filter (one call; only asked when a filter is set). */
  matchesFilter(id: string): Promise<boolean>;
  /**
   * Whether a search of the project lists the item, whatever the filter. Of an issue that can be read and is not listed, it
   * tells that it was archived: https://support.atlassian.com/jira-cloud-administration/docs/archive-a-project/
   */
  isListed(id: string): Promise<boolean>;
  /**
   * The item that a create request with this marker made, if it landed: first by search, then by an index-free look at the
   * ids after `highestKnown`. Only items that our own account created count.
   */
  findCreated(intent: CreateIntent): Promise<ItemSnapshot | null>;
  /** Jira's web links, which cost a call of their own; a side whose items carry them has none. */
  webLinks?(id: string): Promise<readonly LinkSnapshot[]>;
  /** The content of an attachment as a stream; redirects to media hosts are followed without credentials. */
  openAttachment(attachment: AttachmentSnapshot): Promise<AttachmentContent>;
  /** Jira: whether what can't be read must have been deleted, since the project hides nothing from the account. */
  hidesNothing?(): Promise<boolean>;
  /** Jira: the fields of the edit screen. */
  editable?(id: string): Promise<ReadonlySet<string>>;
  /** Jira: the id by which texts name the file; one call, kept afterwards. Null where the site tells none. */
  mediaId?(attachmentId: string): Promise<string | null>;
}

export interface AttachmentContent {
  readonly stream: ReadableStream<Uint8Array>;
  /** Bytes, where the service tells them. */
  readonly size?: number;
}

export interface AttachmentWritten {
  readonly attachment: AttachmentSnapshot;
  /** The item as the answer returned it, where it did. */
  readonly item?: ItemSnapshot;
}

export interface Refusal {
  /** Native field id; absent when the service named none. */
  readonly field?: string;
  readonly error: SyncError;
}

export interface ItemDraft {
  readonly type: string;
  readonly fields: readonly { readonly field: string; readonly value: FieldValue | null }[];
  readonly marker: Marker;
  /** The source item's page, for the visible link. */
  readonly sourceUrl: string;
  /** Jira: id of the issue beneath which a sub-task is made. */
  readonly parent?: string;
}

export type CreateOutcome =
  | { readonly kind: 'created'; readonly item: ItemSnapshot }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] };

export type UpdateOutcome =
  | {
      readonly kind: 'written';
      /** The item as the answer returned it: source of the written fields' new baseline only. */
      readonly item: ItemSnapshot;
      /** The new fields version, only when the answer proves that nothing came between our read and our write. */
      readonly version?: Version;
      /** What others changed between our read and our write. */
      readonly between: readonly HistoryEntry[];
    }
  /** Somebody changed the item since the read; nothing was written. */
  | { readonly kind: 'stale' }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] };

export type LinkChange =
  | {
      readonly kind: 'add';
      readonly type: string;
      readonly direction: LinkSnapshot['direction'];
      readonly target: string;
      readonly title?: string;
      readonly marker?: Marker;
    }
  | { readonly kind: 'remove'; readonly link: LinkSnapshot };

export type LinkOutcome =
  | {
      readonly kind: 'written';
      /** By the place of the change: why the service refused it. */
      readonly refused: ReadonlyMap<number, SyncError>;
      /** By the place of the change: what this side cannot express between items of these types, whoever asks. */
      readonly inexpressible?: ReadonlySet<number>;
      /** The item as the last answer returned it, where one did. */
      readonly item?: ItemSnapshot;
      /** The fields version, only when the answers prove that nothing came between. */
      readonly version?: Version;
    }
  /** Somebody changed the item since the read; nothing was written. */
  | { readonly kind: 'stale' };

export const scopeMarks = ['deleted', 'left'] as const;
export type ScopeMark = (typeof scopeMarks)[number];

export type RetypeOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'stale' }
  | { readonly kind: 'refused'; readonly error: SyncError };

export interface Writer {
  /** The marker travels in the same request. Reads the item back where the service answers nothing. */
  create(draft: ItemDraft): Promise<CreateOutcome>;
  /** One call. `base` is the read that the plan was made from. A state goes along only on Azure. */
  update(
    base: ItemSnapshot,
    fields: readonly { readonly field: string; readonly value: FieldValue | null }[],
    state?: string,
  ): Promise<UpdateOutcome>;
  /** The transitions that the item's present state offers. */
  transitions(item: ItemSnapshot): Promise<readonly TransitionOption[]>;
  /**
   * Does one transition and reads the item back where the service answers nothing; where another is to follow, with what
   * the new state may change to.
   */
  transition(
    base: ItemSnapshot,
    option: TransitionOption,
    fields: readonly { readonly field: string; readonly value: FieldValue | null }[],
    goesOn?: boolean,
  ): Promise<UpdateOutcome>;
  addComment(itemId: string, body: FieldValue & { kind: 'richText' }, marker: Marker): Promise<CommentSnapshot>;
  /** Without a marker when the comment is a person's own, to which an edit of its copy comes back. */
  updateComment(
    itemId: string,
    commentId: string,
    body: FieldValue & { kind: 'richText' },
    marker: Marker | null,
  ): Promise<CommentSnapshot>;
  /** One that is gone already counts as deleted. */
  deleteComment(itemId: string, commentId: string): Promise<void>;
  addAttachment(
    item: ItemSnapshot,
    file: { readonly name: string; readonly size: number; readonly mediaType?: string },
    content: ReadableStream<Uint8Array>,
    marker: Marker,
  ): Promise<AttachmentWritten>;
  /** Takes it off the item; fine where it is gone already. Answers the item where the service does. */
  removeAttachment(itemId: string, attachmentId: string): Promise<ItemSnapshot | null>;
  /**
   * Adds and removes links of one item. Azure: one guarded call for all; one by one where it refuses some. What is there
   * already, or gone already, counts as done.
   */
  changeLinks(base: ItemSnapshot, changes: readonly LinkChange[]): Promise<LinkOutcome>;
  /** Renames a sprint, version or iteration, or sets its days. The error when the service refuses. */
  changeNode(change: NodeChange): Promise<SyncError | null>;
  /** Leaves the visible mark that the counterpart was deleted or left the profile's scope; once. */
  mark(item: ItemSnapshot, mark: ScopeMark): Promise<void>;
  /** Takes every such mark away again. */
  unmark(item: ItemSnapshot): Promise<void>;
  /** Into Azure's recycle bin, in Jira for good. Null when it is gone; else why the service refuses. */
  remove(item: ItemSnapshot): Promise<SyncError | null>;
  /** Out of the recycle bin; false where the side has none, or the item is not in it. */
  restore(id: string): Promise<boolean>;
  /** Changes the type; in Azure with the state that goes with it, guarded by the read. The item is to be read again. */
  retype(base: ItemSnapshot, type: string, state?: string): Promise<RetypeOutcome>;
}

export interface FieldInfo {
  readonly id: string;
  readonly name: string;
  readonly kind: FieldKind | 'unsupported';
  readonly required: boolean;
  readonly readOnly: boolean;
  readonly allowed?: readonly OptionRef[];
  /** The service's own type of it, where writing needs it: Azure's `integer`, `identity`, `tags`. */
  readonly native?: string;
}

export interface TypeInfo {
  readonly id: string;
  readonly name: string;
  readonly subtask: boolean;
  readonly states: readonly { readonly name: string; readonly category: 'new' | 'active' | 'done' | 'removed' }[];
  /** Native state graph where the side tells it (Azure); learned as we go on the other. */
  readonly transitions?: Readonly<Record<string, readonly string[]>>;
  readonly initialState?: string;
  readonly fields: readonly FieldInfo[];
}

export interface SideCatalog {
  readonly side: Side;
  readonly project: { readonly id: string; readonly key: string; readonly name: string };
  readonly types: readonly TypeInfo[];
  readonly people: readonly UserRef[];
  readonly linkTypes?: readonly LinkTypeSchema[];
  /** Bytes. */
  readonly maxAttachmentSize: number;
}

export interface PermissionCheck {
  /** The service's own name of the permission or scope. */
  readonly name: string;
  readonly granted: boolean;
  /** Only a convenience hangs on it: without it a profile works, with less to choose from or more slowly. */
  readonly optional?: boolean;
}

export interface ConnectionCheck {
  readonly reachable: boolean;
  readonly authenticated: boolean;
  readonly account?: UserRef;
  readonly permissions: readonly PermissionCheck[];
  readonly error?: SyncError;
}

export interface Catalog {
  load(): Promise<SideCatalog>;
  check(): Promise<ConnectionCheck>;
  /** Projects that the account may see, for the pages that choose one. */
  projects(): Promise<readonly { readonly id: string; readonly key: string; readonly name: string }[]>;
}

/** Everything of one side of one profile. `siteId` scopes claims: Jira's cloud id or base URL, Azure's organization URL. */
export interface SidePort {
  readonly side: Side;
  readonly siteId: string;
  /** What the pages of its items lie beneath, without a trailing slash. */
  readonly webUrl: string;
  readonly reader: Reader;
  readonly writer: Writer;
  readonly catalog: Catalog;
  /** The id of the account that writes here, as `createdBy` names it; asked once and kept. */
  readonly accountId: () => Promise<string>;
}

/** Opens the two sides of a profile with its connections' secrets. Takes the stored catalogs from a caller who asks for them too. */
export type OpenSides = (
  profile: Profile,
  catalogs?: Promise<BySide<SideCatalog> | null>,
) => Promise<BySide<SidePort> & { readonly key: FingerprintKey }>;

// ---------------------------------------------------------------------------------------------------- state

/** Identifies the tenant in every store call. */
export interface Scope {
  readonly installationId: string;
}

export interface CreateIntent {
  /** The side that the counterpart is created on. */
  readonly side: Side;
  readonly token: string;
  readonly sourceId: string;
  /** Epoch ms when it was recorded. */
  readonly at: number;
  /** The greatest id known on that side when it was recorded. */
  readonly highestKnown: string | null;
}

export interface ErrorRecord {
  readonly id: string;
  readonly error: SyncError;
  /** Mapping id or child id; absent for the item. */
  readonly subject?: string;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly count: number;
  readonly ignored: boolean;
  /** Why a person ignores it. */
  readonly ignoredFor?: IgnoreReason;
}

/** A closed list: what people would write themselves could say anything, and is kept nowhere. */
export const ignoreReasons = ['intended', 'known', 'later', 'unimportant'] as const;
export type IgnoreReason = (typeof ignoreReasons)[number];

export interface RetryState {
  readonly attempts: number;
  /** Epoch ms. */
  readonly dueAt: number;
}

export const childKinds = ['comment', 'attachment', 'link'] as const;
export type ChildKind = (typeof childKinds)[number];

export type ChildPair = ChildRecord;

/** A comment or attachment of one side's item, by its id. */
export interface ItemChild {
  readonly side: Side;
  readonly id: string;
}

/** What made a run look at its item. `retry`: of an error or an open intent, or a person's. `person`: linked or unlinked it. */
export const triggers = ['event', 'scan', 'inventory', 'retry', 'initial-sync', 'person'] as const;
export type Trigger = (typeof triggers)[number];

/** One run's outcome in the timeline of its pair: names, ids and codes, nothing that a person wrote. */
export interface Decision {
  /** Epoch ms. */
  readonly at: number;
  /**
   * `found`: a counterpart whose creation nobody had answered. `linked`: two items that existed. `left`, `returned`: out of
   * the profile's scope and back. `stopped`: the brake. All else is what became of two items that were read.
   */
  readonly what:
    | 'created'
    | 'found'
    | 'linked'
    | 'unlinked'
    | 'updated'
    | 'nothing'
    | 'failed'
    | 'left'
    | 'returned'
    | 'retyped'
    | 'handed-over'
    | 'stopped';
  readonly seen: readonly { readonly by: Trigger; readonly side?: Side; readonly aspect?: Hint['aspect'] }[];
  /** Of the fields as they were read: Jira's newest history id, Azure's `rev`. */
  readonly versions: { readonly [side in Side]?: number };
  readonly operations: readonly DecidedOperation[];
  readonly rules: readonly { readonly mapping: string; readonly rule: MergeRule }[];
  /** Of what went wrong, with the mapping or child that it is about. */
  readonly codes: readonly { readonly code: ErrorCode; readonly subject?: string }[];
  /** How many operations, fields, rules and codes were left out: a decision stays small whatever happened. */
  readonly more?: number;
}

export interface DecidedOperation {
  readonly side: Side;
  readonly kind: Operation['kind'] | 'mark' | 'unmark' | 'close' | 'delete' | 'restore' | 'retype';
  /** Native field ids. */
  readonly fields?: readonly string[];
  /** Names of states or types. */
  readonly from?: string;
  readonly to?: string;
  /** Of a child: its source's id. Of a link: the id of the item at its other end. */
  readonly child?: string;
}

/** What is kept of a pair's timeline: the newest decisions, none older than this. */
export const timelineLimits = { decisions: 200, keptMs: 30 * 24 * 60 * 60 * 1000 } as const;

/** How an item left the profile's scope. */
export const leaveReasons = ['deleted', 'archived', 'filter', 'project', 'type'] as const;
export type LeaveReason = (typeof leaveReasons)[number];

/** That an item left, and what its counterpart gets: recorded before anything is written for it. */
export interface Left {
  /** Of the item that left. */
  readonly side: Side;
  readonly why: LeaveReason;
  readonly action: 'mark' | 'close' | 'delete';
  /** Of the notices on both sides, so that each is written once. */
  readonly token: string;
  /** Epoch ms. */
  readonly at: number;
  readonly done: boolean;
  /** The counterpart was gone as well, so nothing was done to it: it is seen to should it be restored. */
  readonly unmet?: boolean;
}

export interface Pair {
  readonly id: string;
  readonly installationId: string;
  readonly profileId: string;
  /**
   * `creating`: the intent is recorded, the counterpart is not known. `orphaned`: one side's item left the profile's scope
   * (deleted, by proof; archived; out of the filter or the project), see `left`: nothing travels.
   */
  readonly status: 'creating' | 'paired' | 'orphaned';
  readonly source: Side;
  readonly ids: { readonly jira: string | null; readonly azure: string | null };
  readonly keys: { readonly jira: string | null; readonly azure: string | null };
  readonly intent?: CreateIntent;
  readonly baseline: Baseline | null;
  readonly versions: { readonly [side in Side]: Readonly<Partial<Record<Aspect, Version>>> };
  readonly writeIntents: readonly WriteIntent[];
  /** Fields that the other side refused, by mapping id: the fingerprint of the refused value and the rule's. */
  readonly held: Readonly<Record<string, { readonly value: Fingerprint; readonly rule: Fingerprint }>>;
  /** Recent replacements by mapping id, for `oscillation`: fingerprint that we replaced, and when. */
  readonly replaced: Readonly<Record<string, readonly { readonly value: Fingerprint; readonly at: number }[]>>;
  /**
   * Values of others that our write replaced, found after it: the entries of that side's history, which the next run
   * weighs by the field's policy. Kept until then, so that a crash between never passes one over.
   */
  readonly late: readonly {
    readonly mapping: string;
    readonly side: Side;
    readonly field: string;
    readonly seq: number;
  }[];
  /** How an admin settled a field that waits for a person, by mapping id; used once. */
  readonly choices: Readonly<Record<string, Side>>;
  readonly errors: readonly ErrorRecord[];
  readonly retry: RetryState | null;
  /** An event came while the pair was held back by `retry`. */
  readonly dirty: boolean;
  /** Whose item left the profile's scope, and what was done; null once it is back. */
  readonly left?: Left | null;
  /** Sides whose item was seen to pass the profile's filter: only from there can it leave. */
  readonly passed?: readonly Side[];
  /** Epoch ms of the last look at Jira's web links, for which there is no event. */
  readonly webLinksReadAt?: number;
  /** Epoch ms when a person let go of it: it stays out until a person links the two again. */
  readonly unlinkedAt?: number | null;
  /** Native type names when the two last agreed: tells on which side the type was changed. */
  readonly types?: BySide<string>;
  /** Epoch ms when an initial sync set out to make the counterpart. */
  readonly initialAt?: number;
  /** Epoch ms when an undo set out to remove the counterpart. */
  readonly undoneAt?: number;
  /** Epoch ms of the last reconcile that ended in agreement. */
  readonly syncedAt: number | null;
}

/** The lease that makes one worker the only writer of a pair; `fence` grows with every lease of the pair. */
export interface Lease {
  readonly pairId: string;
  readonly fence: number;
  readonly expiresAt: number;
}

/** What a run that read a pair without a lease may take one with, as long as nobody has had the pair since. */
export interface Opening {
  readonly pairId: string;
  /** As it was read. */
  readonly fence: number;
}

export interface SeenPair {
  readonly pair: Pair;
  /** Null while there is a lease, live or not. */
  readonly opening: Opening | null;
}

export type PairPatch = Partial<Omit<Pair, 'id' | 'installationId' | 'profileId'>> & {
  readonly children?: readonly ChildPair[];
  /** Children that are no longer; not named in `children` as well. */
  readonly forgotten?: readonly Pick<ChildPair, 'kind' | 'source' | 'sourceId'>[];
  /** Added to the pair's timeline, oldest first. */
  readonly decisions?: readonly Decision[];
};

/** An item by what links and texts name it by: its id, or a Jira issue's key. */
export interface ItemName {
  readonly side: Side;
  readonly name: string;
}

/** Whose job is to run once a named item is paired. */
export interface Waiter {
  readonly profileId: string;
  readonly side: Side;
  readonly itemId: string;
}

export interface CommitOptions {
  /** The lease ends with it. */
  readonly release?: boolean;
}

export const initialSyncModes = ['unpaired', 're-sync'] as const;

/** What an admin asked a run for. */
export interface InitialSyncOptions {
  /** `re-sync`: every pair is looked at as a whole as well, and what differs is written. */
  readonly mode: (typeof initialSyncModes)[number];
  /** Items that exist on both sides are paired by these as well. */
  readonly linkBy: LinkFields | null;
  readonly range: DateRange | null;
}

/** How many items of a run had ended, well or not, at a time (epoch ms). */
export interface PaceSample {
  readonly at: number;
  readonly finished: number;
}

export interface InitialSync {
  readonly profileId: string;
  readonly options: InitialSyncOptions;
  /** `paused`: no page is read and the items that it queued wait, until a person resumes it. */
  readonly status: 'running' | 'paused' | 'done' | 'stopped' | 'failed';
  /** A run before it went through every item that there was. */
  readonly tookAllBefore: boolean;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  /**
   * `linking`: items that exist on both sides are paired. `pairs`: the pairs are paged. Then the side that is being paged, and
   * where; `draining` when all pages are queued and their jobs are under way.
   */
  readonly phase: 'linking' | 'pairs' | Side | 'draining';
  readonly next: string | null;
  readonly seen: number;
  readonly queued: number;
  readonly done: number;
  readonly failed: number;
  /** Pairs of items that existed. */
  readonly linked: number;
  /** Items left alone, since others hold the same value of the field that they would be linked by. */
  readonly ambiguous: number;
  /** Since the run began or was resumed, oldest first: what its rate is measured by. */
  readonly samples: readonly PaceSample[];
}

/** `done` and `failed` are what the jobs count. */
export type InitialSyncPatch = Partial<
  Omit<InitialSync, 'profileId' | 'options' | 'tookAllBefore' | 'startedAt' | 'done' | 'failed'>
>;

/** The lease that a write came with is no longer the newest: another worker has the pair, and nothing was written. */
export class LeaseLost extends Error {
  constructor(pairId: string) {
    super(`the lease of pair ${pairId} was lost`);
    this.name = 'LeaseLost';
  }
}

/** Pairs, claims, leases, errors and checkpoints. Every implementation passes test/store/state-store.contract.ts. */
export interface StateStore {
  /**
   * Writes a new pair and claims its source item (and both items when `ids` names both), in one transaction.
   * A claim that is taken wins: returns the owner's pair id and writes nothing.
   */
  createPair(
    scope: Scope,
    sites: { jira: string; azure: string },
    pair: Pair,
    decisions?: readonly Decision[],
    children?: readonly ChildPair[],
  ): Promise<{ claimedBy: string } | null>;
  /**
   * Claims the counterpart and completes the pair in one transaction under the lease; the same answer when the claim is
   * taken. The only way to change `ids`. Throws LeaseLost.
   */
  completePair(
    scope: Scope,
    lease: Lease,
    sites: { jira: string; azure: string },
    patch: PairPatch,
  ): Promise<{ claimedBy: string } | null>;
  getPair(scope: Scope, pairId: string): Promise<Pair | null>;
  findPair(scope: Scope, siteId: string, side: Side, itemId: string): Promise<Pair | null>;
  /** Batch form of findPair: only what is claimed comes back. */
  findPairs(scope: Scope, siteId: string, side: Side, itemIds: readonly string[]): Promise<ReadonlyMap<string, Pair>>;
  /** Pairs whose issue has one of these keys now. Keys are unique within an installation: it has one Jira site. */
  findPairsByKey(scope: Scope, jiraKeys: readonly string[]): Promise<ReadonlyMap<string, Pair>>;
  /** Remembers who waits for items to be paired; the same again changes nothing. */
  awaitItems(scope: Scope, names: readonly ItemName[], waiter: Waiter): Promise<void>;
  /** Who waits for one of these, each once. */
  waitersOf(scope: Scope, names: readonly ItemName[]): Promise<readonly Waiter[]>;
  /** They have been told. */
  forgetWaiters(scope: Scope, names: readonly ItemName[], waiters: readonly Waiter[]): Promise<void>;
  /** The pair with this creation token, while its intent is open or after. */
  findByToken(scope: Scope, token: string): Promise<Pair | null>;
  children(scope: Scope, pairId: string, kind: ChildPair['kind']): Promise<readonly ChildPair[]>;
  /**
   * Those of them that have one of these as their source or as their copy. PostgreSQL reads only these; Datastore the
   * pair's eight shards in one look-up.
   */
  findChildren(
    scope: Scope,
    pairId: string,
    kind: ChildPair['kind'],
    names: readonly ItemChild[],
  ): Promise<readonly ChildPair[]>;
  /** The pair's decisions, newest first, as far as `timelineLimits` keeps them at `now`. */
  timeline(scope: Scope, pairId: string, now: number): Promise<readonly Decision[]>;
  /** Removes decisions that are too old, of all pairs, where the store does not let them expire by itself. */
  purgeTimelines(now: number): Promise<void>;
  /** The pair, with what its next lease may be taken with. */
  seePair(scope: Scope, pairId: string): Promise<SeenPair | null>;
  /**
   * Takes the lease that ends `ttlMs` after `now` and applies the patch at once, as `commit` does; with `release` the lease
   * is over with it. Null, and nothing is written, when another lease was taken since the pair was seen.
   */
  openLease(
    scope: Scope,
    opening: Opening,
    patch: PairPatch,
    now: number,
    ttlMs: number,
    options?: CommitOptions,
  ): Promise<Lease | null>;
  /** Null when another lease is live. */
  acquireLease(scope: Scope, pairId: string, now: number, ttlMs: number): Promise<{ lease: Lease; pair: Pair } | null>;
  releaseLease(scope: Scope, lease: Lease): Promise<void>;
  /** Lets a live lease end `ttlMs` after `now`; false when it is no longer the newest or was released. */
  renewLease(scope: Scope, lease: Lease, now: number, ttlMs: number): Promise<boolean>;
  /**
   * Applies the patch when the fence is still the newest and not released; false otherwise (nothing is written).
   * `children` are added or replaced one by one. `dirty: false` leaves a mark that was set under the same lease.
   */
  commit(scope: Scope, lease: Lease, patch: PairPatch, options?: CommitOptions): Promise<boolean>;
  /** Frees the item of one side for other pairs: the pair names it no longer. Throws LeaseLost. */
  releaseItem(scope: Scope, lease: Lease, siteId: string, side: Side): Promise<void>;
  /** Gives the pair to another profile of the installation. Throws LeaseLost. */
  handOver(scope: Scope, lease: Lease, profileId: string): Promise<void>;
  /** Removes a pair and its claims (an unlink, or an intent proven never to have landed). Throws LeaseLost. */
  removePair(scope: Scope, lease: Lease): Promise<void>;
  /** Pairs of a profile, by id, in pages. */
  listPairs(
    scope: Scope,
    profileId: string,
    page: { after?: string; limit: number },
  ): Promise<{ pairs: readonly Pair[]; next?: string }>;
  countPairs(
    scope: Scope,
    profileId: string,
  ): Promise<{ paired: number; creating: number; orphaned: number; failing: number }>;
  /** Open intents, due retries and dirty pairs: what the sweeper queues. */
  due(scope: Scope, now: number, limit: number): Promise<readonly Pair[]>;
  listErrors(
    scope: Scope,
    profileId: string,
    page: { after?: string; limit: number },
  ): Promise<{ errors: readonly { pair: Pair; record: ErrorRecord }[]; next?: string }>;
  /** Errors of items that have no pair yet (unmapped type, refused creation), keyed by side and item. */
  putItemError(
    scope: Scope,
    profileId: string,
    side: Side,
    itemId: string,
    key: string,
    record: ErrorRecord,
    retry?: RetryState | null,
  ): Promise<void>;
  clearItemError(scope: Scope, profileId: string, side: Side, itemId: string): Promise<void>;
  /** Of the profile, or of one of its items. */
  listItemErrors(
    scope: Scope,
    profileId: string,
    item?: { readonly side: Side; readonly itemId: string },
  ): Promise<readonly { side: Side; itemId: string; key: string; record: ErrorRecord; retry: RetryState | null }[]>;
  getInitialSync(scope: Scope, profileId: string): Promise<InitialSync | null>;
  /** Leaves `done` and `failed` as counted, unless `startedAt` differs: then a new sync begins with those given. */
  putInitialSync(scope: Scope, sync: InitialSync): Promise<void>;
  /**
   * Writes these parts of the run that began then, if its status is among `when`, or whatever it is. False when nothing was
   * written. A page's checkpoint and a person's Pause may come at once: neither undoes the other.
   */
  patchInitialSync(
    scope: Scope,
    run: Pick<InitialSync, 'profileId' | 'startedAt'>,
    patch: InitialSyncPatch,
    when?: readonly InitialSync['status'][],
  ): Promise<boolean>;
  /** Adds to the counters only. */
  countInitialSync(scope: Scope, profileId: string, add: { done?: number; failed?: number }): Promise<void>;
  /** Erases everything of the installation; returns how many entities or rows of each kind there were. */
  erase(scope: Scope): Promise<Readonly<Record<string, number>>>;
}

/** Where a workflow holds, whichever profile learned it. */
export interface WorkflowPlace {
  readonly connectionId: string;
  /** As items tell it: Jira's key, Azure DevOps' name. */
  readonly project: string;
  readonly type: string;
}

/** The part of the configuration store that the engine needs; see store/config-store.ts for the whole. */
export interface EngineConfig {
  profile(scope: Scope, profileId: string): Promise<Profile | null>;
  fingerprintKey(scope: Scope): Promise<FingerprintKey>;
  /** Cached; loaded from the sites when absent or stale. */
  catalogs(scope: Scope, profileId: string): Promise<{ jira: SideCatalog; azure: SideCatalog } | null>;
  /** Enabled profiles, narrowed down by what is given. */
  enabledProfiles(
    scope: Scope,
    filter?: { readonly jiraProject?: string; readonly azureProject?: string; readonly connectionId?: string },
  ): Promise<readonly Profile[]>;
  /** However old they are. */
  lastCatalogs(scope: Scope, profileId: string): Promise<{ jira: SideCatalog; azure: SideCatalog } | null>;
  saveCatalogs(scope: Scope, profileId: string, catalogs: { jira: SideCatalog; azure: SideCatalog }): Promise<void>;
  /**
   * Keeps people without a counterpart for the page that maps them; the same again updates their names and adds to where
   * they were seen.
   */
  rememberPeople(scope: Scope, side: Side, people: readonly SeenPerson[]): Promise<void>;
  /** Transitions seen so far, by from-status: what paths are found in. */
  learnedWorkflow(scope: Scope, place: WorkflowPlace): Promise<Readonly<Record<string, readonly string[]>>>;
  learnTransitions(scope: Scope, place: WorkflowPlace, from: string, to: readonly string[]): Promise<void>;
  watermark(scope: Scope, profileId: string, side: Side): Promise<string | null>;
  setWatermark(scope: Scope, profileId: string, side: Side, watermark: string): Promise<void>;
  /** Greatest item id seen on a side, kept for the index-free look at lost creates. */
  highestKnown(scope: Scope, profileId: string, side: Side): Promise<string | null>;
  raiseHighestKnown(scope: Scope, profileId: string, side: Side, id: string): Promise<void>;
  /** Takes from the profile's sliding window of destructive operations; false when it is empty. */
  takeBudget(scope: Scope, profileId: string, now: number, amount: number): Promise<boolean>;
  setStatus(scope: Scope, profileId: string, status: Profile['status'], reason: SyncError | null): Promise<void>;
  /**
   * Pauses or stops an enabled profile for what a run met that started at `since` (epoch ms). One that an admin holds
   * meanwhile stays as it is, and so does one whose connections were changed meanwhile: the run spoke of the old ones.
   */
  halt(scope: Scope, profileId: string, status: 'paused' | 'stopped', reason: SyncError, since: number): Promise<void>;
}

// ---------------------------------------------------------------------------------------------------- work

/** That something may have changed. Carries no truth: only what makes an echo recognizable. */
export interface Hint {
  readonly side: Side;
  readonly itemId: string;
  readonly aspect: Aspect | 'deleted' | 'any';
  readonly version?: Version;
  /**
   * The comment's or attachment's id, where the event names one, with a `-` before it where it tells that the comment is
   * gone; of a link `+` (there) or `-` (gone) and its identity.
   */
  readonly childId?: string;
  /** Who tells; an event when absent. */
  readonly by?: 'scan' | 'inventory';
}

export interface ItemJob {
  readonly installationId: string;
  readonly profileId: string;
  /** Once the item is paired. */
  readonly pairId?: string;
  readonly side: Side;
  readonly itemId: string;
  readonly hints: readonly Hint[];
  /** Part of the initial sync: counted there, lower priority. */
  readonly initial?: boolean;
}

export interface Queue {
  /** Jobs with one key merge while they wait. */
  addItems(jobs: readonly ItemJob[], options?: { readonly runAt?: Date; readonly bulk?: boolean }): Promise<void>;
  /** Runs now what waits for a profile: it was resumed. */
  wake(scope: Scope, profileId: string): Promise<void>;
  /** Takes out what an initial sync of the profile left waiting; what was told of these items as well stays. */
  withdrawInitial(scope: Scope, profileId: string): Promise<void>;
}

/** Where a process may die: called after each step that a crash could follow. Production does nothing here. */
export type ReachStep = (step: import('./steps.ts').Step) => Promise<void>;

export interface Timing {
  /** Longer than the longest request and the index lag together, in ms. */
  readonly settleMs: number;
  /** How long a pair stays leased after its worker died; a live worker renews the lease. In ms. */
  readonly leaseMs: number;
  /** Base of the growing delay of retries, in ms. */
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
}

/** All that the engine works with; made once in main.ts or by a test. */
export interface EngineDeps {
  readonly openSides: OpenSides;
  readonly state: StateStore;
  readonly config: EngineConfig;
  readonly queue: Queue;
  readonly timing: Timing;
  /** Epoch ms. */
  readonly now: () => number;
  readonly newId: () => string;
  readonly reached: ReachStep;
  readonly log: Log;
}

/** Structured, ids and codes only. */
export interface Log {
  info(fields: Readonly<Record<string, string | number | boolean | undefined>>, message: string): void;
  warn(fields: Readonly<Record<string, string | number | boolean | undefined>>, message: string): void;
  error(fields: Readonly<Record<string, string | number | boolean | undefined>>, message: string): void;
}
