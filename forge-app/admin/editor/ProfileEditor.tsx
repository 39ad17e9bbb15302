// Edits the settings of a stored profile: its sections as tabs, and what changes shown before it is saved.

import {
  Button,
  Form,
  Heading,
  Inline,
  LoadingButton,
  ModalTransition,
  Stack,
  Tab,
  TabList,
  TabPanel,
  Tabs,
} from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { ProfileDetail } from '../../contract.ts';
import { texts } from '../../texts.ts';
import { breakable } from '../../ui/breakable.ts';
import { Failure } from '../../ui/Failure.tsx';
import { LoadFailure } from '../../ui/LoadFailure.tsx';
import { useAction } from '../../ui/use-action.ts';
import { isError } from './draft.ts';
import { ProblemList } from './ProblemList.tsx';
import { SaveDialog } from './SaveDialog.tsx';
import { Section, type SectionName, sectionOf, sections } from './sections.tsx';
import { useEditor } from './use-editor.ts';

interface ProfileEditorProps {
  readonly profile: ProfileDetail;
  /** Loads what somebody else saved. */
  readonly onReload: () => void;
  readonly onSaved: () => void;
  readonly onCancel: () => void;
}

const t = texts.editor;

export function ProfileEditor({ profile, onReload, onSaved, onCancel }: ProfileEditorProps): ReactNode {
  const { settings, problems, section, catalogs, check } = useEditor({
    connectionId: profile.azureConnectionId,
    settings: profile.settings,
    reasons: [],
    problems: [],
  });
  const [selected, setSelected] = useState<SectionName>('scope');
  const [saving, setSaving] = useState(false);
  const action = useAction();

  const submit = async (): Promise<void> => {
    const found = await check(action);
    if (found === null) return setSaving(true);
    if (found !== 'unknown') setSelected(sectionOf(found));
  };
  const errorsIn = (name: SectionName): number =>
    problems.filter((problem) => isError(problem) && sectionOf(problem) === name).length;

  return (
    <Form onSubmit={submit}>
      <Stack space="space.200">
        <Heading size="medium" as="h2">
          {t.editTitle(breakable(profile.name))}
        </Heading>
        <LoadFailure of={catalogs} title={t.catalogFailed} />
        <Tabs
          id="profile-sections"
          selected={sections.indexOf(selected)}
          onChange={(index) => setSelected(sections[index] ?? 'scope')}
        >
          <TabList>
            {sections.map((name) => (
              <Tab key={name}>{t.tab(t.sections[name], errorsIn(name))}</Tab>
            ))}
          </TabList>
          {sections.map((name) => (
            <TabPanel key={name}>
              <Section name={name} {...section} />
            </TabPanel>
          ))}
        </Tabs>
        <ProblemList problems={problems} settings={settings} />
        <Failure error={action.error} />
        <Inline space="space.100">
          <LoadingButton appearance="primary" type="submit" isLoading={action.busy !== null}>
            {t.reviewAndSave}
          </LoadingButton>
          <Button appearance="subtle" onClick={onCancel}>
            {texts.common.cancel}
          </Button>
        </Inline>
      </Stack>
      <ModalTransition>
        {saving && (
          <SaveDialog
            profile={profile}
            settings={settings}
            onReload={onReload}
            onSaved={onSaved}
            onClose={() => setSaving(false)}
          />
        )}
      </ModalTransition>
    </Form>
  );
}
