// What a link of one side is called on the other: the profile's link types, the hierarchy and links to addresses, each
// with its ends. Decides nothing about which links there should be.

import { type LinkTypeSchema, type SideSchema, sameName } from './catalog.ts';
import { type LinkSnapshot, parentLink, type Side, webLink } from './model.ts';
import type { Direction, ProfileSettings } from './profile.ts';

export interface LinkRule {
  /** `Blocks~System.LinkTypes.Dependency-Forward`. */
  readonly id: string;
  readonly jira: string;
  readonly azure: string;
  readonly direction: Direction;
  /** `pair`: between two items, said by the one whose words are outward in Jira. `mutual`: both ends read alike. */
  readonly kind: 'pair' | 'mutual' | 'parent' | 'web';
}

export const hyperlinkType = 'Hyperlink';
/** From a work item to its parent. */
export const hierarchyParent = 'System.LinkTypes.Hierarchy-Reverse';

/** The same link as its other end shows it. Kinds without a direction have one name for both. */
export const oppositeRelation = (azure: string): string =>
  azure.endsWith('-Forward')
    ? azure.replace(/-Forward$/, '-Reverse')
    : azure.endsWith('-Reverse')
      ? azure.replace(/-Reverse$/, '-Forward')
      : azure;

/** In the order of the profile: the first that names a type decides. */
export function linkRules({ links }: Pick<ProfileSettings, 'links'>): readonly LinkRule[] {
  if (!links.enabled) return [];
  const { direction } = links;
  const named = (jira: string, azure: string) => ({ id: `${jira}~${azure}`, jira, azure });
  return [
    ...(links.hierarchy ? [{ ...named(parentLink, hierarchyParent), direction, kind: 'parent' as const }] : []),
    ...links.types.map((type) => ({
      ...named(type.jira, type.azure),
      direction: type.direction ?? direction,
      kind: oppositeRelation(type.azure) === type.azure ? ('mutual' as const) : ('pair' as const),
    })),
    ...(links.remote ? [{ ...named(webLink, hyperlinkType), direction, kind: 'web' as const }] : []),
  ];
}

/** A link of one item in the terms of a rule. */
export interface RuledLink {
  readonly rule: LinkRule;
  /** Whether this item is the end that the rule's words are said of. */
  readonly forward: boolean;
}

/** All rules that the link may belong to, the best first: several types of one side may become the same on the other. */
export function rulesFor(rules: readonly LinkRule[], side: Side, link: LinkSnapshot): readonly RuledLink[] {
  return rules.flatMap((rule): RuledLink[] => {
    if (side === 'jira') {
      if (rule.kind === 'parent' || rule.kind === 'web') {
        return link.type === rule.jira ? [{ rule, forward: true }] : [];
      }
      return sameName(rule.jira, link.type)
        ? [{ rule, forward: rule.kind === 'mutual' || link.direction === 'outward' }]
        : [];
    }
    if (sameName(rule.azure, link.type)) return [{ rule, forward: true }];
    return sameName(oppositeRelation(rule.azure), link.type) ? [{ rule, forward: false }] : [];
  });
}

/** How a link by this rule is written on an item of `side`. */
export function nativeLink(
  rule: LinkRule,
  side: Side,
  forward: boolean,
): { readonly type: string; readonly direction: LinkSnapshot['direction'] } {
  if (side === 'jira') return { type: rule.jira, direction: forward ? 'outward' : 'inward' };
  const type = forward ? rule.azure : oppositeRelation(rule.azure);
  return { type, direction: type.endsWith('-Reverse') ? 'inward' : 'outward' };
}

/** What identifies a link that is about to be made, as a read will show it. */
export function expectedIdentity(
  side: Side,
  native: { readonly type: string; readonly direction: LinkSnapshot['direction'] },
  target: string,
  schema: Pick<SideSchema, 'linkTypes'> | undefined,
): string {
  if (side === 'azure') return `${native.type}|${target}`;
  const known = schema?.linkTypes?.find(({ name }: LinkTypeSchema) => sameName(name, native.type));
  return `${known?.id ?? native.type}|${native.direction}|${target}`;
}
