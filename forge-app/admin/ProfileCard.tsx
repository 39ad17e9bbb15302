// One profile: its state and why, its pairs and errors, the initial sync, and what can be done with it.

import {
  Box,
  Button,
  ButtonGroup,
  Heading,
  Inline,
  LoadingButton,
  Lozenge,
  SectionMessage,
  Stack,
  Text,
  xcss,
} from '@forge/react';
import type { ReactNode } from 'react';
import type { ProfileSummary } from '../contract.ts';
import { texts } from '../texts.ts';
import { breakable } from '../ui/breakable.ts';
import { Failure } from '../ui/Failure.tsx';
import { tell } from '../ui/flag.ts';
import { useAction } from '../ui/use-action.ts';
import { callAdmin } from './call.ts';
import { InitialSyncProgress } from './InitialSyncProgress.tsx';

interface ProfileCardProps {
  readonly profile: ProfileSummary;
  /** The connection's name. */
  readonly connection: string;
  readonly reload: () => Promise<void>;
  readonly onEdit: () => void;
  readonly onDelete: () => void;
  readonly onErrors: () => void;
}

const t = texts.profiles;
const card = xcss({
  borderColor: 'color.border',
  borderWidth: 'border.width',
  borderStyle: 'solid',
  borderRadius: 'radius.medium',
  padding: 'space.250',
});
const title = xcss({ maxWidth: '620px', overflow: 'hidden' });
const appearances = { draft: 'default', enabled: 'success', paused: 'moved', stopped: 'removed' } as const;

export function ProfileCard({ profile, connection, reload, onEdit, onDelete, onErrors }: ProfileCardProps): ReactNode {
  const { id, name, status, reason, jiraProject, azureProject, pairs } = profile;
  const action = useAction();
  const act = async (operation: 'enableProfile' | 'pauseProfile', said: string): Promise<void> => {
    if (await action.run(operation, () => callAdmin(operation, { id }))) tell(said);
    await reload();
  };
  const counts = [
    t.pairs(pairs.paired),
    ...(pairs.creating > 0 ? [t.creating(pairs.creating)] : []),
    ...(pairs.orphaned > 0 ? [t.orphaned(pairs.orphaned)] : []),
  ];
  return (
    <Box xcss={card}>
      <Stack space="space.200">
        <Inline spread="space-between" space="space.200" rowSpace="space.100" shouldWrap>
          <Box xcss={title}>
            <Stack space="space.050">
              <Inline space="space.100" alignBlock="center" shouldWrap>
                <Heading size="small" as="h3">
                  {breakable(name)}
                </Heading>
                <Lozenge appearance={appearances[status]}>{t.status[status]}</Lozenge>
              </Inline>
              <Text color="color.text.subtle">{t.between(jiraProject, azureProject, connection)}</Text>
            </Stack>
          </Box>
          <ButtonGroup label={name}>
            {status === 'enabled' ? (
              <LoadingButton isLoading={action.busy !== null} onClick={() => act('pauseProfile', t.paused)}>
                {t.pause}
              </LoadingButton>
            ) : (
              <LoadingButton
                appearance="primary"
                isLoading={action.busy !== null}
                onClick={() => act('enableProfile', t.enabled)}
              >
                {status === 'draft' ? t.enable : t.resume}
              </LoadingButton>
            )}
            <Button onClick={onEdit}>{texts.common.edit}</Button>
            <Button onClick={onDelete}>{texts.common.delete}</Button>
          </ButtonGroup>
        </Inline>
        <Failure error={action.error} />
        {reason && (
          <SectionMessage appearance="warning" title={reason.cause}>
            <Text>{reason.remedy}</Text>
          </SectionMessage>
        )}
        <Inline space="space.200" alignBlock="center" shouldWrap>
          <Text>{counts.join(' · ')}</Text>
          {pairs.failing > 0 ? (
            <Button appearance="subtle" spacing="compact" onClick={onErrors}>
              {t.failing(pairs.failing)}
            </Button>
          ) : (
            <Text color="color.text.subtle">{t.noErrors}</Text>
          )}
        </Inline>
        <InitialSyncProgress profile={profile} reload={reload} />
      </Stack>
    </Box>
  );
}
