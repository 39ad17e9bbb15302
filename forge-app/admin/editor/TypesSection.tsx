// Which types belong together, and their states.

import { Button, Inline, Stack } from '@forge/react';
import type { ReactNode } from 'react';
import { texts } from '../../texts.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Field } from '../../ui/Field.tsx';
import { Columns } from './Columns.tsx';
import { addType, changeRow } from './draft.ts';
import type { SectionProps } from './ProfileEditor.tsx';
import { TypeMappingForm } from './TypeMappingForm.tsx';

const t = texts.editor;
const conflicts = { profile: t.byProfile, ...texts.conflicts };

export function TypesSection({ draft, change, remove, catalogs, reasons, said, misread }: SectionProps): ReactNode {
  const { states } = draft.settings;
  const setStates = (next: typeof states): void =>
    change((before) => ({ ...before, settings: { ...before.settings, states: next } }));
  return (
    <Stack space="space.150">
      {draft.types.map(({ key, value }, index) => (
        <TypeMappingForm
          key={key}
          id={`type-${key}`}
          mapping={value}
          catalogs={catalogs}
          reason={reasons.types.get(value)}
          said={(part) => said(part === undefined ? `types.${index}` : `types.${index}.${part}`)}
          misread={(part, message) => misread({ rows: 'types', key, part }, message)}
          onChange={(part) => change((before) => ({ ...before, types: changeRow(before.types, key, part) }))}
          onRemove={draft.types.length > 1 ? () => remove('types', key) : undefined}
        />
      ))}
      <Inline>
        <Button onClick={() => change(addType)}>{t.addType}</Button>
      </Inline>
      <Columns>
        <Field id="states-direction" label={t.statesTravel}>
          <Choice
            id="states-direction"
            value={states.direction}
            labels={texts.directions}
            onChange={(direction) => setStates({ ...states, direction })}
          />
        </Field>
        <Field id="states-conflict" label={t.statesConflict}>
          <Choice
            id="states-conflict"
            value={states.conflict ?? 'profile'}
            labels={conflicts}
            onChange={(picked) => {
              const { direction } = states;
              setStates(picked === 'profile' ? { direction } : { direction, conflict: picked });
            }}
          />
        </Field>
      </Columns>
    </Stack>
  );
}
