// ADF inline content → HTML: text with its marks, white space as browsers keep it. Other nodes in a line are in
// adf-atoms-to-html.ts, blocks in adf-to-html.ts.
import { type AdfMark, type AdfNode, stringAttr } from './adf.ts';
import { atomPieces } from './adf-atoms-to-html.ts';
import { imageHtml } from './adf-media-to-html.ts';
import { isPlainBackground, isPlainTextColor, parseColor } from './color.ts';
import { imageMark } from './conventions.ts';
import { cleanText, escapePattern, escapeText } from './html-text.ts';
import { commentWrap, type HtmlWriter, linkWrap, type Piece, reportCharacters, type Wrap } from './html-writer.ts';

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

/** How browsers' own editors write tabs that are to show. */
const tabOpen = '<span style="white-space:pre">';

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
      if (char === '\t') {
        shown += char;
        softBefore = false;
        continue;
      }
      const swallowed = softBefore || (endsLine && at === piece.text.length - 1);
      shown += char === ' ' && swallowed ? '\u00a0' : char;
      softBefore = char === ' ' && !swallowed;
    }
    html += escapeText(shown).replace(/\t+/g, (tabs) => `${tabOpen}${tabs}</span>`);
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
  reportCharacters(node.text ?? '', path, writer);
  const pieces: Piece[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (i > 0) pieces.push({ kind: 'break' });
    if (line !== '') pieces.push(...withMentions(line, wraps, writer));
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
  // Inline comments go around everything but the link.
  let outer = wraps[0]?.open.startsWith('<a ') ? 1 : 0;
  for (const mark of marks) {
    if (mark.type === 'annotation') {
      const wrap = commentWrap(mark, path, writer);
      if (wrap === undefined) continue;
      wraps.splice(outer, 0, wrap);
      outer += 1;
    } else if (!markOrder.includes(mark.type)) {
      writer.losses.add(path, 'jira-only', mark.type, 'this mark has no counterpart in HTML');
    }
  }
  return wraps;
}

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

function colorWrap(
  property: string,
  mark: AdfMark,
  isPlain: (color: string) => boolean,
  path: string,
  writer: HtmlWriter,
): Wrap | undefined {
  const color = parseColor(stringAttr(mark, 'color') ?? '');
  if (color === undefined || isPlain(color)) {
    writer.losses.add(path, 'plain-colour', mark.type, 'not a colour that differs from plain text');
    return undefined;
  }
  const open = `<span style="${property}:${color}">`;
  return { key: open, open, close: '</span>' };
}
