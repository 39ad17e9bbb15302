// The last step: what would be written, then, with the counts once more, the word that starts it.

import {
  Button,
  Checkbox,
  Inline,
  LoadingButton,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  ModalTitle,
  ModalTransition,
  Stack,
  Text,
} from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { Answer, ProfileDetail, ProfilePreview, ProfileSettings } from '../../contract.ts';
import { texts } from '../../texts.ts';
import { Failure } from '../../ui/Failure.tsx';
import { tell } from '../../ui/flag.ts';
import { Loading } from '../../ui/Loading.tsx';
import { useAction } from '../../ui/use-action.ts';
import { useLoad } from '../../ui/use-load.ts';
import { callAdmin } from '../call.ts';
import { PreviewedItems } from '../PreviewedItems.tsx';

interface PreviewStepProps {
  readonly profile: ProfileDetail;
  readonly settings: ProfileSettings;
  /** The settings were saved, whether or not the rest succeeds. */
  readonly onSaved: (profile: ProfileDetail) => void;
  readonly onDone: () => void;
  /** The buttons beside the one that enables. */
  readonly children: ReactNode;
}

const t = texts.wizard;

export function PreviewStep({ profile, settings, onSaved, onDone, children }: PreviewStepProps): ReactNode {
  const { id } = profile;
  const preview = useLoad(id, () => callAdmin('previewSettings', { id, settings }));
  const [asking, setAsking] = useState(false);
  return (
    <Stack space="space.200">
      <Loading of={preview} waitingFor={texts.preview.loading} failed={texts.preview.failed}>
        {(found: ProfilePreview) => <PreviewedItems of={found} />}
      </Loading>
      <Inline space="space.100">
        <Button appearance="primary" isDisabled={preview.loading} onClick={() => setAsking(true)}>
          {t.enable}
        </Button>
        {children}
      </Inline>
      <ModalTransition>
        {asking && (
          <EnableDialog
            profile={profile}
            settings={settings}
            preview={preview.value}
            onSaved={onSaved}
            onDone={onDone}
            onClose={() => setAsking(false)}
          />
        )}
      </ModalTransition>
    </Stack>
  );
}

interface EnableDialogProps {
  readonly profile: ProfileDetail;
  readonly settings: ProfileSettings;
  /** Null when there is none: then nothing can be said of counts. */
  readonly preview: ProfilePreview | null;
  readonly onSaved: PreviewStepProps['onSaved'];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function EnableDialog({ profile, settings, preview, onSaved, onDone, onClose }: EnableDialogProps): ReactNode {
  const [existing, setExisting] = useState(true);
  const action = useAction();
  /** Done again after a failure on the way, it goes on where it was. */
  const enable = async (): Promise<Answer<unknown>> => {
    const { id, revision } = profile;
    if (JSON.stringify(profile.settings) !== JSON.stringify(settings)) {
      const saved = await callAdmin('updateProfile', { id, settings, revision });
      if (!saved.ok) return saved;
      onSaved({ ...saved.value, settings });
    }
    const started = await callAdmin('enableProfile', { id });
    if (!started.ok) return started;
    await callAdmin('discardDraft', { id });
    return existing ? callAdmin('startInitialSync', { id }) : started;
  };
  const confirm = async (): Promise<void> => {
    if ((await action.run('enable', enable)) === null) return;
    tell(texts.profiles.enabled);
    onDone();
  };
  return (
    <Modal onClose={onClose} width="medium">
      <ModalHeader>
        <ModalTitle>{t.enableTitle(settings.name)}</ModalTitle>
      </ModalHeader>
      <ModalBody>
        <Stack space="space.150">
          <Text>{preview === null ? t.countsUnknown : t.counts(preview.counts, preview.complete)}</Text>
          <Text>{t.whoIsTold}</Text>
          <Checkbox
            id="wizard-existing"
            label={t.existingToo}
            isChecked={existing}
            onChange={({ target }) => setExisting(target.checked === true)}
          />
          <Failure error={action.error} />
        </Stack>
      </ModalBody>
      <ModalFooter>
        <Button appearance="subtle" onClick={onClose}>
          {texts.common.cancel}
        </Button>
        <LoadingButton appearance="primary" isLoading={action.busy !== null} onClick={confirm}>
          {t.enableConfirm}
        </LoadingButton>
      </ModalFooter>
    </Modal>
  );
}
