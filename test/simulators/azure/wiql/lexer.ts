// Cuts a WIQL query into tokens. What they mean together is parser.ts's work.
import { wiqlSyntax } from '../errors.ts';

export type Token =
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'macro'; readonly text: string }
  | { readonly kind: 'symbol'; readonly text: string }
  | { readonly kind: 'end'; readonly text: 'end of query' };

const SYMBOLS = ['<=', '>=', '<>', '=', '<', '>', '(', ')', ',', '+', '-', '.', '*'];

export function tokenize(query: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(query)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  while (take(/\s*/y) !== undefined && at < query.length) {
    const char = query.charAt(at);
    if (char === '[') {
      const found = take(/\[[^\]]*\]/y);
      if (found === undefined) throw wiqlSyntax(51003, 'The query has a bracket that is not closed.', query.slice(at));
      tokens.push({ kind: 'name', text: found.slice(1, -1).trim() });
    } else if (char === "'" || char === '"') {
      const found = take(char === "'" ? /'(?:[^']|'')*'/y : /"(?:[^"]|"")*"/y);
      if (found === undefined) throw wiqlSyntax(51002, 'The query has a string that is not closed.', query.slice(at));
      tokens.push({ kind: 'string', text: found.slice(1, -1).replaceAll(char + char, char) });
    } else if (char === '@') {
      const found = take(/@[A-Za-z]\w*/y);
      if (found === undefined) throw wiqlSyntax(51000, 'The query has an incorrect expression.', char);
      tokens.push({ kind: 'macro', text: found.slice(1) });
    } else if (/\d/.test(char)) {
      tokens.push({ kind: 'number', text: take(/\d+(?:\.\d+)?/y) ?? char });
    } else if (/[\p{L}_]/u.test(char)) {
      tokens.push({ kind: 'word', text: take(/[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*/uy) ?? char });
    } else {
      const symbol = SYMBOLS.find((one) => query.startsWith(one, at));
      if (symbol === undefined) throw wiqlSyntax(51000, 'The query has an incorrect expression.', char);
      at += symbol.length;
      tokens.push({ kind: 'symbol', text: symbol });
    }
  }
  tokens.push({ kind: 'end', text: 'end of query' });
  return tokens;
}
