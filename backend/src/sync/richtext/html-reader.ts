// The state of one reading of HTML, and how finished lines become blocks. The walk itself is html-to-adf.ts.
import { type AdfMark, type AdfNode, paragraph, stringAttr } from './adf.ts';
import { type Container, fitBlocks } from './content-rules.ts';
import type { LossLog, Path, ToAdfContext } from './context.ts';
import { indentPixels } from './conventions.ts';
import type { MarkState } from './html-marks.ts';
import { collapse, type InlineOptions, inlineNodes, isFile, isSmall, type Piece, trimmed } from './html-pieces.ts';
import type { HtmlNode } from './html-tree.ts';
import type { Restorer } from './restore.ts';

/** What blocks inherit from the elements around them. */
export interface BlockState {
  /** The innermost block element: decides whether a line is a heading. */
  readonly tag: string;
  readonly align?: 'center' | 'end' | undefined;
  /** CSS pixels. */
  readonly indent: number;
  readonly path: Path;
}

export interface Reader {
  readonly context: ToAdfContext;
  readonly losses: LossLog;
  readonly restorer: Restorer;
  /** Reads nodes into a sink: set by the walk, called by what reads lists, tables and boxes. */
  readonly walk: (nodes: readonly HtmlNode[], marks: MarkState, state: BlockState, sink: Sink) => void;
}

/** Where blocks gather, with the line that is being read. */
export interface Sink {
  readonly blocks: AdfNode[];
  pieces: Piece[];
}

export const newSink = (): Sink => ({ blocks: [], pieces: [] });

/** The content of an element as the container may hold it. */
export function readInto(
  reader: Reader,
  nodes: readonly HtmlNode[],
  marks: MarkState,
  state: BlockState,
  container: Container,
): readonly AdfNode[] {
  return fitBlocks(readLoose(reader, nodes, marks, state), container, reader.losses, state.path);
}

/** The content of an element with no regard to where it may stand. */
export function readLoose(
  reader: Reader,
  nodes: readonly HtmlNode[],
  marks: MarkState,
  state: BlockState,
): readonly AdfNode[] {
  const sink = newSink();
  reader.walk(nodes, marks, state, sink);
  endLine(reader, sink, state);
  return sink.blocks;
}

/** Closes the line: turns what was gathered into blocks. */
export function endLine(reader: Reader, sink: Sink, state: BlockState): void {
  if (sink.pieces.length === 0) return;
  const { pieces, blank } = collapse(sink.pieces);
  const small = sink.pieces.every(isSmall);
  sink.pieces = [];
  if (pieces.length === 0) {
    if (blank) sink.blocks.push(textBlock([], small && !isHeading(state) ? [smallMark] : [], state));
    return;
  }
  const options: InlineOptions = { losses: reader.losses, path: state.path, restorer: reader.restorer };
  for (const block of mediaOnly(pieces, options, state) ?? mixedLine(pieces, options, state)) sink.blocks.push(block);
}

/** A line of images or files alone, or an image with its caption; undefined for any other. */
function mediaOnly(
  pieces: readonly Piece[],
  options: InlineOptions,
  state: BlockState,
): readonly AdfNode[] | undefined {
  const solid = pieces.filter(
    (piece) => piece.kind !== 'break' && !(piece.kind === 'text' && piece.text.trim() === ''),
  );
  const [first, second, ...rest] = pieces;
  if (solid.length === 0) return undefined;
  if (solid.every((piece) => piece.kind === 'image')) return solid.flatMap((piece) => mediaSingle(piece, [], state));
  if (state.tag === 'div' && solid.every(isFile)) {
    const media = solid.flatMap((piece) => (piece.kind === 'atom' ? [asMedia(piece.node)] : []));
    return [{ type: 'mediaGroup', content: media }];
  }
  if (
    first?.kind === 'image' &&
    second?.kind === 'break' &&
    rest.every((piece) => isSmall(piece) && piece.kind !== 'image')
  ) {
    return mediaSingle(
      first,
      inlineNodes(rest, options).filter((node) => node.type !== 'mediaInline'),
      state,
    );
  }
  return undefined;
}

function mediaSingle(piece: Piece, caption: readonly AdfNode[], state: BlockState): readonly AdfNode[] {
  if (piece.kind !== 'image') return [];
  const { media, single } = piece.image;
  const layout = single.layout ?? { center: 'center', end: 'align-end', start: 'align-start' }[state.align ?? 'start'];
  const content = caption.length === 0 ? [media] : [media, { type: 'caption', content: caption }];
  return [{ type: 'mediaSingle', attrs: { ...single, layout }, content }];
}

function asMedia(inline: AdfNode): AdfNode {
  return { ...inline, type: 'media' };
}

/** Text, with images that can't stand in a line split off into blocks of their own. */
function mixedLine(pieces: readonly Piece[], options: InlineOptions, state: BlockState): readonly AdfNode[] {
  const blocks: AdfNode[] = [];
  let part: Piece[] = [];
  const close = () => {
    const line = part.length === pieces.length ? part : trimmed(part);
    if (line.length > 0) blocks.push(...(mediaOnly(line, options, state) ?? [lineBlock(line, options, state)]));
    part = [];
  };
  for (const piece of pieces) {
    if (piece.kind !== 'image' || stringAttr(piece.image.media, 'type') === 'file') {
      part.push(piece);
    } else {
      close();
      blocks.push(...mediaSingle(piece, [], state));
    }
  }
  close();
  return blocks;
}

function asInline(media: AdfNode): AdfNode {
  return { ...media, type: 'mediaInline', attrs: { ...media.attrs, type: 'image' } };
}

function lineBlock(mixed: readonly Piece[], options: InlineOptions, state: BlockState): AdfNode {
  const pieces = mixed.map((piece): Piece => {
    return piece.kind === 'image' ? { kind: 'atom', node: asInline(piece.image.media), small: piece.small } : piece;
  });
  const only = pieces.length === 1 ? pieces[0] : undefined;
  const original = only?.kind === 'text' ? options.restorer.block(only.text.trim()) : undefined;
  if (original !== undefined) return original;
  const small = pieces.every(isSmall) && !isHeading(state);
  if (!small && pieces.some((piece) => piece.kind !== 'break' && isSmall(piece)))
    options.losses.add(options.path, 'font', 'small', 'small text in a line of another size');
  return textBlock(inlineNodes(pieces, options), small ? [smallMark] : [], state);
}

const smallMark: AdfMark = { type: 'fontSize', attrs: { fontSize: 'small' } };
const isHeading = ({ tag }: BlockState): boolean => /^h[1-6]$/.test(tag);

function textBlock(content: readonly AdfNode[], marks: readonly AdfMark[], state: BlockState): AdfNode {
  const level = /^h([1-6])$/.exec(state.tag)?.[1];
  const indent = Math.min(6, Math.round(state.indent / indentPixels));
  const own: AdfMark[] = [...marks];
  if (state.align !== undefined) own.push({ type: 'alignment', attrs: { align: state.align } });
  else if (indent > 0) own.push({ type: 'indentation', attrs: { level: indent } });
  const block = level === undefined ? paragraph(content) : heading(Number(level), content);
  return own.length === 0 ? block : { ...block, marks: own };
}

function heading(level: number, content: readonly AdfNode[]): AdfNode {
  return content.length === 0 ? { type: 'heading', attrs: { level } } : { type: 'heading', attrs: { level }, content };
}
