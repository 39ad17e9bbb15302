// One pair of fields; what is seldom needed opens on demand.

import { Box, Button, ButtonGroup, Checkbox, Stack, xcss } from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { FieldKind, FieldMapping, Side } from '../../contract.ts';
import { texts } from '../../texts.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Field } from '../../ui/Field.tsx';
import { Search } from '../../ui/Search.tsx';
import { Columns } from './Columns.tsx';
import type { FieldOption } from './field-options.ts';
import { Lines } from './Lines.tsx';
import { formatPairs, parsePairs } from './lines.ts';

interface FieldMappingFormProps {
  readonly id: string;
  readonly mapping: FieldMapping;
  readonly options: Readonly<Record<Side, readonly FieldOption[]>>;
  readonly said: (part: string) => { readonly error?: string; readonly warning?: string };
  readonly misread: (part: string, message: string | null) => void;
  readonly onChange: (part: Partial<FieldMapping>) => void;
  readonly onRemove: () => void;
}

const t = texts.editor;
const conflicts = { profile: t.byProfile, ...texts.conflicts };
const seedings = { profile: t.byProfile, jira: t.seedJira, azure: t.seedAzure, ask: t.seedAsk };
const card = xcss({
  backgroundColor: 'elevation.surface.sunken',
  borderRadius: 'radius.medium',
  padding: 'space.150',
});

const isKind = (kind: string | undefined): kind is FieldKind => kind !== undefined && kind in texts.kinds;

export function FieldMappingForm(props: FieldMappingFormProps): ReactNode {
  const { id, mapping, options, said, misread, onChange, onRemove } = props;
  const [more, setMore] = useState(false);
  const hidden = ['kind', 'values', 'types', 'seeding'].some((part) => said(part).error !== undefined);

  const field = (side: Side, label: string) => (
    <Field id={`${id}-${side}`} label={label} error={said(side).error} warning={said(side).warning}>
      <Search
        id={`${id}-${side}`}
        value={mapping[side]}
        options={options[side]}
        placeholder={t.noField}
        invalid={said(side).error !== undefined}
        onChange={(picked) => {
          const kind = options[side].find(({ value }) => value === picked)?.kind;
          // A new row is compared as what its first field is.
          onChange({
            [side]: picked,
            ...(mapping.jira === '' && mapping.azure === '' && isKind(kind) ? { kind } : {}),
          });
        }}
      />
    </Field>
  );

  return (
    <Box xcss={card}>
      <Stack space="space.100">
        <Columns>
          {field('jira', t.jiraField)}
          {field('azure', t.azureField)}
          <Field id={`${id}-direction`} label={t.fieldDirection} error={said('direction').error}>
            <Choice
              id={`${id}-direction`}
              value={mapping.direction}
              labels={texts.directions}
              onChange={(direction) => onChange({ direction })}
            />
          </Field>
          <Field id={`${id}-conflict`} label={t.fieldConflict}>
            <Choice
              id={`${id}-conflict`}
              value={mapping.conflict ?? 'profile'}
              labels={conflicts}
              onChange={(picked) => onChange({ conflict: picked === 'profile' ? undefined : picked })}
            />
          </Field>
        </Columns>
        {(more || hidden) && (
          <Columns>
            <Field id={`${id}-kind`} label={t.kind} error={said('kind').error}>
              <Choice
                id={`${id}-kind`}
                value={mapping.kind}
                labels={texts.kinds}
                onChange={(kind) => onChange({ kind })}
              />
            </Field>
            <Field id={`${id}-seeding`} label={t.seeding}>
              <Choice
                id={`${id}-seeding`}
                value={mapping.seeding ?? 'profile'}
                labels={seedings}
                onChange={(picked) => onChange({ seeding: picked === 'profile' ? undefined : picked })}
              />
            </Field>
            <Checkbox
              id={`${id}-enforce`}
              label={`${t.enforce}. ${t.enforceHint}`}
              isChecked={mapping.enforce}
              onChange={({ target }) => onChange({ enforce: target.checked === true })}
            />
          </Columns>
        )}
        {(more || hidden || (mapping.values?.length ?? 0) > 0) && (
          <Lines
            id={`${id}-values`}
            label={t.values}
            hint={t.valuesHint}
            value={mapping.values ?? []}
            format={formatPairs}
            parse={parsePairs}
            said={said('values')}
            onChange={(values) => onChange({ values: values.length === 0 ? undefined : values })}
            onMisread={(message) => misread('values', message)}
          />
        )}
        <ButtonGroup label={`${mapping.jira} ${mapping.azure}`}>
          <Button appearance="subtle" spacing="compact" onClick={() => setMore(!more)}>
            {more ? texts.common.less : texts.common.more}
          </Button>
          <Button appearance="subtle" spacing="compact" onClick={onRemove}>
            {texts.common.remove}
          </Button>
        </ButtonGroup>
      </Stack>
    </Box>
  );
}
