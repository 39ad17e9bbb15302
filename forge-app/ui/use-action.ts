// One action of a page at a time: which one is under way, and why the last one failed.

import { useState } from 'react';
import type { Answer, Problem } from '../contract.ts';

export interface Action {
  /** The name of the action under way. */
  readonly busy: string | null;
  readonly error: Problem | null;
  readonly fail: (error: Problem | null) => void;
  /** Null when it failed. */
  readonly run: <T>(name: string, work: () => Promise<Answer<T>>) => Promise<{ readonly value: T } | null>;
}

export function useAction(): Action {
  const [busy, setBusy] = useState<string | null>(null);
  const [error, setError] = useState<Problem | null>(null);
  return {
    busy,
    error,
    fail: setError,
    run: async (name, work) => {
      setBusy(name);
      setError(null);
      const answer = await work();
      setBusy(null);
      if (answer.ok) return { value: answer.value };
      setError(answer.error);
      return null;
    },
  };
}
