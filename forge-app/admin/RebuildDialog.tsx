// Has a profile's pairs rebuilt from the marks that Tandem left on both sites, after saying what that finds and what it does.

import { Stack, Text } from '@forge/react';
import type { ReactNode } from 'react';
import type { Adoption } from '../contract-watch.ts';
import { texts } from '../texts.ts';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { Loading } from '../ui/Loading.tsx';
import { useLoad } from '../ui/use-load.ts';
import { callAdmin } from './call.ts';

interface RebuildDialogProps {
  readonly profileId: string;
  readonly name: string;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

const t = texts.rebuild;

export function RebuildDialog({ profileId: id, name, onDone, onClose }: RebuildDialogProps): ReactNode {
  const found = useLoad(id, () => callAdmin('adoption', { id }));
  return (
    <ConfirmDialog
      title={t.title(name)}
      text={t.why}
      confirm={t.confirm}
      appearance="warning"
      act={() => callAdmin('adopt', { id })}
      onDone={onDone}
      onClose={onClose}
    >
      <Loading of={found} waitingFor={t.looking}>
        {({ complete, count, left }: Adoption) => (
          <Stack space="space.100">
            <Text weight="medium">{complete ? t.found(count) : t.unknown}</Text>
            {left.length > 0 && (
              <Text>{t.left(left.map(({ side, key }) => (side === 'azure' ? `#${key}` : key)))}</Text>
            )}
          </Stack>
        )}
      </Loading>
    </ConfirmDialog>
  );
}
