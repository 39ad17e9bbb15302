// The profiles, one card each, and what to do first when there is none.

import { Button, EmptyState, ModalTransition, Stack } from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { Connection, ProfileSummary } from '../contract.ts';
import { texts } from '../texts.ts';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { tell } from '../ui/flag.ts';
import { TabHeader } from '../ui/TabHeader.tsx';
import { callAdmin } from './call.ts';
import { ProfileCard } from './ProfileCard.tsx';

interface ProfilesTabProps {
  readonly profiles: readonly ProfileSummary[];
  readonly connections: readonly Connection[];
  readonly reload: () => Promise<void>;
  readonly onAddConnection: () => void;
  readonly onConnection: (id: string) => void;
  readonly onAdd: () => void;
  readonly onEdit: (profile: ProfileSummary) => void;
  readonly onErrors: (profile: ProfileSummary) => void;
}

const t = texts.profiles;

export function ProfilesTab(props: ProfilesTabProps): ReactNode {
  const { profiles, connections, reload, onAddConnection, onConnection, onAdd, onEdit, onErrors } = props;
  const [deleting, setDeleting] = useState<ProfileSummary | null>(null);
  const add = (
    <Button appearance="primary" onClick={connections.length === 0 ? onAddConnection : onAdd}>
      {connections.length === 0 ? texts.connections.add : t.add}
    </Button>
  );
  if (profiles.length === 0) {
    const [header, description] = connections.length === 0 ? [t.noConnection, t.noConnectionWhy] : [t.none, t.noneWhy];
    return (
      <Stack alignInline="center" space="space.100">
        <EmptyState header={header} description={description} />
        {add}
      </Stack>
    );
  }
  return (
    <Stack space="space.200">
      <TabHeader title={t.title} reload={reload}>
        {add}
      </TabHeader>
      {profiles.map((profile) => (
        <ProfileCard
          key={profile.id}
          profile={profile}
          connection={connections.find(({ id }) => id === profile.azureConnectionId)}
          reload={reload}
          onConnection={() => onConnection(profile.azureConnectionId)}
          onEdit={() => onEdit(profile)}
          onDelete={() => setDeleting(profile)}
          onErrors={() => onErrors(profile)}
        />
      ))}
      <ModalTransition>
        {deleting && (
          <ConfirmDialog
            title={t.deleteTitle(deleting.name)}
            text={t.deleteWhy}
            confirm={texts.common.delete}
            act={() => callAdmin('deleteProfile', { id: deleting.id })}
            onDone={() => {
              setDeleting(null);
              tell(t.deleted);
              void reload();
            }}
            onClose={() => setDeleting(null)}
          />
        )}
      </ModalTransition>
    </Stack>
  );
}
