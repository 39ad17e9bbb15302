// How a page calls its resolver: typed by operation, never rejecting and never endless, so that every failure can be shown in words.

import { invoke } from '@forge/bridge';
import type { Answer } from '../contract.ts';
import type { PayloadOf, ValueOf } from '../operations.ts';
import { texts } from '../texts.ts';

export type Call<Operations> = <Name extends keyof Operations & string>(
  name: Name,
  payload: PayloadOf<Operations, Name>,
) => Promise<Answer<ValueOf<Operations, Name>>>;

/** The resolver answers within 25 s, or Forge does for it. */
const patienceMs = 30_000;

export function resolverCall<Operations>(): Call<Operations> {
  return async (name, payload) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const over = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('no answer')), patienceMs);
    });
    try {
      const answer = await Promise.race([invoke(name, payload as Record<string, unknown>), over]);
      return answer as Answer<ValueOf<Operations, typeof name>>;
    } catch {
      return { ok: false, error: { code: 'no-answer', message: texts.failures.noAnswer } };
    } finally {
      clearTimeout(timer);
    }
  };
}
