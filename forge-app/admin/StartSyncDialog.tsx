// Asks what an initial sync is to take and shows what it would do, before it may start.

import { type ReactNode, useState } from 'react';
import type { Answer, ProfileSummary } from '../contract.ts';
import { texts } from '../texts.ts';
import { callAdmin } from './call.ts';
import { InitialSyncForm } from './InitialSyncForm.tsx';
import { PreviewDialog } from './PreviewDialog.tsx';
import { inputOf, noChoices, wrongChoices } from './sync-choices.ts';

interface StartSyncDialogProps {
  readonly profile: ProfileSummary;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

const t = texts.initialSync;

export function StartSyncDialog({ profile, onDone, onClose }: StartSyncDialogProps): ReactNode {
  const { id, name } = profile;
  const [choices, setChoices] = useState(noChoices);
  const [tried, setTried] = useState(false);
  const start = async (): Promise<Answer<unknown>> => {
    setTried(true);
    const [wrong] = Object.values<string>(wrongChoices(choices));
    if (wrong !== undefined) return { ok: false, error: { code: 'incomplete', message: wrong } };
    return callAdmin('startInitialSync', { id, options: inputOf(choices) });
  };
  return (
    <PreviewDialog
      profileId={id}
      title={t.startTitle(name)}
      text={t.startWhy}
      confirm={{ label: t.startConfirm, act: start, onDone }}
      onClose={onClose}
    >
      <InitialSyncForm profile={profile} choices={choices} tried={tried} onChange={setChoices} />
    </PreviewDialog>
  );
}
