// What stopped a profile and what waits, before an admin lets it go on.

import {
  Button,
  Inline,
  Link,
  LoadingButton,
  Lozenge,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  ModalTitle,
  Stack,
  Text,
} from '@forge/react';
import type { ReactNode } from 'react';
import type { ProfileStop, StoppedItem } from '../contract.ts';
import { texts } from '../texts.ts';
import { Failure } from '../ui/Failure.tsx';
import { Loading } from '../ui/Loading.tsx';
import { useAction } from '../ui/use-action.ts';
import { useLoad } from '../ui/use-load.ts';
import { useTimes } from '../ui/use-times.ts';
import { callAdmin } from './call.ts';

interface StopDialogProps {
  readonly profileId: string;
  readonly name: string;
  readonly onDone: () => void;
  /** Pairs that were lost are to be found again first. */
  readonly onRebuild: () => void;
  readonly onClose: () => void;
}

const t = texts.stop;

export function StopDialog({ profileId, name, onDone, onRebuild, onClose }: StopDialogProps): ReactNode {
  const stop = useLoad(profileId, () => callAdmin('profileStop', { id: profileId }));
  const action = useAction();
  return (
    <Modal onClose={onClose} width="large">
      <ModalHeader>
        <ModalTitle appearance="warning">{t.title(name)}</ModalTitle>
      </ModalHeader>
      <ModalBody>
        <Stack space="space.200">
          <Loading of={stop}>{(found) => <Stopped of={found} />}</Loading>
          <Failure error={action.error} />
        </Stack>
      </ModalBody>
      <ModalFooter>
        <Button appearance="subtle" onClick={onClose}>
          {t.stay}
        </Button>
        {stop.value?.reason?.code === 'state-lost' && (
          <Button appearance="primary" onClick={onRebuild}>
            {texts.rebuild.open}
          </Button>
        )}
        <LoadingButton
          appearance="warning"
          isLoading={action.busy !== null}
          isDisabled={stop.value === null}
          onClick={async () => {
            if (await action.run('resume', () => callAdmin('enableProfile', { id: profileId }))) onDone();
          }}
        >
          {t.resume}
        </LoadingButton>
      </ModalFooter>
    </Modal>
  );
}

function Stopped({ of }: { readonly of: ProfileStop }): ReactNode {
  const { reason, since, done, limit, windowMinutes, waiting, deleted, items } = of;
  const time = useTimes();
  return (
    <Stack space="space.150">
      {reason !== null && <Text weight="medium">{reason.cause}</Text>}
      {since !== null && <Text color="color.text.subtle">{t.since(time(since))}</Text>}
      {reason?.code === 'brake' && <Text>{t.brake(done, limit, windowMinutes)}</Text>}
      <Text>{t.waiting(waiting, deleted)}</Text>
      {items.map((item) => (
        <Waiting key={`${item.jiraKey} ${item.azureId}`} item={item} />
      ))}
      {waiting > items.length && <Text color="color.text.subtle">{t.more(waiting - items.length)}</Text>}
      <Text>{reason?.code === 'brake' ? t.consequence(limit) : reason?.remedy}</Text>
    </Stack>
  );
}

function Waiting({ item }: { readonly item: StoppedItem }): ReactNode {
  const { side, jiraKey, azureId, jiraUrl, azureUrl, deleted } = item;
  return (
    <Inline space="space.150" alignBlock="center" shouldWrap>
      {jiraKey !== null && jiraUrl !== null && <Open text={jiraKey} url={jiraUrl} />}
      {azureId !== null && azureUrl !== null && <Open text={texts.panel.workItem(azureId)} url={azureUrl} />}
      <Lozenge appearance={deleted ? 'removed' : 'default'}>{deleted ? t.deletedIn(side) : t.changed}</Lozenge>
    </Inline>
  );
}

const Open = ({ text, url }: { readonly text: string; readonly url: string }): ReactNode => (
  <Text>
    <Link href={url} openNewTab>
      {text}
    </Link>
  </Text>
);
