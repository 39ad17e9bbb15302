// The only place that calls the backend. Forge adds the invocation token and the tokens for Jira to every call; a call never
// throws, but where Forge must ask the person for consent: what went wrong is an answer that a page can show.

import { invokeRemote } from '@forge/api';
import type { Answer } from './contract.ts';
import { texts } from './texts.ts';

export interface BackendCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With a leading slash; ids in it are encoded. */
  readonly path: string;
  readonly body?: unknown;
  /** Of a `POST` that changes nothing: nobody need be told that it may have been done. */
  readonly reads?: boolean;
}

/** The answer with its HTTP status; 0 when there was none. */
export type BackendAnswer<T> = Answer<T> & { readonly status: number };

/**
 * Forge ends a function that a page called after 25 s, without words for the page:
 * https://developer.atlassian.com/platform/forge/limits-invocation/
 */
const patienceMs = 22_000;

export async function callBackend<T>(call: BackendCall): Promise<BackendAnswer<T>> {
  const given = await inTime(ask<T>(call));
  if (given !== null) return given;
  return { ok: false, error: { code: 'too-slow', message: lost(call, texts.failures.tooSlow) }, status: 0 };
}

async function ask<T>(call: BackendCall): Promise<BackendAnswer<T>> {
  const { method, path, body } = call;
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
  } catch (error) {
    // Forge asks the person itself, which it learns from this error alone.
    if (error instanceof Error && error.name === 'NEEDS_AUTHENTICATION_ERR') throw error;
    // Forge's proxy throws when the backend can't be reached, is too slow or redirects; its words are not for admins.
    return { ok: false, error: { code: 'unreachable', message: lost(call, texts.failures.unreachable) }, status: 0 };
  }
}

/** Null when the time is over. */
async function inTime<T>(work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), patienceMs);
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}

const lost = ({ method, reads }: BackendCall, words: string): string =>
  method === 'GET' || reads === true ? words : `${words} ${texts.failures.perhapsDone}`;

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

function unexplained(status: number) {
  if (status === 401) return { code: 'unauthorized', message: texts.failures.notAccepted };
  return status >= 500
    ? { code: 'unavailable', message: texts.failures.unavailable }
    : { code: `http-${status}`, message: texts.failures.unexplained(status) };
}
