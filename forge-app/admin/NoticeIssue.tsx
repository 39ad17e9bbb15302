// The issue whose followers Jira mails when Tandem has something to tell an admin.

import { Textfield } from '@forge/react';
import { type ReactNode, useState } from 'react';
import { texts } from '../texts.ts';
import { Field } from '../ui/Field.tsx';
import { useAction } from '../ui/use-action.ts';
import { callAdmin } from './call.ts';
import { NoticeWay } from './NoticeWay.tsx';

interface NoticeIssueProps {
  readonly issueKey: string | null;
  readonly reload: () => Promise<void>;
}

const t = texts.notifications;

export function NoticeIssue({ issueKey, reload }: NoticeIssueProps): ReactNode {
  const [key, setKey] = useState('');
  const action = useAction();
  return (
    <NoticeWay
      channel="issue"
      title={t.issue}
      present={issueKey === null ? null : t.issueSet(issueKey)}
      action={action}
      path="key"
      fields={(wrong) => (
        <Field id="notice-issue" label={t.issueKey} hint={t.issueHint} error={wrong} required>
          <Textfield
            id="notice-issue"
            isInvalid={wrong !== undefined}
            onChange={({ target }) => setKey(String(target.value ?? ''))}
          />
        </Field>
      )}
      save={async () =>
        (await action.run('save', () => callAdmin('setNoticeIssue', { issue: { key: key.trim() } }))) !== null
      }
      reload={reload}
    />
  );
}
