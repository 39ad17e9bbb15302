// Reads a JQL or WIQL filter far enough to compare two: its AND, OR and NOT, and comparisons of a field with fixed values.
// What it does not understand is kept as an opaque part, of which nothing is concluded. Judges no filter: the services do.

import { foldName } from './catalog.ts';
import type { BySide, Side } from './model.ts';

export type Expression =
  | { readonly kind: 'and'; readonly parts: readonly Expression[] }
  | { readonly kind: 'or'; readonly parts: readonly Expression[] }
  | Comparison
  /** `text` in one spelling, so that a condition and its negation are known for each other. */
  | { readonly kind: 'opaque'; readonly text: string; readonly negated: boolean };

export interface Comparison {
  readonly kind: 'compare';
  /** In lower case. */
  readonly field: string;
  /** `contains` also stands for JQL's `~`; `under` is WIQL's, for paths. */
  readonly operator: 'in' | 'contains' | 'under' | 'empty';
  readonly negated: boolean;
  /** Folded; none with `empty`. */
  readonly values: readonly string[];
}

interface Token {
  readonly kind: 'word' | 'text' | 'symbol';
  readonly text: string;
}

const strings: BySide<string> = {
  jira: String.raw`"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'`,
  // A quote is doubled, and a backslash is one: it parts the names of a path.
  azure: `"((?:[^"]|"")*)"|'((?:[^']|'')*)'`,
};
const others = String.raw`\[([^\]]*)\]|(!=|<>|<=|>=|!~|&&|\|\||[()=<>~,!])|([^\s()=<>~,!"'[\]]+)`;

const unquoted = (side: Side, text: string): string =>
  side === 'jira' ? text.replaceAll(/\\([\s\S])/g, '$1') : text.replaceAll("''", "'").replaceAll('""', '"');

/** Null when something is no token, such as a text that is never closed. */
function tokensOf(side: Side, filter: string): readonly Token[] | null {
  const form = new RegExp(`${strings[side]}|${others}`, 'g');
  if (filter.replaceAll(form, '').trim() !== '') return null;
  return [...filter.matchAll(form)].map(([whole, double, single, field, symbol]): Token => {
    if (symbol !== undefined) return { kind: 'symbol', text: symbol };
    const text = double ?? single;
    if (text !== undefined) return { kind: 'text', text: unquoted(side, text) };
    return { kind: 'word', text: field ?? whole };
  });
}

/** Null for a filter that is empty or does not parse: then nothing is known of it. */
export function parseFilter(side: Side, filter: string | undefined): Expression | null {
  const tokens = tokensOf(side, filter ?? '');
  if (tokens === null || tokens.length === 0) return null;
  const reader = new Reader(tokens);
  const expression = reader.either();
  return reader.parsed ? expression : null;
}

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;
  #broken = false;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get done(): boolean {
    return this.#at >= this.#tokens.length;
  }

  /** All of it, with nothing missing. */
  get parsed(): boolean {
    return this.done && !this.#broken;
  }

  either(): Expression {
    const parts = [this.#both()];
    while (this.#take('or', '||')) parts.push(this.#both());
    return joined('or', parts);
  }

  #both(): Expression {
    const parts = [this.#one()];
    while (this.#take('and', '&&')) parts.push(this.#one());
    return joined('and', parts);
  }

  #one(): Expression {
    if (this.#take('not', '!')) return negate(this.#one());
    if (this.#take('(')) {
      const inner = this.either();
      this.#broken ||= !this.#take(')');
      return inner;
    }
    return this.#comparison();
  }

  #comparison(): Expression {
    const start = this.#at;
    this.#broken ||= this.#tokens[start] === undefined || this.#tokens[start].kind === 'symbol';
    const field = this.#tokens[this.#at++]?.text.toLowerCase() ?? '';
    const compared = this.#operands(field);
    if (compared) return compared;
    this.#at = start;
    this.#skip();
    const text = this.#tokens
      .slice(start, this.#at)
      .map((token) => foldName(token.text))
      .join(' ');
    return { kind: 'opaque', text, negated: false };
  }

  #operands(field: string): Comparison | null {
    const compare = (
      operator: Comparison['operator'],
      negated: boolean,
      values: readonly string[] | null,
    ): Comparison | null =>
      values !== null && this.#ends() ? { kind: 'compare', field, operator, negated, values } : null;
    if (this.#take('=')) return compare('in', false, this.#value());
    if (this.#take('!=', '<>')) return compare('in', true, this.#value());
    if (this.#take('~')) return compare('contains', false, this.#value());
    if (this.#take('!~')) return compare('contains', true, this.#value());
    if (this.#take('is')) {
      const negated = this.#take('not');
      return this.#take('empty', 'null') ? compare('empty', negated, []) : null;
    }
    const negated = this.#take('not');
    if (this.#take('in')) return compare('in', negated, this.#list());
    if (this.#take('under')) return compare('under', negated, this.#value());
    if (this.#take('contains')) return this.#peek('words') ? null : compare('contains', negated, this.#value());
    return null;
  }

  /** One fixed value; null for a call of a function, a macro or another field. */
  #value(): readonly string[] | null {
    const token = this.#tokens[this.#at];
    if (token === undefined || token.kind === 'symbol' || (token.kind === 'word' && token.text.startsWith('@')))
      return null;
    this.#at += 1;
    return this.#peek('(') ? null : [foldName(token.text)];
  }

  #list(): readonly string[] | null {
    if (!this.#take('(')) return null;
    const values: string[] = [];
    do {
      const value = this.#value();
      if (value === null) return null;
      values.push(...value);
    } while (this.#take(','));
    return this.#take(')') ? values : null;
  }

  /** Whether a comparison may end here. */
  #ends(): boolean {
    return this.done || ['and', '&&', 'or', '||', ')'].some((text) => this.#peek(text));
  }

  /** To the end of a condition that is not understood, over what it has in parentheses. */
  #skip(): void {
    let depth = 0;
    while (!this.done && (depth > 0 || !this.#ends())) {
      if (this.#peek('(')) depth += 1;
      if (this.#peek(')')) depth -= 1;
      this.#at += 1;
    }
  }

  #peek(text: string): boolean {
    const token = this.#tokens[this.#at];
    return token !== undefined && token.kind !== 'text' && token.text.toLowerCase() === text;
  }

  #take(...texts: readonly string[]): boolean {
    if (!texts.some((text) => this.#peek(text))) return false;
    this.#at += 1;
    return true;
  }
}

const joined = (kind: 'and' | 'or', parts: readonly Expression[]): Expression =>
  parts.length === 1 && parts[0] ? parts[0] : { kind, parts };

function negate(expression: Expression): Expression {
  switch (expression.kind) {
    case 'and':
      return { kind: 'or', parts: expression.parts.map(negate) };
    case 'or':
      return { kind: 'and', parts: expression.parts.map(negate) };
    case 'compare':
    case 'opaque':
      return { ...expression, negated: !expression.negated };
    default: {
      const never: never = expression;
      return never;
    }
  }
}
