// The form of a profile's settings. Problems stand at their fields; nothing is saved while an error is left.

import {
  Button,
  Form,
  Heading,
  Inline,
  LoadingButton,
  SectionMessage,
  Stack,
  Tab,
  TabList,
  TabPanel,
  Tabs,
  Text,
} from '@forge/react';
import { type ReactNode, useState } from 'react';
import type {
  Answer,
  Catalogs,
  FieldMapping,
  ProfileSettings,
  SettingsProblem,
  Suggestion,
  TypeMapping,
} from '../../contract.ts';
import { texts } from '../../texts.ts';
import { Failure } from '../../ui/Failure.tsx';
import { useAction } from '../../ui/use-action.ts';
import { useLoad } from '../../ui/use-load.ts';
import { callAdmin } from '../call.ts';
import { type Draft, isError, type Place, type Said } from './draft.ts';
import { FieldsSection } from './FieldsSection.tsx';
import { GeneralSection } from './GeneralSection.tsx';
import { PoliciesSection } from './PoliciesSection.tsx';
import { ProblemList } from './ProblemList.tsx';
import { TypesSection } from './TypesSection.tsx';
import { useDraft } from './use-draft.ts';

interface ProfileEditorProps {
  readonly title: string;
  readonly confirm: string;
  readonly intro?: ReactNode;
  readonly connectionId: string;
  readonly settings: ProfileSettings;
  /** Why it was suggested so. */
  readonly reasons?: Suggestion['reasons'];
  /** Known already. */
  readonly problems: readonly SettingsProblem[];
  readonly save: (settings: ProfileSettings) => Promise<Answer<unknown>>;
  /** Loads what somebody else saved. */
  readonly onReload?: () => void;
  readonly onSaved: () => void;
  readonly onCancel: () => void;
}

/** Of rows that are as they were suggested: one that was changed has no reason any more. */
export interface Reasons {
  readonly types: ReadonlyMap<TypeMapping, string>;
  readonly fields: ReadonlyMap<FieldMapping, string>;
}

/** What each section gets. */
export interface SectionProps {
  readonly draft: Draft;
  readonly change: (change: (draft: Draft) => Draft) => void;
  readonly remove: (rows: 'types' | 'fields', key: number) => void;
  readonly catalogs: Catalogs | null;
  readonly reasons: Reasons;
  /** What to say at a path of the settings, such as `fields.3.azure`. */
  readonly said: (path: string) => Said;
  /** Lines that can't be read as yet; null when they can. */
  readonly misread: (place: Place, message: string | null) => void;
}

const t = texts.editor;
const sections = ['general', 'types', 'fields', 'policies'] as const;
type SectionName = (typeof sections)[number];

const sectionOf = ({ path }: SettingsProblem): SectionName => {
  const [first = ''] = path.split('.');
  if (first === 'types' || first === 'states') return 'types';
  if (first === 'fields' || first === 'users') return 'fields';
  return first === 'policies' || first === 'timeZone' ? 'policies' : 'general';
};

export function ProfileEditor(props: ProfileEditorProps): ReactNode {
  const { title, confirm, intro, connectionId, save, onReload, onSaved, onCancel } = props;
  const { draft, settings, problems, section: edited, check } = useDraft(props.settings, props.problems);
  const [selected, setSelected] = useState<SectionName>('types');
  const action = useAction();

  const { jira, azure } = settings;
  const input = { jiraProject: jira.project, azureConnectionId: connectionId, azureProject: azure.project };
  const catalogs = useLoad('catalogs', () => callAdmin('catalogs', { input }));

  const showFirst = (found: readonly SettingsProblem[]): boolean => {
    const first = found.find(isError);
    if (first) setSelected(sectionOf(first));
    return first !== undefined;
  };
  const submit = async (): Promise<void> => {
    if (showFirst(check())) return;
    const profile = { azureConnectionId: connectionId, settings };
    const checked = await action.run('save', () => callAdmin('validate', { profile }));
    if (checked === null || showFirst(check(checked.value.problems))) return;
    if (await action.run('save', () => save(settings))) onSaved();
  };

  const [reasons] = useState(() => reasonsOf(props.settings, props.reasons ?? []));
  const section: SectionProps = { draft, ...edited, catalogs: catalogs.value, reasons };
  const taken = action.error?.code === 'revision-conflict' && onReload !== undefined;
  const errorsIn = (name: SectionName): number =>
    problems.filter((problem) => isError(problem) && sectionOf(problem) === name).length;

  return (
    <Form onSubmit={submit}>
      <Stack space="space.200">
        <Heading size="medium" as="h2">
          {title}
        </Heading>
        {intro}
        <Failure error={catalogs.error} title={t.catalogFailed} retry={() => void catalogs.reload()} />
        <Tabs
          id="profile-sections"
          selected={sections.indexOf(selected)}
          onChange={(index) => setSelected(sections[index] ?? 'general')}
        >
          <TabList>
            {sections.map((name) => (
              <Tab key={name}>{t.tab(t.sections[name], errorsIn(name))}</Tab>
            ))}
          </TabList>
          <TabPanel>
            <GeneralSection {...section} />
          </TabPanel>
          <TabPanel>
            <TypesSection {...section} />
          </TabPanel>
          <TabPanel>
            <FieldsSection {...section} />
          </TabPanel>
          <TabPanel>
            <PoliciesSection {...section} />
          </TabPanel>
        </Tabs>
        <ProblemList problems={problems} settings={settings} />
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

function reasonsOf({ types, fields }: ProfileSettings, reasons: Suggestion['reasons']): Reasons {
  const byPath = new Map(reasons.map(({ path, reason }) => [path, reason]));
  const of = <T,>(name: string, rows: readonly T[]): ReadonlyMap<T, string> =>
    new Map(
      rows.flatMap((row, index) => {
        const reason = byPath.get(`${name}.${index}`);
        return reason === undefined ? [] : [[row, reason] as const];
      }),
    );
  return { types: of('types', types), fields: of('fields', fields) };
}
