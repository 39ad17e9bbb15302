// What changes in a profile before it is saved, and on demand what a run would do by it. Who saves over somebody else's change is
// told, and may load that one.

import {
  Button,
  Inline,
  LoadingButton,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  ModalTitle,
  SectionMessage,
  Stack,
  Text,
} from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { ProfileDetail, ProfilePreview, ProfileSettings } from '../../contract.ts';
import { texts } from '../../texts.ts';
import { breakable } from '../../ui/breakable.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { useAction } from '../../ui/use-action.ts';
import { useLoad } from '../../ui/use-load.ts';
import { callAdmin } from '../call.ts';
import { DifferenceList } from '../DifferenceList.tsx';
import { PreviewedItems } from '../PreviewedItems.tsx';

interface SaveDialogProps {
  readonly profile: ProfileDetail;
  readonly settings: ProfileSettings;
  readonly onReload: () => void;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

const t = texts.editor;

export function SaveDialog({ profile, settings, onReload, onSaved, onClose }: SaveDialogProps): ReactNode {
  const { id, name, revision } = profile;
  const found = useLoad(id, () => callAdmin('differences', { id, settings }));
  const [preview, setPreview] = useState<ProfilePreview | null>(null);
  const action = useAction();
  const taken = action.error?.code === 'revision-conflict';
  const look = async (): Promise<void> => {
    const looked = await action.run('preview', () => callAdmin('previewSettings', { id, settings }));
    if (looked) setPreview(looked.value);
  };
  const save = async (): Promise<void> => {
    if (await action.run('save', () => callAdmin('updateProfile', { id, settings, revision }))) onSaved();
  };
  return (
    <Modal onClose={onClose} width="x-large">
      <ModalHeader>
        <ModalTitle>{t.saveTitle(breakable(name))}</ModalTitle>
      </ModalHeader>
      <ModalBody>
        <Stack space="space.200">
          <Loading of={found}>{({ differences }) => <DifferenceList of={differences} />}</Loading>
          {preview === null ? (
            <Inline>
              <LoadingButton isLoading={action.busy === 'preview'} onClick={look}>
                {t.whatWouldItDo}
              </LoadingButton>
            </Inline>
          ) : (
            <PreviewedItems of={preview} />
          )}
          {taken ? (
            <SectionMessage appearance="warning" title={texts.failures.title}>
              <Stack space="space.100" alignInline="start">
                <Text>{t.revisionConflict}</Text>
                <Button onClick={onReload}>{t.reload}</Button>
              </Stack>
            </SectionMessage>
          ) : (
            <Failure error={action.error} />
          )}
        </Stack>
      </ModalBody>
      <ModalFooter>
        <Button appearance="subtle" onClick={onClose}>
          {t.editOn}
        </Button>
        <LoadingButton appearance="primary" isLoading={action.busy === 'save'} onClick={save}>
          {texts.common.save}
        </LoadingButton>
      </ModalFooter>
    </Modal>
  );
}
