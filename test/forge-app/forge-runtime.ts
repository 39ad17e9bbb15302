// Forge's runtime as far as a function sees it: `global.__forge_fetch__` (@forge/api, out/api/endpoint.js), answered by a test.

export interface RemoteCall {
  readonly remote: string;
  readonly path: string;
  readonly method: string;
  readonly body: unknown;
}

type ForgeFetch = (target: { type: string; remote: string }, path: string, init: RequestInit) => Promise<Response>;
const runtime = globalThis as { __forge_fetch__?: ForgeFetch };

/** Runs with the backend replaced by `answer`; resolves with what was called. */
export async function withBackend(
  answer: (call: RemoteCall) => Response | Promise<Response>,
  run: () => Promise<unknown>,
): Promise<readonly RemoteCall[]> {
  const calls: RemoteCall[] = [];
  const before = runtime.__forge_fetch__;
  runtime.__forge_fetch__ = async ({ remote }, path, init) => {
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    const call = { remote, path, method: init.method ?? 'GET', body };
    calls.push(call);
    return await answer(call);
  };
  try {
    await run();
  } finally {
    if (before) runtime.__forge_fetch__ = before;
    else delete runtime.__forge_fetch__;
  }
  return calls;
}
