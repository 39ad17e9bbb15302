// One gateway from a page to the backend: a table of operations becomes the function that Forge calls for the page.

import { makeResolver } from '@forge/resolver';
import { type BackendCall, callBackend } from '../backend.ts';
import type { Answer } from '../contract.ts';
import { type Payload, PayloadError } from './payload.ts';

/** What Forge knows of the page by itself; unlike the payload it can't be forged. */
export interface PageContext {
  readonly extension?: { readonly issue?: { readonly id?: unknown } };
}

/** The backend call that an operation stands for. Throws PayloadError. */
export type Requests<Operations> = {
  readonly [Name in keyof Operations]: (payload: Payload, context: PageContext) => BackendCall;
};

interface Request {
  readonly payload?: unknown;
  readonly context?: unknown;
}

/** Every answer has the form of `Answer`: what a resolver throws reaches the page without its words. */
export function gateway<Operations>(requests: Requests<Operations>): ReturnType<typeof makeResolver> {
  const entries = Object.entries<Requests<Operations>[keyof Operations]>(requests);
  return makeResolver(
    Object.fromEntries(entries.map(([name, request]) => [name, (given: Request) => answer(request, given)])),
  );
}

async function answer(
  request: (payload: Payload, context: PageContext) => BackendCall,
  given: Request,
): Promise<Answer<unknown>> {
  try {
    const call = request((given.payload ?? {}) as Payload, (given.context ?? {}) as PageContext);
    const { status: _, ...shaped } = await callBackend<unknown>(call);
    return shaped;
  } catch (error) {
    if (!(error instanceof PayloadError)) throw error;
    return { ok: false, error: { code: 'invalid-request', message: error.message } };
  }
}
