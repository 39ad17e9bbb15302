// The webhook that tells an admin. Its address is typed and never read back; the key that signs is shown once.

import { Box, Form, Heading, LoadingButton, SectionMessage, Stack, Text, Textfield, xcss } from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { Notifications, WebhookFormat } from '../contract-watch.ts';
import { texts } from '../texts.ts';
import { Choice } from '../ui/Choice.tsx';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { tell } from '../ui/flag.ts';
import { useAction } from '../ui/use-action.ts';
import { callAdmin } from './call.ts';
import { NoticeActions } from './NoticeActions.tsx';

interface NoticeWebhookProps {
  readonly webhook: Notifications['webhook'];
  readonly reload: () => Promise<void>;
}

const t = texts.notifications;
const narrow = xcss({ width: '480px', maxWidth: '100%' });

export function NoticeWebhook({ webhook, reload }: NoticeWebhookProps): ReactNode {
  const [replacing, setReplacing] = useState(false);
  const [url, setUrl] = useState('');
  const [format, setFormat] = useState<WebhookFormat>('slack');
  const [key, setKey] = useState<string | null>(null);
  const action = useAction();
  const save = async (): Promise<void> => {
    const saved = await action.run('save', () => callAdmin('setWebhook', { webhook: { url: url.trim(), format } }));
    if (!saved) return;
    setKey(saved.value.signingKey);
    setReplacing(false);
    tell(t.saved);
    await reload();
  };
  const atUrl = action.error?.path === 'url' ? action.error.message : undefined;
  return (
    <Stack space="space.100" alignInline="start">
      <Heading size="small" as="h3">
        {t.webhook}
      </Heading>
      {webhook !== null && !replacing ? (
        <Stack space="space.100">
          <Text>{t.webhookSet(webhook.host, t.formats[webhook.format])}</Text>
          <NoticeActions
            channel="webhook"
            label={t.webhook}
            action={action}
            onReplace={() => setReplacing(true)}
            onChanged={reload}
          />
        </Stack>
      ) : (
        <Box xcss={narrow}>
          <Form onSubmit={save}>
            <Stack space="space.100" alignInline="start">
              <Field id="notice-url" label={t.url} hint={t.urlHint} error={atUrl} required>
                <Textfield
                  id="notice-url"
                  isInvalid={atUrl !== undefined}
                  onChange={({ target }) => setUrl(String(target.value ?? ''))}
                />
              </Field>
              <Field id="notice-format" label={t.format}>
                <Choice id="notice-format" value={format} labels={t.formats} onChange={setFormat} />
              </Field>
              <LoadingButton appearance="primary" type="submit" isLoading={action.busy === 'save'}>
                {t.save}
              </LoadingButton>
            </Stack>
          </Form>
        </Box>
      )}
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
      <Failure error={atUrl === undefined ? action.error : null} />
    </Stack>
  );
}
