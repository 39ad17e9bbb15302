// What Forge puts between an app and its remote: signs the invocation, adds the tokens, forwards, and holds to the limits.
// `global.__forge_fetch__` is how @forge/api calls it (out/api/endpoint.js).

import { AsyncLocalStorage } from 'node:async_hooks';
import type { InstalledApp, Invocation, Issuer } from './issuer.ts';
import type { Troubles } from './trouble.ts';

export interface RemoteOptions {
  /** Asked before each call: a backend may restart elsewhere. */
  readonly backendUrl: () => string;
  readonly issuer: Issuer;
  readonly app: InstalledApp;
  readonly appSystemToken: string;
  readonly troubles: Troubles;
}

/** An invocation with the token of the person who started it. */
export type Running = Invocation & { readonly userToken?: string };

export interface RemoteInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Remote {
  call(running: Running, path: string, init: RemoteInit): Promise<Response>;
  /** Runs a function of the app: its calls of the backend go out under this invocation. */
  run<T>(running: Running, work: () => Promise<T>): Promise<T>;
}

const longestCallMs = 25_000;
const largestAnswer = 5 * 1024 * 1024;

const underWay = new AsyncLocalStorage<{ readonly remote: Remote; readonly running: Running }>();

export function createRemote(options: RemoteOptions): Remote {
  const { issuer, app, appSystemToken } = options;
  const remote: Remote = {
    async call(running, path, init) {
      const instead = running.userToken === undefined ? null : await options.troubles.answer();
      if (instead !== null) return instead;
      const response = await fetch(new URL(path, options.backendUrl()), {
        method: init.method ?? 'GET',
        headers: {
          ...init.headers,
          authorization: `Bearer ${await issuer.mint(app, running)}`,
          'x-forge-oauth-system': appSystemToken,
          ...(running.userToken === undefined ? {} : { 'x-forge-oauth-user': running.userToken }),
        },
        ...(init.body === undefined ? {} : { body: init.body }),
        // Forge follows none: a redirect of a remote is an error.
        redirect: 'error',
        signal: AbortSignal.timeout(longestCallMs),
      });
      const body = await response.arrayBuffer();
      if (body.byteLength > largestAnswer) throw new Error('the answer of the remote is larger than 5 MB');
      const { status, headers } = response;
      return new Response([204, 205, 304].includes(status) ? null : body, { status, headers });
    },
    run: (running, work) => underWay.run({ remote, running }, work),
  };
  return remote;
}

type ForgeFetch = (
  target: { readonly type: string; readonly remote: string },
  path: string,
  init: RemoteInit,
) => Promise<Response>;

/** Set once a process; which host and invocation a call belongs to is known by where it comes from. */
export function provideForgeFetch(): void {
  const runtime = globalThis as { __forge_fetch__?: ForgeFetch };
  runtime.__forge_fetch__ ??= (target, path, init) => {
    const current = underWay.getStore();
    if (!current) throw new Error('the app called its backend outside an invocation');
    if (target.type !== 'frc' || target.remote !== 'backend') throw new Error(`there is no remote ${target.remote}`);
    return current.remote.call(current.running, path, init);
  };
}
