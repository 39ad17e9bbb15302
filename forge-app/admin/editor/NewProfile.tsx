// A new profile: first what belongs together, then the suggested mappings in the editor.

import { Button, Form, Heading, Inline, LoadingButton, SectionMessage, Stack, Text } from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { Connection, Suggestion } from '../../contract.ts';
import { texts } from '../../texts.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Field } from '../../ui/Field.tsx';
import { tell } from '../../ui/flag.ts';
import { Search } from '../../ui/Search.tsx';
import { useAction } from '../../ui/use-action.ts';
import { callAdmin } from '../call.ts';
import { ProfileEditor } from './ProfileEditor.tsx';
import { ProjectSearch } from './ProjectSearch.tsx';

interface NewProfileProps {
  readonly connections: readonly Connection[];
  readonly onDone: () => void;
  readonly onCancel: () => void;
}

const t = texts.newProfile;

export function NewProfile({ connections, onDone, onCancel }: NewProfileProps): ReactNode {
  const [connectionId, setConnectionId] = useState(connections.length === 1 ? (connections[0]?.id ?? '') : '');
  const [jiraProject, setJiraProject] = useState('');
  const [azureProject, setAzureProject] = useState('');
  const [tried, setTried] = useState(false);
  const [suggestion, setSuggestion] = useState<Suggestion | null>(null);
  const action = useAction();

  if (suggestion) {
    return (
      <ProfileEditor
        title={texts.editor.newTitle}
        confirm={texts.editor.create}
        connectionId={connectionId}
        settings={suggestion.settings}
        reasons={suggestion.reasons}
        problems={suggestion.problems}
        intro={
          <SectionMessage appearance="information">
            <Text>{texts.editor.suggested}</Text>
          </SectionMessage>
        }
        save={(settings) => callAdmin('createProfile', { profile: { azureConnectionId: connectionId, settings } })}
        onSaved={() => {
          tell(texts.profiles.created);
          onDone();
        }}
        onCancel={onCancel}
      />
    );
  }

  const needed = (value: string): string | undefined => (tried && value === '' ? texts.common.required : undefined);
  const suggest = async (): Promise<void> => {
    setTried(true);
    if ([connectionId, jiraProject, azureProject].includes('')) return;
    const input = { jiraProject, azureConnectionId: connectionId, azureProject };
    const found = await action.run('suggest', () => callAdmin('suggest', { input }));
    if (found) setSuggestion(found.value);
  };

  return (
    <Form onSubmit={suggest}>
      <Stack space="space.200">
        <Heading size="medium" as="h2">
          {t.title}
        </Heading>
        <Text>{t.intro}</Text>
        <Field id="new-connection" label={t.connection} required error={needed(connectionId)}>
          <Search
            id="new-connection"
            value={connectionId}
            options={connections.map(({ id, name }) => ({ value: id, label: name }))}
            placeholder={t.choose}
            onChange={(id) => {
              setConnectionId(id);
              setAzureProject('');
            }}
          />
        </Field>
        <ProjectSearch
          id="new-jira"
          label={t.jiraProject}
          value={jiraProject}
          pick={({ key }) => key}
          search={(query) => callAdmin('jiraProjects', { query })}
          error={needed(jiraProject)}
          onChange={setJiraProject}
        />
        {connectionId !== '' && (
          <ProjectSearch
            key={connectionId}
            id="new-azure"
            label={t.azureProject}
            value={azureProject}
            pick={({ name }) => name}
            search={(query) => callAdmin('azureProjects', { connectionId, query })}
            error={needed(azureProject)}
            onChange={setAzureProject}
          />
        )}
        <Failure error={action.error} />
        <Inline space="space.100">
          <LoadingButton appearance="primary" type="submit" isLoading={action.busy !== null}>
            {t.suggest}
          </LoadingButton>
          <Button appearance="subtle" onClick={onCancel}>
            {texts.common.cancel}
          </Button>
        </Inline>
      </Stack>
    </Form>
  );
}
