// The admin page: three tabs over one overview, or a profile being made or edited.

import { Stack, Tab, TabList, TabPanel, Tabs } from '@forge/react';
import { type ReactNode, useEffect, useState } from 'react';
import type { Overview } from '../contract.ts';
import { texts } from '../texts.ts';
import { Loading } from '../ui/Loading.tsx';
import { useLoad } from '../ui/use-load.ts';
import { ConnectionsTab } from './ConnectionsTab.tsx';
import { callAdmin } from './call.ts';
import { ErrorsTab } from './ErrorsTab.tsx';
import { EditProfile } from './editor/EditProfile.tsx';
import { NewProfile } from './editor/NewProfile.tsx';
import { ProfilesTab } from './ProfilesTab.tsx';

type Screen =
  | { readonly kind: 'tabs' }
  | { readonly kind: 'new-profile' }
  | { readonly kind: 'edit-profile'; readonly id: string; readonly connectionId: string };

const tabs = { profiles: 0, connections: 1, errors: 2 };
/** While something moves by itself. */
const refreshEveryMs = 2_000;

export function App(): ReactNode {
  const overview = useLoad('overview', () => callAdmin('overview', {}));
  const [screen, setScreen] = useState<Screen>({ kind: 'tabs' });
  const [tab, setTab] = useState(tabs.profiles);
  const [errorsOf, setErrorsOf] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const [renewing, setRenewing] = useState<string | null>(null);

  const moving = screen.kind === 'tabs' && (overview.value?.profiles.some(isMoving) ?? false);
  const { reload } = overview;
  useEffect(() => {
    if (!moving) return undefined;
    const timer = setInterval(() => void reload(), refreshEveryMs);
    return () => clearInterval(timer);
  }, [moving, reload]);

  const back = (): void => {
    setScreen({ kind: 'tabs' });
    setTab(tabs.profiles);
    void reload();
  };

  return (
    <Loading of={overview}>
      {({ connections, profiles, errors }: Overview) => {
        if (screen.kind === 'new-profile')
          return <NewProfile connections={connections} onDone={back} onCancel={back} />;
        if (screen.kind === 'edit-profile') {
          return <EditProfile id={screen.id} connectionId={screen.connectionId} onDone={back} onCancel={back} />;
        }
        return (
          <Stack>
            <Tabs id="tandem-tabs" selected={tab} onChange={(index) => setTab(index)}>
              <TabList>
                <Tab>{texts.tabs.profiles}</Tab>
                <Tab>{texts.tabs.connections}</Tab>
                <Tab>{texts.tabs.errors(errors)}</Tab>
              </TabList>
              <TabPanel>
                <ProfilesTab
                  profiles={profiles}
                  connections={connections}
                  reload={reload}
                  onAddConnection={() => {
                    setTab(tabs.connections);
                    setAdding(true);
                  }}
                  onConnection={(id) => {
                    setTab(tabs.connections);
                    setRenewing(id);
                  }}
                  onAdd={() => setScreen({ kind: 'new-profile' })}
                  onEdit={({ id, azureConnectionId }) =>
                    setScreen({ kind: 'edit-profile', id, connectionId: azureConnectionId })
                  }
                  onErrors={({ id }) => {
                    setErrorsOf(id);
                    setTab(tabs.errors);
                  }}
                />
              </TabPanel>
              <TabPanel>
                <ConnectionsTab
                  connections={connections}
                  reload={reload}
                  adding={adding}
                  setAdding={setAdding}
                  renewing={renewing}
                  onRenewed={() => setRenewing(null)}
                />
              </TabPanel>
              <TabPanel>
                <ErrorsTab profiles={profiles} selected={errorsOf} onSelect={setErrorsOf} onChanged={reload} />
              </TabPanel>
            </Tabs>
          </Stack>
        );
      }}
    </Loading>
  );
}

const isMoving = ({ initialSync, pairs }: Overview['profiles'][number]): boolean =>
  initialSync?.status === 'running' || pairs.creating > 0;
