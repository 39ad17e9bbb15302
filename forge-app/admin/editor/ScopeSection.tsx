// What is kept the same and which way: name, direction, filters, comments, attachments, links.

import { Stack, TextArea, Textfield } from '@forge/react';
import type { ReactNode } from 'react';
import type { Side } from '../../contract.ts';
import { texts } from '../../texts.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Field } from '../../ui/Field.tsx';
import { ChildrenSettings } from './ChildrenSettings.tsx';
import { Columns } from './Columns.tsx';
import { FilterCount } from './FilterCount.tsx';
import { LinksSettings } from './LinksSettings.tsx';
import type { SectionProps } from './section-props.ts';

const t = texts.editor;

export function ScopeSection(props: SectionProps): ReactNode {
  const { connectionId, draft, change, said } = props;
  const { settings } = draft;
  const set = (part: Partial<typeof settings>): void =>
    change((before) => ({ ...before, settings: { ...before.settings, ...part } }));
  const filter = (side: Side, label: string, hint: string) => (
    <Field id={`filter-${side}`} label={label} hint={hint} error={said(`${side}.filter`).error}>
      <TextArea
        id={`filter-${side}`}
        defaultValue={settings[side].filter ?? ''}
        minimumRows={2}
        isMonospaced
        isInvalid={said(`${side}.filter`).error !== undefined}
        onChange={({ target }) => {
          const text = String(target.value ?? '').trim();
          const { project } = settings[side];
          set({ [side]: text === '' ? { project } : { project, filter: text } });
        }}
      />
      <FilterCount
        side={side}
        azureConnectionId={connectionId}
        project={settings[side].project}
        filter={settings[side].filter ?? ''}
      />
    </Field>
  );
  return (
    <Stack space="space.150">
      <Columns>
        <Field id="profile-name" label={t.name} required error={said('name').error}>
          <Textfield
            id="profile-name"
            defaultValue={settings.name}
            maxLength={100}
            isInvalid={said('name').error !== undefined}
            onChange={({ target }) => set({ name: String(target.value ?? '') })}
          />
        </Field>
        <Field id="profile-direction" label={t.direction} hint={t.directionHint}>
          <Choice
            id="profile-direction"
            value={settings.direction}
            labels={texts.directions}
            onChange={(direction) => set({ direction })}
          />
        </Field>
      </Columns>
      <Columns>
        {filter('jira', t.jiraFilter, t.jiraFilterHint)}
        {filter('azure', t.azureFilter, t.azureFilterHint)}
      </Columns>
      <ChildrenSettings {...props} />
      <LinksSettings {...props} />
    </Stack>
  );
}
