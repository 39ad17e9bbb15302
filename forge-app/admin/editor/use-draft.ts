// The state of the editor: the draft, what is wrong with it, and lines that can't be read.

import { useState } from 'react';
import type { ProfileSettings, SettingsProblem } from '../../contract.ts';
import { texts } from '../../texts.ts';
import {
  type Draft,
  isError,
  type Misread,
  misreadProblems,
  removeRow,
  saidAt,
  samePlace,
  toDraft,
  toSettings,
  unfilled,
} from './draft.ts';
import type { SectionProps } from './section-props.ts';

interface DraftState {
  readonly draft: Draft;
  readonly settings: ProfileSettings;
  readonly problems: readonly SettingsProblem[];
  readonly section: Pick<SectionProps, 'change' | 'remove' | 'said' | 'misread'>;
  /** All that is wrong, with what the backend has just told in place of what it told before. */
  readonly check: (told?: readonly SettingsProblem[]) => readonly SettingsProblem[];
}

export function useDraft(settings: ProfileSettings, known: readonly SettingsProblem[]): DraftState {
  const [state, setState] = useState(() => ({ draft: toDraft(settings), told: known }));
  const [misreads, setMisreads] = useState<readonly Misread[]>([]);
  const { draft, told } = state;
  const unread = misreadProblems(draft, misreads);
  const problems = [...unread, ...told];
  return {
    draft,
    settings: toSettings(draft),
    problems,
    section: {
      change: (change) => setState((before) => ({ ...before, draft: change(before.draft) })),
      remove: (rows, key) => setState((before) => removeRow(before.draft, before.told, rows, key)),
      said: (path) => saidAt(problems, path),
      misread: (place, message) =>
        setMisreads((before) => [
          ...before.filter((one) => !samePlace(one.place, place)),
          ...(message === null ? [] : [{ place, message }]),
        ]),
    },
    check(fresh) {
      const missing = fresh ? [] : unfilled(toSettings(draft), texts.common.required);
      // Until the backend has looked again, its errors may be mended already.
      const kept = fresh ?? [...missing, ...told.filter((problem) => !isError(problem))];
      setState((before) => ({ ...before, told: kept }));
      return [...unread, ...kept];
    },
  };
}
