// An undo of an initial sync, page by page and chunk by chunk, as long as the dialog is open: Forge waits 25 s for a call.

import { useEffect, useRef, useState } from 'react';
import type { Answer, Problem } from '../contract.ts';
import type { MadeCounterpart } from '../contract-watch.ts';
import { callAdmin } from './call.ts';

export interface Undo {
  /** What was found so far. */
  readonly made: readonly MadeCounterpart[];
  /** `looking` and `removing` go on by themselves; `unknown`: the look failed. */
  readonly state: 'looking' | 'unknown' | 'found' | 'removing' | 'done';
  readonly removed: number;
  readonly error: Problem | null;
  /** Looks again from the beginning, after a look that failed. */
  readonly lookAgain: () => void;
  readonly start: () => Promise<void>;
}

const atOnce = 50;

export function useUndo(profileId: string, pauseFirst: boolean): Undo {
  const [made, setMade] = useState<readonly MadeCounterpart[]>([]);
  const [state, setState] = useState<Undo['state']>('looking');
  const [removed, setRemoved] = useState(0);
  const [error, setError] = useState<Problem | null>(null);
  const [look, setLook] = useState(0);
  const open = useRef(true);

  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at again on demand.
  useEffect(() => {
    open.current = true;
    setMade([]);
    setState('looking');
    setError(null);
    void (async () => {
      for (let after: string | undefined; open.current; ) {
        const page = await callAdmin('undoPreview', { id: profileId, ...(after === undefined ? {} : { after }) });
        if (!open.current) return;
        if (!page.ok) {
          setError(page.error);
          return setState('unknown');
        }
        const { made: more, next } = page.value;
        setMade((before) => [...before, ...more]);
        if (next === null) return setState('found');
        after = next;
      }
    })();
    return () => {
      open.current = false;
    };
  }, [profileId, look]);

  const failed = (answer: Answer<unknown>): boolean => {
    if (answer.ok) return false;
    setError(answer.error);
    setState('found');
    return true;
  };

  const start = async (): Promise<void> => {
    setError(null);
    setState('removing');
    if (pauseFirst && failed(await callAdmin('pauseProfile', { id: profileId }))) return;
    let left = made.filter(({ kept }) => kept === null).toSorted(newestFirst);
    while (left.length > 0 && open.current) {
      const answer = await callAdmin('undo', {
        id: profileId,
        pairs: left.slice(0, atOnce).map(({ pairId }) => pairId),
      });
      if (failed(answer) || !answer.ok) return;
      const done = new Map(answer.value.undone.map((one) => [one.pairId, one]));
      // Pairs that are no longer known are done as well: otherwise this would never end.
      left = done.size === 0 ? left.slice(atOnce) : left.filter(({ pairId }) => !done.has(pairId));
      setRemoved((before) => before + answer.value.undone.filter(({ kept }) => kept === null).length);
      setMade((before) => before.map((one) => done.get(one.pairId) ?? one));
    }
    setState('done');
  };

  return { made, state, removed, error, lookAgain: () => setLook(look + 1), start };
}

/** What lies beneath another was made after it. */
const newestFirst = (a: MadeCounterpart, b: MadeCounterpart): number => numberIn(b.key) - numberIn(a.key);
const numberIn = (key: string): number => Number(/\d+$/.exec(key)?.[0] ?? 0);
