// Asks before something that can't be undone, or that is easily regretted; stays open with the reason when it fails.

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
import type { ReactNode } from 'react';
import type { Answer } from '../contract.ts';
import { texts } from '../texts.ts';
import { Failure } from './Failure.tsx';
import { useAction } from './use-action.ts';

interface ConfirmDialogProps {
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  /** `danger` unless said otherwise. */
  readonly appearance?: 'danger' | 'warning';
  /** What else is asked before. */
  readonly children?: ReactNode;
  readonly act: () => Promise<Answer<unknown>>;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function ConfirmDialog({
  title,
  text,
  confirm,
  appearance = 'danger',
  children,
  act,
  onDone,
  onClose,
}: ConfirmDialogProps): ReactNode {
  const action = useAction();
  return (
    <Modal onClose={onClose} width="small">
      <ModalHeader>
        <ModalTitle appearance={appearance}>{title}</ModalTitle>
      </ModalHeader>
      <ModalBody>
        <Stack space="space.200">
          <Text>{text}</Text>
          {children}
          <Failure error={action.error} />
        </Stack>
      </ModalBody>
      <ModalFooter>
        <Button appearance="subtle" onClick={onClose}>
          {texts.common.cancel}
        </Button>
        <LoadingButton
          appearance={appearance}
          isLoading={action.busy !== null}
          onClick={async () => {
            if (await action.run('confirm', act)) onDone();
          }}
        >
          {confirm}
        </LoadingButton>
      </ModalFooter>
    </Modal>
  );
}
