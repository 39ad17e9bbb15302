// What texts say of items that Tandem keeps the same: addresses, cards and plain keys (`TAN-12`, `#123`, `AB#123`) are
// turned into those of the counterpart, and back. Works on ADF, through which every conversion goes; the look-up of pairs is
// the caller's.

import { type BySide, otherSide, type Side } from '../model.ts';
import { type AdfDoc, type AdfMark, type AdfNode, stringAttr, textNode } from './adf.ts';
import { mergeTexts } from './content-rules.ts';

/** One item of a pair, as a text names it. */
export interface NamedItem {
  /** `TAN-12`, or the work item's number. */
  readonly key: string;
  readonly url: string;
}

export interface LinkResolver {
  /** The pair of an issue by its key, or of a work item by its number; undefined for any other. */
  readonly pairOf: (side: Side, key: string) => BySide<NamedItem> | undefined;
  /** The addresses beneath which the pages of each side lie: the Jira site's, the organization's. */
  readonly sites: BySide<string>;
  /** The Jira project whose issues are worth waiting for while they have no pair. */
  readonly project: string;
}

const keyForm = '[A-Z][A-Z0-9_]{1,19}-[1-9]\\d{0,9}';
const addressForm = 'https?://[^\\s<>"\'\\\\|]+';
const plainForms: BySide<RegExp> = {
  jira: new RegExp(`(${addressForm})|(?<![\\p{L}\\p{N}_./@-])(${keyForm})(?![\\p{L}\\p{N}_-]|[./]\\p{L})`, 'gu'),
  azure: new RegExp(`(${addressForm})|(?<![\\p{L}\\p{N}_&#/-])(?:AB)?#([1-9]\\d{0,9})(?![\\p{L}\\p{N}_-])`, 'gu'),
};
const wholeForms: BySide<RegExp> = { jira: new RegExp(`^(${keyForm})$`), azure: /^(?:AB)?#([1-9]\d{0,9})$/ };

/** How a person writes the key of an item in a text. */
const written = (side: Side, key: string): string => (side === 'jira' ? key : `#${key}`);

/** Beneath the site's own address, whatever the case of its host. */
function pathBeneath(site: string, address: string): { readonly path: string; readonly query: URLSearchParams } | null {
  if (!URL.canParse(address) || !URL.canParse(site)) return null;
  const [url, base] = [new URL(address), new URL(site)];
  const root = base.pathname.replace(/\/+$/, '');
  const within = url.pathname.toLowerCase().startsWith(`${root}/`.toLowerCase());
  // A place within the page, such as a comment, has no counterpart here.
  if (url.host !== base.host || !within || url.hash !== '') return null;
  return { path: url.pathname.slice(root.length), query: url.searchParams };
}

/**
 * The item that an address shows, by its key. Jira: `/browse/KEY`, the same in a project's views, and a board's
 * `selectedIssue`. Azure DevOps: `/_workitems/edit/ID`, `?id=` and a board's `?workitem=`.
 */
export function itemInAddress(side: Side, site: string, address: string): string | undefined {
  const found = pathBeneath(site, address);
  if (found === null) return undefined;
  const { path, query } = found;
  if (side === 'jira') {
    const selected = query.get('selectedIssue');
    if (selected !== null) return new RegExp(`^${keyForm}$`).exec(selected)?.[0];
    if (query.size > 0) return undefined;
    return new RegExp(`^/(?:browse|jira/[\\w/-]+/issues)/(${keyForm})/?$`).exec(path)?.[1];
  }
  const named = query.get('workitem') ?? (/\/_workitems\/?$/i.test(path) ? query.get('id') : null);
  if (named !== null) return /^[1-9]\d{0,9}$/.exec(named)?.[0];
  return query.size > 0 ? undefined : /^(?:\/[^/]+)?\/_workitems\/edit\/([1-9]\d{0,9})\/?$/i.exec(path)?.[1];
}

/** A document of the other side with what it says of paired items put as `to` says it. Code stays as it is. */
export function translateLinks(doc: AdfDoc, to: Side, resolver: LinkResolver): AdfDoc {
  const content = translateAll(doc.content, { to, from: otherSide(to), resolver });
  return content === doc.content ? doc : { ...doc, content };
}

interface Translation {
  readonly from: Side;
  readonly to: Side;
  readonly resolver: LinkResolver;
}

/** The same array where nothing changed, so that untouched blocks stay the objects that they were. */
function translateAll(nodes: readonly AdfNode[], by: Translation): readonly AdfNode[] {
  const changed = nodes.map((node) => translateNode(node, by));
  if (changed.every((result, i) => result.length === 1 && result[0] === nodes[i])) return nodes;
  return mergeTexts(changed.flat());
}

const isCode = (mark: AdfMark): boolean => mark.type === 'code';

function translateNode(node: AdfNode, by: Translation): readonly AdfNode[] {
  if (node.type === 'codeBlock' || node.marks?.some(isCode)) return [node];
  const link = node.marks?.find((mark) => mark.type === 'link');
  if (link !== undefined) return [linkedNode(node, link, by)];
  if (node.type === 'text') return textPieces(node, by);
  const url = node.type.endsWith('Card') ? stringAttr(node, 'url') : undefined;
  const item = url === undefined ? undefined : itemAt(url, by);
  if (item !== undefined) return [{ ...node, attrs: { ...node.attrs, url: item[by.to].url } }];
  if (node.content === undefined) return [node];
  const content = translateAll(node.content, by);
  return content === node.content ? [node] : [{ ...node, content }];
}

function itemAt(address: string, { from, resolver }: Translation): BySide<NamedItem> | undefined {
  const key = itemInAddress(from, resolver.sites[from], address);
  return key === undefined ? undefined : resolver.pairOf(from, key);
}

function itemIn(side: Side, text: string | undefined, { resolver }: Translation): BySide<NamedItem> | undefined {
  const key = wholeForms[side].exec(text ?? '')?.[1];
  return key === undefined ? undefined : resolver.pairOf(side, key);
}

/** A link whose title is a key of the side that it goes to was a plain key there. */
function linkedNode(node: AdfNode, link: AdfMark, by: Translation): AdfNode {
  const { from, to } = by;
  const href = stringAttr(link, 'href') ?? '';
  const item = itemAt(href, by);
  if (item === undefined) return node;
  const title = stringAttr(link, 'title');
  const named = itemIn(from, node.text, by) === item;
  const others = (node.marks ?? []).filter((mark) => mark !== link);
  if (named && title !== undefined && itemIn(to, title, by) === item) return textNode(title, others);
  const attrs = { ...link.attrs, href: item[to].url, ...(title === href ? { title: item[to].url } : {}) };
  const marks = (node.marks ?? []).map((mark) => (mark === link ? { ...link, attrs } : mark));
  const text = named ? written(to, item[to].key) : node.text === href ? item[to].url : node.text;
  return { ...node, marks, ...(text === undefined ? {} : { text }) };
}

/** Addresses stay plain; a plain key becomes a link that keeps the key as its title. */
function textPieces(node: AdfNode, by: Translation): readonly AdfNode[] {
  const { from, to, resolver } = by;
  const text = node.text ?? '';
  const pieces: AdfNode[] = [];
  let done = 0;
  const push = (until: number) => {
    if (until > done) pieces.push({ ...node, text: text.slice(done, until) });
  };
  for (const match of text.matchAll(plainForms[from])) {
    const [whole, address, key] = match;
    if (address !== undefined) {
      const shown = address.replace(/[.,;:!?)\]}]+$/, '');
      const item = itemAt(shown, by);
      if (item === undefined) continue;
      push(match.index);
      pieces.push({ ...node, text: item[to].url });
      done = match.index + shown.length;
      continue;
    }
    const item = key === undefined ? undefined : resolver.pairOf(from, key);
    if (item === undefined) continue;
    push(match.index);
    const link = { type: 'link', attrs: { href: item[to].url, title: whole } };
    pieces.push(textNode(written(to, item[to].key), [...(node.marks ?? []), link]));
    done = match.index + whole.length;
  }
  if (pieces.length === 0) return [node];
  push(text.length);
  return pieces;
}

/** Everything in a text, in whatever form it is kept, that may name an item: more than what a translation will find. */
export function possibleNames(raw: string): BySide<readonly string[]> {
  const keys = raw.match(new RegExp(`(?<![A-Za-z0-9_])${keyForm}(?![A-Za-z0-9_])`, 'g')) ?? [];
  const numbers = [
    ...raw.matchAll(/(?:(?<!&)#|_workitems\/edit\/|[?&](?:amp;)?(?:id|workitem)=)([1-9]\d{0,9})(?!\w)/gi),
  ];
  return {
    jira: [...new Set(keys)],
    azure: [...new Set(numbers.flatMap(([, id]) => (id === undefined ? [] : [id])))],
  };
}

/**
 * Names of the other side's items that stand in a text of `side` and have no pair yet, if the other side's own text says
 * them as well. At most 50: a text that names more is a list of something else.
 */
export function awaitedNames(side: Side, raw: string, otherRaw: string, resolver: LinkResolver): readonly string[] {
  const other = otherSide(side);
  const theirs = new Set(possibleNames(otherRaw)[other]);
  return possibleNames(raw)
    [other].filter((name) => theirs.has(name) && isAwaited(other, name, resolver))
    .slice(0, 50);
}

/** Without a pair, and of a kind that may get one. */
export const isAwaited = (side: Side, name: string, resolver: LinkResolver): boolean =>
  resolver.pairOf(side, name) === undefined && (side === 'azure' || name.startsWith(`${resolver.project}-`));
