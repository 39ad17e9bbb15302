// Loads something for a page and loads it again on demand. What was loaded stays on the page while a newer one comes or fails.

import { useCallback, useEffect, useRef, useState } from 'react';
import type { Answer, Problem } from '../contract.ts';

export interface Loaded<T> {
  readonly value: T | null;
  readonly error: Problem | null;
  readonly loading: boolean;
  /** When `value` came; null without one. */
  readonly loadedAt: string | null;
  readonly reload: () => Promise<void>;
}

/** Loads again whenever `key` changes; then what belonged to the former key is gone from the page. */
export function useLoad<T>(key: string, load: () => Promise<Answer<T>>): Loaded<T> {
  const [state, setState] = useState<{
    readonly key: string;
    readonly value: T | null;
    readonly error: Problem | null;
    readonly loading: boolean;
    readonly loadedAt: string | null;
  }>({ key, value: null, error: null, loading: true, loadedAt: null });
  const latest = useRef({ load, turn: 0 });
  latest.current.load = load;

  const reload = useCallback(async () => {
    latest.current.turn += 1;
    const { turn } = latest.current;
    setState((before) => ({ ...before, loading: true }));
    const answer = await latest.current.load();
    // An older answer must not replace a newer one.
    if (turn !== latest.current.turn) return;
    setState((before) => {
      const { value, loadedAt } = before.key === key ? before : { value: null, loadedAt: null };
      return answer.ok
        ? { key, value: answer.value, error: null, loading: false, loadedAt: new Date().toISOString() }
        : { key, value, error: answer.error, loading: false, loadedAt };
    });
  }, [key]);

  useEffect(() => {
    void reload();
  }, [reload]);

  if (state.key !== key) return { value: null, error: null, loading: true, loadedAt: null, reload };
  const { value, error, loading, loadedAt } = state;
  return { value, error, loading, loadedAt, reload };
}
