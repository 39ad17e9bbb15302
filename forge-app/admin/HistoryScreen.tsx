// Who changed the settings of a profile, when, and what.

import { Button, Heading, Inline, Stack, Text, User } from '@forge/react';
import type { ReactNode } from 'react';
import type { SettingsRevision } from '../contract-editing.ts';
import { texts } from '../texts.ts';
import { breakable } from '../ui/breakable.ts';
import { Foldable } from '../ui/Foldable.tsx';
import { Loading } from '../ui/Loading.tsx';
import { useLoad } from '../ui/use-load.ts';
import { useTimes } from '../ui/use-times.ts';
import { callAdmin } from './call.ts';
import { DifferenceList } from './DifferenceList.tsx';

interface HistoryScreenProps {
  readonly id: string;
  readonly name: string;
  readonly onBack: () => void;
}

const t = texts.history;

export function HistoryScreen({ id, name, onBack }: HistoryScreenProps): ReactNode {
  const history = useLoad(id, () => callAdmin('settingsHistory', { id }));
  return (
    <Stack space="space.200">
      <Inline spread="space-between" alignBlock="center" space="space.200">
        <Heading size="medium" as="h2">
          {t.title(breakable(name))}
        </Heading>
        <Button onClick={onBack}>{t.back}</Button>
      </Inline>
      <Loading of={history}>
        {({ revisions }) => (
          <Stack space="space.150">
            {revisions.map((revision: SettingsRevision, index: number) => (
              <Revision key={revision.revision} of={revision} openAtFirst={index === 0} />
            ))}
          </Stack>
        )}
      </Loading>
    </Stack>
  );
}

function Revision({ of, openAtFirst }: { readonly of: SettingsRevision; readonly openAtFirst: boolean }): ReactNode {
  const { revision, savedAt, savedBy, differences } = of;
  const time = useTimes();
  return (
    <Foldable
      title={t.revision(revision)}
      summary={[time(savedAt), revision === 1 ? t.created : t.changes(differences.length)]}
      labels={{ open: t.show, close: t.hide }}
      openAtFirst={openAtFirst}
    >
      <Stack space="space.100">
        {savedBy === null ? (
          <Text color="color.text.subtle">{t.byTandem}</Text>
        ) : (
          <Inline space="space.100" alignBlock="center">
            <Text color="color.text.subtle">{t.by}</Text>
            <User accountId={savedBy} />
          </Inline>
        )}
        {revision > 1 && <DifferenceList of={differences} />}
      </Stack>
    </Foldable>
  );
}
