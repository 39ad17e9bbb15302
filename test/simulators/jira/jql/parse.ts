// Parses JQL with Atlassian's own parser and says what is wrong in the words of Jira's server, which differ from the parser's.
import { type Jast, JastBuilder, JQLSyntaxError } from '@atlaskit/jql-ast';
import { badRequest, type JiraError } from '../errors.ts';

export type ParsedJql = { readonly ok: true; readonly query: Query } | { readonly ok: false; readonly message: string };
export type Query = Exclude<Jast['query'], void>;

const OPERATORS = "'=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'";
const RESERVED = /[@#%^$*+?;:{}[\]|/\\`]/;

export function parseJql(text: string): ParsedJql {
  const jast = new JastBuilder().build(text);
  const first = jast.errors[0];
  if (first === undefined && jast.query !== undefined) return { ok: true, query: jast.query };
  return { ok: false, message: describe(text, first) };
}

export function parseOrThrow(text: string): Query {
  const parsed = parseJql(text);
  if (!parsed.ok) throw badRequest(parsed.message);
  return parsed.query;
}

export const jqlError = (message: string): JiraError => badRequest(message);

function describe(text: string, error: unknown): string {
  if (!(error instanceof JQLSyntaxError)) return 'Error in the JQL Query: The query could not be parsed.';
  const { start, stop, line, charPositionInLine: column } = error;
  const token = text.slice(start, stop).trim();
  const where = `(line ${line}, character ${column + 1})`;
  const atEnd = start >= text.trimEnd().length;
  const expected = /expecting (.*)$/s.exec(error.message)?.[1] ?? /missing (\S+)/.exec(error.message)?.[1] ?? '';
  if (/^["'](?!.*["']$)/s.test(token)) {
    return `Error in the JQL Query: The quoted string '${token.slice(1)}' has not been completed. ${where}`;
  }
  const reserved = RESERVED.exec(token)?.[0];
  if (reserved !== undefined && !atEnd) {
    const code = reserved.codePointAt(0)?.toString(16).padStart(4, '0');
    return `Error in the JQL Query: The character '${reserved}' is a reserved JQL character. You must enclose it in a string or use the escape '\\u${code}' instead. ${where}`;
  }
  if (/QUOTE_STRING/.test(expected) && !/CUSTOMFIELD/.test(expected)) {
    return atEnd
      ? 'Error in the JQL Query: Expecting either a value, list or function before the end of the query.'
      : `Error in the JQL Query: Expecting either a value, list or function but got '${token}'. You must surround '${token}' in quotation marks to use it as a value. ${where}`;
  }
  if (/CUSTOMFIELD/.test(expected)) {
    return atEnd
      ? 'Error in the JQL Query: Expecting a field name at the end of the query.'
      : `Error in the JQL Query: Expecting a field name but got '${token}'. You must surround '${token}' in quotation marks to use it as a field name. ${where}`;
  }
  if (/'='|EQUALS|'!='/.test(expected)) {
    return atEnd
      ? `Error in the JQL Query: Expecting operator before the end of the query. The valid operators are ${OPERATORS}.`
      : `Error in the JQL Query: Expecting operator but got '${token}'. The valid operators are ${OPERATORS}. ${where}`;
  }
  if (/'\)'/.test(expected)) {
    return atEnd
      ? "Error in the JQL Query: Expecting ')' before the end of the query."
      : `Error in the JQL Query: Expecting either ')' or ',' but got '${token}'. ${where}`;
  }
  if (/EMPTY/.test(expected)) {
    return `Error in the JQL Query: Expecting 'EMPTY' or 'NULL' ${atEnd ? 'before the end of the query.' : `but got '${token}'. ${where}`}`;
  }
  if (/<EOF>/.test(expected))
    return `Error in the JQL Query: Expecting either 'OR' or 'AND' but got '${token}'. ${where}`;
  return atEnd
    ? 'Error in the JQL Query: The query ends too early.'
    : `Error in the JQL Query: '${token}' is not expected here. ${where}`;
}
