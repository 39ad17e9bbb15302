// The form of a profile's settings. Problems stand at their fields; nothing is saved while an error is left.

import { Button, Form, Heading, Inline, LoadingButton, SectionMessage, Stack, Text } from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { Answer, Catalogs, ProfileSettings, SettingsProblem } from '../../contract.ts';
import { texts } from '../../texts.ts';
import { Failure } from '../../ui/Failure.tsx';
import { useAction } from '../../ui/use-action.ts';
import { useLoad } from '../../ui/use-load.ts';
import { callAdmin } from '../call.ts';
import { ChildrenSection } from './ChildrenSection.tsx';
import { type Draft, isError, saidAt, toDraft, toSettings, unfilled } from './draft.ts';
import { FieldsSection } from './FieldsSection.tsx';
import { GeneralSection } from './GeneralSection.tsx';
import { PoliciesSection } from './PoliciesSection.tsx';
import { ProblemList } from './ProblemList.tsx';
import { TypesSection } from './TypesSection.tsx';

interface ProfileEditorProps {
  readonly title: string;
  readonly confirm: string;
  readonly intro?: ReactNode;
  readonly connectionId: string;
  readonly settings: ProfileSettings;
  /** Known already. */
  readonly problems: readonly SettingsProblem[];
  readonly save: (settings: ProfileSettings) => Promise<Answer<unknown>>;
  /** Loads what somebody else saved. */
  readonly onReload?: () => void;
  readonly onSaved: () => void;
  readonly onCancel: () => void;
}

/** What each section gets. */
export interface SectionProps {
  readonly draft: Draft;
  readonly change: (change: (draft: Draft) => Draft) => void;
  readonly catalogs: Catalogs | null;
  /** What to say at a place of the settings, such as `fields.3.azure`. */
  readonly said: (path: string) => { readonly error?: string; readonly warning?: string };
  /** Lines that can't be read as yet; null when they can. */
  readonly misread: (path: string, message: string | null) => void;
}

const t = texts.editor;

export function ProfileEditor(props: ProfileEditorProps): ReactNode {
  const { title, confirm, intro, connectionId, save, onReload, onSaved, onCancel } = props;
  const [draft, setDraft] = useState(() => toDraft(props.settings));
  const [problems, setProblems] = useState(props.problems);
  const [unread, setUnread] = useState<Readonly<Record<string, string>>>({});
  const action = useAction();

  const jiraProject = draft.settings.jira.project;
  const azureProject = draft.settings.azure.project;
  const input = { jiraProject, azureConnectionId: connectionId, azureProject };
  const catalogs = useLoad('catalogs', () => callAdmin('catalogs', { input }));

  const fromLines = Object.entries(unread).map(
    ([path, message]): SettingsProblem => ({ path, level: 'error', message }),
  );
  const all = [...fromLines, ...problems];

  const submit = async (): Promise<void> => {
    const settings = toSettings(draft);
    const missing = unfilled(settings, texts.common.required);
    if (fromLines.length > 0 || missing.length > 0) {
      setProblems([...missing, ...problems.filter((problem) => !isError(problem))]);
      return;
    }
    const profile = { azureConnectionId: connectionId, settings };
    const checked = await action.run('save', () => callAdmin('validate', { profile }));
    if (checked === null) return;
    setProblems(checked.value.problems);
    if (checked.value.problems.some(isError)) return;
    if (await action.run('save', () => save(settings))) onSaved();
  };

  const section: SectionProps = {
    draft,
    change: setDraft,
    catalogs: catalogs.value,
    said: (path) => saidAt(all, path),
    misread: (path, message) =>
      setUnread(({ [path]: _, ...others }) => (message === null ? others : { ...others, [path]: message })),
  };
  const taken = action.error?.code === 'revision-conflict' && onReload !== undefined;

  return (
    <Form onSubmit={submit}>
      <Stack space="space.300">
        <Heading size="medium" as="h2">
          {title}
        </Heading>
        {intro}
        <Failure error={catalogs.error} title={t.catalogFailed} retry={() => void catalogs.reload()} />
        <GeneralSection {...section} />
        <TypesSection {...section} />
        <FieldsSection {...section} />
        <ChildrenSection {...section} />
        <PoliciesSection {...section} />
        <ProblemList problems={all} settings={toSettings(draft)} />
        {taken ? (
          <SectionMessage appearance="warning" title={texts.failures.title}>
            <Stack space="space.100" alignInline="start">
              <Text>{t.revisionConflict}</Text>
              <Button onClick={onReload}>{t.reload}</Button>
            </Stack>
          </SectionMessage>
        ) : (
          <Failure error={action.error} />
        )}
        <Inline space="space.100">
          <LoadingButton appearance="primary" type="submit" isLoading={action.busy !== null}>
            {confirm}
          </LoadingButton>
          <Button appearance="subtle" onClick={onCancel}>
            {texts.common.cancel}
          </Button>
        </Inline>
      </Stack>
    </Form>
  );
}
