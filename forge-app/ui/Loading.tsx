// What was loaded, or a spinner until it is there, or why it isn't.

import { Stack } from '@forge/react';
import type { ReactNode } from 'react';
import { LoadFailure } from './LoadFailure.tsx';
import type { Loaded } from './use-load.ts';
import { Waiting } from './Waiting.tsx';

interface LoadingProps<T> {
  readonly of: Loaded<T>;
  /** What is waited for. */
  readonly waitingFor?: string;
  /** What it is called when it fails. */
  readonly failed?: string;
  readonly children: (value: T) => ReactNode;
}

export function Loading<T>({ of, waitingFor, failed, children }: LoadingProps<T>): ReactNode {
  const { value, error, loading } = of;
  return (
    <Stack space="space.200">
      <LoadFailure of={of} {...(failed === undefined ? {} : { title: failed })} />
      {value === null && loading && error === null && <Waiting text={waitingFor} />}
      {value !== null && children(value)}
    </Stack>
  );
}
