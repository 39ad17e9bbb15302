// How many items a filter takes, asked of the site as it is typed; or why the site can't read it.

import { ErrorMessage, Text } from '@forge/react';
import { type ReactNode, useEffect, useState } from 'react';
import type { Side } from '../../contract.ts';
import type { FilterInput } from '../../contract-editing.ts';
import { texts } from '../../texts.ts';
import { LoadFailure } from '../../ui/LoadFailure.tsx';
import { useLoad } from '../../ui/use-load.ts';
import { callAdmin } from '../call.ts';

interface FilterCountProps {
  readonly side: Side;
  readonly azureConnectionId: string;
  readonly project: string;
  readonly filter: string;
}

const t = texts.editor;
const pauseMs = 600;

export function FilterCount({ side, azureConnectionId, project, filter }: FilterCountProps): ReactNode {
  const [asked, setAsked] = useState(filter);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(filter), pauseMs);
    return () => clearTimeout(timer);
  }, [filter]);
  const typed = asked === '' ? {} : { filter: asked };
  const input: FilterInput =
    side === 'jira' ? { side, project, ...typed } : { side, azureConnectionId, project, ...typed };
  const found = useLoad(`${project} ${asked}`, () => callAdmin('filterCount', { input }));
  if (found.error !== null) return <LoadFailure of={found} title={t.notCounted} />;
  if (found.value === null || asked !== filter) return <Text color="color.text.subtle">{t.counting}</Text>;
  const { count, atLeast, problem } = found.value;
  if (problem !== null) return <ErrorMessage>{problem}</ErrorMessage>;
  return <Text color="color.text.subtle">{t.matches(side, count ?? 0, atLeast)}</Text>;
}
