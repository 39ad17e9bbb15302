// Whether and which way comments and attachments travel.

import { Checkbox, Stack } from '@forge/react';
import type { ReactNode } from 'react';
import { texts } from '../../texts.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Field } from '../../ui/Field.tsx';
import { Columns } from './Columns.tsx';
import type { SectionProps } from './ProfileEditor.tsx';

const t = texts.editor;

export function ChildrenSettings({ draft, change }: SectionProps): ReactNode {
  const { settings } = draft;
  const child = (name: 'comments' | 'attachments', label: string) => (
    <Stack space="space.050">
      <Checkbox
        id={`${name}-enabled`}
        label={label}
        isChecked={settings[name].enabled}
        onChange={({ target }) => set(name, { enabled: target.checked === true })}
      />
      <Field id={`${name}-direction`} label={t.childDirection}>
        <Choice
          id={`${name}-direction`}
          value={settings[name].direction}
          labels={texts.directions}
          onChange={(direction) => set(name, { direction })}
        />
      </Field>
    </Stack>
  );
  const set = (name: 'comments' | 'attachments', part: Partial<typeof settings.comments>): void =>
    change((before) => ({
      ...before,
      settings: { ...before.settings, [name]: { ...before.settings[name], ...part } },
    }));
  return (
    <Columns>
      {child('comments', t.comments)}
      {child('attachments', t.attachments)}
    </Columns>
  );
}
