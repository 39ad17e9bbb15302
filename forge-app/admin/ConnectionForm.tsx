// Adds or edits a connection. What was typed is tested before it is stored; the stored token is never read back.

import {
  Button,
  DatePicker,
  Form,
  LoadingButton,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  ModalTitle,
  Stack,
  Textfield,
} from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { Connection, ConnectionCheck, ConnectionInput, Problem } from '../contract.ts';
import { texts } from '../texts.ts';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { useAction } from '../ui/use-action.ts';
import { CheckResult } from './CheckResult.tsx';
import { callAdmin } from './call.ts';

interface ConnectionFormProps {
  /** The one to edit. */
  readonly connection?: Connection;
  /** The connection that was added, or null, and what its test found. */
  readonly onDone: (added: Connection | null, check: ConnectionCheck) => void | Promise<void>;
  readonly onClose: () => void;
}

const t = texts.connections;
const fieldNames = ['name', 'url', 'pat', 'expiresOn'] as const;
type FieldName = (typeof fieldNames)[number];
type FieldErrors = Partial<Record<FieldName, string>>;

export function ConnectionForm({ connection, onDone, onClose }: ConnectionFormProps): ReactNode {
  const [typed, setTyped] = useState({
    name: connection?.name ?? '',
    url: connection?.url ?? '',
    pat: '',
    expiresOn: connection?.expiresOn ?? '',
  });
  const [errors, setErrors] = useState<FieldErrors>({});
  const [check, setCheck] = useState<ConnectionCheck | null>(null);
  const action = useAction();

  const take = (name: FieldName, value: string): void => {
    setTyped((before) => ({ ...before, [name]: value }));
    setErrors(({ [name]: _, ...others }) => others);
    setCheck(null);
  };

  const input: ConnectionInput = {
    name: typed.name.trim(),
    url: typed.url.trim(),
    expiresOn: typed.expiresOn === '' ? null : typed.expiresOn,
    ...(typed.pat === '' ? {} : { pat: typed.pat.trim() }),
  };

  const missing = (): FieldErrors => ({
    ...(input.name === '' ? { name: texts.common.required } : {}),
    ...(input.url === '' ? { url: texts.common.required } : {}),
    ...(input.pat === undefined && connection === undefined ? { pat: t.patNeeded } : {}),
    ...(input.pat === undefined && connection !== undefined && input.url !== connection.url
      ? { pat: t.patForUrl }
      : {}),
  });

  const submit = async (): Promise<void> => {
    const lacking = missing();
    setErrors(lacking);
    setCheck(null);
    if (Object.keys(lacking).length > 0) return;
    const tested = await action.run('save', () =>
      input.pat === undefined && connection !== undefined
        ? callAdmin('testStoredConnection', { id: connection.id })
        : callAdmin('testConnection', { connection: input }),
    );
    if (tested === null) return;
    setCheck(tested.value);
    if (tested.value.problem !== null) return;
    if (connection === undefined) {
      const added = await action.run('save', () => callAdmin('createConnection', { connection: input }));
      if (added) await onDone(added.value, tested.value);
      return;
    }
    const { id } = connection;
    const saved = await action.run('save', () => callAdmin('updateConnection', { id, connection: input }));
    if (saved) await onDone(null, tested.value);
  };

  const wrong = { ...errors, ...atField(action.error) };
  const elsewhere = action.error !== null && Object.keys(atField(action.error)).length === 0 ? action.error : null;
  const textfield = (name: 'name' | 'url' | 'pat', type: 'text' | 'password', placeholder?: string) => (
    <Textfield
      id={`connection-${name}`}
      name={name}
      type={type}
      defaultValue={typed[name]}
      isInvalid={wrong[name] !== undefined}
      {...(placeholder === undefined ? {} : { placeholder })}
      onChange={({ target }) => take(name, String(target.value ?? ''))}
    />
  );

  return (
    <Modal onClose={onClose}>
      <Form onSubmit={submit}>
        <ModalHeader>
          <ModalTitle>{connection === undefined ? t.addTitle : t.editTitle(connection.name)}</ModalTitle>
        </ModalHeader>
        <ModalBody>
          <Stack space="space.100">
            <Field id="connection-name" label={t.name} error={wrong.name} required>
              {textfield('name', 'text')}
            </Field>
            <Field id="connection-url" label={t.url} hint={t.urlHint} error={wrong.url} required>
              {textfield('url', 'text')}
            </Field>
            <Field
              id="connection-pat"
              label={t.pat}
              hint={connection === undefined ? t.patHint : `${t.patKept} ${t.patHint}`}
              error={wrong.pat}
              required={connection === undefined}
            >
              {textfield('pat', 'password')}
            </Field>
            <Field id="connection-expires" label={t.expires} hint={t.expiresHint} error={wrong.expiresOn}>
              <DatePicker
                id="connection-expires"
                defaultValue={typed.expiresOn}
                dateFormat="YYYY-MM-DD"
                placeholder="YYYY-MM-DD"
                onChange={(value) => take('expiresOn', value)}
              />
            </Field>
            {check && <CheckResult check={check} />}
            <Failure error={elsewhere} />
          </Stack>
        </ModalBody>
        <ModalFooter>
          <Button appearance="subtle" onClick={onClose}>
            {texts.common.cancel}
          </Button>
          <LoadingButton appearance="primary" type="submit" isLoading={action.busy !== null}>
            {t.saveTested}
          </LoadingButton>
        </ModalFooter>
      </Form>
    </Modal>
  );
}

/** The backend names the field that it refuses. */
function atField(error: Problem | null): FieldErrors {
  const name = fieldNames.find((one) => one === error?.path);
  return name === undefined || error === null ? {} : { [name]: error.message };
}
