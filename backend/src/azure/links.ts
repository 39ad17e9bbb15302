// Changes the links of a work item: one JSON Patch for all of them, guarded by the revision that was read, and one by one
// where the service refuses some. Which links there should be is not decided here.

import type { LinkChange, LinkOutcome } from '../reconcile/ports.ts';
import { type SyncError, syncError } from '../sync/errors.ts';
import type { ItemSnapshot } from '../sync/model.ts';
import { type Answer, failureOf, type Refused, refusedFailure } from './client.ts';
import { isStale } from './refusals.ts';
import { hyperlink, markerComment, relationIdentity } from './relations.ts';

export interface LinkPatch {
  readonly op: 'add' | 'remove' | 'test';
  readonly path: string;
  readonly value?: unknown;
}

export interface LinkWriter {
  readonly patch: (id: string, document: readonly LinkPatch[]) => Promise<Answer>;
  readonly snapshot: (answer: Extract<Answer, { kind: 'ok' }>) => Promise<ItemSnapshot>;
  /** The address of a work item as relations name it. */
  readonly address: (id: string) => string;
}

/** A hyperlink's comment takes 255 characters: https://learn.microsoft.com/azure/devops/organizations/settings/work/object-limits */
const commentLength = 255;

export async function changeLinks(
  writer: LinkWriter,
  base: ItemSnapshot,
  changes: readonly LinkChange[],
): Promise<LinkOutcome> {
  const whole = await send(writer, base, changes);
  if (whole.kind !== 'refused') return whole.kind === 'stale' ? whole : { ...whole, refused: new Map() };
  if (changes.length === 1) return { kind: 'written', refused: refusalOf(0, whole.refused) };
  const refused = new Map<number, SyncError>();
  let item = base;
  let proven = true;
  // Removals make room for what is added, so they keep their place before it.
  for (const [index, change] of changes.entries()) {
    const one = await send(writer, item, [change]);
    // Others came between: what was done stays done, and the next run goes on from there.
    if (one.kind === 'stale') return item === base && refused.size === 0 ? one : { kind: 'written', refused, item };
    if (one.kind === 'refused') for (const [, error] of refusalOf(index, one.refused)) refused.set(index, error);
    else {
      proven &&= one.version !== undefined;
      item = one.item;
    }
  }
  const version = item.versions.fields;
  if (item === base) return { kind: 'written', refused };
  return { kind: 'written', refused, item, ...(proven && version !== undefined ? { version } : {}) };
}

type Sent =
  | {
      readonly kind: 'written';
      readonly item: ItemSnapshot;
      readonly version?: ItemSnapshot['versions']['fields'] & {};
    }
  | { readonly kind: 'stale' }
  | { readonly kind: 'refused'; readonly refused: Refused };

async function send(writer: LinkWriter, base: ItemSnapshot, changes: readonly LinkChange[]): Promise<Sent> {
  const rev = base.versions.fields?.seq;
  if (rev === undefined) throw new TypeError('Links are changed by the revision that their item was read at.');
  const operations = operationsOf(writer, base, changes);
  if (operations.length === 0) return { kind: 'written', item: base, version: { ...base.versions.fields } };
  const answer = await writer.patch(base.id, [{ op: 'test', path: '/rev', value: rev }, ...operations]);
  if (answer.kind === 'refused') {
    if (isStale(answer)) return { kind: 'stale' };
    if (answer.status === 404 && changes.every(({ kind }) => kind === 'remove')) throw refusedFailure(answer);
    return { kind: 'refused', refused: answer };
  }
  const item = await writer.snapshot(answer);
  const now = item.versions.fields;
  const proven = now?.seq === rev + 1 || now?.seq === rev;
  return { kind: 'written', item, ...(proven && now !== undefined ? { version: now } : {}) };
}

/** Places count from the read, so the last is removed first; what is gone or there already needs nothing. */
function operationsOf(writer: LinkWriter, base: ItemSnapshot, changes: readonly LinkChange[]): readonly LinkPatch[] {
  const present = new Map((base.links ?? []).map((link) => [link.identity, link]));
  const removed = changes.flatMap((change) => {
    const place = change.kind === 'remove' ? present.get(change.link.identity)?.place : undefined;
    return place === undefined ? [] : [place];
  });
  const added = changes.flatMap((change) =>
    change.kind === 'add' && !present.has(relationIdentity(change.type, change.target)) ? [change] : [],
  );
  return [
    ...removed.sort((a, b) => b - a).map((place): LinkPatch => ({ op: 'remove', path: `/relations/${place}` })),
    ...added.map((change): LinkPatch => ({ op: 'add', path: '/relations/-', value: relationOf(writer, change) })),
  ];
}

function relationOf(writer: LinkWriter, change: LinkChange & { kind: 'add' }) {
  const isPage = change.type === hyperlink;
  // A comment on a link is text that people read: only one to an address has words of its own to carry.
  const comment = isPage ? change.title?.slice(0, commentLength) : change.marker && markerComment(change.marker);
  return {
    rel: change.type,
    url: isPage ? change.target : writer.address(change.target),
    attributes: comment === undefined ? {} : { comment },
  };
}

/** The service's numbers: https://learn.microsoft.com/azure/devops/boards/queries/link-type-reference and its error texts. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/TF201035|circular/i, 'it would make a cycle'],
  [/TF201036|TF201038|only one/i, 'the item has another parent already'],
  [/TF237093|itself/i, 'an item cannot be linked to itself'],
  [/VS403310|VS403654|at most \d+ links/i, 'the item has as many links as it may have'],
  [/TF401232|does not exist|TF26193/i, 'the linked item cannot be seen'],
  [/Unrecognized relation type/i, 'the organization has no such link type'],
];

function refusalOf(index: number, refused: Refused): ReadonlyMap<number, SyncError> {
  if (refused.body.typeKey === 'RelationAlreadyExistsException') return new Map();
  const { detail } = failureOf(refused);
  const value = reasons.find(([pattern]) => pattern.test(refused.body.message))?.[1] ?? 'no reason is given';
  const error = syncError('link-refused', { side: 'azure', value, ...(detail === undefined ? {} : { detail }) });
  return new Map([[index, error]]);
}
