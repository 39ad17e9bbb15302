// Makes a profile in nine steps. What was chosen is kept as a draft from the third step on; nothing is synchronized before the last
// one is confirmed.

import { Stack } from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { Connection, ProfileDetail, ProfileSettings, SettingsProblem, Suggestion } from '../../contract.ts';
import { Loading } from '../../ui/Loading.tsx';
import { useLoad } from '../../ui/use-load.ts';
import { callAdmin } from '../call.ts';
import { MappingSteps } from './MappingSteps.tsx';
import { StartSteps } from './StartSteps.tsx';
import { isMappingStep, type MappingStep } from './steps.ts';
import { resumed } from './stored-draft.ts';

interface WizardProps {
  readonly connections: readonly Connection[];
  /** The draft to go on with. */
  readonly profileId: string | null;
  /** Settings of another profile to begin with. */
  readonly template: ProfileSettings | null;
  /** A connection was added. */
  readonly reload: () => Promise<void>;
  readonly onDone: () => void;
}

/** What the steps of the mapping begin with. */
export interface Begun {
  readonly connectionId: string;
  /** Null while it can't be stored yet: another profile takes the same items. */
  readonly profile: ProfileDetail | null;
  readonly settings: ProfileSettings;
  readonly reasons: Suggestion['reasons'];
  readonly problems: readonly SettingsProblem[];
  readonly step: MappingStep;
  /** `savedAt` of the stored draft. */
  readonly savedAt: string | null;
}

export function Wizard({ connections, profileId, template, reload, onDone }: WizardProps): ReactNode {
  const [begun, setBegun] = useState<Begun | null>(null);
  if (begun) {
    return <MappingSteps begun={begun} onBack={() => setBegun(null)} onDone={onDone} />;
  }
  if (profileId !== null) return <Resume profileId={profileId} onDone={onDone} />;
  return (
    <StartSteps connections={connections} template={template} reload={reload} onBegun={setBegun} onCancel={onDone} />
  );
}

function Resume({ profileId, onDone }: { readonly profileId: string; readonly onDone: () => void }): ReactNode {
  const loaded = useLoad(profileId, async () => {
    const [profile, draft] = [
      await callAdmin('profile', { id: profileId }),
      await callAdmin('draft', { id: profileId }),
    ];
    if (!profile.ok) return profile;
    if (!draft.ok) return draft;
    const { settings, step } = resumed(draft.value.draft) ?? { settings: profile.value.settings, step: 'scope' };
    const known = isMappingStep(step) ? step : 'scope';
    const begun: Begun = {
      connectionId: profile.value.azureConnectionId,
      profile: profile.value,
      settings,
      reasons: [],
      problems: [],
      step: known,
      savedAt: draft.value.savedAt,
    };
    return { ok: true, value: begun };
  });
  return (
    <Stack>
      <Loading of={loaded}>{(begun: Begun) => <MappingSteps begun={begun} onBack={null} onDone={onDone} />}</Loading>
    </Stack>
  );
}
