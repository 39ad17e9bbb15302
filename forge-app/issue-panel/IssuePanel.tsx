// What an issue's viewer sees of its synchronization: the counterpart as it stands now, when it was last synchronized, problems, and
// what the viewer may do about it.

import {
  Button,
  ButtonGroup,
  Inline,
  LoadingButton,
  ModalTransition,
  SectionMessage,
  Stack,
  Text,
  ValidMessage,
} from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { Answer } from '../contract.ts';
import type { Panel } from '../contract-panel.ts';
import { texts } from '../texts.ts';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { Failure } from '../ui/Failure.tsx';
import { Loading } from '../ui/Loading.tsx';
import { useAction } from '../ui/use-action.ts';
import { useLoad } from '../ui/use-load.ts';
import { useTimes } from '../ui/use-times.ts';
import { callPanel } from './call.ts';
import { LinkDialog } from './LinkDialog.tsx';
import { LiveCounterpart } from './LiveCounterpart.tsx';

const t = texts.panel;

/** How often and how long the panel looks whether a synchronization is done. */
const lookEveryMs = 1_000;
const looks = 15;

type Outcome = 'done' | 'slow' | null;

export function IssuePanel(): ReactNode {
  const panel = useLoad('panel', () => callPanel('panel', {}));
  const action = useAction();
  const [outcome, setOutcome] = useState<Outcome>(null);
  const [dialog, setDialog] = useState<'link' | 'unlink' | null>(null);
  const time = useTimes();

  /** Asks for something that ends in a synchronization, and waits for that. */
  const run = async (before: Panel, ask: () => Promise<Answer<unknown>>): Promise<void> => {
    setOutcome(null);
    const result = await action.run('sync', async () => {
      const asked = await ask();
      return asked.ok ? { ok: true, value: await synchronized(before) } : asked;
    });
    if (result) setOutcome(result.value ? 'done' : 'slow');
    await panel.reload();
  };
  const sync = (shown: Panel): Promise<void> => run(shown, () => callPanel('sync', {}));
  const linkAgain = (shown: Panel, workItem: string): Promise<void> =>
    run(shown, () => callPanel('link', { workItem }));

  return (
    <Loading of={panel}>
      {(shown: Panel) => (
        <Stack space="space.150">
          <Standing of={shown} />
          {shown.profile !== null && (
            <Text color="color.text.subtle">
              {[t.profile(shown.profile), shown.syncedAt === null ? t.notSynced : t.synced(time(shown.syncedAt))].join(
                ' · ',
              )}
            </Text>
          )}
          {shown.problems.map(({ cause, remedy, subject }) => (
            <SectionMessage key={`${cause} ${subject}`} appearance="warning" title={cause}>
              {subject !== null && <Text>{texts.errors.subject(subject)}</Text>}
              <Text>{remedy}</Text>
            </SectionMessage>
          ))}
          <Failure error={action.error} />
          <Inline space="space.150" alignBlock="center" shouldWrap>
            <ButtonGroup label={t.actions}>
              {shown.maySync && (shown.mayCreate || shown.status !== 'waiting') && (
                <LoadingButton isLoading={action.busy !== null} onClick={() => sync(shown)}>
                  {shown.mayCreate ? t.create : t.sync}
                </LoadingButton>
              )}
              {shown.mayLink && shown.status === 'unlinked' && shown.workItem !== null && (
                <LoadingButton
                  isLoading={action.busy !== null}
                  onClick={() => linkAgain(shown, shown.workItem?.id ?? '')}
                >
                  {t.linkAgain}
                </LoadingButton>
              )}
              {shown.mayLink && shown.status === 'waiting' && (
                <Button isDisabled={action.busy !== null} onClick={() => setDialog('link')}>
                  {t.linkExisting}
                </Button>
              )}
              {shown.mayUnlink && (
                <Button isDisabled={action.busy !== null} onClick={() => setDialog('unlink')}>
                  {t.unlink}
                </Button>
              )}
            </ButtonGroup>
            {action.busy !== null && <Text>{t.syncing}</Text>}
            {outcome === 'done' && <ValidMessage>{t.done}</ValidMessage>}
            {outcome === 'slow' && <Text>{t.slow}</Text>}
          </Inline>
          <ModalTransition>
            {dialog === 'link' && (
              <LinkDialog
                onDone={() => {
                  setDialog(null);
                  void run(shown, async () => ({ ok: true, value: null }));
                }}
                onClose={() => setDialog(null)}
              />
            )}
            {dialog === 'unlink' && (
              <ConfirmDialog
                title={t.unlinkTitle}
                text={t.unlinkWhy}
                confirm={t.unlinkConfirm}
                appearance="warning"
                act={() => callPanel('unlink', {})}
                onDone={() => {
                  setDialog(null);
                  setOutcome(null);
                  void panel.reload();
                }}
                onClose={() => setDialog(null)}
              />
            )}
          </ModalTransition>
        </Stack>
      )}
    </Loading>
  );
}

/** Whether what was asked for has come to an end within a while: the time of the last synchronization has moved. */
async function synchronized(before: Panel): Promise<boolean> {
  for (let look = 0; look < looks; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    const answer = await callPanel('panel', {});
    if (answer.ok && answer.value.syncedAt !== null && answer.value.syncedAt !== before.syncedAt) return true;
  }
  return false;
}

function Standing({ of: { status, workItem, syncedAt, mayCreate, mayLink } }: { readonly of: Panel }): ReactNode {
  switch (status) {
    case 'none':
      return <Text>{t.none}</Text>;
    case 'waiting':
      return <Text>{mayLink && !mayCreate ? t.waitingForLink : t.waiting}</Text>;
    case 'orphaned':
      return <Text>{t.orphaned}</Text>;
    case 'unlinked':
      return <Text>{t.unlinked(workItem?.id ?? '')}</Text>;
    case 'paired':
      return workItem === null ? null : <LiveCounterpart workItem={workItem} syncedAt={syncedAt} />;
    default:
      return status satisfies never;
  }
}
