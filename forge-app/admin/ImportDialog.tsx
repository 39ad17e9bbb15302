// A profile from the text of a file: checked first, then made as a draft.

import {
  Button,
  Form,
  List,
  ListItem,
  LoadingButton,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  ModalTitle,
  SectionMessage,
  Stack,
  Text,
  TextArea,
} from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { Connection } from '../contract.ts';
import type { CheckedProfileFile } from '../contract-editing.ts';
import { texts } from '../texts.ts';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { Search } from '../ui/Search.tsx';
import { useAction } from '../ui/use-action.ts';
import { callAdmin } from './call.ts';

interface ImportDialogProps {
  readonly connections: readonly Connection[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

const t = texts.files;

export function ImportDialog({ connections, onDone, onClose }: ImportDialogProps): ReactNode {
  const [connectionId, setConnectionId] = useState(connections.length === 1 ? (connections[0]?.id ?? '') : '');
  const [yaml, setYaml] = useState('');
  const [tried, setTried] = useState(false);
  const [problems, setProblems] = useState<CheckedProfileFile['problems']>([]);
  const action = useAction();
  const needed = (value: string): string | undefined =>
    tried && value.trim() === '' ? texts.common.required : undefined;

  const submit = async (): Promise<void> => {
    setTried(true);
    setProblems([]);
    if (connectionId === '' || yaml.trim() === '') return;
    const checked = await action.run('check', () => callAdmin('checkProfileFile', { input: { yaml } }));
    if (checked === null) return;
    const { settings, problems: found } = checked.value;
    if (settings === null) return setProblems(found);
    const profile = { azureConnectionId: connectionId, settings };
    if (await action.run('create', () => callAdmin('createProfile', { profile }))) onDone();
  };

  return (
    <Modal onClose={onClose} width="large">
      <Form onSubmit={submit}>
        <ModalHeader>
          <ModalTitle>{t.importTitle}</ModalTitle>
        </ModalHeader>
        <ModalBody>
          <Stack space="space.100">
            <Text>{t.importWhy}</Text>
            <Field id="import-connection" label={t.connection} required error={needed(connectionId)}>
              <Search
                id="import-connection"
                value={connectionId}
                options={connections.map(({ id, name }) => ({ value: id, label: name }))}
                placeholder={t.choose}
                onChange={setConnectionId}
              />
            </Field>
            <Field id="import-yaml" label={t.content} required error={needed(yaml)}>
              <TextArea
                id="import-yaml"
                defaultValue=""
                minimumRows={14}
                isMonospaced
                onChange={({ target }) => setYaml(String(target.value ?? ''))}
              />
            </Field>
            {problems.length > 0 && (
              <SectionMessage appearance="error" title={t.wrong(problems.length)}>
                <List type="unordered">
                  {problems.map(({ path, line, message }) => (
                    <ListItem key={`${path} ${message}`}>{t.problem(line, path, message)}</ListItem>
                  ))}
                </List>
              </SectionMessage>
            )}
            <Failure error={action.error} />
          </Stack>
        </ModalBody>
        <ModalFooter>
          <Button appearance="subtle" onClick={onClose}>
            {texts.common.cancel}
          </Button>
          <LoadingButton appearance="primary" type="submit" isLoading={action.busy !== null}>
            {t.import}
          </LoadingButton>
        </ModalFooter>
      </Form>
    </Modal>
  );
}
