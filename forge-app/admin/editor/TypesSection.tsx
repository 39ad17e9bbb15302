// Which types belong together, and their states.

import { Button, Inline } from '@forge/react';
import type { ReactNode } from 'react';
import { texts } from '../../texts.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Field } from '../../ui/Field.tsx';
import { Columns } from './Columns.tsx';
import { addType, changeRow, removeRow } from './draft.ts';
import type { SectionProps } from './ProfileEditor.tsx';
import { Section } from './Section.tsx';
import { TypeMappingForm } from './TypeMappingForm.tsx';

const t = texts.editor;
const conflicts = { profile: t.byProfile, ...texts.conflicts };

export function TypesSection(props: SectionProps): ReactNode {
  const { draft, change, catalogs, said, misread } = props;
  const { states } = draft.settings;
  const setStates = (next: typeof states): void =>
    change((before) => ({ ...before, settings: { ...before.settings, states: next } }));
  return (
    <Section title={t.types}>
      {draft.types.map(({ key, value }, index) => (
        <TypeMappingForm
          key={key}
          id={`type-${key}`}
          mapping={value}
          catalogs={catalogs}
          said={(part) => said(`types.${index}.${part}`)}
          misread={(part, message) => misread(`types.${index}.${part}`, message)}
          onChange={(part) => change((before) => ({ ...before, types: changeRow(before.types, key, part) }))}
          {...(draft.types.length > 1
            ? { onRemove: () => change((before) => ({ ...before, types: removeRow(before.types, key) })) }
            : {})}
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
    </Section>
  );
}
