// Asks which existing work item the issue belongs to.

import {
  Button,
  Form,
  LoadingButton,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  ModalTitle,
  Stack,
  Text,
  Textfield,
} from '@forge/react';
import { type ReactNode, useState } from 'react';
import { texts } from '../texts.ts';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { useAction } from '../ui/use-action.ts';
import { callPanel } from './call.ts';

interface LinkDialogProps {
  readonly onDone: () => void;
  readonly onClose: () => void;
}

const t = texts.panel;

export function LinkDialog({ onDone, onClose }: LinkDialogProps): ReactNode {
  const [workItem, setWorkItem] = useState('');
  const action = useAction();
  const { error } = action;
  const wrong = error?.path === 'workItem' ? error.message : undefined;
  const submit = async (): Promise<void> => {
    if (await action.run('link', () => callPanel('link', { workItem: workItem.replace(/^(AB)?#/i, '') }))) onDone();
  };
  return (
    <Modal onClose={onClose} width="small">
      <Form onSubmit={submit}>
        <ModalHeader>
          <ModalTitle>{t.linkTitle}</ModalTitle>
        </ModalHeader>
        <ModalBody>
          <Stack space="space.150">
            <Text>{t.linkWhy}</Text>
            <Field id="link-number" label={t.linkNumber} hint={t.linkHint} error={wrong} required>
              <Textfield
                id="link-number"
                isInvalid={wrong !== undefined}
                onChange={({ target }) => setWorkItem(String(target.value ?? '').trim())}
              />
            </Field>
            {wrong === undefined && <Failure error={error} />}
          </Stack>
        </ModalBody>
        <ModalFooter>
          <Button appearance="subtle" onClick={onClose}>
            {texts.common.cancel}
          </Button>
          <LoadingButton appearance="primary" type="submit" isLoading={action.busy !== null}>
            {t.link}
          </LoadingButton>
        </ModalFooter>
      </Form>
    </Modal>
  );
}
