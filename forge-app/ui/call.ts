// How a page calls its resolver: typed by operation, and never rejecting, so that every failure can be shown in words.

import { invoke } from '@forge/bridge';
import type { Answer } from '../contract.ts';
import type { PayloadOf, ValueOf } from '../operations.ts';
import { texts } from '../texts.ts';

export type Call<Operations> = <Name extends keyof Operations & string>(
  name: Name,
  payload: PayloadOf<Operations, Name>,
) => Promise<Answer<ValueOf<Operations, Name>>>;

export function resolverCall<Operations>(): Call<Operations> {
  return async (name, payload) => {
    try {
      return (await invoke(name, payload as Record<string, unknown>)) as Answer<ValueOf<Operations, typeof name>>;
    } catch {
      return { ok: false, error: { code: 'unreachable', message: texts.failures.unreachable } };
    }
  };
}
