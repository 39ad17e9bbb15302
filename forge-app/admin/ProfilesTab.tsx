// The profiles, one card each, what needs attention on the whole site, and what to do first when there is no profile.

import {
  Box,
  Button,
  EmptyState,
  HelperMessage,
  Inline,
  Label,
  ModalTransition,
  Stack,
  Text,
  Textfield,
  xcss,
} from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { Answer, Connection, ListedProfile, ProfileSummary, SiteHealth } from '../contract.ts';
import type { ProfileDrift } from '../contract-watch.ts';
import { texts } from '../texts.ts';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { tell } from '../ui/flag.ts';
import { LoadFailure } from '../ui/LoadFailure.tsx';
import { TabHeader } from '../ui/TabHeader.tsx';
import { useLoad } from '../ui/use-load.ts';
import { callAdmin } from './call.ts';
import { DriftList } from './DriftList.tsx';
import { ExportDialog } from './ExportDialog.tsx';
import { ImportDialog } from './ImportDialog.tsx';
import { ProfileCard } from './ProfileCard.tsx';
import { SiteHealthList } from './SiteHealthList.tsx';

interface ProfilesTabProps {
  readonly profiles: readonly ListedProfile[];
  readonly connections: readonly Connection[];
  /** The page could not be loaded anew, which is said above. */
  readonly outdated: boolean;
  readonly reload: () => Promise<void>;
  readonly onConnection: (id: string) => void;
  readonly onAdd: () => void;
  readonly onContinue: (profile: ProfileSummary) => void;
  readonly onEdit: (profile: ProfileSummary) => void;
  readonly onHistory: (profile: ProfileSummary) => void;
  readonly onDuplicate: (profile: ProfileSummary) => void;
  readonly onErrors: (profile: ProfileSummary) => void;
}

type Dialog = { readonly kind: 'delete' | 'export'; readonly profile: ProfileSummary } | { readonly kind: 'import' };

interface Attention {
  readonly health: SiteHealth;
  readonly drifted: readonly ProfileDrift[];
}

const t = texts.profiles;
const search = xcss({ width: '360px', maxWidth: '100%' });
/** Cards that are drawn at first; with more profiles than this they can be searched. */
const shownAtFirst = 20;

export function ProfilesTab(props: ProfilesTabProps): ReactNode {
  const { profiles, connections, outdated, reload, onConnection, onAdd } = props;
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const [wanted, setWanted] = useState('');
  const [most, setMost] = useState(shownAtFirst);
  const attention = useLoad(`attention ${outdated}`, needsAttention);
  const refresh = async (): Promise<void> => {
    await Promise.all([reload(), attention.reload()]);
  };
  const close = (): void => setDialog(null);
  const done = (said: string): void => {
    close();
    tell(said);
    void reload();
  };
  const add = (
    <Button appearance="primary" onClick={onAdd}>
      {t.add}
    </Button>
  );
  const importing = connections.length > 0 && <Button onClick={() => setDialog({ kind: 'import' })}>{t.import}</Button>;
  const dialogs = (
    <ModalTransition>
      {dialog?.kind === 'delete' && (
        <ConfirmDialog
          title={t.deleteTitle(dialog.profile.name)}
          text={t.deleteWhy}
          confirm={texts.common.delete}
          act={() => callAdmin('deleteProfile', { id: dialog.profile.id })}
          onDone={() => done(t.deleted)}
          onClose={close}
        />
      )}
      {dialog?.kind === 'export' && <ExportDialog profile={dialog.profile} onClose={close} />}
      {dialog?.kind === 'import' && (
        <ImportDialog connections={connections} onDone={() => done(t.created)} onClose={close} />
      )}
    </ModalTransition>
  );

  if (profiles.length === 0) {
    return (
      <Stack alignInline="center" space="space.100">
        <EmptyState header={t.none} description={t.noneWhy} />
        <Inline space="space.100">
          {add}
          {importing}
        </Inline>
        {dialogs}
      </Stack>
    );
  }
  const found = profiles.filter((profile) => isFound(profile, wanted));
  const shown = found.slice(0, most);
  return (
    <Stack space="space.200">
      <TabHeader title={t.title} reload={refresh}>
        {importing}
        {add}
      </TabHeader>
      {!outdated && <LoadFailure of={attention} title={texts.health.notLookedAt} />}
      <SiteHealthList
        connections={connections}
        health={attention.value?.health ?? null}
        reload={attention.reload}
        onConnection={onConnection}
      />
      <DriftList
        drifted={attention.value?.drifted ?? []}
        reload={attention.reload}
        onFix={(id) => profiles.filter((profile) => profile.id === id).forEach(props.onEdit)}
      />
      {profiles.length > shownAtFirst && (
        <Box xcss={search}>
          <Label labelFor="find-profile">{t.find}</Label>
          <Textfield id="find-profile" onChange={({ target }) => setWanted(String(target.value ?? ''))} />
          <HelperMessage>{t.findHint}</HelperMessage>
        </Box>
      )}
      {found.length === 0 && <Text>{t.noneFound}</Text>}
      {shown.map((profile) => (
        <ProfileCard
          key={profile.id}
          profile={profile}
          connection={connections.find(({ id }) => id === profile.azureConnectionId)}
          reload={reload}
          onContinue={() => props.onContinue(profile)}
          onEdit={() => props.onEdit(profile)}
          onHistory={() => props.onHistory(profile)}
          onDuplicate={() => props.onDuplicate(profile)}
          onExport={() => setDialog({ kind: 'export', profile })}
          onDelete={() => setDialog({ kind: 'delete', profile })}
          onErrors={() => props.onErrors(profile)}
        />
      ))}
      {shown.length < found.length && (
        <Inline>
          <Button onClick={() => setMost(most + shownAtFirst)}>
            {t.showMore(Math.min(shownAtFirst, found.length - shown.length))}
          </Button>
        </Inline>
      )}
      {dialogs}
    </Stack>
  );
}

/** What holds up the site or soon will, and what no longer fits it. */
async function needsAttention(): Promise<Answer<Attention>> {
  const [health, drift] = await Promise.all([callAdmin('siteHealth', {}), callAdmin('drift', {})]);
  if (!health.ok) return health;
  return drift.ok ? { ok: true, value: { health: health.value, drifted: drift.value.profiles } } : drift;
}

const isFound = ({ name, jiraProject, azureProject }: ProfileSummary, wanted: string): boolean =>
  `${name} ${jiraProject} ${azureProject}`.toLowerCase().includes(wanted.trim().toLowerCase());
