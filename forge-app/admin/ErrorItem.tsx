// One item of an error: both sides to open, when it happened, and what can be done.

import { Box, Button, ButtonGroup, Inline, Link, Lozenge, Stack, Text, xcss } from '@forge/react';
import type { ReactNode } from 'react';
import type { ErrorRecord, ErrorValues } from '../contract.ts';
import { texts } from '../texts.ts';
import { useTimes } from '../ui/use-times.ts';
import { BothValues } from './BothValues.tsx';
import type { Ask } from './ErrorGroupCard.tsx';

interface ErrorItemProps {
  readonly error: ErrorRecord;
  /** Null where there is no choice to make, or they are not read yet. */
  readonly values: ErrorValues | null;
  readonly disabled: boolean;
  readonly ask: Ask;
}

const t = texts.errors;
const line = xcss({
  backgroundColor: 'elevation.surface.sunken',
  borderRadius: 'radius.small',
  paddingBlock: 'space.100',
  paddingInline: 'space.150',
});
const words = xcss({ maxWidth: '640px' });

export function ErrorItem({ error, values, disabled, ask }: ErrorItemProps): ReactNode {
  const { jiraKey, jiraUrl, azureId, azureUrl, detail, level, subject, firstAt, count, retryAt, choosable } = error;
  const { ignored, ignoredFor } = error;
  const time = useTimes();
  const when = [t.since(time(firstAt), count), ...(retryAt === null ? [] : [t.next(time(retryAt))])].join(', ');
  return (
    <Box xcss={line}>
      <Stack space="space.100">
        <Inline spread="space-between" space="space.200" rowSpace="space.100" shouldWrap>
          <Box xcss={words}>
            <Stack space="space.025">
              <Inline space="space.100" alignBlock="center" shouldWrap>
                <Item text={jiraKey} url={jiraUrl} />
                <Item text={azureId === null ? null : texts.panel.workItem(azureId)} url={azureUrl} />
                {jiraKey === null && azureId === null && <Text>{t.whole}</Text>}
                {ignored && <Lozenge maxWidth="320px">{t.ignored(ignoredFor)}</Lozenge>}
                <Text color="color.text.subtle" size="small">
                  {when}
                </Text>
              </Inline>
              {level === 'child' && subject !== null && <Text size="small">{t.subject(subject)}</Text>}
              {detail !== null && (
                <Text color="color.text.subtle" size="small">
                  {detail}
                </Text>
              )}
            </Stack>
          </Box>
          <ButtonGroup label={jiraKey ?? azureId ?? t.whole}>
            {choosable && (
              <Button
                spacing="compact"
                isDisabled={disabled}
                onClick={() => ask({ kind: 'use', side: 'jira' }, [error])}
              >
                {t.useJira}
              </Button>
            )}
            {choosable && (
              <Button
                spacing="compact"
                isDisabled={disabled}
                onClick={() => ask({ kind: 'use', side: 'azure' }, [error])}
              >
                {t.useAzure}
              </Button>
            )}
            <Button spacing="compact" isDisabled={disabled} onClick={() => ask({ kind: 'retry' }, [error])}>
              {t.retry}
            </Button>
            {!ignored && (
              <Button spacing="compact" isDisabled={disabled} onClick={() => ask({ kind: 'ignore' }, [error])}>
                {t.ignore}
              </Button>
            )}
          </ButtonGroup>
        </Inline>
        {values && <BothValues of={values} />}
      </Stack>
    </Box>
  );
}

function Item({ text, url }: { readonly text: string | null; readonly url: string | null }): ReactNode {
  if (text === null) return null;
  return url === null ? (
    <Text weight="medium">{text}</Text>
  ) : (
    <Text>
      <Link href={url} openNewTab>
        {text}
      </Link>
    </Text>
  );
}
