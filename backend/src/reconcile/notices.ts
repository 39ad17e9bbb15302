// The comments by which Tandem tells people on both sides that an item left the profile's scope, and what became of its
// counterpart. They carry a marker like any copy of a comment, so that they never travel; each is written once.

import { childSubject } from '../sync/child-records.ts';
import { SyncFailure } from '../sync/errors.ts';
import { makeToken } from '../sync/marker.ts';
import { type ItemSnapshot, type Marker, otherSide, type Side } from '../sync/model.ts';
import type { RichText } from '../sync/rich-text.ts';
import { escapeAttr, escapeText } from '../sync/richtext/html-text.ts';
import type { ProfileContext } from './context.ts';
import { concernsMore } from './keep-error.ts';
import type { LeasedPair } from './leased-pair.ts';
import type { Complaint } from './outcome.ts';
import type { Left, Pair } from './ports.ts';

const sideNames = { jira: 'Jira', azure: 'Azure DevOps' } as const;
const nouns = { jira: 'issue', azure: 'work item' } as const;

/** What the counterpart got in the end, as the policy or a refusal had it. */
export type Done = 'marked' | 'closed' | 'deleted' | 'nothing';

const noticePrefix = 'notice-';

/** Whether a comment's marker is of a notice: no copy of a comment on the other side. */
export const isNotice = ({ sourceId }: Marker): boolean => sourceId.startsWith(noticePrefix);

/**
 * Writes the notice on an item. `again`: an earlier run may have written it already. A service that does not take it (no
 * permission, an archived issue) is told in the timeline and holds nothing up.
 */
export async function writeNotice(
  context: ProfileContext,
  leased: LeasedPair,
  left: Left,
  on: ItemSnapshot,
  words: string,
  again: boolean,
): Promise<readonly Complaint[]> {
  const { profile, key, sides, deps } = context;
  const source = otherSide(on.side);
  const sourceId = `${noticePrefix}${left.token}`;
  const subject = childSubject(profile, source, leased.pair.ids[source] ?? '', sourceId);
  const token = makeToken(key, { ...subject, nonce: left.token });
  try {
    if (again && (await sides[on.side].reader.comments(on.id)).some(({ marker }) => marker?.token === token)) return [];
    await sides[on.side].writer.addComment(on.id, noticeBody(on.side, words, on.url), { token, sourceId });
  } catch (thrown) {
    if (!(thrown instanceof SyncFailure) || concernsMore(thrown.error) || thrown.error.code === 'unavailable') {
      throw thrown;
    }
    return [{ subject: 'notice', error: thrown.error }];
  }
  await deps.reached('notice-written');
  return [];
}

function noticeBody(side: Side, words: string, url: string): RichText {
  if (side === 'azure') {
    const text = `<div><a href="${escapeAttr(url)}">Tandem</a>: ${escapeText(words)}</div>`;
    return { kind: 'richText', format: 'html', text };
  }
  const link = { type: 'text', text: 'Tandem', marks: [{ type: 'link', attrs: { href: url } }] };
  const content = [{ type: 'paragraph', content: [link, { type: 'text', text: `: ${words}` }] }];
  return { kind: 'richText', format: 'adf', adf: { type: 'doc', version: 1, content } };
}

const nameOf = (side: Side, keys: Pair['keys']): string =>
  side === 'jira' ? `issue ${keys.jira ?? ''}` : `work item #${keys.azure ?? ''}`;

/** For the counterpart: what happened to the other item, and what that means here. */
export function counterpartWords(left: Left, keys: Pair['keys'], profile: string, done: Done): string {
  const here = nouns[otherSide(left.side)];
  const became: Readonly<Record<Done, string>> = {
    marked: `This ${here} stays as it is and is marked`,
    closed: `This ${here} was closed and marked`,
    deleted: `This ${here} was deleted`,
    nothing: `This ${here} stays as it is`,
  };
  return `${happened(left, keys, profile)} ${became[done]}; changes no longer travel between the two.`;
}

/** For the item that left. */
export function ownWords(left: Left, keys: Pair['keys'], profile: string, done: Done): string {
  const there = otherSide(left.side);
  const became: Readonly<Record<Done, string>> = {
    marked: 'stays as it is and is marked',
    closed: 'was closed and marked',
    deleted: 'was deleted',
    nothing: 'stays as it is',
  };
  const back = left.why === 'deleted' ? '' : ' They do again once it is back.';
  const counterpart = `Its counterpart, ${nameOf(there, keys)} in ${sideNames[there]}, ${became[done]}`;
  return `${happened(left, keys, profile)} ${counterpart}; changes no longer travel between the two.${back}`;
}

function happened({ side, why }: Left, keys: Pair['keys'], profile: string): string {
  const item = `The ${nameOf(side, keys)}`;
  switch (why) {
    case 'deleted':
      return `${item} was deleted in ${sideNames[side]}.`;
    case 'archived':
      return `${item} was archived in ${sideNames[side]}.`;
    case 'filter':
      return `${item} no longer passes the filter of the profile "${profile}" in ${sideNames[side]}.`;
    case 'project':
      return `${item} was moved to a project of ${sideNames[side]} that the profile "${profile}" does not cover.`;
    case 'type':
      return `${item} got a type in ${sideNames[side]} that the profile "${profile}" does not map.`;
    default: {
      const never: never = why;
      return never;
    }
  }
}
