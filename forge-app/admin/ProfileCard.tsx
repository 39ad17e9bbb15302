// One profile: its state and why, its pairs and errors, the initial sync, and what can be done with it.

import {
  Box,
  Button,
  ButtonGroup,
  Heading,
  Inline,
  LoadingButton,
  Lozenge,
  ModalTransition,
  SectionMessage,
  Stack,
  Text,
  xcss,
} from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { Connection, ListedProfile } from '../contract.ts';
import { texts } from '../texts.ts';
import { breakable } from '../ui/breakable.ts';
import { Failure } from '../ui/Failure.tsx';
import { tell } from '../ui/flag.ts';
import { useAction } from '../ui/use-action.ts';
import { useTimes } from '../ui/use-times.ts';
import { callAdmin } from './call.ts';
import { FiguresDialog } from './FiguresDialog.tsx';
import { InitialSyncProgress } from './InitialSyncProgress.tsx';
import { PreviewDialog } from './PreviewDialog.tsx';
import { inStep, progressOf, stateOf, withErrors } from './profile-state.ts';
import { RebuildDialog } from './RebuildDialog.tsx';
import { StopDialog } from './StopDialog.tsx';
import { UndoDialog } from './UndoDialog.tsx';

interface ProfileCardProps {
  readonly profile: ListedProfile;
  readonly connection: Connection | undefined;
  readonly reload: () => Promise<void>;
  /** Goes on with the wizard where a draft was left. */
  readonly onContinue: () => void;
  readonly onEdit: () => void;
  readonly onHistory: () => void;
  readonly onDuplicate: () => void;
  readonly onExport: () => void;
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
const appearances = {
  draft: 'default',
  running: 'success',
  paused: 'moved',
  attention: 'removed',
  syncing: 'inprogress',
} as const;

export function ProfileCard(props: ProfileCardProps): ReactNode {
  const { profile, connection, reload, onContinue, onEdit, onHistory, onDuplicate, onExport, onDelete, onErrors } =
    props;
  const { id, name, status, reason, jiraProject, azureProject, pairs } = profile;
  const [dialog, setDialog] = useState<'preview' | 'enable' | 'stop' | 'rebuild' | 'undo' | 'figures' | null>(null);
  const action = useAction();
  const time = useTimes();
  const pause = async (): Promise<void> => {
    if (await action.run('pause', () => callAdmin('pauseProfile', { id }))) tell(t.paused);
    await reload();
  };
  const close = (): void => setDialog(null);
  const enabled = (): void => {
    close();
    tell(t.enabled);
    void reload();
  };
  const rebuilding = (): void => {
    close();
    tell(texts.rebuild.started);
    void reload();
  };
  const state = stateOf(profile);
  const failing = withErrors(profile);
  const counts = [
    t.inStep(inStep(profile), pairs.paired),
    ...(pairs.creating > 0 ? [t.creating(pairs.creating)] : []),
    ...(pairs.orphaned > 0 ? [t.orphaned(pairs.orphaned)] : []),
    ...(profile.lastChangeAt === null ? [] : [t.lastChange(time(profile.lastChangeAt))]),
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
                <Lozenge appearance={appearances[state]}>
                  {state === 'syncing' && profile.initialSync !== null
                    ? t.syncing(progressOf(profile.initialSync).percent)
                    : t.state[state === 'syncing' ? 'running' : state]}
                </Lozenge>
              </Inline>
              <Text color="color.text.subtle">{t.between(jiraProject, azureProject, connection?.name ?? '')}</Text>
            </Stack>
          </Box>
          <ButtonGroup label={name}>
            {status === 'enabled' && <Button onClick={() => setDialog('preview')}>{t.preview}</Button>}
            {status === 'enabled' && (
              <LoadingButton isLoading={action.busy !== null} onClick={pause}>
                {t.pause}
              </LoadingButton>
            )}
            {(status === 'paused' || status === 'stopped') && (
              <Button appearance="primary" onClick={() => setDialog(status === 'stopped' ? 'stop' : 'enable')}>
                {t.resume}
              </Button>
            )}
            {status === 'draft' ? (
              <Button appearance="primary" onClick={onContinue}>
                {t.continueSetup}
              </Button>
            ) : (
              <Button onClick={onEdit}>{texts.common.edit}</Button>
            )}
          </ButtonGroup>
        </Inline>
        <Failure error={action.error} />
        {reason && (
          <SectionMessage appearance="warning" title={reason.cause}>
            <Stack space="space.100" alignInline="start">
              <Text>{reason.remedy}</Text>
              {status === 'stopped' && <Button onClick={() => setDialog('stop')}>{t.why}</Button>}
            </Stack>
          </SectionMessage>
        )}
        {status === 'draft' ? (
          <Text color="color.text.subtle">{t.setupUnfinished}</Text>
        ) : (
          <Inline space="space.200" alignBlock="center" shouldWrap>
            <Text>{counts.join(' · ')}</Text>
            {failing > 0 ? (
              <Button appearance="subtle" spacing="compact" onClick={onErrors}>
                {t.failing(failing)}
              </Button>
            ) : (
              <Text color="color.text.subtle">{t.noErrors}</Text>
            )}
          </Inline>
        )}
        {status !== 'draft' && <InitialSyncProgress profile={profile} reload={reload} />}
        <Inline>
          <ButtonGroup label={t.moreOf(name)}>
            {more(t.settingsHistory, onHistory)}
            {more(t.duplicate, onDuplicate)}
            {more(t.export, onExport)}
            {status !== 'draft' && more(texts.figures.open, () => setDialog('figures'))}
            {profile.initialSync !== null && more(texts.undo.open, () => setDialog('undo'))}
            {more(texts.common.delete, onDelete)}
          </ButtonGroup>
        </Inline>
      </Stack>
      <ModalTransition>
        {dialog === 'preview' && (
          <PreviewDialog profileId={id} title={t.previewTitle(name)} text={t.previewWhy} onClose={close} />
        )}
        {dialog === 'enable' && (
          <PreviewDialog
            profileId={id}
            title={t.resumeTitle(name)}
            text={profile.initialSync === null ? t.enableWhy : t.resumeWhy}
            confirm={{
              label: t.resumeConfirm,
              act: () => callAdmin('enableProfile', { id }),
              onDone: enabled,
            }}
            onClose={close}
          />
        )}
        {dialog === 'figures' && <FiguresDialog profile={profile} onClose={close} />}
        {dialog === 'undo' && <UndoDialog profile={profile} onClose={() => void reload().then(close)} />}
        {dialog === 'stop' && (
          <StopDialog
            profileId={id}
            name={name}
            onDone={enabled}
            onRebuild={() => setDialog('rebuild')}
            onClose={close}
          />
        )}
        {dialog === 'rebuild' && <RebuildDialog profileId={id} name={name} onDone={rebuilding} onClose={close} />}
      </ModalTransition>
    </Box>
  );
}

const more = (label: string, onClick: () => void): ReactNode => (
  <Button appearance="subtle" spacing="compact" onClick={onClick}>
    {label}
  </Button>
);
