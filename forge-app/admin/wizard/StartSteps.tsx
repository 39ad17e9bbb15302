// The first two steps of the wizard: how Azure DevOps is reached, and which two projects belong together.

import { Button, Form, Inline, LoadingButton, ModalTransition, SectionMessage, Stack, Text } from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { Answer, Connection, ConnectionCheck, ProfileSettings } from '../../contract.ts';
import { texts } from '../../texts.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Field } from '../../ui/Field.tsx';
import { Search } from '../../ui/Search.tsx';
import { useAction } from '../../ui/use-action.ts';
import { CheckResult } from '../CheckResult.tsx';
import { ConnectionForm } from '../ConnectionForm.tsx';
import { callAdmin } from '../call.ts';
import { ProjectSearch } from '../editor/ProjectSearch.tsx';
import type { Begun } from './Wizard.tsx';
import { WizardProgress } from './WizardProgress.tsx';

interface StartStepsProps {
  readonly connections: readonly Connection[];
  readonly template: ProfileSettings | null;
  readonly reload: () => Promise<void>;
  readonly onBegun: (begun: Begun) => void;
  readonly onCancel: () => void;
}

const t = texts.wizard;

export function StartSteps({ connections, template, reload, onBegun, onCancel }: StartStepsProps): ReactNode {
  const [step, setStep] = useState<'connection' | 'projects'>('connection');
  const [connectionId, setConnectionId] = useState(connections.length === 1 ? (connections[0]?.id ?? '') : '');
  const [tried, setTried] = useState(false);
  const next = (): void => {
    setTried(true);
    if (connectionId === '') return;
    setTried(false);
    setStep('projects');
  };
  const title = template === null ? t.title : t.duplicateTitle(template.name);
  if (step === 'projects') {
    return (
      <Stack space="space.300">
        <WizardProgress title={title} at="projects" />
        <ChooseProjects
          connectionId={connectionId}
          template={template}
          onBack={() => setStep('connection')}
          onBegun={onBegun}
          onCancel={onCancel}
        />
      </Stack>
    );
  }
  return (
    <Form onSubmit={next}>
      <Stack space="space.300">
        <WizardProgress title={title} at="connection" />
        <ChooseConnection
          connections={connections}
          value={connectionId}
          error={tried && connectionId === '' ? texts.common.required : undefined}
          reload={reload}
          onChange={setConnectionId}
        />
        <Inline space="space.100">
          <Button appearance="primary" type="submit">
            {t.next}
          </Button>
          <Button appearance="subtle" onClick={onCancel}>
            {texts.common.cancel}
          </Button>
        </Inline>
      </Stack>
    </Form>
  );
}

interface ChooseConnectionProps {
  readonly connections: readonly Connection[];
  readonly value: string;
  readonly error: string | undefined;
  readonly reload: () => Promise<void>;
  readonly onChange: (id: string) => void;
}

function ChooseConnection({ connections, value, error, reload, onChange }: ChooseConnectionProps): ReactNode {
  const [adding, setAdding] = useState(false);
  const [check, setCheck] = useState<ConnectionCheck | null>(null);
  const action = useAction();
  const test = async (): Promise<void> => {
    setCheck(null);
    const tested = await action.run('test', () => callAdmin('testStoredConnection', { id: value }));
    setCheck(tested?.value ?? null);
  };
  return (
    <Stack space="space.150">
      {connections.length === 0 ? (
        <SectionMessage appearance="information" title={texts.connections.none}>
          <Text>{texts.connections.noneWhy}</Text>
        </SectionMessage>
      ) : (
        <Field id="wizard-connection" label={t.connection} required error={error}>
          <Search
            id="wizard-connection"
            value={value}
            options={connections.map(({ id, name, url }) => ({ value: id, label: `${name} (${url})` }))}
            placeholder={t.choose}
            invalid={error !== undefined}
            onChange={(id) => {
              setCheck(null);
              onChange(id);
            }}
          />
        </Field>
      )}
      <Inline space="space.100">
        <Button appearance={connections.length === 0 ? 'primary' : 'default'} onClick={() => setAdding(true)}>
          {texts.connections.add}
        </Button>
        {value !== '' && (
          <LoadingButton isLoading={action.busy !== null} onClick={test}>
            {t.testConnection}
          </LoadingButton>
        )}
      </Inline>
      {check && <CheckResult check={check} />}
      <Failure error={action.error} />
      <ModalTransition>
        {adding && (
          <ConnectionForm
            onDone={async (added, found) => {
              setAdding(false);
              await reload();
              setCheck(found);
              if (added !== null) onChange(added.id);
            }}
            onClose={() => setAdding(false)}
          />
        )}
      </ModalTransition>
    </Stack>
  );
}

interface ChooseProjectsProps {
  readonly connectionId: string;
  readonly template: ProfileSettings | null;
  readonly onBack: () => void;
  readonly onBegun: (begun: Begun) => void;
  readonly onCancel: () => void;
}

function ChooseProjects({ connectionId, template, onBack, onBegun, onCancel }: ChooseProjectsProps): ReactNode {
  const [jiraProject, setJiraProject] = useState('');
  const [azureProject, setAzureProject] = useState('');
  const [tried, setTried] = useState(false);
  const action = useAction();
  const needed = (value: string): string | undefined => (tried && value === '' ? texts.common.required : undefined);

  const begin = async (): Promise<void> => {
    setTried(true);
    if (jiraProject === '' || azureProject === '') return;
    const begun = await action.run('begin', suggestAndStore);
    if (begun) onBegun(begun.value);
  };

  const suggestAndStore = async (): Promise<Answer<Begun>> => {
    const input = { jiraProject, azureConnectionId: connectionId, azureProject };
    const found = await callAdmin('suggest', { input });
    if (!found.ok) return found;
    const { settings: suggested, reasons, problems } = found.value;
    const settings =
      template === null
        ? suggested
        : { ...template, name: suggested.name, jira: { project: jiraProject }, azure: { project: azureProject } };
    const begun = { connectionId, settings, step: 'scope', savedAt: null } as const;
    const why = template === null ? { reasons, problems } : { reasons: [], problems: [] };
    const made = await callAdmin('createProfile', { profile: { azureConnectionId: connectionId, settings } });
    if (made.ok) return { ok: true, value: { ...begun, ...why, profile: made.value } };
    // What can't be stored yet is told where it can be mended: the next step has the filters.
    if (made.error.code !== 'overlap') return made;
    const path = (made.error.path ?? '').replace(/^settings\./, '');
    const overlap = { path, level: 'error', message: made.error.message } as const;
    return { ok: true, value: { ...begun, ...why, problems: [...why.problems, overlap], profile: null } };
  };

  return (
    <Form onSubmit={begin}>
      <Stack space="space.200">
        <ProjectSearch
          id="wizard-jira"
          label={t.jiraProject}
          value={jiraProject}
          pick={({ key }) => key}
          search={(query) => callAdmin('jiraProjects', { query })}
          error={needed(jiraProject)}
          onChange={setJiraProject}
        />
        <ProjectSearch
          id="wizard-azure"
          label={t.azureProject}
          value={azureProject}
          pick={({ name }) => name}
          search={(query) => callAdmin('azureProjects', { connectionId, query })}
          error={needed(azureProject)}
          onChange={setAzureProject}
        />
        {action.busy !== null && <Text color="color.text.subtle">{t.suggesting}</Text>}
        <Failure error={action.error} />
        <Inline space="space.100">
          <LoadingButton appearance="primary" type="submit" isLoading={action.busy !== null}>
            {t.next}
          </LoadingButton>
          <Button onClick={onBack}>{t.back}</Button>
          <Button appearance="subtle" onClick={onCancel}>
            {texts.common.cancel}
          </Button>
        </Inline>
      </Stack>
    </Form>
  );
}
