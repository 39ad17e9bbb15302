// Which fields belong together, and people who are not found by e-mail.

import { Button, Inline } from '@forge/react';
import type { ReactNode } from 'react';
import { texts } from '../../texts.ts';
import { addField, changeRow, removeRow } from './draft.ts';
import { FieldMappingForm } from './FieldMappingForm.tsx';
import { fieldOptions } from './field-options.ts';
import { Lines } from './Lines.tsx';
import { formatPairs, parsePairs } from './lines.ts';
import type { SectionProps } from './ProfileEditor.tsx';
import { Section } from './Section.tsx';

const t = texts.editor;

export function FieldsSection({ draft, change, catalogs, said, misread }: SectionProps): ReactNode {
  const options = { jira: fieldOptions(catalogs?.jira), azure: fieldOptions(catalogs?.azure) };
  return (
    <Section title={t.fields}>
      {draft.fields.map(({ key, value }, index) => (
        <FieldMappingForm
          key={key}
          id={`field-${key}`}
          mapping={value}
          options={options}
          said={(part) => said(`fields.${index}.${part}`)}
          misread={(part, message) => misread(`fields.${index}.${part}`, message)}
          onChange={(part) => change((before) => ({ ...before, fields: changeRow(before.fields, key, part) }))}
          onRemove={() => change((before) => ({ ...before, fields: removeRow(before.fields, key) }))}
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
        onMisread={(message) => misread('users', message)}
      />
    </Section>
  );
}
