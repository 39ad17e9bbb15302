// What was loaded, or a spinner until it is there, or why it isn't.

import { Inline, Spinner, Stack } from '@forge/react';
import type { ReactNode } from 'react';
import { texts } from '../texts.ts';
import { Failure } from './Failure.tsx';
import type { Loaded } from './use-load.ts';

interface LoadingProps<T> {
  readonly of: Loaded<T>;
  readonly children: (value: T) => ReactNode;
}

export function Loading<T>({ of, children }: LoadingProps<T>): ReactNode {
  const { value, error, loading, reload } = of;
  return (
    <Stack space="space.200">
      <Failure error={error} retry={() => void reload()} />
      {value === null && loading && (
        <Inline alignInline="center">
          <Spinner size="large" label={texts.common.loading} />
        </Inline>
      )}
      {value !== null && children(value)}
    </Stack>
  );
}
