// Plans the links of a pair. A link joins two items, so two pairs see it; one of them, its owner, keeps it the same:
//
//   kind of link                      owner
//   parent and child                  the child
//   with a direction (blocks)         the item that it is said of, outward in Jira
//   mutual (relates)                  the item with the lower issue id
//   to an address                     the item itself
//
//   on Jira | on Azure | recorded | what the owner does
//   --------+----------+----------+---------------------------------------------
//     yes   |   yes    |    no    | records the two as one link
//     yes   |   no     |    no    | adds it on Azure
//     no    |   yes    |    no    | adds it on Jira
//     yes   |   no     |   yes    | somebody removed it on Azure: removes it on Jira
//     no    |   yes    |   yes    | somebody removed it on Jira: removes it on Azure
//     no    |   no     |   yes    | forgets it
//
// A parent of a level that the other side does not have stays on its own side, recorded as such, and is not tried again.
//
// Making a link that is there already changes nothing on either side, so a lost answer needs no search.

import type { Fingerprint, FingerprintKey } from './baseline.ts';
import type { SideSchema } from './catalog.ts';
import { type SyncError, syncError } from './errors.ts';
import { fingerprintOf } from './fingerprint.ts';
import { expectedIdentity, linkRules, nativeLink, type RuledLink, rulesFor } from './link-rules.ts';
import { type BySide, type LinkSnapshot, otherSide, type Side, sides } from './model.ts';
import type { ProfileSettings } from './profile.ts';
import { allowsTo } from './rules.ts';

/** What is remembered of a link of this pair: its identity on each side. */
export interface LinkRecord {
  readonly source: Side;
  readonly sourceId: string;
  /** Absent while its creation is in flight. */
  readonly targetId?: string;
  readonly token: string;
}

/** The pair at a link's other end. */
export interface LinkedPair {
  readonly id: string;
  readonly ids: BySide<string>;
}

export interface LinksInput {
  readonly settings: ProfileSettings;
  readonly key: FingerprintKey;
  readonly itemIds: BySide<string>;
  readonly links: BySide<readonly LinkSnapshot[]>;
  /** Jira's web links cost a call: without them those to addresses are left as they are. */
  readonly webLinksRead: boolean;
  /** Pages of the pair's own items: links to them are ours. */
  readonly pages: BySide<string>;
  readonly records: readonly LinkRecord[];
  readonly pairOf: (side: Side, itemId: string) => LinkedPair | undefined;
  readonly catalogs?: { readonly [side in Side]: Pick<SideSchema, 'linkTypes'> } | null;
  /** The item has no counterpart yet, so that no other pair sees its links: all are its own. */
  readonly alone?: boolean;
}

/** Takes the place of `targetId` in the record of a link that the other side cannot express. */
export const inexpressible = 'inexpressible';

export interface AddLink {
  readonly kind: 'add';
  /** The side that is written. */
  readonly side: Side;
  readonly type: string;
  readonly direction: LinkSnapshot['direction'];
  readonly target: string;
  readonly title?: string;
  /** Identity on the other side, and the one that the new link will have. */
  readonly sourceId: string;
  readonly targetId: string;
}

export interface RemoveLink {
  readonly kind: 'remove';
  readonly side: Side;
  readonly link: LinkSnapshot;
  readonly record: LinkRecord;
  /** The linked item on the side where the link is gone, if it is one: is it still there itself? */
  readonly missing?: { readonly side: Side; readonly id: string };
}

export type LinkOperation = AddLink | RemoveLink;

export interface LinksPlan {
  /** Removals first: what they free may be needed. */
  readonly operations: readonly LinkOperation[];
  /** Links that stand on both sides and had no record, or one that was not complete. */
  readonly agreed: readonly (BySide<string> & { readonly known?: LinkRecord })[];
  readonly forgotten: readonly LinkRecord[];
  /** Parents without a pair yet: what is recorded of them, once it exists, is the child's work. */
  readonly awaited: readonly LinkSnapshot[];
  /** Pairs that own a link which stands on one side only. */
  readonly owners: readonly { readonly pair: LinkedPair; readonly hierarchy: boolean }[];
  /** By the identity of the link. */
  readonly errors: readonly { readonly subject: string; readonly error: SyncError }[];
}

/** One link, as far as each side shows it. */
interface Element extends RuledLink {
  readonly other?: LinkedPair;
  readonly shown: { jira?: LinkSnapshot; azure?: LinkSnapshot };
}

/** Addresses are what people wrote: records name them by their fingerprints. */
export function linkIdentity(input: Pick<LinksInput, 'key' | 'itemIds'>, side: Side, link: LinkSnapshot): string {
  if (!isWeb(link)) return link.identity;
  return webIdentity(input, side, link.target);
}

const isWeb = (link: LinkSnapshot): boolean => /^https?:/i.test(link.target);

const webIdentity = ({ key, itemIds }: Pick<LinksInput, 'key' | 'itemIds'>, side: Side, url: string): Fingerprint =>
  `web|${fingerprintOf(key, side, itemIds[side], 'link', { kind: 'url', url })}`;

export function planLinks(input: LinksInput): LinksPlan {
  const elements = elementsOf(input);
  const draft = new Draft(input);
  for (const element of elements) {
    if (isOwner(input, element)) {
      if (element.rule.kind !== 'parent') draft.decide(element);
    } else if (input.alone) draft.decide(element);
    else draft.tellOwner(element);
  }
  draft.decideParent(elements.filter((element) => element.rule.kind === 'parent' && isOwner(input, element)));
  draft.forgetGone();
  return draft.plan(awaitedParents(input));
}

function elementsOf(input: LinksInput): readonly Element[] {
  const rules = linkRules(input.settings).filter(({ kind }) => kind !== 'web' || input.webLinksRead);
  const found = new Map<string, Element>();
  for (const side of sides) {
    for (const link of input.links[side]) {
      const candidates = rulesFor(rules, side, link);
      const other = candidates[0]?.rule.kind === 'web' ? undefined : input.pairOf(side, link.target);
      const usable = candidates.filter(({ rule }) => rule.kind === 'web' || other !== undefined);
      // Several Jira types may become one relation: then it belongs to the link that is there.
      const keyed = usable.map((ruled) => ({ ruled, key: keyOf(ruled, other, link) }));
      const chosen = keyed.find(({ key }) => found.has(key)) ?? keyed[0];
      if (chosen === undefined || isOwnPage(input, link)) continue;
      const element = found.get(chosen.key) ?? { ...chosen.ruled, ...(other ? { other } : {}), shown: {} };
      element.shown[side] ??= link;
      found.set(chosen.key, element);
    }
  }
  return [...found.values()];
}

const isOwnPage = ({ pages }: LinksInput, link: LinkSnapshot): boolean =>
  isWeb(link) && (link.target === pages.jira || link.target === pages.azure);

const keyOf = ({ rule, forward }: RuledLink, other: LinkedPair | undefined, link: LinkSnapshot): string =>
  rule.kind === 'web' ? `web ${link.target}` : `${rule.id} ${forward} ${other?.id}`;

const isOwner = ({ itemIds }: LinksInput, element: Element): boolean =>
  ownsLink(element, itemIds.jira, element.other?.ids.jira);

/** Whether the item with the issue id `jira` keeps the link the same; the other one has `other`. */
export function ownsLink({ rule, forward }: RuledLink, jira: string, other: string | undefined): boolean {
  switch (rule.kind) {
    case 'web':
      return true;
    case 'mutual':
      return other !== undefined && Number(jira) < Number(other);
    case 'pair':
    case 'parent':
      return forward;
    default: {
      const never: never = rule.kind;
      return never;
    }
  }
}

/** A parent that has no pair yet. Of every other link the later pair sees its own end. */
function awaitedParents(input: LinksInput): readonly LinkSnapshot[] {
  const rules = linkRules(input.settings).filter(({ kind }) => kind === 'parent');
  return input.links.jira.filter(
    (link) => rulesFor(rules, 'jira', link).length > 0 && input.pairOf('jira', link.target) === undefined,
  );
}

class Draft {
  readonly #input: LinksInput;
  readonly #records: BySide<ReadonlyMap<string, LinkRecord>>;
  readonly #kept = new Set<LinkRecord>();
  readonly #removals: RemoveLink[] = [];
  readonly #additions: AddLink[] = [];
  readonly #agreed: LinksPlan['agreed'][number][] = [];
  readonly #forgotten: LinkRecord[] = [];
  readonly #owners = new Map<string, LinksPlan['owners'][number]>();
  readonly #errors: LinksPlan['errors'][number][] = [];

  constructor(input: LinksInput) {
    this.#input = input;
    const by = (side: Side) =>
      new Map(
        input.records.flatMap((record) => {
          const id = record.source === side ? record.sourceId : record.targetId;
          return id === undefined ? [] : [[id, record] as const];
        }),
      );
    this.#records = { jira: by('jira'), azure: by('azure') };
  }

  tellOwner({ shown, other, rule }: Element): void {
    const [missing, second] = sides.filter((side) => shown[side] === undefined);
    if (missing === undefined || second !== undefined || other === undefined) return;
    this.#owners.set(other.id, { pair: other, hierarchy: rule.kind === 'parent' });
  }

  /** `replaced`: another link takes the place of one that is gone. */
  decide(element: Element, replaced = false): void {
    const { shown } = element;
    const record = this.#recordOf(element);
    if (shown.jira !== undefined && shown.azure !== undefined) this.#agree(element, record);
    else if (record?.targetId === inexpressible) this.#kept.add(record);
    else if (isComplete(record)) this.#removed(element, record, replaced);
    else this.#add(element, record);
  }

  /** An issue has one parent, so a new one on either side takes the place of the other. */
  decideParent(elements: readonly Element[]): void {
    const fresh = elements.filter(
      ({ shown, ...element }) =>
        (shown.jira === undefined || shown.azure === undefined) && !isComplete(this.#recordOf({ shown, ...element })),
    );
    const on = (side: Side) => fresh.find(({ shown }) => shown[side] !== undefined);
    const [jira, azure] = [on('jira'), on('azure')];
    // A parent without a pair is one all the same.
    const waits = awaitedParents(this.#input).length > 0;
    const conflict = (jira !== undefined || waits) && azure !== undefined;
    const { conflict: policy, winner } = this.#input.settings.policies;
    const wins = policy === 'jira' || policy === 'azure' ? policy : winner;
    for (const element of elements) {
      if (!conflict || !fresh.includes(element)) this.decide(element, fresh.length > 0);
      else if (policy === 'ask') this.#conflict(element);
      else if (element === (wins === 'jira' ? jira : azure)) this.decide(element);
      else if (wins === 'jira' ? jira !== undefined : true) this.#replace(element);
    }
  }

  /** The linked item may be hidden or deleted: that is no wish to remove links to it. */
  forgetGone(): void {
    const present = (side: Side) =>
      new Set(this.#input.links[side].map((link) => linkIdentity(this.#input, side, link)));
    const shown = { jira: present('jira'), azure: present('azure') };
    for (const record of this.#input.records) {
      if (this.#kept.has(record) || record.sourceId.startsWith('counterpart')) continue;
      if (!this.#input.webLinksRead && record.sourceId.startsWith('web|')) continue;
      const ends = sides.map((side) => [side, record.source === side ? record.sourceId : record.targetId] as const);
      if (ends.every(([side, id]) => id === undefined || !shown[side].has(id))) this.#forgotten.push(record);
    }
  }

  plan(awaited: readonly LinkSnapshot[]): LinksPlan {
    return {
      operations: [...this.#removals, ...this.#additions],
      agreed: this.#agreed,
      forgotten: this.#forgotten,
      awaited,
      owners: [...this.#owners.values()],
      errors: this.#errors,
    };
  }

  #identity(side: Side, { shown }: Element): string | undefined {
    const link = shown[side];
    return link && linkIdentity(this.#input, side, link);
  }

  #recordOf(element: Element): LinkRecord | undefined {
    for (const side of sides) {
      const record = this.#records[side].get(this.#identity(side, element) ?? '');
      if (record) return record;
    }
    return undefined;
  }

  #agree(element: Element, known: LinkRecord | undefined): void {
    const [jira, azure] = [this.#identity('jira', element) ?? '', this.#identity('azure', element) ?? ''];
    if (known) this.#kept.add(known);
    const same = isComplete(known) && this.#records.jira.get(jira) === this.#records.azure.get(azure);
    if (!same) this.#agreed.push({ jira, azure, ...(known ? { known } : {}) });
  }

  #removed(element: Element, record: LinkRecord, replaced: boolean): void {
    const { shown, other, rule } = element;
    this.#kept.add(record);
    const left: Side = shown.jira === undefined ? 'azure' : 'jira';
    const link = shown[left];
    // Removed on the side that only follows: it stays so until its source changes.
    if (link === undefined || !allowsTo(rule.direction, left)) return;
    const side = otherSide(left);
    const missing = other === undefined || replaced ? {} : { missing: { side, id: other.ids[side] } };
    this.#removals.push({ kind: 'remove', side: left, link, record, ...missing });
  }

  #add(element: Element, record: LinkRecord | undefined): void {
    const { rule, forward, shown, other } = element;
    if (record) this.#kept.add(record);
    const from: Side = shown.jira === undefined ? 'azure' : 'jira';
    const side = otherSide(from);
    const link = shown[from];
    if (link === undefined || !allowsTo(rule.direction, side)) return;
    const native = nativeLink(rule, side, forward);
    const target = other === undefined ? link.target : other.ids[side];
    const targetId =
      rule.kind === 'web'
        ? webIdentity(this.#input, side, target)
        : expectedIdentity(side, native, target, this.#input.catalogs?.[side]);
    const title = link.title === undefined ? {} : { title: link.title };
    const sourceId = linkIdentity(this.#input, from, link);
    this.#additions.push({ kind: 'add', side, ...native, target, ...title, sourceId, targetId });
  }

  #replace({ shown }: Element): void {
    for (const side of sides) {
      const link = shown[side];
      if (link === undefined) continue;
      const record = { source: side, sourceId: linkIdentity(this.#input, side, link), token: '' };
      this.#removals.push({ kind: 'remove', side, link, record });
    }
  }

  #conflict(element: Element): void {
    const subject = this.#identity('jira', element) ?? this.#identity('azure', element) ?? '';
    this.#errors.push({ subject, error: syncError('link-conflict') });
  }
}

const isComplete = (record: LinkRecord | undefined): record is LinkRecord & { readonly targetId: string } =>
  record?.targetId !== undefined;

/** The same link as a record of the pair at its other end would name it; undefined for what has no other end. */
export function mirrored(side: Side, identity: string, own: string): { item: string; identity: string } | undefined {
  if (side === 'azure') {
    const [, rel, item] = /^(.+)\|(\d+)$/.exec(identity) ?? [];
    if (rel === undefined || item === undefined) return undefined;
    const back = rel.endsWith('-Forward') ? rel.replace(/-Forward$/, '-Reverse') : rel.replace(/-Reverse$/, '-Forward');
    return { item, identity: `${back}|${own}` };
  }
  const [, type, direction, item] = /^(.+)\|(outward|inward)\|(\d+)$/.exec(identity) ?? [];
  if (type === undefined || item === undefined) return undefined;
  return { item, identity: `${type}|${direction === 'outward' ? 'inward' : 'outward'}|${own}` };
}
