// A walk over every method of a store with the ids of another installation: each must find nothing, change nothing, and say
// no more than it would of ids that never were. A new method without a line here fails.

import { expect } from 'vitest';

/** What a call that concerns nothing of one's own may end in; `own`: it writes for the caller, whatever the ids are. */
export type Nothing = { readonly gives: unknown } | { readonly throws: string | RegExp } | 'own';

export type Probe<Args extends readonly unknown[]> = readonly [args: Args, ends: Nothing];

type Method = (...args: never[]) => Promise<unknown>;
type ScopedArgs<M> = M extends (scope: never, ...rest: infer Rest) => unknown ? Rest : never;

/** By method; null: it is for all installations and takes no ids of one. */
export type Probes<Store> = {
  readonly [Name in keyof Store]: Store[Name] extends (...args: never[]) => unknown
    ? readonly Probe<ScopedArgs<Store[Name]>>[] | null
    : null;
};

/** Returns how many calls were made. `snapshot` reads all that the owner has. */
export async function walkStrangers<Store extends object>(
  store: Store,
  scope: { readonly installationId: string },
  probes: Probes<Store>,
  snapshot: () => Promise<unknown>,
): Promise<number> {
  expect(Object.keys(probes).sort()).toEqual(Object.keys(store).sort());
  const before = JSON.stringify(await snapshot());
  let calls = 0;
  for (const [name, list] of Object.entries(probes) as [string, readonly Probe<readonly never[]>[] | null][]) {
    const method = store[name as keyof Store] as Method;
    for (const [args, ends] of list ?? []) {
      calls += 1;
      const call = async () => method(...([scope, ...args] as never[]));
      if (ends === 'own') await call();
      else if ('throws' in ends) await expect(call(), name).rejects.toThrow(ends.throws);
      else expect(await call(), name).toEqual(ends.gives);
    }
  }
  expect(JSON.stringify(await snapshot())).toBe(before);
  return calls;
}
