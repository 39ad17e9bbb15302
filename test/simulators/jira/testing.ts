// What this folder's tests share: a small client, documents, and the check that nothing broke the description.
import { expect } from 'vitest';
import type { AdfNode } from './model.ts';
import type { JiraSimulator } from './server.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, or the text when it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into answers freely; expect() says when they are wrong
  readonly body: any;
}

export interface TestClient {
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  put(path: string, body?: unknown): Promise<Answer>;
  delete(path: string): Promise<Answer>;
  send(
    method: string,
    path: string,
    init?: { body?: string | FormData; headers?: Record<string, string> },
  ): Promise<Answer>;
}

/** `who`: as authorizationOf() takes it, or a whole header value, or nobody. Paths begin below `/rest/api/3`. */
export function client(sim: JiraSimulator, who: string | undefined, base = `${sim.url}/rest/api/3`): TestClient {
  const authorization = who === undefined || /^(Basic|Bearer) /.test(who) ? who : sim.authorizationOf(who);
  const send: TestClient['send'] = async (method, path, init = {}) => {
    const response = await fetch(`${base}${path}`, {
      method,
      redirect: 'manual',
      headers: { ...(authorization === undefined ? {} : { authorization }), ...init.headers },
      ...(init.body === undefined ? {} : { body: init.body }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parse(text) };
  };
  const json = (method: string) => (path: string, body?: unknown) =>
    send(method, path, {
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return { get: json('GET'), post: json('POST'), put: json('PUT'), delete: json('DELETE'), send };
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

export async function control(sim: JiraSimulator, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${sim.url}/_control${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = { status: response.status, headers: response.headers, body: parse(await response.text()) };
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer;
}

export const text = (value: string): AdfNode => ({ type: 'text', text: value });
export const paragraph = (value: string): AdfNode => ({ type: 'paragraph', content: [text(value)] });
export const doc = (...content: readonly AdfNode[]): AdfNode => ({ type: 'doc', version: 1, content });

export interface Created {
  readonly id: string;
  readonly key: string;
}

/** Makes an issue and gives its id and key. */
export async function create(
  who: TestClient,
  fields: Record<string, unknown> = {},
  more: Record<string, unknown> = {},
): Promise<Created> {
  const answer = await who.post('/issue', {
    fields: { project: { key: 'TAN' }, issuetype: { name: 'Task' }, summary: 'A task', ...fields },
    ...more,
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return { id: answer.body.id, key: answer.body.key };
}

/** What tests of refusals compare: the whole body. */
export const refusal = (errors: Record<string, string>, ...errorMessages: string[]) => ({ errorMessages, errors });

export function expectNoViolations(sim: JiraSimulator): void {
  expect(sim.kernel.checker.violations).toEqual([]);
  expect(sim.credentialLeaks()).toBe(0);
}

/** Collects what the simulator publishes. */
export function listen(sim: JiraSimulator): {
  readonly events: { readonly type: string; readonly body: Record<string, unknown> }[];
  stop(): void;
} {
  const events: { type: string; body: Record<string, unknown> }[] = [];
  const stop = sim.kernel.events.subscribe({
    id: `test-${Math.random()}`,
    async deliver({ type, body }) {
      events.push({ type, body: body as Record<string, unknown> });
    },
  });
  return { events, stop };
}
