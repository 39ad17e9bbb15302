// Parses WIQL: https://learn.microsoft.com/azure/devops/boards/queries/wiql-syntax
// Fields are names as written here; whether they exist is evaluate.ts's work.
import { wiqlSyntax } from '../errors.ts';
import { type Token, tokenize } from './lexer.ts';

export type Operand =
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'macro'; readonly name: string; readonly argument: string | undefined; readonly offset: number };

export type Operator =
  | '='
  | '<>'
  | '<'
  | '<='
  | '>'
  | '>='
  | 'in'
  | 'contains'
  | 'contains words'
  | 'under'
  | 'in group'
  | 'ever'
  | 'is empty';

/** Which item of a link a condition is about. */
export type Side = 'item' | 'source' | 'target' | 'link';

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly inner: Condition }
  | {
      readonly kind: 'compare';
      readonly side: Side;
      readonly field: string;
      readonly operator: Operator;
      readonly operands: readonly Operand[];
    };

export interface SortColumn {
  readonly field: string;
  readonly descending: boolean;
}

export type LinkMode = 'MustContain' | 'MayContain' | 'DoesNotContain' | 'Recursive';

export interface Query {
  readonly from: 'WorkItems' | 'WorkItemLinks';
  readonly columns: readonly string[];
  readonly where: Condition | undefined;
  readonly orderBy: readonly SortColumn[];
  readonly asOf: Operand | undefined;
  readonly mode: LinkMode;
}

export function parseWiql(text: string): Query {
  return new Parser(tokenize(text)).query();
}

class Parser {
  private at = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  query(): Query {
    if (!this.word('select')) throw wiqlSyntax(51004, 'The query is missing a SELECT clause.', this.shown());
    const columns = this.columns();
    if (!this.word('from')) throw wiqlSyntax(51006, 'The query statement is missing a FROM clause.', this.shown());
    const from = this.word('workitems') ? 'WorkItems' : this.word('workitemlinks') ? 'WorkItemLinks' : undefined;
    if (from === undefined) {
      throw wiqlSyntax(51007, 'The FROM clause must name WorkItems or WorkItemLinks.', this.shown());
    }
    const where = this.word('where') ? this.or() : undefined;
    let orderBy: SortColumn[] = [];
    let asOf: Operand | undefined;
    let mode: LinkMode = 'MustContain';
    for (;;) {
      if (this.word('order')) {
        if (!this.word('by')) throw wiqlSyntax(51008, 'The ORDER BY clause is not complete.', this.shown());
        orderBy = this.sortColumns();
      } else if (this.word('asof')) asOf = this.operand();
      else if (this.word('mode')) mode = this.mode();
      else break;
    }
    if (this.peek().kind !== 'end') throw this.unexpected();
    return { from, columns, where, orderBy, asOf, mode };
  }

  private columns(): string[] {
    if (this.symbol('*')) return ['System.Id'];
    const columns = [this.fieldName()];
    while (this.symbol(',')) columns.push(this.fieldName());
    return columns;
  }

  private sortColumns(): SortColumn[] {
    const columns: SortColumn[] = [];
    do {
      const field = this.fieldName();
      const descending = this.word('desc');
      if (!descending) this.word('asc');
      columns.push({ field, descending });
    } while (this.symbol(','));
    return columns;
  }

  private mode(): LinkMode {
    const modes: LinkMode[] = [];
    if (!this.symbol('(')) throw this.unexpected();
    do {
      const token = this.next();
      const mode = (['MustContain', 'MayContain', 'DoesNotContain', 'Recursive'] as const).find(
        (one) => one.toLowerCase() === token.text.toLowerCase(),
      );
      if (mode === undefined && token.text.toLowerCase() !== 'returnmatchingchildren') {
        throw wiqlSyntax(51010, 'The query has a link mode that is not known.', token.text);
      }
      if (mode !== undefined) modes.push(mode);
    } while (this.symbol(','));
    if (!this.symbol(')')) throw this.unexpected();
    return modes.find((one) => one === 'Recursive') ?? modes[0] ?? 'MustContain';
  }

  private or(): Condition {
    let left = this.and();
    while (this.word('or')) left = { kind: 'or', left, right: this.and() };
    return left;
  }

  private and(): Condition {
    let left = this.not();
    while (this.word('and')) left = { kind: 'and', left, right: this.not() };
    return left;
  }

  private not(): Condition {
    if (this.word('not')) return { kind: 'not', inner: this.not() };
    return this.primary();
  }

  private primary(): Condition {
    // `ever` may also stand before the field: `EVER [System.State] = 'Active'`.
    const everFirst = this.word('ever');
    if (!everFirst && this.symbol('(')) {
      const inner = this.or();
      if (!this.symbol(')')) throw this.unexpected();
      return inner;
    }
    const { side, field } = this.sidedField();
    const compare = (operator: Operator, operands: readonly Operand[]): Condition => ({
      kind: 'compare',
      side,
      field,
      operator: everFirst && operator === '=' ? 'ever' : operator,
      operands,
    });
    for (const operator of ['<>', '<=', '>=', '=', '<', '>'] as const) {
      if (this.symbol(operator)) return compare(operator, [this.operand()]);
    }
    if (this.word('not')) return { kind: 'not', inner: this.wordOperator(compare) };
    return this.wordOperator(compare);
  }

  private wordOperator(compare: (operator: Operator, operands: readonly Operand[]) => Condition): Condition {
    if (this.word('in')) {
      if (this.word('group')) return compare('in group', [this.operand()]);
      return compare('in', this.list());
    }
    if (this.word('contains')) {
      return this.word('words') ? compare('contains words', [this.operand()]) : compare('contains', [this.operand()]);
    }
    if (this.word('under')) return compare('under', [this.operand()]);
    if (this.word('was')) {
      if (!this.word('ever')) throw this.unexpected();
      return compare('ever', [this.operand()]);
    }
    if (this.word('ever')) {
      this.symbol('=');
      return compare('ever', [this.operand()]);
    }
    if (this.word('is')) {
      const negated = this.word('not');
      if (!this.word('empty')) throw this.unexpected();
      const empty = compare('is empty', []);
      return negated ? { kind: 'not', inner: empty } : empty;
    }
    throw wiqlSyntax(51001, 'The query has an operator that is not known.', this.shown());
  }

  private list(): Operand[] {
    if (!this.symbol('(')) throw this.unexpected();
    const operands = [this.operand()];
    while (this.symbol(',')) operands.push(this.operand());
    if (!this.symbol(')')) throw this.unexpected();
    return operands;
  }

  private operand(): Operand {
    const token = this.next();
    switch (token.kind) {
      case 'string':
        return { kind: 'string', text: token.text };
      case 'number':
        return { kind: 'number', value: Number(token.text) };
      case 'name':
        return { kind: 'field', name: token.text };
      case 'macro':
        return this.macro(token.text);
      case 'word':
        if (/^true$/i.test(token.text)) return { kind: 'boolean', value: true };
        if (/^false$/i.test(token.text)) return { kind: 'boolean', value: false };
        if (token.text.includes('.')) return { kind: 'field', name: token.text };
        break;
      case 'symbol':
        if (token.text === '-' && this.peek().kind === 'number') {
          return { kind: 'number', value: -Number(this.next().text) };
        }
        break;
      case 'end':
        break;
      default:
        token satisfies never;
    }
    throw wiqlSyntax(51000, 'The query has an incorrect expression: a value is expected.', token.text);
  }

  private macro(name: string): Operand {
    let argument: string | undefined;
    if (this.symbol('(')) {
      const token = this.next();
      argument = token.text;
      if (!this.symbol(')')) throw this.unexpected();
    }
    const sign = this.symbol('-') ? -1 : this.symbol('+') ? 1 : 0;
    if (sign === 0) return { kind: 'macro', name, argument, offset: 0 };
    const token = this.next();
    if (token.kind !== 'number') throw wiqlSyntax(51000, 'The query has an incorrect expression.', token.text);
    return { kind: 'macro', name, argument, offset: sign * Number(token.text) };
  }

  private sidedField(): { side: Side; field: string } {
    const first = this.fieldName();
    const side = first.toLowerCase();
    if ((side === 'source' || side === 'target') && this.symbol('.')) return { side, field: this.fieldName() };
    const linkField = /^system\.links\.linktype$/i.test(first);
    return { side: linkField ? 'link' : 'item', field: first };
  }

  private fieldName(): string {
    const token = this.next();
    if (token.kind === 'name') return token.text;
    if (token.kind === 'word') return token.text;
    throw wiqlSyntax(51000, 'The query has an incorrect expression: a field name is expected.', token.text);
  }

  private peek(): Token {
    return this.tokens[this.at] ?? { kind: 'end', text: 'end of query' };
  }

  private next(): Token {
    const token = this.peek();
    this.at += 1;
    return token;
  }

  private word(text: string): boolean {
    const token = this.peek();
    if (token.kind !== 'word' || token.text.toLowerCase() !== text) return false;
    this.at += 1;
    return true;
  }

  private symbol(text: string): boolean {
    const token = this.peek();
    if (token.kind !== 'symbol' || token.text !== text) return false;
    this.at += 1;
    return true;
  }

  private shown(): string {
    const token = this.peek();
    return token.kind === 'name' ? `[${token.text}]` : token.text;
  }

  private unexpected(): Error {
    return wiqlSyntax(51000, 'The query has an incorrect expression.', this.shown());
  }
}
