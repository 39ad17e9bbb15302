// The children of one kind of a leased pair while they are brought across: the intent is recorded before the request, the
// copy's id after it, and a creation whose answer was lost is looked for by its marker before anything is sent again.

import { type ChildrenPlan, childSubject } from '../sync/child-records.ts';
import { commentFingerprint } from '../sync/comment-edits.ts';
import { type SyncError, SyncFailure, syncError } from '../sync/errors.ts';
import { makeToken } from '../sync/marker.ts';
import { type BySide, type CommentSnapshot, type ItemSnapshot, otherSide, type Side } from '../sync/model.ts';
import type { Operation } from '../sync/plan.ts';
import { notNewer } from '../sync/versions.ts';
import type { ProfileContext } from './context.ts';
import { decidedOperation } from './decide.ts';
import { concernsMore } from './keep-error.ts';
import type { LeasedPair } from './leased-pair.ts';
import type { Complaint } from './outcome.ts';
import type { ChildKind, ChildPair } from './ports.ts';

export interface ChildrenResult {
  readonly complaints: readonly Complaint[];
  /** Epoch ms at which an unanswered creation may be looked for again; null when there is none. */
  readonly again: number | null;
  /** Kinds, or single children (`comment:17`), that this run looked at: errors of the others stand as they were. */
  readonly judged: readonly string[];
  /** What was done. */
  readonly operations?: readonly Operation[];
  /** The items as the answers to our writes showed them, in order. */
  readonly answers?: readonly ItemSnapshot[];
}

export const nothingJudged: ChildrenResult = { complaints: [], again: null, judged: [] };

export type Comments = BySide<readonly CommentSnapshot[]>;

/** Links have no copies that could be looked for: see sync-links.ts. */
type StagedKind = Exclude<ChildKind, 'link'>;

interface Copy {
  readonly id: string;
  readonly version?: CommentSnapshot['version'];
  readonly body?: CommentSnapshot['body'];
  readonly file?: ChildPair['file'];
}

/** What is known of each child, and each change committed at once. */
export class Stage {
  readonly #context: ProfileContext;
  readonly #leased: LeasedPair;
  readonly #read: BySide<ItemSnapshot>;
  readonly #kind: StagedKind;
  readonly #comments: BySide<ReadonlyMap<string, CommentSnapshot>>;
  readonly #children: Map<string, ChildPair>;

  constructor(
    context: ProfileContext,
    leased: LeasedPair,
    read: BySide<ItemSnapshot>,
    children: readonly ChildPair[],
    kind: StagedKind,
    comments: Comments | null,
  ) {
    this.#context = context;
    this.#leased = leased;
    this.#read = read;
    this.#kind = kind;
    this.#comments = { jira: byId(comments?.jira), azure: byId(comments?.azure) };
    this.#children = new Map(children.map((child) => [keyOf(child.source, child.sourceId), child]));
  }

  /** What was found done, what agrees as it stands, and versions that moved without a change of text: one commit. */
  async record(plan: ChildrenPlan): Promise<void> {
    const changed: ChildPair[] = [];
    for (const { source, sourceId, targetId, token } of plan.found) {
      const known = this.#children.get(keyOf(source, sourceId));
      changed.push({
        ...(known ?? this.#newChild(source, sourceId, token)),
        targetId,
        ...this.#versions(source, sourceId, targetId),
      });
    }
    for (const { source, sourceId, bodies } of plan.agreed) {
      const known = this.#children.get(keyOf(source, sourceId));
      if (known) changed.push({ ...known, bodies, ...this.#versions(source, sourceId, known.targetId) });
    }
    const { forgotten = [] } = plan;
    const settled = new Set([...changed, ...forgotten].map(({ source, sourceId }) => keyOf(source, sourceId)));
    const planned = new Set(plan.operations.map((operation) => ('sourceId' in operation ? operation.sourceId : '')));
    for (const child of this.#children.values()) {
      if (planned.has(child.sourceId) || (child.targetId !== undefined && planned.has(child.targetId))) continue;
      if (settled.has(keyOf(child.source, child.sourceId))) continue;
      const versions = this.#versions(child.source, child.sourceId, child.targetId);
      const moved =
        (versions.sourceVersion && !notNewer(versions.sourceVersion, child.sourceVersion)) ||
        (versions.targetVersion && !notNewer(versions.targetVersion, child.targetVersion));
      if (moved) changed.push({ ...child, ...versions });
    }
    if (changed.length > 0 || forgotten.length > 0) await this.#keep(changed, forgotten);
  }

  async run(
    plan: ChildrenPlan,
    apply: (operation: Operation, child: ChildPair | undefined) => Promise<void>,
  ): Promise<ChildrenResult> {
    const { deps } = this.#context;
    const done: Operation[] = [];
    const complaints: Complaint[] = plan.errors.map((error) => ({ subject: `${this.#kind}:${error.field}`, error }));
    for (const operation of plan.operations) {
      const [source, sourceId] = sourceOf(operation);
      const child = this.#children.get(keyOf(source, sourceId));
      try {
        await apply(operation, child);
        done.push(operation);
        this.#leased.note(decidedOperation(operation));
      } catch (thrown) {
        if (!(thrown instanceof SyncFailure)) throw thrown;
        await this.#freeIntent(source, sourceId, thrown);
        if (concernsMore(thrown.error)) throw thrown;
        complaints.push({ subject: `${this.#kind}:${sourceId}`, error: errorOf(operation, thrown.error) });
      }
    }
    const waiting = plan.waiting.flatMap((id) =>
      [...this.#children.values()].filter(({ sourceId }) => sourceId === id),
    );
    const again = waiting.map(({ intentAt }) => intentAt + deps.timing.settleMs);
    return {
      complaints,
      again: again.length > 0 ? Math.min(...again) : null,
      judged: [this.#kind],
      operations: done,
    };
  }

  async add(
    target: Side,
    sourceId: string,
    known: ChildPair | undefined,
    send: (marker: { token: string; sourceId: string }) => Promise<Copy>,
  ): Promise<void> {
    const { deps } = this.#context;
    const source = otherSide(target);
    const child = { ...(known ?? this.#newChild(source, sourceId)), intentAt: deps.now() };
    await this.#keep([child]);
    await deps.reached(`${this.#kind}-intent-recorded`);
    const copy = await send({ token: child.token, sourceId });
    await deps.reached(`${this.#kind}-written`);
    await this.#keep([
      {
        ...child,
        targetId: copy.id,
        ...(copy.version ? { targetVersion: copy.version } : {}),
        ...this.#bodies(source, sourceId, copy),
        ...(copy.file ? { file: { ...child.file, ...copy.file } } : {}),
      },
    ]);
    await deps.reached(`${this.#kind}-committed`);
  }

  async update(operation: Operation & { kind: 'update-comment' }, known: ChildPair | undefined): Promise<void> {
    if (!known) throw new Error('An edited comment has a record.');
    const { deps, sides: ports } = this.#context;
    const { side, targetId, body, returning } = operation;
    const marker = returning ? null : { token: known.token, sourceId: known.sourceId };
    const written = await ports[side].writer.updateComment(this.#read[side].id, targetId, body, marker);
    await deps.reached('comment-written');
    const other = otherSide(side);
    const otherComment = this.#comment(other, operation.sourceId);
    const print = (of: Side, comment: Pick<CommentSnapshot, 'body'> | undefined) =>
      comment ? this.#print(of, comment.body, known) : '';
    const bodies = { jira: '', azure: '', [side]: print(side, written), [other]: print(other, otherComment) };
    const versions = returning
      ? { sourceVersion: written.version, ...(otherComment ? { targetVersion: otherComment.version } : {}) }
      : { targetVersion: written.version, ...(otherComment ? { sourceVersion: otherComment.version } : {}) };
    const before = this.#comment(side, targetId)?.version.seq;
    await this.#keep([{ ...known, ...versions, bodies }]);
    await deps.reached('comment-committed');
    // Azure counts the versions of a comment: one between was a person's, which our write replaced.
    if (before !== undefined && (written.version.seq ?? 0) > before + 1) {
      throw new SyncFailure(syncError('overwritten', { side, level: 'child', field: targetId }));
    }
  }

  /** Draws from the budget of destructive operations first; an empty one stops the profile. */
  async remove(operation: Operation & { kind: 'delete-comment' }, known: ChildPair | undefined): Promise<void> {
    if (!known) throw new Error('A deleted comment has a record.');
    const { deps, scope, profile, sides: ports } = this.#context;
    const { side, targetId, hidden } = operation;
    await this.#leased.hold();
    if (!(await deps.config.takeBudget(scope, profile.id, deps.now(), 1))) {
      throw new SyncFailure(syncError('brake', { side }));
    }
    // What both sides lack needs no intent: whoever deleted what, the end is the same. A hidden comment is still there, and
    // must not look like one whose copy a person deleted: its record is that of an unmade copy before the copy goes.
    if (hidden && known.targetId !== undefined) {
      const { targetId: _, targetVersion: __, bodies: ___, ...unmade } = known;
      await this.#keep([{ ...unmade, intentAt: 0 }]);
      await deps.reached('comment-intent-recorded');
    }
    await ports[side].writer.deleteComment(this.#read[side].id, targetId);
    await deps.reached('comment-deleted');
    await this.#keep([], [known]);
    await deps.reached('comment-committed');
  }

  /** Draws from the budget of destructive operations first; an empty one stops the profile. */
  async removeFile(
    operation: Operation & { kind: 'delete-attachment' },
    known: ChildPair | undefined,
  ): Promise<ItemSnapshot | null> {
    if (!known) throw new Error('A deleted attachment has a record.');
    const { deps, scope, profile, sides: ports } = this.#context;
    const { side, targetId } = operation;
    await this.#leased.hold();
    if (!(await deps.config.takeBudget(scope, profile.id, deps.now(), 1))) {
      throw new SyncFailure(syncError('brake', { side }));
    }
    const item = await ports[side].writer.removeAttachment(this.#read[side].id, targetId).catch((thrown: unknown) => {
      // Whoever may not delete it now may not in an hour: each try would draw from the budget.
      if (!(thrown instanceof SyncFailure) || thrown.error.code !== 'forbidden' || concernsMore(thrown.error))
        throw thrown;
      throw new SyncFailure(
        { ...thrown.error, level: 'child', retry: 'on-admin' },
        { cause: thrown, mayHaveLanded: false },
      );
    });
    await deps.reached('attachment-deleted');
    await this.#keep([], [known]);
    await deps.reached('attachment-committed');
    return item;
  }

  #newChild(source: Side, sourceId: string, token?: string): ChildPair {
    const { profile, key, deps } = this.#context;
    const subject = childSubject(profile, source, this.#read[source].id, sourceId);
    return {
      kind: this.#kind,
      source,
      sourceId,
      token: token ?? makeToken(key, { ...subject, nonce: deps.newId() }),
      sourceVersion: this.#comment(source, sourceId)?.version ?? {},
      intentAt: deps.now(),
    };
  }

  /** A failure that proves that nothing was made lets the next try go ahead without waiting. */
  async #freeIntent(source: Side, sourceId: string, failure: SyncFailure): Promise<void> {
    const child = this.#children.get(keyOf(source, sourceId));
    if (child && child.targetId === undefined && !failure.mayHaveLanded) await this.#keep([{ ...child, intentAt: 0 }]);
  }

  #comment(side: Side, id: string | undefined): CommentSnapshot | undefined {
    return id === undefined ? undefined : this.#comments[side].get(id);
  }

  #versions(source: Side, sourceId: string, targetId: string | undefined) {
    const from = this.#comment(source, sourceId)?.version;
    const to = this.#comment(otherSide(source), targetId)?.version;
    return { ...(from ? { sourceVersion: from } : {}), ...(to ? { targetVersion: to } : {}) };
  }

  #bodies(source: Side, sourceId: string, copy: Copy): Pick<ChildPair, 'bodies'> {
    const original = this.#comment(source, sourceId);
    if (!original || !copy.body) return {};
    const of = { source, sourceId };
    const own = this.#print(source, original.body, of);
    const copied = this.#print(otherSide(source), copy.body, of);
    return { bodies: source === 'jira' ? { jira: own, azure: copied } : { jira: copied, azure: own } };
  }

  #print(side: Side, body: CommentSnapshot['body'], { source, sourceId }: Pick<ChildPair, 'source' | 'sourceId'>) {
    const copied = side === source ? undefined : { side: source, id: sourceId };
    return commentFingerprint(this.#context.key, side, this.#read[side].id, body, copied);
  }

  async #keep(
    children: readonly ChildPair[],
    gone: readonly Pick<ChildPair, 'source' | 'sourceId'>[] = [],
  ): Promise<void> {
    const forgotten = gone.map(({ source, sourceId }) => ({ kind: this.#kind, source, sourceId }));
    await this.#leased.commit({ children, ...(forgotten.length > 0 ? { forgotten } : {}) });
    for (const child of children) this.#children.set(keyOf(child.source, child.sourceId), child);
    for (const { source, sourceId } of gone) this.#children.delete(keyOf(source, sourceId));
  }
}

/** What others wrote may be theirs alone to change: waiting changes nothing about that. */
const errorOf = ({ kind }: Operation, error: SyncError): SyncError => ({
  ...error,
  level: 'child',
  ...(error.code === 'forbidden' && (kind === 'update-comment' || kind === 'delete-comment')
    ? { retry: 'on-admin' }
    : {}),
});

const byId = (comments: readonly CommentSnapshot[] = []) => new Map(comments.map((comment) => [comment.id, comment]));

const keyOf = (source: Side, id: string) => `${source} ${id}`;

/** Whose child an operation is about: its person's comment or file. */
function sourceOf(operation: Operation): readonly [Side, string] {
  switch (operation.kind) {
    case 'add-comment':
    case 'add-attachment':
      return [otherSide(operation.side), operation.sourceId];
    case 'update-comment':
    case 'delete-comment':
    case 'delete-attachment':
      return operation.returning
        ? [operation.side, operation.targetId]
        : [otherSide(operation.side), operation.sourceId];
    case 'create':
    case 'update':
    case 'transition':
    case 'add-link':
    case 'remove-link':
      throw new Error(`A ${operation.kind} goes another way.`);
    default: {
      const never: never = operation;
      return never;
    }
  }
}
