// Which fields belong together, and people who are not found by e-mail.

import { Button, Inline, Stack } from '@forge/react';
import type { ReactNode } from 'react';
import { texts } from '../../texts.ts';
import { addField, changeRow } from './draft.ts';
import { FieldMappingForm } from './FieldMappingForm.tsx';
import { fieldOptions } from './field-options.ts';
import { Lines } from './Lines.tsx';
import { formatPairs, parsePairs } from './lines.ts';
import type { SectionProps } from './ProfileEditor.tsx';

const t = texts.editor;

export function FieldsSection({ draft, change, remove, catalogs, reasons, said, misread }: SectionProps): ReactNode {
  const options = { jira: fieldOptions(catalogs?.jira), azure: fieldOptions(catalogs?.azure) };
  return (
    <Stack space="space.150">
      {draft.fields.map(({ key, value }, index) => (
        <FieldMappingForm
          key={key}
          id={`field-${key}`}
          mapping={value}
          options={options}
          types={(catalogs?.jira.types ?? []).map(({ name }) => name)}
          reason={reasons.fields.get(value)}
          said={(part) => said(part === undefined ? `fields.${index}` : `fields.${index}.${part}`)}
          misread={(part, message) => misread({ rows: 'fields', key, part }, message)}
          onChange={(part) => change((before) => ({ ...before, fields: changeRow(before.fields, key, part) }))}
          onRemove={() => remove('fields', key)}
        />
      ))}
      <Inline>
        <Button onClick={() => change(addField)}>{t.addField}</Button>
      </Inline>
      <Lines
        id="profile-people"
        label={t.people}
        hint={t.peopleHint}
        value={draft.settings.users}
        format={formatPairs}
        parse={parsePairs}
        said={said('users')}
        onChange={(users) => change((before) => ({ ...before, settings: { ...before.settings, users } }))}
        onMisread={(message) => misread({ path: 'users' }, message)}
      />
    </Stack>
  );
}
