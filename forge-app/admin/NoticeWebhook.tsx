// The webhook that tells an admin. Its address is typed and never read back; the key that signs is shown once.

import { SectionMessage, Stack, Text, Textfield } from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { Notifications, WebhookFormat } from '../contract-watch.ts';
import { texts } from '../texts.ts';
import { Choice } from '../ui/Choice.tsx';
import { Field } from '../ui/Field.tsx';
import { useAction } from '../ui/use-action.ts';
import { callAdmin } from './call.ts';
import { NoticeWay } from './NoticeWay.tsx';

interface NoticeWebhookProps {
  readonly webhook: Notifications['webhook'];
  readonly reload: () => Promise<void>;
}

const t = texts.notifications;

export function NoticeWebhook({ webhook, reload }: NoticeWebhookProps): ReactNode {
  const [url, setUrl] = useState('');
  const [format, setFormat] = useState<WebhookFormat>('slack');
  const [key, setKey] = useState<string | null>(null);
  const action = useAction();
  const save = async (): Promise<boolean> => {
    const saved = await action.run('save', () => callAdmin('setWebhook', { webhook: { url: url.trim(), format } }));
    if (saved) setKey(saved.value.signingKey);
    return saved !== null;
  };
  return (
    <NoticeWay
      channel="webhook"
      title={t.webhook}
      present={webhook === null ? null : t.webhookSet(webhook.host, t.formats[webhook.format])}
      action={action}
      path="url"
      fields={(wrong) => (
        <>
          <Field id="notice-url" label={t.url} hint={t.urlHint} error={wrong} required>
            <Textfield
              id="notice-url"
              isInvalid={wrong !== undefined}
              onChange={({ target }) => setUrl(String(target.value ?? ''))}
            />
          </Field>
          <Field id="notice-format" label={t.format}>
            <Choice id="notice-format" value={format} labels={t.formats} onChange={setFormat} />
          </Field>
        </>
      )}
      save={save}
      reload={reload}
    >
      {key !== null && (
        <SectionMessage appearance="information" title={t.keyTitle}>
          <Stack space="space.100">
            <Text>{t.keyWhy}</Text>
            <Field id="notice-key" label={t.key}>
              <Textfield id="notice-key" defaultValue={key} isReadOnly isMonospaced />
            </Field>
          </Stack>
        </SectionMessage>
      )}
    </NoticeWay>
  );
}
