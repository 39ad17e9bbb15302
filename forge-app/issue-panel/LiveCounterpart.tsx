// The work item of an issue: a link to it, and how it stands now, read from Azure DevOps after the panel is there.

import { Inline, Link, Lozenge, Stack, Text } from '@forge/react';
import type { ReactNode } from 'react';
import { texts } from '../texts.ts';
import { useLoad } from '../ui/use-load.ts';
import { callPanel } from './call.ts';

interface LiveCounterpartProps {
  readonly workItem: { readonly id: string; readonly url: string };
  /** A later one is read again. */
  readonly syncedAt: string | null;
}

const t = texts.panel;

export function LiveCounterpart({ workItem: { id, url }, syncedAt }: LiveCounterpartProps): ReactNode {
  const live = useLoad(`${id} ${syncedAt}`, () => callPanel('counterpart', {}));
  return (
    <Stack space="space.050">
      <Inline space="space.100" alignBlock="center" shouldWrap>
        <Text>
          <Link href={url} openNewTab>
            {t.workItem(id)}
          </Link>
        </Text>
        {live.value !== null && <Lozenge appearance="inprogress">{live.value.state}</Lozenge>}
        {live.value?.title != null && <Text>{live.value.title}</Text>}
      </Inline>
      {live.value !== null && (
        <Text color="color.text.subtle">{`${live.value.type} · ${t.assignee(live.value.assignee)}`}</Text>
      )}
      {live.error !== null && <Text color="color.text.warning">{`${t.notRead}: ${live.error.message}`}</Text>}
    </Stack>
  );
}
