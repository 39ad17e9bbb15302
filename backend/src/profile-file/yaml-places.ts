// Finds the line and column of a path in a YAML document, so that an error can be seen where it stands.

import { type Document, isMap, isScalar, isSeq, type LineCounter, type Node, type Pair } from 'yaml';

export interface Place {
  readonly line: number;
  readonly column: number;
}

export type Locate = (path: string, of?: 'value' | 'key') => Place | null;

/** The deepest part of the path that the document has: a missing key is told where its map stands. */
export function locator(document: Document, lines: LineCounter): Locate {
  return (path, of = 'value') => {
    const offset = offsetOf(document.contents, path === '' ? [] : path.split('.'), of);
    if (offset === null) return null;
    const { line, col } = lines.linePos(offset);
    return line === 0 ? null : { line, column: col };
  };
}

const startOf = (node: unknown): number | null => (node as Node | null)?.range?.[0] ?? null;

function offsetOf(node: unknown, rest: readonly string[], of: 'value' | 'key', key?: unknown): number | null {
  const scalarValue = isScalar(node) && node.range && node.range[1] > node.range[0];
  const here = of === 'value' && scalarValue ? startOf(node) : (startOf(key) ?? startOf(node));
  if (rest.length === 0) return here;
  if (isSeq(node)) {
    const item = node.items[Number(rest[0])];
    return item === undefined ? here : offsetOf(item, rest.slice(1), of, rest.length > 1 ? undefined : item);
  }
  if (!isMap(node)) return here;
  // A key may hold dots itself: `defaults.azure.Custom.Team`.
  for (let length = rest.length; length > 0; length -= 1) {
    const pair = pairOf(node.items, rest.slice(0, length).join('.'));
    if (pair) return offsetOf(pair.value, rest.slice(length), of, pair.key);
  }
  return here;
}

const pairOf = (pairs: readonly Pair[], name: string): Pair | undefined =>
  pairs.find(({ key }) => (isScalar(key) ? String(key.value) : String(key)) === name);
