// The only place that calls the backend. Forge adds the invocation token and the tokens for Jira to every call; a call never
// throws: what went wrong is an answer that a page can show.

import { invokeRemote } from '@forge/api';
import type { Answer } from './contract.ts';
import { texts } from './texts.ts';

export interface BackendCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With a leading slash; ids in it are encoded. */
  readonly path: string;
  readonly body?: unknown;
}

/** The answer with its HTTP status; 0 when there was none. */
export type BackendAnswer<T> = Answer<T> & { readonly status: number };

export async function callBackend<T>({ method, path, body }: BackendCall): Promise<BackendAnswer<T>> {
  try {
    const response = await invokeRemote('backend', {
      method,
      path,
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { status } = response;
    const parsed = parse(await response.text());
    if (response.ok) return { ok: true, value: parsed as T, status };
    return { ok: false, error: problemIn(parsed) ?? unexplained(status), status };
  } catch {
    // Forge's proxy throws when the backend can't be reached, is too slow or redirects; its words are not for admins.
    return { ok: false, error: { code: 'unreachable', message: texts.failures.unreachable }, status: 0 };
  }
}

function parse(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problemIn(answer: unknown) {
  const { error } = (answer ?? {}) as { error?: { code?: unknown; message?: unknown; path?: unknown } };
  if (typeof error?.code !== 'string' || typeof error.message !== 'string') return undefined;
  const { code, message, path } = error;
  return { code, message, ...(typeof path === 'string' ? { path } : {}) };
}

const unexplained = (status: number) =>
  status >= 500
    ? { code: 'unavailable', message: texts.failures.unavailable }
    : { code: `http-${status}`, message: texts.failures.unexplained(status) };
