// Which fields belong together, and required ones that nothing fills.

import { Button, Inline, List, ListItem, SectionMessage, Stack } from '@forge/react';
import type { ReactNode } from 'react';
import { texts } from '../../texts.ts';
import { addField, changeRow } from './draft.ts';
import { FieldMappingForm } from './FieldMappingForm.tsx';
import { fieldOptions } from './field-options.ts';
import type { SectionProps } from './section-props.ts';

const t = texts.editor;

/** `types.2.defaults.azure`: a required field of a new item that no mapping fills. */
const withoutSource = /^types\.\d+\.defaults\.(jira|azure)$/;

export function FieldsSection(props: SectionProps): ReactNode {
  const { draft, change, remove, catalogs, reasons, problems, said, misread } = props;
  const required = problems.filter(({ path }) => withoutSource.test(path));
  const options = { jira: fieldOptions(catalogs?.jira), azure: fieldOptions(catalogs?.azure) };
  return (
    <Stack space="space.150">
      {required.length > 0 && (
        <SectionMessage appearance="warning" title={t.requiredWithoutSource(required.length)}>
          <List type="unordered">
            {required.map(({ path, message }) => (
              <ListItem key={`${path} ${message}`}>{message}</ListItem>
            ))}
          </List>
        </SectionMessage>
      )}
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
    </Stack>
  );
}
