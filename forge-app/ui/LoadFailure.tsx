// Says why something could not be loaded, offers another attempt, and dates what is still shown of an earlier one.

import type { ReactNode } from 'react';
import { texts } from '../texts.ts';
import { Failure } from './Failure.tsx';
import type { Loaded } from './use-load.ts';
import { useTimes } from './use-times.ts';

interface LoadFailureProps {
  readonly of: Omit<Loaded<unknown>, 'value'>;
  readonly title?: string;
}

export function LoadFailure({ of: { error, loading, loadedAt, reload }, title }: LoadFailureProps): ReactNode {
  const time = useTimes();
  return (
    <Failure
      error={error}
      note={loadedAt === null ? undefined : texts.failures.outdated(time(loadedAt))}
      retry={() => void reload()}
      retrying={loading}
      title={title ?? texts.failures.notLoaded}
    />
  );
}
