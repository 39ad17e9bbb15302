// Shows what a run would do before it may do it: counts, samples, and the button that lets it. Without one it only shows.

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
import type { Answer, ProfilePreview } from '../contract.ts';
import { texts } from '../texts.ts';
import { Failure } from '../ui/Failure.tsx';
import { Loading } from '../ui/Loading.tsx';
import { useAction } from '../ui/use-action.ts';
import { useLoad } from '../ui/use-load.ts';
import { callAdmin } from './call.ts';
import { PreviewedItems } from './PreviewedItems.tsx';

interface PreviewDialogProps {
  readonly profileId: string;
  readonly title: string;
  readonly text: string;
  /** What is asked for. */
  readonly confirm?: {
    readonly label: string;
    readonly act: () => Promise<Answer<unknown>>;
    readonly onDone: () => void;
  };
  readonly onClose: () => void;
  /** What is asked before. */
  readonly children?: ReactNode;
}

const t = texts.preview;

export function PreviewDialog({ profileId, title, text, confirm, onClose, children }: PreviewDialogProps): ReactNode {
  const preview = useLoad(profileId, () => callAdmin('previewProfile', { id: profileId }));
  const action = useAction();
  const failed = preview.error !== null && preview.value === null;
  return (
    <Modal onClose={onClose} width="x-large">
      <ModalHeader>
        <ModalTitle>{title}</ModalTitle>
      </ModalHeader>
      <ModalBody>
        <Stack space="space.200">
          <Text>{text}</Text>
          {children}
          <Loading of={preview} waitingFor={t.loading} failed={t.failed}>
            {(found: ProfilePreview) => <PreviewedItems of={found} />}
          </Loading>
          <Failure error={action.error} />
        </Stack>
      </ModalBody>
      <ModalFooter>
        <Button appearance="subtle" onClick={onClose}>
          {confirm ? texts.common.cancel : texts.common.close}
        </Button>
        {confirm && (
          <LoadingButton
            appearance="primary"
            isLoading={action.busy !== null}
            isDisabled={preview.value === null && !failed}
            onClick={async () => {
              if (await action.run('confirm', confirm.act)) confirm.onDone();
            }}
          >
            {failed ? t.without(confirm.label) : confirm.label}
          </LoadingButton>
        )}
      </ModalFooter>
    </Modal>
  );
}
