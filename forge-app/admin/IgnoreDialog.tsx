// Asks why errors are to be ignored, so that whoever comes later knows.

import { type ReactNode, useState } from 'react';
import type { Answer, IgnoreReason } from '../contract.ts';
import { texts } from '../texts.ts';
import { Choice } from '../ui/Choice.tsx';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { Field } from '../ui/Field.tsx';

interface IgnoreDialogProps {
  readonly count: number;
  readonly act: (reason: IgnoreReason) => Promise<Answer<unknown>>;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

const t = texts.errors;

export function IgnoreDialog({ count, act, onDone, onClose }: IgnoreDialogProps): ReactNode {
  const [reason, setReason] = useState<IgnoreReason>('known');
  return (
    <ConfirmDialog
      title={t.ignoreTitle(count)}
      text={t.ignoreWhy}
      confirm={t.ignore}
      appearance="warning"
      act={() => act(reason)}
      onDone={onDone}
      onClose={onClose}
    >
      <Field id="ignore-reason" label={t.reason}>
        <Choice id="ignore-reason" value={reason} labels={t.reasons} onChange={setReason} />
      </Field>
    </ConfirmDialog>
  );
}
