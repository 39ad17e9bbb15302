// Checks a simulator's requests and answers against the official API descriptions and the simulator's additions.
// Where the descriptions are absent it is off. What is right beyond the description is the simulator's own work.
import type { SpecAddition } from './spec-additions.ts';
import { AZURE_DESCRIPTIONS, JIRA_DESCRIPTIONS, readDescriptions } from './spec-files.ts';
import { isJson, loadOperations, type Operation, queryKey } from './spec-operations.ts';
import type { Dialect } from './spec-schema.ts';

export interface Violation {
  readonly kind:
    | 'unknown-operation'
    | 'unknown-parameter'
    /** Breaks the description, yet the simulator took it (a refused one is no violation). */
    | 'accepted-bad-request'
    | 'answer'
    /** An answer of 5xx, save 503, that no fault asked for. */
    | 'crash';
  readonly operation: string;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** The status that the simulator gave; 0 when it was not asked. */
  readonly status: number;
  /** Where and what was wrong. Values are left out. */
  readonly problems: readonly string[];
}

export interface SpecChecker {
  /** False where the descriptions are absent: then nothing is checked and nothing fails. */
  readonly enabled: boolean;
  /** `PUT /rest/api/3/issue/{issueIdOrKey}`; undefined when the description has no such operation, or the checker is off. */
  operationOf(method: string, pathname: string): string | undefined;
  /** Runs `handle` between the check of the request and the check of its answer. Also for the parts of a batch. */
  checked(request: Request, handle: (request: Request) => Response | Promise<Response>): Promise<Response>;
  /** The latest 1,000, oldest first. */
  readonly violations: readonly Violation[];
  clearViolations(): void;
  /** Distinct operations whose request and answer have both been checked; one that crashed has no answer to check. */
  operationsChecked(): readonly string[];
}

export interface SpecCheckerOptions {
  readonly additions: readonly SpecAddition[];
  /**
   * `fail` (the default): a wrong answer, or the answer to a bad request that was accepted, is replaced by a 500 that says so.
   * `report`: it goes out as it is, with the header. Both record it; unknown operations and parameters fail either way.
   */
  readonly onViolation?: 'fail' | 'report';
  /** Where the descriptions are. */
  readonly folder?: string;
}

/** Says on an answer what was wrong. */
export const VIOLATION_HEADER = 'x-simulator-violation';

const KEPT_VIOLATIONS = 1000;

export function checkerOff(): SpecChecker {
  return {
    enabled: false,
    operationOf: () => undefined,
    checked: async (request, handle) => handle(request),
    violations: [],
    clearViolations() {},
    operationsChecked: () => [],
  };
}

export const jiraSpecChecker = (options: SpecCheckerOptions): SpecChecker =>
  createSpecChecker('jira', JIRA_DESCRIPTIONS, options);

export const azureSpecChecker = (options: SpecCheckerOptions): SpecChecker =>
  createSpecChecker('azure', AZURE_DESCRIPTIONS, options);

function createSpecChecker(dialect: Dialect, files: readonly string[], options: SpecCheckerOptions): SpecChecker {
  const descriptions = readDescriptions(files, options.folder);
  if (!descriptions) return checkerOff();
  const operations = loadOperations(dialect, descriptions, options.additions);
  const checkedOperations = new Set<string>();
  const violations: Violation[] = [];

  const find = (
    method: string,
    pathname: string,
  ): { operation: Operation; path: Record<string, string> } | undefined => {
    for (const operation of operations) {
      if (operation.method !== method) continue;
      const path = operation.matcher.match(pathname);
      if (path) return { operation, path };
    }
    return undefined;
  };

  const record = (violation: Violation): void => {
    violations.push(violation);
    if (violations.length > KEPT_VIOLATIONS) violations.shift();
  };

  return {
    enabled: true,
    operationOf: (method, pathname) => find(described(dialect, method), pathname)?.operation.name,
    async checked(request, handle) {
      const url = new URL(request.url);
      const found = find(described(dialect, request.method), url.pathname);
      const about = { method: request.method, path: url.pathname + url.search };
      if (!found) {
        const problems = [`the description has no ${request.method} ${url.pathname}`];
        record({ kind: 'unknown-operation', operation: `${request.method} (unknown)`, ...about, status: 0, problems });
        const otherMethod = operations.some(({ matcher }) => matcher.match(url.pathname) !== undefined);
        return refusal(otherMethod ? 405 : 404, problems);
      }
      const { operation, path } = found;
      const unknown = unknownParameters(dialect, operation, url.searchParams);
      if (unknown.length > 0) {
        const problems = unknown.map((name) => `${operation.name} has no query parameter ${name}`);
        record({ kind: 'unknown-parameter', operation: operation.name, ...about, status: 0, problems });
        return refusal(400, problems);
      }

      const asked = await checkRequest(dialect, operation, path, url.searchParams, request);
      const given = await handle(asked.request);
      const answer =
        request.method === 'HEAD'
          ? { response: given, problems: [], crashed: given.status >= 500 && given.status !== 503 }
          : await checkAnswer(dialect, operation, given);
      if (!answer.crashed) checkedOperations.add(operation.name);
      const kind = answer.crashed
        ? 'crash'
        : answer.problems.length > 0
          ? 'answer'
          : asked.problems.length > 0 && answer.response.status < 400
            ? 'accepted-bad-request'
            : undefined;
      if (kind === undefined) return answer.response;
      const problems = kind === 'accepted-bad-request' ? asked.problems : answer.problems;
      record({ kind, operation: operation.name, ...about, status: answer.response.status, problems });
      if (options.onViolation !== 'report') {
        return refusal(500, [`${kind} in ${operation.name}, status ${answer.response.status}`, ...problems]);
      }
      answer.response.headers.set(VIOLATION_HEADER, headerText(problems));
      return answer.response;
    },
    violations,
    clearViolations: () => void violations.splice(0),
    operationsChecked: () => [...checkedOperations].sort(),
  };
}

/**
 * Jira answers HEAD wherever it answers GET, as JAX-RS prescribes (https://jakarta.ee/specifications/restful-ws/, "HEAD and OPTIONS");
 * no description says so.
 */
const described = (dialect: Dialect, method: string): string =>
  dialect === 'jira' && method === 'HEAD' ? 'GET' : method;

function unknownParameters(dialect: Dialect, operation: Operation, query: URLSearchParams): string[] {
  return [...new Set(query.keys())].filter((name) => !operation.query.has(queryKey(dialect, name)));
}

async function checkRequest(
  dialect: Dialect,
  operation: Operation,
  path: Readonly<Record<string, string>>,
  query: URLSearchParams,
  request: Request,
): Promise<{ request: Request; problems: readonly string[] }> {
  const problems: string[] = [];
  for (const parameter of operation.path.values()) {
    const value = path[parameter.name];
    const wrong = value === undefined ? undefined : parameter.check([value]);
    if (wrong !== undefined) problems.push(`the path's ${parameter.name} ${wrong}`);
  }
  for (const [key, parameter] of operation.query) {
    const values = [...query].filter(([name]) => queryKey(dialect, name) === key).map(([, value]) => value);
    const wrong = values.length > 0 ? parameter.check(values) : parameter.required ? 'is required' : undefined;
    if (wrong !== undefined) problems.push(`the query's ${parameter.name} ${wrong}`);
  }
  if (operation.request.size === 0) return { request, problems };

  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (request.body === null) {
    // An empty file is a file.
    if (operation.bodyRequired && operation.request.get(type) !== 'any') problems.push('the body is missing');
    return { request, problems };
  }
  const check = operation.request.get(type);
  if (check === undefined) problems.push(`the content type must be ${[...operation.request.keys()].join(' or ')}`);
  if (check === undefined || check === 'any') return { request, problems };
  const bytes = await request.arrayBuffer();
  // Jira's bodies are read into beans, for which null is as good as absent; its descriptions call nothing nullable.
  const read = dialect === 'jira' ? (value: unknown) => check(withoutNulls(value)) : check;
  problems.push(...jsonProblems(new TextDecoder().decode(bytes), read));
  return {
    request: new Request(request.url, { method: request.method, headers: request.headers, body: bytes }),
    problems,
  };
}

async function checkAnswer(
  dialect: Dialect,
  operation: Operation,
  response: Response,
): Promise<{ response: Response; problems: readonly string[]; crashed: boolean }> {
  const { status } = response;
  const type = response.headers.get('content-type') ?? '';
  if (status >= 500 && status !== 503) return { response, problems: [`answered ${status}`], crashed: true };
  // Azure sends a call without a token to sign in: a 203 with a page (github.com/microsoft/azure-devops-auth-samples/issues/52).
  if (dialect === 'azure' && status === 203) return { response, problems: [], crashed: false };
  const check = operation.answers.get(status);
  if (check === undefined && !isCommonError(dialect, status)) {
    const declared = [...operation.answers.keys()].join(', ');
    return { response, problems: [`status ${status} is not declared (declared: ${declared})`], crashed: false };
  }
  if (check === 'none') {
    const problems = response.body === null ? [] : [`status ${status} has no body`];
    return { response, problems, crashed: false };
  }
  const schema = check === undefined || (check === 'any' && status >= 400) ? errorProblems(dialect) : check;
  if (schema === 'any') return { response, problems: [], crashed: false };
  if (!isJson(type)) {
    // A refusal before the service proper (sign-in page, proxy) is no JSON.
    const problems = status >= 400 ? [] : [`the content type is ${type === '' ? 'missing' : type}, not JSON`];
    return { response, problems, crashed: false };
  }
  const text = await response.text();
  const again = new Response(text, { status, headers: response.headers });
  return { response: again, problems: jsonProblems(text, schema), crashed: false };
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutNulls(member)]));
}

function jsonProblems(text: string, check: (value: unknown) => readonly string[]): readonly string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return ['the body is not JSON'];
  }
  return check(value);
}

/** Statuses that any operation may give without its description naming them. Azure's descriptions name no errors at all. */
const JIRA_COMMON = new Set([401, 403, 404, 405, 415, 429, 503]);
const isCommonError = (dialect: Dialect, status: number): boolean =>
  dialect === 'azure' ? status >= 400 : JIRA_COMMON.has(status);

/** The services' own error bodies, where the description of the operation has none. */
const errorProblems =
  (dialect: Dialect) =>
  (value: unknown): readonly string[] => {
    const body = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
    if (dialect === 'jira') {
      // Either an ErrorCollection, or the gateway's {code, message}.
      const collection = Array.isArray(body.errorMessages) || typeof body.errors === 'object';
      return collection || typeof body.message === 'string' ? [] : ['an error body has errorMessages and errors'];
    }
    // https://learn.microsoft.com/en-us/azure/devops/integrate/concepts/rest-api-concepts, and any refused call.
    const missing = ['$id', 'innerException', 'message', 'typeName', 'typeKey', 'errorCode'].filter(
      (key) => !(key in body),
    );
    return missing.length === 0 ? [] : [`the error body lacks ${missing.join(', ')}`];
  };

function refusal(status: number, problems: readonly string[]): Response {
  return Response.json(
    {
      message: 'The simulator does not keep to the API description, or the request does not.',
      errorMessages: problems,
    },
    { status, headers: { [VIOLATION_HEADER]: headerText(problems) } },
  );
}

/** Header values are Latin-1 without line breaks. */
const headerText = (problems: readonly string[]): string =>
  problems
    .join('; ')
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 1000);
