// A spinner, with words once it has been there for longer than people expect.

import { Spinner, Stack, Text } from '@forge/react';
import { type ReactNode, useEffect, useState } from 'react';
import { texts } from '../texts.ts';

interface WaitingProps {
  /** What is waited for; shown at once when given. */
  readonly text?: string | undefined;
}

const slowMs = 8_000;

export function Waiting({ text }: WaitingProps): ReactNode {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), slowMs);
    return () => clearTimeout(timer);
  }, []);
  const words = [text, slow ? texts.failures.slow : undefined].filter((one) => one !== undefined).join(' ');
  return (
    <Stack alignInline="center" space="space.100">
      <Spinner size="large" label={text ?? texts.common.loading} />
      {words !== '' && <Text color="color.text.subtle">{words}</Text>}
    </Stack>
  );
}
