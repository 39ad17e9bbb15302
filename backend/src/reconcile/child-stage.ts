// The children of one kind of a leased pair while they are brought across: the intent is recorded before the request, the
// copy's id after it, and a creation whose answer was lost is looked for by its marker before anything is sent again.

import { type ChildrenPlan, childSubject, commentFingerprint } from '../sync/comments.ts';
import { SyncFailure } from '../sync/errors.ts';
import { makeToken } from '../sync/marker.ts';
import { type BySide, type CommentSnapshot, type ItemSnapshot, otherSide, type Side } from '../sync/model.ts';
import type { Operation } from '../sync/plan.ts';
import { notNewer } from '../sync/versions.ts';
import type { ProfileContext } from './context.ts';
import { concernsMore } from './keep-error.ts';
import type { LeasedPair } from './leased-pair.ts';
import type { Complaint } from './outcome.ts';
import type { ChildKind, ChildPair } from './ports.ts';

export interface ChildrenResult {
  readonly complaints: readonly Complaint[];
  /** Epoch ms at which an unanswered creation may be looked for again; null when there is none. */
  readonly again: number | null;
  /** Kinds that this run looked at: errors of the others stand as they were. */
  readonly judged: readonly ChildPair['kind'][];
  /** What was done, for the timeline. */
  readonly operations?: readonly Operation[];
}

export const nothingJudged: ChildrenResult = { complaints: [], again: null, judged: [] };

export type Comments = BySide<readonly CommentSnapshot[]>;

/** Links have no copies that could be looked for: see sync-links.ts. */
type StagedKind = Exclude<ChildKind, 'link'>;

interface Copy {
  readonly id: string;
  readonly version?: CommentSnapshot['version'];
  readonly body?: CommentSnapshot['body'];
}

/** What is known of each child, and each change committed at once. */
export class Stage {
  readonly #context: ProfileContext;
  readonly #leased: LeasedPair;
  readonly #read: BySide<ItemSnapshot>;
  readonly #kind: StagedKind;
  readonly #comments: Comments | null;
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
    this.#comments = comments;
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
    const planned = new Set(plan.operations.map((operation) => ('sourceId' in operation ? operation.sourceId : '')));
    for (const child of this.#children.values()) {
      if (planned.has(child.sourceId) || (child.targetId !== undefined && planned.has(child.targetId))) continue;
      if (changed.some((one) => one.source === child.source && one.sourceId === child.sourceId)) continue;
      const versions = this.#versions(child.source, child.sourceId, child.targetId);
      const moved =
        (versions.sourceVersion && !notNewer(versions.sourceVersion, child.sourceVersion)) ||
        (versions.targetVersion && !notNewer(versions.targetVersion, child.targetVersion));
      if (moved) changed.push({ ...child, ...versions });
    }
    if (changed.length > 0) await this.#keep(...changed);
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
      } catch (thrown) {
        if (!(thrown instanceof SyncFailure)) throw thrown;
        await this.#freeIntent(source, sourceId, thrown);
        if (concernsMore(thrown.error)) throw thrown;
        complaints.push({ subject: `${this.#kind}:${sourceId}`, error: { ...thrown.error, level: 'child' } });
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
    await this.#keep(child);
    await deps.reached(`${this.#kind}-intent-recorded`);
    const copy = await send({ token: child.token, sourceId });
    await deps.reached(`${this.#kind}-written`);
    await this.#keep({
      ...child,
      targetId: copy.id,
      ...(copy.version ? { targetVersion: copy.version } : {}),
      ...this.#bodies(source, sourceId, copy),
    });
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
      comment ? commentFingerprint(this.#context.key, of, this.#read[of].id, comment.body) : '';
    const bodies = { jira: '', azure: '', [side]: print(side, written), [other]: print(other, otherComment) };
    const versions = returning
      ? { sourceVersion: written.version, ...(otherComment ? { targetVersion: otherComment.version } : {}) }
      : { targetVersion: written.version, ...(otherComment ? { sourceVersion: otherComment.version } : {}) };
    await this.#keep({ ...known, ...versions, bodies });
    await deps.reached('comment-committed');
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
    if (child && child.targetId === undefined && !failure.mayHaveLanded) await this.#keep({ ...child, intentAt: 0 });
  }

  #comment(side: Side, id: string | undefined): CommentSnapshot | undefined {
    return this.#comments?.[side].find((comment) => comment.id === id);
  }

  #versions(source: Side, sourceId: string, targetId: string | undefined) {
    const from = this.#comment(source, sourceId)?.version;
    const to = this.#comment(otherSide(source), targetId)?.version;
    return { ...(from ? { sourceVersion: from } : {}), ...(to ? { targetVersion: to } : {}) };
  }

  #bodies(source: Side, sourceId: string, copy: Copy): Pick<ChildPair, 'bodies'> {
    const original = this.#comment(source, sourceId);
    if (!original || !copy.body) return {};
    const { key } = this.#context;
    const target = otherSide(source);
    const own = commentFingerprint(key, source, this.#read[source].id, original.body);
    const copied = commentFingerprint(key, target, this.#read[target].id, copy.body);
    return { bodies: source === 'jira' ? { jira: own, azure: copied } : { jira: copied, azure: own } };
  }

  async #keep(...children: readonly ChildPair[]): Promise<void> {
    await this.#leased.commit({ children });
    for (const child of children) this.#children.set(keyOf(child.source, child.sourceId), child);
  }
}

const keyOf = (source: Side, id: string) => `${source} ${id}`;

/** Whose child an operation is about: its person's comment or file. */
function sourceOf(operation: Operation): readonly [Side, string] {
  switch (operation.kind) {
    case 'add-comment':
    case 'add-attachment':
      return [otherSide(operation.side), operation.sourceId];
    case 'update-comment':
      return operation.returning
        ? [operation.side, operation.targetId]
        : [otherSide(operation.side), operation.sourceId];
    case 'create':
    case 'update':
    case 'transition':
      throw new Error(`A ${operation.kind} is no child's.`);
    default: {
      const never: never = operation;
      return never;
    }
  }
}
