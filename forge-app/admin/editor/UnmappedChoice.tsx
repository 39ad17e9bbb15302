// What becomes of a value or person without a counterpart: left out, shown as an error, or replaced by a fixed one.

import { Stack, Textfield } from '@forge/react';
import type { ReactNode } from 'react';
import type { Side, UnmappedPolicy } from '../../contract.ts';
import { texts } from '../../texts.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Field } from '../../ui/Field.tsx';

interface UnmappedChoiceProps {
  readonly id: string;
  readonly label: string;
  readonly value: UnmappedPolicy | undefined;
  /** For a field, which may do as the policies say; undefined stands for that. */
  readonly onDefault?: () => void;
  readonly onChange: (value: UnmappedPolicy) => void;
}

const t = texts.editor;
const rules: Readonly<Partial<Record<'profile' | 'skip' | 'error' | 'set', string>>> = {
  skip: t.skip,
  error: t.error,
  set: t.set,
};

export function UnmappedChoice({ id, label, value, onDefault, onChange }: UnmappedChoiceProps): ReactNode {
  const set = typeof value === 'object' ? value.set : null;
  const fixed = (side: Side, name: string) => (
    <Field id={`${id}-${side}`} label={name}>
      <Textfield
        id={`${id}-${side}`}
        defaultValue={set?.[side] ?? ''}
        onChange={({ target }) => {
          const typed = String(target.value ?? '').trim();
          onChange({ set: { ...set, [side]: typed === '' ? undefined : typed } });
        }}
      />
    </Field>
  );
  return (
    <Stack>
      <Field id={id} label={label}>
        <Choice
          id={id}
          value={typeof value === 'object' ? 'set' : (value ?? 'profile')}
          labels={onDefault ? { profile: t.byProfile, ...rules } : rules}
          onChange={(picked) => {
            if (picked === 'profile') onDefault?.();
            else onChange(picked === 'set' ? { set: {} } : picked);
          }}
        />
      </Field>
      {set && fixed('jira', t.setJira)}
      {set && fixed('azure', t.setAzure)}
    </Stack>
  );
}
