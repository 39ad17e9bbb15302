// Keeps what is being edited in the backend, a moment after the last change and before the page is left. One save at a time.

import { useEffect, useRef, useState } from 'react';
import type { Problem, ProfileSettings } from '../../contract.ts';
import { callAdmin } from '../call.ts';
import type { MappingStep } from './steps.ts';
import { stored } from './stored-draft.ts';

interface KeptDraftInput {
  /** Null while there is no profile to keep it for. */
  readonly id: string | null;
  /** Of the draft that is gone on with. */
  readonly savedAt: string | null;
  readonly settings: ProfileSettings;
  readonly step: MappingStep;
}

interface KeptDraft {
  /** Why the last save failed; what was changed stays in the page and is saved with the next attempt. */
  readonly error: Problem | null;
  readonly saving: boolean;
  /** False when it could not be kept. */
  readonly keep: () => Promise<boolean>;
}

const pauseMs = 1_500;

export function useKeptDraft({ id, savedAt, settings, step }: KeptDraftInput): KeptDraft {
  const draft = stored(settings, step);
  const text = JSON.stringify(draft);
  const latest = useRef({ savedAt, text, kept: '', saving: Promise.resolve(true) });
  const [error, setError] = useState<Problem | null>(null);
  const [saving, setSaving] = useState(false);

  const save = async (): Promise<boolean> => {
    if (id === null || latest.current.kept === text) return true;
    setSaving(true);
    const answer = await callAdmin('saveDraft', { id, draft, after: latest.current.savedAt });
    setSaving(false);
    setError(answer.ok ? null : answer.error);
    if (!answer.ok) return false;
    latest.current = { ...latest.current, savedAt: answer.value.savedAt, kept: text };
    return true;
  };
  const keep = (): Promise<boolean> => {
    latest.current.saving = latest.current.saving.then(save);
    return latest.current.saving;
  };
  const keepLatest = useRef(keep);
  keepLatest.current = keep;

  // biome-ignore lint/correctness/useExhaustiveDependencies: kept again when what is kept differs.
  useEffect(() => {
    const timer = setTimeout(() => void keepLatest.current(), pauseMs);
    return () => clearTimeout(timer);
  }, [id, text]);
  return { error, saving, keep };
}
