// ADF inline content → HTML. Blocks are in adf-to-html.ts.
import { type AdfMark, type AdfNode, isRecord, numberAttr, stringAttr } from './adf.ts';
import { isPlainBackground, isPlainTextColor, parseColor } from './color.ts';
import type { LossLog, ToHtmlContext } from './context.ts';
import {
  customStatusText,
  dateMark,
  fileMark,
  imageMark,
  placeholderColor,
  placeholderTitle,
  safeHref,
  standIn,
  statusLooks,
} from './conventions.ts';
import { cleanText, escapeAttr, escapePattern, escapeText, shieldText } from './html-text.ts';

export interface HtmlWriter {
  readonly context: ToHtmlContext;
  readonly losses: LossLog;
  /** Mentions of the HTML that is replaced, by visible text. */
  readonly mentions: ReadonlyMap<string, string>;
}

interface Wrap {
  readonly key: string;
  readonly open: string;
  readonly close: string;
}

type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly wraps: readonly Wrap[] }
  | { readonly kind: 'atom'; readonly html: string; readonly wraps: readonly Wrap[] }
  | { readonly kind: 'break' };

/** Outermost first; a link wraps everything so that it stays one link. */
const markOrder = ['link', 'strong', 'em', 'underline', 'strike', 'subsup', 'textColor', 'backgroundColor', 'code'];
const simpleTags: Readonly<Record<string, string>> = {
  strong: 'strong',
  em: 'em',
  underline: 'u',
  strike: 's',
  code: 'code',
};

/**
 * The inline HTML of a block. `after` is the text that stands directly before it in the same line, if any. Empty
 * content, and a break at the end, get the extra `<br>` that browsers need to show the line at all.
 */
export function inlineHtml(content: readonly AdfNode[], path: string, writer: HtmlWriter, after = ''): string {
  const pieces = content.flatMap((node, i) => piecesOf(node, `${path}.content[${i}]`, writer));
  const last = pieces.at(-1);
  const filler = last === undefined ? after === '' : last.kind === 'break';
  return render(pieces, after) + (filler ? '<br>' : '');
}

function render(pieces: readonly Piece[], after: string): string {
  let html = '';
  let open: readonly Wrap[] = [];
  let softBefore = after === '' || after.endsWith(' ');
  const moveTo = (wraps: readonly Wrap[]) => {
    let shared = 0;
    while (shared < open.length && open[shared]?.key === wraps[shared]?.key && shared < wraps.length) shared += 1;
    html += open
      .slice(shared)
      .reverse()
      .map((wrap) => wrap.close)
      .join('');
    html += wraps
      .slice(shared)
      .map((wrap) => wrap.open)
      .join('');
    open = wraps;
  };
  for (const [i, piece] of pieces.entries()) {
    if (piece.kind === 'break') {
      moveTo(open.filter((wrap) => sharedAfter(pieces, i, wrap)));
      html += '<br>';
      softBefore = true;
      continue;
    }
    moveTo(piece.wraps);
    if (piece.kind === 'atom') {
      html += piece.html;
      softBefore = false;
      continue;
    }
    const next = pieces[i + 1];
    const endsLine = next === undefined || next.kind === 'break';
    let shown = '';
    for (let at = 0; at < piece.text.length; at += 1) {
      const char = piece.text[at] ?? '';
      const swallowed = softBefore || (endsLine && at === piece.text.length - 1);
      shown += char === ' ' && swallowed ? '\u00a0' : char;
      softBefore = char === ' ' && !swallowed;
    }
    html += escapeText(shown);
  }
  moveTo([]);
  return html;
}

/** Whether the text after a break goes on with the same mark, so that it need not be closed for the break. */
function sharedAfter(pieces: readonly Piece[], at: number, wrap: Wrap): boolean {
  const next = pieces.slice(at + 1, at + 2)[0];
  return next !== undefined && next.kind !== 'break' && next.wraps.some((other) => other.key === wrap.key);
}

function piecesOf(node: AdfNode, path: string, writer: HtmlWriter): readonly Piece[] {
  switch (node.type) {
    case 'text':
      return textPieces(node, path, writer);
    case 'hardBreak':
      return [{ kind: 'break' }];
    default:
      return atomPieces(node, path, writer);
  }
}

function textPieces(node: AdfNode, path: string, writer: HtmlWriter): readonly Piece[] {
  const wraps = wrapsOf(node.marks ?? [], path, writer);
  const text = cleanText(node.text ?? '');
  const href = stringAttr(node.marks?.find((mark) => mark.type === 'link') ?? {}, 'href');
  if (text.startsWith(`${imageMark} `) && href !== undefined && /^https?:/i.test(href)) {
    const image: AdfNode = {
      type: 'media',
      attrs: { type: 'external', url: href, alt: text.slice(imageMark.length + 1) },
    };
    return [{ kind: 'atom', html: imageHtml(image, path, writer), wraps: [] }];
  }
  if (text.includes('\t')) writer.losses.add(path, 'text', 'a tab became spaces');
  const pieces: Piece[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (i > 0) pieces.push({ kind: 'break' });
    if (line !== '') pieces.push(...withMentions(line.replaceAll('\t', '    '), wraps, writer));
  }
  return pieces;
}

/** Puts back mentions of the replaced HTML whose person has no counterpart, where their text still stands. */
function withMentions(text: string, wraps: readonly Wrap[], writer: HtmlWriter): readonly Piece[] {
  if (writer.mentions.size === 0) return [{ kind: 'text', text, wraps }];
  const names = [...writer.mentions.keys()].map((name) => `${escapePattern(name)}(?![\\p{L}\\p{N}_])`);
  return text
    .split(new RegExp(`(${names.join('|')})`, 'u'))
    .filter((part) => part !== '')
    .map((part): Piece => {
      const html = writer.mentions.get(part);
      return html === undefined ? { kind: 'text', text: part, wraps } : { kind: 'atom', html, wraps: [] };
    });
}

function wrapsOf(marks: readonly AdfMark[], path: string, writer: HtmlWriter): readonly Wrap[] {
  const wraps: Wrap[] = [];
  for (const type of markOrder) {
    const mark = marks.find((candidate) => candidate.type === type);
    const wrap = mark && wrapOf(mark, path, writer);
    if (wrap) wraps.push(wrap);
  }
  for (const mark of marks) {
    if (!markOrder.includes(mark.type))
      writer.losses.add(path, mark.type, `${markNames[mark.type] ?? 'this mark'} has no counterpart in HTML`);
  }
  return wraps;
}

const markNames: Readonly<Record<string, string>> = {
  annotation: 'an inline comment',
  dataConsumer: 'a data connection',
};

function wrapOf(mark: AdfMark, path: string, writer: HtmlWriter): Wrap | undefined {
  const tag = simpleTags[mark.type];
  if (tag !== undefined) return { key: tag, open: `<${tag}>`, close: `</${tag}>` };
  switch (mark.type) {
    case 'link':
      return linkWrap(mark, path, writer);
    case 'subsup': {
      const kind = stringAttr(mark, 'type') === 'sup' ? 'sup' : 'sub';
      return { key: kind, open: `<${kind}>`, close: `</${kind}>` };
    }
    case 'textColor':
      return colorWrap('color', mark, isPlainTextColor, path, writer);
    case 'backgroundColor':
      return colorWrap('background-color', mark, isPlainBackground, path, writer);
    default:
      return undefined;
  }
}

export function linkWrap(mark: AdfMark, path: string, writer: HtmlWriter): Wrap | undefined {
  const href = safeHref((stringAttr(mark, 'href') ?? '').toWellFormed());
  if (href === undefined || href === '#') {
    writer.losses.add(path, 'link', 'the address is empty or of a kind that is not allowed; its text stays');
    return undefined;
  }
  const title = cleanText(stringAttr(mark, 'title') ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  const open = `<a href="${escapeAttr(href)}"${title === '' ? '' : ` title="${escapeAttr(title)}"`}>`;
  return { key: open, open, close: '</a>' };
}

function colorWrap(
  property: string,
  mark: AdfMark,
  isPlain: (color: string) => boolean,
  path: string,
  writer: HtmlWriter,
): Wrap | undefined {
  const color = parseColor(stringAttr(mark, 'color') ?? '');
  if (color === undefined || isPlain(color)) {
    writer.losses.add(path, mark.type, 'not a colour that differs from plain text');
    return undefined;
  }
  const open = `<span style="${property}:${color}">`;
  return { key: open, open, close: '</span>' };
}

function atomPieces(node: AdfNode, path: string, writer: HtmlWriter): readonly Piece[] {
  for (const mark of node.marks ?? []) {
    if (mark.type !== 'link' && mark.type !== 'border') writer.losses.add(path, mark.type, `not kept on ${node.type}`);
  }
  const text = (value: string): readonly Piece[] => (value === '' ? [] : [{ kind: 'text', text: value, wraps: [] }]);
  const atom = (html: string): readonly Piece[] => [{ kind: 'atom', html, wraps: [] }];
  switch (node.type) {
    case 'mention':
      return mention(node, path, writer, atom, text);
    case 'emoji':
      return emoji(node, path, writer, atom, text);
    case 'date': {
      const day = isoDay(stringAttr(node, 'timestamp') ?? '');
      if (day !== undefined) return text(`${dateMark} ${day}`);
      writer.losses.add(path, 'date', 'not a date between the years 1 and 9999');
      return text(cleanText(stringAttr(node, 'timestamp') ?? '').replace(/[\n\t]/g, ' '));
    }
    case 'status':
      return status(node, path, writer, atom);
    case 'placeholder': {
      const shown = shieldText(stringAttr(node, 'text') ?? '');
      if (shown === '') return [];
      return atom(`<span title="${placeholderTitle}" style="color:${placeholderColor}">${escapeText(shown)}</span>`);
    }
    case 'inlineCard':
      return inlineCard(node, path, writer, atom, text);
    case 'mediaInline': {
      const html = stringAttr(node, 'type') === 'image' ? imageHtml(node, path, writer) : fileHtml(node, path, writer);
      return html.startsWith('<') ? atom(html) : text(html);
    }
    default:
      writer.losses.add(path, node.type, 'only Jira can show it; a stand-in text takes its place');
      return text(standIn(labelOf(node)));
  }
}

type AtomOf = (html: string) => readonly Piece[];
type TextOf = (text: string) => readonly Piece[];

function mention(node: AdfNode, path: string, writer: HtmlWriter, atom: AtomOf, text: TextOf): readonly Piece[] {
  const person = writer.context.people?.toAzure(stringAttr(node, 'id') ?? '');
  if (person !== undefined) return atom(mentionHtml(person.id, person.name));
  writer.losses.add(path, 'mention', 'the person has no counterpart in Azure DevOps; the name stays as text');
  const name = `@${shownName(stringAttr(node, 'text') ?? '') || 'unknown'}`;
  const known = writer.mentions.get(name);
  return known === undefined ? text(name) : atom(known);
}

/** Source of the form: https://learn.microsoft.com/azure/devops/organizations/notifications/at-mentions */
export function mentionHtml(identityId: string, name: string): string {
  return `<a href="#" data-vss-mention="version:2.0,${escapeAttr(identityId)}">@${escapeText(shownName(name))}</a>`;
}

function shownName(name: string): string {
  return cleanText(name).replace(/\s+/g, ' ').trim().replace(/^@/, '');
}

function emoji(node: AdfNode, path: string, writer: HtmlWriter, atom: AtomOf, text: TextOf): readonly Piece[] {
  const shortName = stringAttr(node, 'shortName') ?? '';
  const shown = shieldText(stringAttr(node, 'text') || shortName);
  if (!/^:[^:\s]+:$/.test(shortName) || cleanText(shortName) !== shortName) {
    writer.losses.add(path, 'emoji', 'its short name is not of the form :name:');
    return text(shown);
  }
  const id = stringAttr(node, 'id');
  if (id !== undefined && !/^[0-9a-f]{2,6}(-[0-9a-f]{2,6})*$/i.test(id))
    writer.losses.add(path, 'emoji', 'the image of a custom emoji');
  return atom(`<span title="${escapeAttr(shortName)}">${escapeText(shown)}</span>`);
}

function status(node: AdfNode, path: string, writer: HtmlWriter, atom: AtomOf): readonly Piece[] {
  const shown = shieldText(stringAttr(node, 'text') ?? '');
  if (shown === '') return [];
  if (stringAttr(node, 'style')) writer.losses.add(path, 'status', 'the style of a status');
  const color = stringAttr(node, 'color') ?? 'neutral';
  const free = color.startsWith('#') ? parseColor(color) : undefined;
  const look = free ? { background: free, text: customStatusText } : (statusLooks[color] ?? statusLooks.neutral);
  const style = `background-color:${look?.background};color:${look?.text};border-radius:3px;padding:0 4px;font-weight:bold`;
  return atom(`<span style="${style}">${escapeText(shown)}</span>`);
}

function inlineCard(node: AdfNode, path: string, writer: HtmlWriter, atom: AtomOf, text: TextOf): readonly Piece[] {
  const url = cardUrl(node);
  const href = url === undefined ? undefined : safeHref(url);
  if (node.attrs?.data !== undefined) writer.losses.add(path, 'inlineCard', 'the data of a card; its address stays');
  if (href === undefined) {
    if (url !== undefined) writer.losses.add(path, 'inlineCard', 'an address of a kind that is not allowed');
    return text(url === undefined ? standIn(labelOf(node)) : cleanText(url).replace(/[\n\t]/g, ' '));
  }
  return atom(`<a href="${escapeAttr(href)}" title="${escapeAttr(href)}">${escapeText(shieldText(href))}</a>`);
}

/** A card's address, also out of the JSON-LD that some cards carry instead of `url`. */
export function cardUrl(node: AdfNode): string | undefined {
  const data = node.attrs?.data;
  const url = stringAttr(node, 'url') ?? (isRecord(data) ? (data.url ?? data['@id']) : undefined);
  return typeof url === 'string' && url.trim() !== '' ? url.toWellFormed() : undefined;
}

export function isoDay(timestamp: string): string | undefined {
  const time = /^-?\d+$/.test(timestamp) ? new Date(Number(timestamp)) : undefined;
  if (time === undefined || Number.isNaN(time.getTime())) return undefined;
  const day = time.toISOString().slice(0, 10);
  return /^\d{4}-\d\d-\d\d$/.test(day) && !day.startsWith('0000') ? day : undefined;
}

/** What a reader sees in place of a node that only Jira can show. */
export function labelOf(node: AdfNode): string {
  const named = ['text', 'title', 'extensionKey', 'alt', 'url']
    .map((name) => stringAttr(node, name))
    .find((value) => value);
  return (
    cleanText(named ?? node.type)
      .replace(/[[\]\s]+/g, ' ')
      .trim()
      .slice(0, 80) || node.type
  );
}

/** An image: `<img>`, in its link if it has one; or a stand-in text where the file has no counterpart. */
export function imageHtml(media: AdfNode, path: string, writer: HtmlWriter, style: readonly string[] = []): string {
  const url = mediaUrl(media, writer);
  if (url === undefined) return lostMedia(media, path, writer);
  const border = media.marks?.find((mark) => mark.type === 'border');
  const styles = [...style, ...(border ? [borderStyle(border)] : [])].filter((entry) => entry !== '');
  const size = (name: 'width' | 'height') => {
    const value = numberAttr(media, name);
    return value !== undefined && value > 0 ? ` ${name}="${value}"` : '';
  };
  const alt = cleanText(stringAttr(media, 'alt') ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  const styled = styles.length === 0 ? '' : ` style="${styles.join(';')}"`;
  const image = `<img src="${escapeAttr(url.url)}" alt="${escapeAttr(alt)}"${size('width')}${size('height')}${styled}>`;
  return inLink(media, image, path, writer);
}

function borderStyle(mark: AdfMark): string {
  const size = numberAttr(mark, 'size') ?? 1;
  const color = stringAttr(mark, 'color') ?? '';
  return /^#([0-9a-f]{6}|[0-9a-f]{8})$/i.test(color) ? `border:${size}px solid ${color.toLowerCase()}` : '';
}

/** A link to a file, or a stand-in text. */
export function fileHtml(media: AdfNode, path: string, writer: HtmlWriter): string {
  const url = mediaUrl(media, writer);
  if (url === undefined) return lostMedia(media, path, writer);
  if (media.marks?.some((mark) => mark.type === 'link' || mark.type === 'border')) {
    writer.losses.add(path, media.type, 'link or border of a file');
  }
  const name = cleanText(url.name ?? stringAttr(media, 'alt') ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  return `<a href="${escapeAttr(url.url)}">${fileMark} ${escapeText(name || 'attachment')}</a>`;
}

function lostMedia(media: AdfNode, path: string, writer: HtmlWriter): string {
  writer.losses.add(path, media.type, 'the file has no counterpart in Azure DevOps; a stand-in text takes its place');
  return standIn(mediaLabel(media));
}

export function mediaLabel(media: AdfNode): string {
  return `file ${labelOf({ type: stringAttr(media, 'id') ?? media.type, attrs: { text: stringAttr(media, 'alt') || stringAttr(media, 'id') } })}`;
}

function mediaUrl(media: AdfNode, writer: HtmlWriter): { readonly url: string; readonly name?: string } | undefined {
  if (stringAttr(media, 'type') === 'external') {
    const url = safeHref((stringAttr(media, 'url') ?? '').toWellFormed());
    return url !== undefined && /^https?:/i.test(url) ? { url } : undefined;
  }
  const id = stringAttr(media, 'id');
  if (id === undefined) return undefined;
  return writer.context.media?.toAzure({ id, collection: stringAttr(media, 'collection') ?? '' });
}

export function inLink(node: AdfNode, html: string, path: string, writer: HtmlWriter): string {
  const mark = node.marks?.find((candidate) => candidate.type === 'link');
  const wrap = mark && linkWrap(mark, path, writer);
  return wrap ? `${wrap.open}${html}${wrap.close}` : html;
}
