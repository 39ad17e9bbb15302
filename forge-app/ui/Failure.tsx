// Says in words that something failed, with another attempt where that makes sense.

import { LoadingButton, SectionMessage, Stack, Text } from '@forge/react';
import type { ReactNode } from 'react';
import type { Problem } from '../contract.ts';
import { texts } from '../texts.ts';

interface FailureProps {
  readonly error: Problem | null;
  readonly title?: string;
  /** What else is to be known. */
  readonly note?: string | undefined;
  readonly retry?: () => void;
  /** Another attempt is under way. */
  readonly retrying?: boolean;
}

export function Failure({ error, title, note, retry, retrying }: FailureProps): ReactNode {
  if (error === null) return null;
  return (
    <SectionMessage appearance="error" title={title ?? texts.failures.title}>
      <Stack space="space.100" alignInline="start">
        <Text>{error.message}</Text>
        {note !== undefined && <Text>{note}</Text>}
        {retry && (
          <LoadingButton isLoading={retrying === true} onClick={retry}>
            {texts.failures.retry}
          </LoadingButton>
        )}
      </Stack>
    </SectionMessage>
  );
}
