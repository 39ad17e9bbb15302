// Where an admin is told outside the page: a webhook, an issue whose followers Jira mails, and what was told lately.

import { DynamicTable, Heading, Stack, Text } from '@forge/react';
import type { ReactNode } from 'react';
import type { Notifications, SentNotice } from '../contract-watch.ts';
import { texts } from '../texts.ts';
import { Loading } from '../ui/Loading.tsx';
import { useLoad } from '../ui/use-load.ts';
import { useTimes } from '../ui/use-times.ts';
import { callAdmin } from './call.ts';
import { NoticeIssue } from './NoticeIssue.tsx';
import { NoticeWebhook } from './NoticeWebhook.tsx';

const t = texts.notifications;

export function NotificationsSection(): ReactNode {
  const loaded = useLoad('notifications', () => callAdmin('notifications', {}));
  return (
    <Stack space="space.200">
      <Stack space="space.050">
        <Heading size="medium" as="h2">
          {t.title}
        </Heading>
        <Text color="color.text.subtle">{t.why}</Text>
      </Stack>
      <Loading of={loaded}>
        {({ webhook, issueKey, recent }: Notifications) => (
          <Stack space="space.300">
            <NoticeWebhook webhook={webhook} reload={loaded.reload} />
            <NoticeIssue issueKey={issueKey} reload={loaded.reload} />
            {recent.length > 0 && <Recent of={recent} />}
          </Stack>
        )}
      </Loading>
    </Stack>
  );
}

function Recent({ of }: { readonly of: readonly SentNotice[] }): ReactNode {
  const time = useTimes();
  const head = {
    cells: (['at', 'channel', 'title', 'state'] as const).map((key) => ({ key, content: t.columns[key] })),
  };
  const rows = of.map(({ id, at, channel, title, state, failure }) => ({
    key: id,
    cells: [
      { key: 'at', content: time(at) },
      { key: 'channel', content: t.channels[channel] },
      { key: 'title', content: title },
      { key: 'state', content: failure === null ? t.states[state] : `${t.states[state]}. ${t.failure(failure)}` },
    ],
  }));
  return (
    <Stack space="space.100">
      <Heading size="small" as="h3">
        {t.recent}
      </Heading>
      <DynamicTable label={t.recent} head={head} rows={rows} />
    </Stack>
  );
}
