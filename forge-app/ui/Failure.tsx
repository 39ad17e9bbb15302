// Says in words that something failed, with another attempt where that makes sense.

import { Button, SectionMessage, Stack, Text } from '@forge/react';
import type { ReactNode } from 'react';
import type { Problem } from '../contract.ts';
import { texts } from '../texts.ts';

interface FailureProps {
  readonly error: Problem | null;
  readonly title?: string;
  readonly retry?: () => void;
}

export function Failure({ error, title, retry }: FailureProps): ReactNode {
  if (error === null) return null;
  return (
    <SectionMessage appearance="error" title={title ?? texts.failures.title}>
      <Stack space="space.100" alignInline="start">
        <Text>{error.message}</Text>
        {retry && <Button onClick={retry}>{texts.failures.retry}</Button>}
      </Stack>
    </SectionMessage>
  );
}
