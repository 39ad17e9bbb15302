// What an issue's viewer sees of its synchronization: the counterpart, when it was last synchronized, problems, and "Sync now".

import { Inline, Link, LoadingButton, SectionMessage, Stack, Text, ValidMessage } from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { Panel } from '../contract.ts';
import type { PanelOperations } from '../operations.ts';
import { texts } from '../texts.ts';
import { resolverCall } from '../ui/call.ts';
import { Failure } from '../ui/Failure.tsx';
import { Loading } from '../ui/Loading.tsx';
import { useAction } from '../ui/use-action.ts';
import { useLoad } from '../ui/use-load.ts';
import { useTimes } from '../ui/use-times.ts';

const callPanel = resolverCall<PanelOperations>();
const t = texts.panel;

/** How often and how long the panel looks whether a synchronization is done. */
const lookEveryMs = 1_000;
const looks = 15;

type Outcome = 'done' | 'slow' | null;

export function IssuePanel(): ReactNode {
  const panel = useLoad('panel', () => callPanel('panel', {}));
  const action = useAction();
  const [outcome, setOutcome] = useState<Outcome>(null);
  const time = useTimes();

  const sync = async (before: Panel): Promise<void> => {
    setOutcome(null);
    const result = await action.run('sync', async () => {
      const queued = await callPanel('sync', {});
      return queued.ok ? { ok: true, value: await synchronized(before) } : queued;
    });
    if (result) setOutcome(result.value ? 'done' : 'slow');
    await panel.reload();
  };

  return (
    <Loading of={panel}>
      {(shown: Panel) => (
        <Stack space="space.150">
          <Counterpart of={shown} />
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
          {shown.maySync && (
            <Inline space="space.150" alignBlock="center">
              <LoadingButton isLoading={action.busy !== null} onClick={() => sync(shown)}>
                {t.sync}
              </LoadingButton>
              {action.busy !== null && <Text>{t.syncing}</Text>}
              {outcome === 'done' && <ValidMessage>{t.done}</ValidMessage>}
              {outcome === 'slow' && <Text>{t.slow}</Text>}
            </Inline>
          )}
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

function Counterpart({ of: { status, workItem } }: { readonly of: Panel }): ReactNode {
  switch (status) {
    case 'none':
      return <Text>{t.none}</Text>;
    case 'waiting':
      return <Text>{t.waiting}</Text>;
    case 'orphaned':
      return <Text>{t.orphaned}</Text>;
    case 'paired':
      return workItem === null ? null : (
        <Text>
          <Link href={workItem.url} openNewTab>
            {t.workItem(workItem.id)}
          </Link>
        </Text>
      );
    default:
      return status satisfies never;
  }
}
