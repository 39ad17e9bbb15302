// The admin page: tabs over one overview, or a profile being made, edited or looked back on.

import { Stack, Tab, TabList, TabPanel, Tabs } from '@forge/react';
import { type ReactNode, useEffect, useState } from 'react';
import type { Overview, ProfileSettings, UsageEvent } from '../contract.ts';
import { texts } from '../texts.ts';
import { Failure } from '../ui/Failure.tsx';
import { Loading } from '../ui/Loading.tsx';
import { useAction } from '../ui/use-action.ts';
import { useLoad } from '../ui/use-load.ts';
import { useUsage } from '../ui/use-usage.ts';
import { ConnectionsTab } from './ConnectionsTab.tsx';
import { callAdmin } from './call.ts';
import { ErrorsTab } from './ErrorsTab.tsx';
import { EditProfile } from './editor/EditProfile.tsx';
import { HistoryScreen } from './HistoryScreen.tsx';
import { NotificationsSection } from './NotificationsSection.tsx';
import { ProfilesTab } from './ProfilesTab.tsx';
import { TimelinesTab } from './TimelinesTab.tsx';
import { Wizard } from './wizard/Wizard.tsx';

type Screen =
  | { readonly kind: 'tabs' }
  | { readonly kind: 'wizard'; readonly profileId: string | null; readonly template: ProfileSettings | null }
  | { readonly kind: 'edit'; readonly id: string }
  | { readonly kind: 'history'; readonly id: string; readonly name: string };

const tabs = { profiles: 0, connections: 1, errors: 2, timelines: 3 };
const pageOfTab = ['home', 'connections', 'errors', 'timeline'] as const satisfies readonly UsageEvent['page'][];
const pageOfScreen = { wizard: 'wizard', edit: 'editor', history: 'history' } as const;
/** While something moves by itself. */
const refreshEveryMs = 2_000;

export function App(): ReactNode {
  const overview = useLoad('overview', () => callAdmin('overview', {}));
  const [screen, setScreen] = useState<Screen>({ kind: 'tabs' });
  const [tab, setTab] = useState(tabs.profiles);
  const [errorsOf, setErrorsOf] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const [renewing, setRenewing] = useState<string | null>(null);
  const action = useAction();
  const page = screen.kind === 'tabs' ? (pageOfTab[tab] ?? 'home') : pageOfScreen[screen.kind];
  useUsage(page, (event) => callAdmin('usage', { event }));

  const moving = screen.kind === 'tabs' && (overview.value?.profiles.some(isMoving) ?? false);
  const { reload } = overview;
  useEffect(() => {
    if (!moving) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // The next look begins once the last has ended: of a slow backend, none would ever be the latest otherwise.
    const look = (): void => {
      timer = setTimeout(() => void reload().then(() => timer !== undefined && look()), refreshEveryMs);
    };
    look();
    return () => {
      clearTimeout(timer);
      timer = undefined;
    };
  }, [moving, reload]);

  const back = (): void => {
    setScreen({ kind: 'tabs' });
    setTab(tabs.profiles);
    void reload();
  };

  const duplicate = async (id: string): Promise<void> => {
    const found = await action.run('duplicate', () => callAdmin('profile', { id }));
    if (found) setScreen({ kind: 'wizard', profileId: null, template: found.value.settings });
  };

  return (
    <Loading of={overview}>
      {({ connections, profiles, errors }: Overview) => {
        if (screen.kind === 'wizard') {
          const { profileId, template } = screen;
          return (
            <Wizard connections={connections} profileId={profileId} template={template} reload={reload} onDone={back} />
          );
        }
        if (screen.kind === 'edit') return <EditProfile id={screen.id} onDone={back} onCancel={back} />;
        if (screen.kind === 'history') return <HistoryScreen id={screen.id} name={screen.name} onBack={back} />;
        return (
          <Stack>
            <Failure error={action.error} />
            <Tabs id="tandem-tabs" selected={tab} onChange={(index) => setTab(index)}>
              <TabList>
                <Tab>{texts.tabs.profiles}</Tab>
                <Tab>{texts.tabs.connections}</Tab>
                <Tab>{texts.tabs.errors(errors)}</Tab>
                <Tab>{texts.tabs.timelines}</Tab>
              </TabList>
              <TabPanel>
                <ProfilesTab
                  profiles={profiles}
                  connections={connections}
                  outdated={overview.error !== null}
                  reload={reload}
                  onConnection={(id) => {
                    setTab(tabs.connections);
                    setRenewing(id);
                  }}
                  onAdd={() => setScreen({ kind: 'wizard', profileId: null, template: null })}
                  onContinue={({ id }) => setScreen({ kind: 'wizard', profileId: id, template: null })}
                  onEdit={({ id }) => setScreen({ kind: 'edit', id })}
                  onHistory={({ id, name }) => setScreen({ kind: 'history', id, name })}
                  onDuplicate={({ id }) => void duplicate(id)}
                  onErrors={({ id }) => {
                    setErrorsOf(id);
                    setTab(tabs.errors);
                  }}
                />
              </TabPanel>
              <TabPanel>
                <Stack space="space.600">
                  <ConnectionsTab
                    connections={connections}
                    reload={reload}
                    adding={adding}
                    setAdding={setAdding}
                    renewing={renewing}
                    onRenewed={() => setRenewing(null)}
                  />
                  <NotificationsSection />
                </Stack>
              </TabPanel>
              <TabPanel>
                {/* Panels stay mounted: this one looks anew each time that it is opened. */}
                {tab === tabs.errors && (
                  <ErrorsTab profiles={profiles} selected={errorsOf} onSelect={setErrorsOf} onChanged={reload} />
                )}
              </TabPanel>
              <TabPanel>
                <TimelinesTab />
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
