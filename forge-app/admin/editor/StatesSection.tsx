// What becomes of states: both workflows of each pair of types side by side, and which way a changed state travels.

import { Stack } from '@forge/react';
import type { ReactNode } from 'react';
import { texts } from '../../texts.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Field } from '../../ui/Field.tsx';
import { Columns } from './Columns.tsx';
import { changeRow } from './draft.ts';
import { StateMappingForm } from './StateMappingForm.tsx';
import type { SectionProps } from './section-props.ts';

const t = texts.editor;
const conflicts = { profile: t.byProfile, ...texts.conflicts };

export function StatesSection({ draft, change, catalogs, said, misread }: SectionProps): ReactNode {
  const { states } = draft.settings;
  const setStates = (next: typeof states): void =>
    change((before) => ({ ...before, settings: { ...before.settings, states: next } }));
  return (
    <Stack space="space.150">
      {draft.types.map(({ key, value }, index) => (
        <StateMappingForm
          key={key}
          id={`states-${key}`}
          mapping={value}
          catalogs={catalogs}
          said={said(`types.${index}.states`)}
          openAtFirst={index === 0}
          onChange={(pairs) =>
            change((before) => ({ ...before, types: changeRow(before.types, key, { states: pairs }) }))
          }
          onMisread={(message) => misread({ rows: 'types', key, part: 'states' }, message)}
        />
      ))}
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
