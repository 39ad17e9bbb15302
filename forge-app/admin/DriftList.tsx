// What changed on either site after a mapping was made: a task for each profile, its fix one click away.

import { Button, ButtonGroup, LoadingButton, SectionMessage, Stack, Text } from '@forge/react';
import type { ReactNode } from 'react';
import type { ProfileDrift } from '../contract-watch.ts';
import { texts } from '../texts.ts';
import { Failure } from '../ui/Failure.tsx';
import { tell } from '../ui/flag.ts';
import { useAction } from '../ui/use-action.ts';
import { useTimes } from '../ui/use-times.ts';
import { callAdmin } from './call.ts';

interface DriftListProps {
  readonly drifted: readonly ProfileDrift[];
  readonly reload: () => Promise<void>;
  /** Opens the profile's settings. */
  readonly onFix: (profileId: string) => void;
}

const t = texts.drift;
const shownTasks = 5;

export function DriftList({ drifted, reload, onFix }: DriftListProps): ReactNode {
  const action = useAction();
  const accept = async (id: string): Promise<void> => {
    if (await action.run(id, () => callAdmin('acceptDrift', { id }))) tell(t.accepted);
    await reload();
  };
  if (drifted.length === 0 && action.error === null) return null;
  return (
    <Stack space="space.100">
      <Failure error={action.error} />
      {drifted.map((profile) => (
        <Drifted
          key={profile.profileId}
          of={profile}
          busy={action.busy === profile.profileId}
          onFix={() => onFix(profile.profileId)}
          onAccept={() => accept(profile.profileId)}
        />
      ))}
    </Stack>
  );
}

interface DriftedProps {
  readonly of: ProfileDrift;
  readonly busy: boolean;
  readonly onFix: () => void;
  readonly onAccept: () => Promise<void>;
}

function Drifted({ of: { profile, tasks }, busy, onFix, onAccept }: DriftedProps): ReactNode {
  const time = useTimes();
  const fails = tasks.some(({ level }) => level === 'error');
  return (
    <SectionMessage appearance={fails ? 'error' : 'warning'} title={t.title(profile)}>
      <Stack space="space.100" alignInline="start">
        {tasks.slice(0, shownTasks).map(({ path, problem, remedy, since }) => (
          <Stack key={`${path} ${problem}`}>
            <Text>{`${problem} ${remedy}`}</Text>
            <Text size="small" color="color.text.subtle">
              {t.since(time(since))}
            </Text>
          </Stack>
        ))}
        {tasks.length > shownTasks && <Text color="color.text.subtle">{t.more(tasks.length - shownTasks)}</Text>}
        <ButtonGroup label={profile}>
          <Button onClick={onFix}>{t.fix}</Button>
          {tasks.some(({ level }) => level === 'warning') && (
            <LoadingButton appearance="subtle" isLoading={busy} onClick={onAccept}>
              {t.accept}
            </LoadingButton>
          )}
        </ButtonGroup>
      </Stack>
    </SectionMessage>
  );
}
