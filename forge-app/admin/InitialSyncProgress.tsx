// The initial sync of a profile: start, progress, pause, stop, outcome.

import {
  Button,
  ButtonGroup,
  Inline,
  LoadingButton,
  Lozenge,
  ModalTransition,
  ProgressBar,
  Stack,
  Text,
} from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { InitialSync, ProfileSummary } from '../contract.ts';
import { texts } from '../texts.ts';
import { Failure } from '../ui/Failure.tsx';
import { useAction } from '../ui/use-action.ts';
import { useTimes } from '../ui/use-times.ts';
import { callAdmin } from './call.ts';
import { progressOf } from './profile-state.ts';
import { StartSyncDialog } from './StartSyncDialog.tsx';

interface InitialSyncProgressProps {
  readonly profile: ProfileSummary;
  readonly reload: () => Promise<void>;
}

const t = texts.initialSync;

export function InitialSyncProgress({ profile, reload }: InitialSyncProgressProps): ReactNode {
  const { id, status, initialSync } = profile;
  const [asking, setAsking] = useState(false);
  const action = useAction();
  const change = (name: 'pause' | 'resume' | 'stop'): ReactNode => (
    <LoadingButton
      // One button that changes its word, and is not disabled by its own press: the focus stays on it.
      key={name === 'stop' ? 'stop' : 'hold'}
      isLoading={action.busy === name}
      isDisabled={action.busy !== null && action.busy !== name}
      onClick={async () => {
        await action.run(name, () => callAdmin(`${name}InitialSync`, { id }));
        await reload();
      }}
    >
      {t[name]}
    </LoadingButton>
  );
  const underWay = initialSync?.status === 'running' || initialSync?.status === 'paused';
  return (
    <Stack space="space.100">
      <Inline spread="space-between" space="space.200" alignBlock="center" shouldWrap>
        <State of={initialSync} enabled={status === 'enabled'} />
        {underWay && (
          <ButtonGroup label={t.actions}>
            {change(initialSync.status === 'paused' ? 'resume' : 'pause')}
            {change('stop')}
          </ButtonGroup>
        )}
        {!underWay && status === 'enabled' && (
          <Button onClick={() => setAsking(true)}>{initialSync === null ? t.start : t.again}</Button>
        )}
      </Inline>
      {underWay && (
        <ProgressBar
          ariaLabel={t.title}
          value={progressOf(initialSync).percent / 100}
          isIndeterminate={initialSync.status === 'running' && initialSync.queued === 0}
        />
      )}
      <Failure error={action.error} />
      <ModalTransition>
        {asking && (
          <StartSyncDialog
            profile={profile}
            onDone={() => {
              setAsking(false);
              void reload();
            }}
            onClose={() => setAsking(false)}
          />
        )}
      </ModalTransition>
    </Stack>
  );
}

const appearances = {
  running: 'inprogress',
  paused: 'moved',
  done: 'success',
  stopped: 'moved',
  failed: 'removed',
} as const;

function State({ of, enabled }: { readonly of: InitialSync | null; readonly enabled: boolean }): ReactNode {
  const time = useTimes();
  if (of === null) return <Text color="color.text.subtle">{enabled ? t.never : t.enableFirst}</Text>;
  const { status, finishedAt, itemsPerMinute, linked, ambiguous } = of;
  const { minutesLeft } = progressOf(of);
  const more = [
    ...t.took(of),
    ...(linked === 0 ? [] : [t.linked(linked)]),
    ...(ambiguous === 0 ? [] : [t.ambiguous(ambiguous)]),
  ];
  return (
    <Stack space="space.050">
      <Inline space="space.100" alignBlock="center" shouldWrap>
        <Text weight="bold">{t.title}</Text>
        <Lozenge appearance={appearances[status]}>{t.status[status]}</Lozenge>
        <Text>{status === 'running' || status === 'paused' ? t.progress(of) : t.outcome(of)}</Text>
        {itemsPerMinute !== null && <Text color="color.text.subtle">{t.rate(itemsPerMinute)}</Text>}
        {minutesLeft !== null && <Text color="color.text.subtle">{t.minutesLeft(minutesLeft)}</Text>}
        {finishedAt !== null && <Text color="color.text.subtle">{time(finishedAt)}</Text>}
      </Inline>
      {more.length > 0 && <Text color="color.text.subtle">{more.join(' · ')}</Text>}
    </Stack>
  );
}
