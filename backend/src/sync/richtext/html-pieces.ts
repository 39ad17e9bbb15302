// A line of HTML on its way to ADF: pieces as the reader meets them, then white space as a browser shows it, then ADF
// inline nodes with dates, stand-ins and people found in the text.
import { type AdfNode, stringAttr, textNode } from './adf.ts';
import { mergeTexts } from './content-rules.ts';
import type { LossLog, Path } from './context.ts';
import { dateMark } from './conventions.ts';
import { adfMarks, type MarkState } from './html-marks.ts';
import type { Restorer } from './restore.ts';

export type Piece =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly marks: MarkState;
      /** White space in it counts. */
      readonly verbatim?: boolean;
    }
  | { readonly kind: 'break'; readonly small: boolean }
  | { readonly kind: 'atom'; readonly node: AdfNode; readonly small: boolean }
  | { readonly kind: 'image'; readonly image: Image; readonly small: boolean };

/** An image that Jira can show: alone in its block it becomes a mediaSingle, in a line a mediaInline where it may. */
export interface Image {
  readonly media: AdfNode;
  /** Attributes of the mediaSingle: layout, width. */
  readonly single: Readonly<Record<string, unknown>>;
}

export interface Line {
  readonly pieces: readonly Piece[];
  /** Something stood there that shows as an empty line: a break, or nothing but non-breaking spaces. */
  readonly blank: boolean;
}

/** CSS white-space processing over a whole line: runs collapse across elements, ends and edges of breaks are cut. */
export function collapse(raw: readonly Piece[]): Line {
  const pieces: Piece[] = [];
  let atSpace = true;
  let sawHard = false;
  const cutEnd = () => {
    for (let last = pieces.at(-1); last?.kind === 'text'; last = pieces.at(-1)) {
      const text = last.text.replace(/ $/, '');
      if (text === last.text) return;
      pieces.pop();
      if (text !== '') {
        pieces.push({ ...last, text });
        return;
      }
    }
  };
  for (const piece of raw) {
    if (piece.kind === 'text' && piece.verbatim === true) {
      atSpace = false;
      sawHard = true;
      pieces.push(piece);
      continue;
    }
    if (piece.kind === 'text') {
      let text = piece.text.replace(/[ \t\n]+/g, ' ');
      if (atSpace && text.startsWith(' ')) text = text.slice(1);
      if (text === '') continue;
      atSpace = text.endsWith(' ');
      sawHard ||= text.includes('\u00a0');
      pieces.push({ ...piece, text });
      continue;
    }
    if (piece.kind === 'break') {
      cutEnd();
      sawHard = true;
    }
    atSpace = piece.kind === 'break';
    pieces.push(piece);
  }
  cutEnd();
  if (pieces.at(-1)?.kind === 'break') pieces.pop();
  const shown = pieces.map((piece) =>
    piece.kind === 'text' ? { ...piece, text: piece.text.replaceAll('\u00a0', ' ') } : piece,
  );
  const nothing = shown.every((piece) => piece.kind === 'text' && piece.text.trim() === '');
  return nothing ? { pieces: [], blank: sawHard } : { pieces: shown, blank: false };
}

/** Part of a collapsed line as a line of its own: no breaks and no spaces at its edges. */
export function trimmed(pieces: readonly Piece[]): readonly Piece[] {
  const isEdge = (piece: Piece | undefined) =>
    piece?.kind === 'break' || (piece?.kind === 'text' && piece.text.trim() === '');
  let [from, to] = [0, pieces.length];
  while (from < to && isEdge(pieces[from])) from += 1;
  while (to > from && isEdge(pieces[to - 1])) to -= 1;
  return pieces.slice(from, to).map((piece, i, all) => {
    if (piece.kind !== 'text') return piece;
    const text = i === 0 ? piece.text.trimStart() : piece.text;
    return { ...piece, text: i === all.length - 1 ? text.trimEnd() : text };
  });
}

export interface InlineOptions {
  readonly losses: LossLog;
  readonly path: Path;
  readonly restorer: Restorer;
}

/** Images are left out here; who calls has dealt with them. */
export function inlineNodes(pieces: readonly Piece[], options: InlineOptions): readonly AdfNode[] {
  const dropped = () => options.losses.add(options.path, 'code', 'code', 'other formatting of code');
  const nodes = pieces.flatMap((piece): readonly AdfNode[] => {
    switch (piece.kind) {
      case 'text':
        return piece.text === '' ? [] : [textNode(piece.text, adfMarks(piece.marks, dropped))];
      case 'break':
        return [{ type: 'hardBreak' }];
      case 'atom':
        return [piece.node];
      case 'image':
        return [];
      default:
        return piece satisfies never;
    }
  });
  return mergeTexts(nodes).flatMap((node) => (node.type === 'text' ? foundInText(node, options.restorer) : [node]));
}

/** Dates, stand-ins and people in a text, each found once from left to right. */
function foundInText(node: AdfNode, restorer: Restorer): readonly AdfNode[] {
  const text = node.text ?? '';
  if (node.marks?.some((mark) => mark.type === 'code' || mark.type === 'link')) return [node];
  const found: AdfNode[] = [];
  let done = 0;
  for (const match of text.matchAll(restorer.pattern)) {
    const meaning = meaningOf(match[0], restorer);
    if (meaning === undefined) continue;
    if (match.index > done) found.push({ ...node, text: text.slice(done, match.index) });
    found.push(meaning);
    done = match.index + match[0].length;
  }
  if (done === 0) return [node];
  return done < text.length ? [...found, { ...node, text: text.slice(done) }] : found;
}

function meaningOf(text: string, restorer: Restorer): AdfNode | undefined {
  if (text.startsWith('[')) return restorer.inline(text);
  if (text.startsWith('@')) return restorer.mentions.get(text);
  const day = text.slice(dateMark.length + 1);
  const time = Date.parse(`${day}T00:00:00Z`);
  const real = !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === day;
  return real ? { type: 'date', attrs: { timestamp: String(time) } } : undefined;
}

export function isSmall(piece: Piece): boolean {
  return piece.kind === 'text' ? piece.marks.small === true : piece.small;
}

export function isFile(piece: Piece): boolean {
  return piece.kind === 'atom' && piece.node.type === 'mediaInline' && stringAttr(piece.node, 'type') === 'file';
}
