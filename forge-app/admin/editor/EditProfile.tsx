// Edits a stored profile. Who saves an older revision than the stored one is told and may load that one.

import { Stack } from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { ProfileDetail } from '../../contract.ts';
import { texts } from '../../texts.ts';
import { tell } from '../../ui/flag.ts';
import { Loading } from '../../ui/Loading.tsx';
import { useLoad } from '../../ui/use-load.ts';
import { callAdmin } from '../call.ts';
import { ProfileEditor } from './ProfileEditor.tsx';

interface EditProfileProps {
  readonly id: string;
  readonly onDone: () => void;
  readonly onCancel: () => void;
}

export function EditProfile({ id, onDone, onCancel }: EditProfileProps): ReactNode {
  const [turn, setTurn] = useState(0);
  const loaded = useLoad(`${id} ${turn}`, () => callAdmin('profile', { id }));
  return (
    <Stack>
      <Loading of={loaded}>
        {(profile: ProfileDetail) => (
          <ProfileEditor
            key={turn}
            profile={profile}
            onReload={() => setTurn(turn + 1)}
            onSaved={() => {
              tell(texts.profiles.saved);
              onDone();
            }}
            onCancel={onCancel}
          />
        )}
      </Loading>
    </Stack>
  );
}
