// The visible link from an item to its counterpart, where the profile wants one and the creation did not leave it: made
// once, so that one which a person takes away stays away.

import { hyperlinkType } from '../sync/link-rules.ts';
import type { AddLink } from '../sync/links.ts';
import {
  type BySide,
  type ItemSnapshot,
  type LinkSnapshot,
  otherSide,
  type Side,
  sides,
  webLink,
} from '../sync/model.ts';
import type { ProfileSettings } from '../sync/profile.ts';
import type { ChildPair, Pair } from './ports.ts';

const recordId = (side: Side) => `counterpart|${side}`;

export function counterpartLinks(
  settings: Pick<ProfileSettings, 'links'>,
  pair: Pick<Pair, 'source' | 'intent'>,
  read: BySide<ItemSnapshot>,
  links: { readonly [side in Side]: readonly LinkSnapshot[] },
  records: readonly ChildPair[],
): readonly AddLink[] {
  const { counterpart } = settings.links;
  return sides.flatMap((side): AddLink[] => {
    if (counterpart !== 'both' && counterpart !== side) return [];
    const other = read[otherSide(side)];
    // The creation marker of a work item is such a link.
    const made = side === 'azure' && pair.source === 'jira' && pair.intent !== undefined;
    const known = records.some(({ sourceId, targetId }) => sourceId === recordId(side) && targetId !== undefined);
    if (made || known || links[side].some(({ target }) => target === other.url)) return [];
    const name = side === 'azure' ? other.key : `Azure DevOps #${other.key}`;
    const [type, title] = side === 'azure' ? [hyperlinkType, `Kept the same by Tandem: ${name}`] : [webLink, name];
    const ids = { sourceId: recordId(side), targetId: recordId(side) };
    return [{ kind: 'add', side, type, direction: 'outward', target: other.url, title, ...ids }];
  });
}
