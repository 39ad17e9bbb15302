// Links that wait for a counterpart of the item at their other end, told by the end that will own them. No I/O.

import { linkRules, rulesFor } from './link-rules.ts';
import { type LinksInput, ownsLink } from './links.ts';
import { type LinkSnapshot, otherSide, type Side, sides } from './model.ts';
import { allowsTo } from './rules.ts';

export interface WaitingLink {
  readonly side: Side;
  readonly link: LinkSnapshot;
}

export function waitingLinks(
  input: Pick<LinksInput, 'settings' | 'links' | 'pairOf'> & { readonly itemIds: { readonly [side in Side]: string } },
): readonly WaitingLink[] {
  const rules = linkRules(input.settings).filter(({ kind }) => kind !== 'web');
  return sides.flatMap((side) =>
    input.links[side].flatMap((link): WaitingLink[] => {
      const [ruled] = rulesFor(rules, side, link);
      if (ruled === undefined || input.pairOf(side, link.target) !== undefined) return [];
      if (!allowsTo(ruled.rule.direction, otherSide(side))) return [];
      return ownsLink(ruled, input.itemIds[side], link.target) ? [{ side, link }] : [];
    }),
  );
}
