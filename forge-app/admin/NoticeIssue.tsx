// The issue whose followers Jira mails when Tandem has something to tell an admin.

import { Box, Form, Heading, LoadingButton, Stack, Text, Textfield, xcss } from '@forge/react';
import { type ReactNode, useState } from 'react';
import { texts } from '../texts.ts';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { tell } from '../ui/flag.ts';
import { useAction } from '../ui/use-action.ts';
import { callAdmin } from './call.ts';
import { NoticeActions } from './NoticeActions.tsx';

interface NoticeIssueProps {
  readonly issueKey: string | null;
  readonly reload: () => Promise<void>;
}

const t = texts.notifications;
const narrow = xcss({ width: '240px', maxWidth: '100%' });

export function NoticeIssue({ issueKey, reload }: NoticeIssueProps): ReactNode {
  const [replacing, setReplacing] = useState(false);
  const [key, setKey] = useState('');
  const action = useAction();
  const save = async (): Promise<void> => {
    if (!(await action.run('save', () => callAdmin('setNoticeIssue', { issue: { key: key.trim() } })))) return;
    setReplacing(false);
    tell(t.saved);
    await reload();
  };
  const atKey = action.error?.path === 'key' ? action.error.message : undefined;
  return (
    <Stack space="space.100" alignInline="start">
      <Heading size="small" as="h3">
        {t.issue}
      </Heading>
      {issueKey !== null && !replacing ? (
        <Stack space="space.100">
          <Text>{t.issueSet(issueKey)}</Text>
          <NoticeActions
            channel="issue"
            label={t.issue}
            action={action}
            onReplace={() => setReplacing(true)}
            onChanged={reload}
          />
        </Stack>
      ) : (
        <Box xcss={narrow}>
          <Form onSubmit={save}>
            <Stack space="space.100" alignInline="start">
              <Field id="notice-issue" label={t.issueKey} hint={t.issueHint} error={atKey} required>
                <Textfield
                  id="notice-issue"
                  isInvalid={atKey !== undefined}
                  onChange={({ target }) => setKey(String(target.value ?? ''))}
                />
              </Field>
              <LoadingButton appearance="primary" type="submit" isLoading={action.busy === 'save'}>
                {t.save}
              </LoadingButton>
            </Stack>
          </Form>
        </Box>
      )}
      <Failure error={atKey === undefined ? action.error : null} />
    </Stack>
  );
}
