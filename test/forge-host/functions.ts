// The app's functions as Forge finds them: what src/index.ts exports, by name.

import * as exported from '../../src/index.ts';

type ForgeFunction = (payload: never) => Promise<unknown>;

const functions: ReadonlyMap<string, ForgeFunction> = new Map(Object.entries(exported));

/** Calls a function with the payload that Forge would give it. */
export function callFunction(name: string, payload: unknown): Promise<unknown> {
  const run = functions.get(name);
  if (run === undefined) throw new Error(`src/index.ts exports no ${name}`);
  return run(payload as never);
}
