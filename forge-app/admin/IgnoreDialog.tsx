// Asks why errors are to be ignored, so that whoever comes later knows.

import {
  Button,
  LoadingButton,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  ModalTitle,
  Stack,
  Text,
} from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { Answer, IgnoreReason } from '../contract.ts';
import { texts } from '../texts.ts';
import { Choice } from '../ui/Choice.tsx';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { useAction } from '../ui/use-action.ts';

interface IgnoreDialogProps {
  readonly count: number;
  readonly act: (reason: IgnoreReason) => Promise<Answer<unknown>>;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

const t = texts.errors;

export function IgnoreDialog({ count, act, onDone, onClose }: IgnoreDialogProps): ReactNode {
  const [reason, setReason] = useState<IgnoreReason>('known');
  const action = useAction();
  return (
    <Modal onClose={onClose} width="small">
      <ModalHeader>
        <ModalTitle appearance="warning">{t.ignoreTitle(count)}</ModalTitle>
      </ModalHeader>
      <ModalBody>
        <Stack space="space.200">
          <Text>{t.ignoreWhy}</Text>
          <Field id="ignore-reason" label={t.reason}>
            <Choice id="ignore-reason" value={reason} labels={t.reasons} onChange={setReason} />
          </Field>
          <Failure error={action.error} />
        </Stack>
      </ModalBody>
      <ModalFooter>
        <Button appearance="subtle" onClick={onClose}>
          {texts.common.cancel}
        </Button>
        <LoadingButton
          appearance="warning"
          isLoading={action.busy !== null}
          onClick={async () => {
            if (await action.run('ignore', () => act(reason))) onDone();
          }}
        >
          {t.ignore}
        </LoadingButton>
      </ModalFooter>
    </Modal>
  );
}
