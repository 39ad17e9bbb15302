// The initial sync of a profile: start, progress, stop, outcome.

import { Button, Inline, LoadingButton, Lozenge, ModalTransition, ProgressBar, Stack, Text } from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { InitialSync, ProfileSummary } from '../contract.ts';
import { texts } from '../texts.ts';
import { Failure } from '../ui/Failure.tsx';
import { useAction } from '../ui/use-action.ts';
import { useTimes } from '../ui/use-times.ts';
import { callAdmin } from './call.ts';
import { PreviewDialog } from './PreviewDialog.tsx';
import { progressOf } from './profile-state.ts';

interface InitialSyncProgressProps {
  readonly profile: ProfileSummary;
  readonly reload: () => Promise<void>;
}

const t = texts.initialSync;

export function InitialSyncProgress({ profile, reload }: InitialSyncProgressProps): ReactNode {
  const { id, name, status, initialSync } = profile;
  const [asking, setAsking] = useState(false);
  const action = useAction();
  const stop = async (): Promise<void> => {
    await action.run('stop', () => callAdmin('stopInitialSync', { id }));
    await reload();
  };
  const running = initialSync?.status === 'running';
  return (
    <Stack space="space.100">
      <Inline spread="space-between" space="space.200" alignBlock="center" shouldWrap>
        <State of={initialSync} enabled={status === 'enabled'} />
        {running && (
          <LoadingButton isLoading={action.busy !== null} onClick={stop}>
            {t.stop}
          </LoadingButton>
        )}
        {!running && status === 'enabled' && (
          <Button onClick={() => setAsking(true)}>{initialSync === null ? t.start : t.again}</Button>
        )}
      </Inline>
      {running && initialSync && (
        <ProgressBar
          ariaLabel={t.title}
          value={progressOf(initialSync, Date.now()).percent / 100}
          isIndeterminate={initialSync.queued === 0}
        />
      )}
      <Failure error={action.error} />
      <ModalTransition>
        {asking && (
          <PreviewDialog
            profileId={id}
            title={t.startTitle(name)}
            text={t.startWhy}
            confirm={{
              label: t.startConfirm,
              act: () => callAdmin('startInitialSync', { id }),
              onDone: () => {
                setAsking(false);
                void reload();
              },
            }}
            onClose={() => setAsking(false)}
          />
        )}
      </ModalTransition>
    </Stack>
  );
}

const appearances = { running: 'inprogress', done: 'success', stopped: 'moved', failed: 'removed' } as const;

function State({ of, enabled }: { readonly of: InitialSync | null; readonly enabled: boolean }): ReactNode {
  const time = useTimes();
  if (of === null) return <Text color="color.text.subtle">{enabled ? t.never : t.enableFirst}</Text>;
  const { status, finishedAt } = of;
  const { minutesLeft } = progressOf(of, Date.now());
  return (
    <Inline space="space.100" alignBlock="center" shouldWrap>
      <Text weight="bold">{t.title}</Text>
      <Lozenge appearance={appearances[status]}>{t.status[status]}</Lozenge>
      <Text>{status === 'running' ? t.progress(of) : t.outcome(of)}</Text>
      {status === 'running' && minutesLeft !== null && (
        <Text color="color.text.subtle">{t.minutesLeft(minutesLeft)}</Text>
      )}
      {finishedAt !== null && <Text color="color.text.subtle">{time(finishedAt)}</Text>}
    </Inline>
  );
}
