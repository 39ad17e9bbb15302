// One way of being told: what is set, with its actions, or the form that sets it.

import { Box, Form, Heading, LoadingButton, Stack, Text, xcss } from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { NoticeChannel } from '../contract-watch.ts';
import { texts } from '../texts.ts';
import { Failure } from '../ui/Failure.tsx';
import { tell } from '../ui/flag.ts';
import type { Action } from '../ui/use-action.ts';
import { NoticeActions } from './NoticeActions.tsx';

interface NoticeWayProps {
  readonly channel: NoticeChannel;
  readonly title: string;
  /** What is set, in words; null when nothing is. */
  readonly present: string | null;
  readonly action: Action;
  /** The input that the form is about: the backend names it in what it refuses. */
  readonly path: string;
  /** The fields of the form, given what is wrong with that input. */
  readonly fields: (wrong: string | undefined) => ReactNode;
  /** False when it failed. */
  readonly save: () => Promise<boolean>;
  readonly reload: () => Promise<void>;
  /** Shown beneath. */
  readonly children?: ReactNode;
}

const t = texts.notifications;
const widths = {
  issue: xcss({ width: '240px', maxWidth: '100%' }),
  webhook: xcss({ width: '480px', maxWidth: '100%' }),
};

export function NoticeWay(props: NoticeWayProps): ReactNode {
  const { channel, title, present, action, path, fields, save, reload, children } = props;
  const [replacing, setReplacing] = useState(false);
  const submit = async (): Promise<void> => {
    if (!(await save())) return;
    setReplacing(false);
    tell(t.saved);
    await reload();
  };
  const wrong = action.error?.path === path ? action.error.message : undefined;
  return (
    <Stack space="space.100" alignInline="start">
      <Heading size="small" as="h3">
        {title}
      </Heading>
      {present !== null && !replacing ? (
        <Stack space="space.100">
          <Text>{present}</Text>
          <NoticeActions
            channel={channel}
            label={title}
            action={action}
            onReplace={() => setReplacing(true)}
            onChanged={reload}
          />
        </Stack>
      ) : (
        <Box xcss={widths[channel]}>
          <Form onSubmit={submit}>
            <Stack space="space.100" alignInline="start">
              {fields(wrong)}
              <LoadingButton appearance="primary" type="submit" isLoading={action.busy === 'save'}>
                {t.save}
              </LoadingButton>
            </Stack>
          </Form>
        </Box>
      )}
      {children}
      <Failure error={wrong === undefined ? action.error : null} />
    </Stack>
  );
}
