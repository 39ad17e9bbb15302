// HTML elements that stand in a line and mean one thing: mentions, links, cards, files, images, statuses, emoji.
import type { AdfMark, AdfNode } from './adf.ts';
import { parseColor } from './color.ts';
import {
  dateMark,
  fileMark,
  imageMark,
  layoutFloats,
  placeholderTitle,
  safeHref,
  statusLooks,
  wideWidths,
} from './conventions.ts';
import { percentage, pixels } from './css.ts';
import { commentMarks, type MarkState } from './html-marks.ts';
import { mentionedIdentity } from './html-mentions.ts';
import type { Piece } from './html-pieces.ts';
import type { BlockState, Reader } from './html-reader.ts';
import { shownText } from './html-text.ts';
import { type HtmlElement, hasBlocks, rawText } from './html-tree.ts';
import { isoDay } from './labels.ts';

/** What an `<a>` is: pieces of its own, or a state in which its content is read on. */
export type Anchor = { readonly pieces: readonly Piece[] } | { readonly marks: MarkState };

export function readAnchor(element: HtmlElement, marks: MarkState, state: BlockState, reader: Reader): Anchor {
  const text = shownText(rawText(element.children));
  const small = marks.small === true;
  const address = element.attrs.get('href')?.trim() ?? '';
  if (element.attrs.has('data-vss-mention') && (mentionedIdentity(element) !== undefined || /^#?$/.test(address)))
    return { pieces: mention(element, text, marks, state, reader) };
  const raw = element.attrs.get('href')?.trim();
  if (raw === undefined || raw === '' || raw === '#') return { marks };
  const href = safeHref(raw);
  if (href === undefined) {
    reader.losses.add(state.path, 'address', 'a', 'an address of a kind that is not allowed; its text stays');
    return { marks };
  }
  const simple =
    !hasBlocks(element.children) && !element.children.some((child) => child.kind === 'element' && child.tag === 'img');
  const title = element.attrs.get('title')?.trim();
  if (simple && text.startsWith(`${fileMark} `)) {
    const file = reader.context.media?.toJira(href);
    if (file !== undefined) {
      const attrs = {
        type: 'file',
        id: file.id,
        collection: file.collection,
        alt: file.name ?? text.slice(fileMark.length + 1),
      };
      return { pieces: [{ kind: 'atom', node: { type: 'mediaInline', attrs }, small }] };
    }
  }
  if (simple && title === href && text === shownText(href)) {
    return { pieces: [{ kind: 'atom', node: { type: 'inlineCard', attrs: { url: href } }, small }] };
  }
  const shownTitle = title === undefined ? '' : shownText(title);
  const link = { href: reader.context.media?.linkToJira?.(href) ?? href };
  return { marks: { ...marks, link: shownTitle === '' ? link : { ...link, title: shownTitle } } };
}

function mention(
  element: HtmlElement,
  text: string,
  marks: MarkState,
  state: BlockState,
  reader: Reader,
): readonly Piece[] {
  const identity = mentionedIdentity(element);
  const person = identity === undefined ? undefined : reader.context.people?.toJira(identity);
  if (person !== undefined) {
    const name = `@${shownText(person.name).replace(/^@/, '')}`;
    return [
      { kind: 'atom', node: { type: 'mention', attrs: { id: person.id, text: name } }, small: marks.small === true },
    ];
  }
  reader.losses.add(state.path, 'person', 'mention', 'the person has no counterpart in Jira; the name stays as text');
  return text === '' ? [] : [{ kind: 'text', text: text.startsWith('@') ? text : `@${text}`, marks }];
}

/** Undefined where the element means nothing of its own. */
export function readSpan(element: HtmlElement, marks: MarkState): Piece | undefined {
  if (hasBlocks(element.children)) return undefined;
  const small = marks.small === true;
  const tabs = /^pre$/i.test(element.style.get('white-space') ?? '') ? rawText(element.children) : '';
  if (/^\t+$/.test(tabs)) return { kind: 'text', text: tabs, marks, verbatim: true };
  const title = element.attrs.get('title')?.trim();
  const status = statusColor(element);
  if (status === undefined && title === undefined) return undefined;
  const text = shownText(rawText(element.children));
  if (text === '') return undefined;
  if (status !== undefined) {
    const mixed = /^none$/i.test(element.style.get('text-transform') ?? '') ? { style: 'mixedCase' } : {};
    return { kind: 'atom', node: { type: 'status', attrs: { text, color: status, ...mixed } }, small };
  }
  if (title === placeholderTitle) return { kind: 'atom', node: { type: 'placeholder', attrs: { text } }, small };
  const [, timestamp] = new RegExp(`^${dateMark} (-?\\d{1,17})$`, 'u').exec(title ?? '') ?? [];
  if (timestamp !== undefined && text === `${dateMark} ${isoDay(timestamp)}`)
    return { kind: 'atom', node: { type: 'date', attrs: { timestamp } }, small };
  const [, shortName, id] = /^((?::[^:\s]+:){1,2})(?: (\S+))?$/.exec(title ?? '') ?? [];
  if (shortName !== undefined) {
    const attrs = { shortName, ...(id === undefined ? {} : { id }), ...(text === shortName ? {} : { text }) };
    return { kind: 'atom', node: { type: 'emoji', attrs }, small };
  }
  return undefined;
}

export const isStatus = (element: HtmlElement): boolean =>
  statusColor(element) !== undefined && shownText(rawText(element.children)) !== '';

/** A status is a span in the colours of one, or any span with its round corners and a background. */
function statusColor(element: HtmlElement): string | undefined {
  const background = parseColor(element.style.get('background-color') ?? '');
  if (background === undefined) return undefined;
  const text = parseColor(element.style.get('color') ?? '');
  const named = Object.entries(statusLooks).find(
    ([, look]) => look.background === background && look.text === text,
  )?.[0];
  if (named !== undefined) return named;
  return element.style.has('border-radius') && element.style.has('padding') ? background : undefined;
}

const azureFile = /\/_apis\/wit\/attachments\/|\/AttachFileHandler\.ashx/i;

export function readImage(
  element: HtmlElement,
  marks: MarkState,
  state: BlockState,
  reader: Reader,
): Piece | undefined {
  const small = marks.small === true;
  const alt = shownText(element.attrs.get('alt') ?? '');
  const src = safeHref(element.attrs.get('src') ?? '');
  const file = src === undefined ? undefined : reader.context.media?.toJira(src);
  const size = (name: 'width' | 'height') => {
    const value = pixels(element.attrs.get(name));
    return value !== undefined && value > 0 ? { [name]: value } : {};
  };
  const named = alt === '' ? {} : { alt };
  const image = (attrs: Readonly<Record<string, unknown>>): Piece => {
    const found = [...linkMark(marks), ...commentMarks(marks), ...borderMark(element)];
    const media: AdfNode = { type: 'media', attrs, ...(found.length === 0 ? {} : { marks: found }) };
    return { kind: 'image', image: { media, single: singleAttrs(element) }, small };
  };
  if (file !== undefined) {
    return image({
      type: 'file',
      id: file.id,
      collection: file.collection,
      ...named,
      ...size('width'),
      ...size('height'),
    });
  }
  if (src !== undefined && /^https?:/i.test(src) && !azureFile.test(src)) {
    return image({ type: 'external', url: src, ...named, ...size('width'), ...size('height') });
  }
  const label = alt || fileName(src) || 'image';
  reader.losses.add(
    state.path,
    'file',
    'img',
    'the image has no counterpart in Jira; a link or its name takes its place',
  );
  const linked = src !== undefined && /^https?:/i.test(src) ? { ...marks, link: { href: src } } : marks;
  return { kind: 'text', text: linked === marks ? `[${label}]` : `${imageMark} ${label}`, marks: linked };
}

function fileName(src: string | undefined): string {
  const name = /[?&]filename=([^&]*)/i.exec(src ?? '')?.[1] ?? '';
  try {
    return shownText(decodeURIComponent(name));
  } catch {
    return shownText(name);
  }
}

function linkMark(marks: MarkState): readonly AdfMark[] {
  return marks.link === undefined ? [] : [{ type: 'link', attrs: { ...marks.link } }];
}

function borderMark(element: HtmlElement): readonly AdfMark[] {
  const match = /^(\d+(?:\.\d+)?)px\s+solid\s+(.+)$/i.exec(element.style.get('border') ?? '');
  const raw = match?.[2]?.trim().toLowerCase() ?? '';
  const color = /^#[0-9a-f]{8}$/.test(raw) ? raw : parseColor(raw);
  if (match === null || color === undefined) return [];
  const size = Math.round(Number(match[1]));
  return size < 1 ? [] : [{ type: 'border', attrs: { size: Math.min(3, size), color } }];
}

function singleAttrs(element: HtmlElement): Readonly<Record<string, unknown>> {
  const float = element.style.get('float')?.toLowerCase() ?? element.attrs.get('align')?.toLowerCase();
  const layout =
    Object.entries(layoutFloats).find(([, side]) => side === float)?.[0] ?? wideLayout(element.style.get('max-width'));
  const width = element.style.get('width');
  const [share, absolute] = [percentage(width), pixels(width)];
  return {
    ...(layout === undefined ? {} : { layout }),
    ...(share !== undefined && share > 0 ? { width: Math.min(100, share) } : {}),
    ...(absolute !== undefined && absolute > 0 ? { width: Math.round(absolute * 100) / 100, widthType: 'pixel' } : {}),
  };
}

/** The layout that a `max-width` stands for. */
export function wideLayout(most: string | undefined): string | undefined {
  return Object.entries(wideWidths).find(([, width]) => width === most)?.[0];
}

/** The mark of a block that is wider than the text. */
export function breakoutMarks(element: HtmlElement): readonly AdfMark[] {
  const mode = wideLayout(element.style.get('max-width'));
  if (mode === undefined) return [];
  const width = pixels(element.style.get('max-inline-size'));
  return [{ type: 'breakout', attrs: { mode, ...(width === undefined ? {} : { width }) } }];
}

/** The address of a card box: its only content is a link that shows its own address. */
export function cardAddress(element: HtmlElement): string | undefined {
  const [only, ...more] = element.children.filter((child) => child.kind === 'element' || child.text.trim() !== '');
  if (only?.kind !== 'element' || only.tag !== 'a' || more.length > 0) return undefined;
  const href = safeHref(only.attrs.get('href') ?? '');
  return href !== undefined && shownText(rawText(only.children)) === shownText(href) ? href : undefined;
}
