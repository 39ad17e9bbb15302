// Tries a way of being told, and takes it out again.

import { Button, ButtonGroup, LoadingButton } from '@forge/react';
import type { ReactNode } from 'react';
import type { NoticeChannel } from '../contract-watch.ts';
import { texts } from '../texts.ts';
import { tell } from '../ui/flag.ts';
import type { Action } from '../ui/use-action.ts';
import { callAdmin } from './call.ts';

interface NoticeActionsProps {
  readonly channel: NoticeChannel;
  /** For screen readers. */
  readonly label: string;
  readonly action: Action;
  readonly onReplace: () => void;
  readonly onChanged: () => Promise<void>;
}

const t = texts.notifications;

export function NoticeActions({ channel, label, action, onReplace, onChanged }: NoticeActionsProps): ReactNode {
  const test = async (): Promise<void> => {
    const tried = await action.run('test', () => callAdmin('tryNotification', { channel }));
    if (tried?.value.arrived) tell(t.arrived);
    else if (tried)
      action.fail({ code: 'not-arrived', message: `${t.failed}. ${t.failure(tried.value.failure ?? '')}` });
    await onChanged();
  };
  const remove = async (): Promise<void> => {
    const name = channel === 'webhook' ? 'removeWebhook' : 'removeNoticeIssue';
    if (await action.run('remove', () => callAdmin(name, {}))) tell(t.removed);
    await onChanged();
  };
  return (
    <ButtonGroup label={label}>
      <LoadingButton isLoading={action.busy === 'test'} onClick={test}>
        {t.test}
      </LoadingButton>
      <Button onClick={onReplace}>{t.replace}</Button>
      <LoadingButton isLoading={action.busy === 'remove'} onClick={remove}>
        {t.remove}
      </LoadingButton>
    </ButtonGroup>
  );
}
