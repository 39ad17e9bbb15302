// One pair of fields: what they are, which way they travel, and by which rules.

import { Checkbox, Stack } from '@forge/react';
import type { ReactNode } from 'react';
import type { FieldKind, FieldMapping, Side, SuggestionReason } from '../../contract.ts';
import { texts } from '../../texts.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Field } from '../../ui/Field.tsx';
import { Foldable } from '../../ui/Foldable.tsx';
import { Search } from '../../ui/Search.tsx';
import { Several } from '../../ui/Several.tsx';
import { Columns } from './Columns.tsx';
import { confidenceLozenge } from './confidence.ts';
import type { Said } from './draft.ts';
import type { FieldOption } from './field-options.ts';
import { Lines } from './Lines.tsx';
import { formatPairs, parsePairs } from './lines.ts';
import { UnmappedChoice } from './UnmappedChoice.tsx';

interface FieldMappingFormProps {
  readonly id: string;
  readonly mapping: FieldMapping;
  readonly options: Readonly<Record<Side, readonly FieldOption[]>>;
  /** Jira's type names. */
  readonly types: readonly string[];
  /** Why it was suggested. */
  readonly reason: SuggestionReason | undefined;
  /** Of the whole mapping without a part. */
  readonly said: (part?: string) => Said;
  readonly misread: (part: string, message: string | null) => void;
  readonly onChange: (part: Partial<FieldMapping>) => void;
  readonly onRemove: () => void;
}

const t = texts.editor;
const conflicts = { profile: t.byProfile, ...texts.conflicts };
const seedings = { profile: t.byProfile, jira: t.seedJira, azure: t.seedAzure, ask: t.seedAsk };

/** Fields whose values a person makes as they plan: sprints, versions, components, areas, iterations. */
const planned = {
  jira: ['fixVersions', 'versions', 'components'],
  azure: ['System.AreaPath', 'System.IterationPath'],
} satisfies Record<Side, readonly string[]>;
const isPlanned = ({ jira, azure }: FieldMapping): boolean =>
  planned.jira.includes(jira) || planned.azure.includes(azure);

const isKind = (kind: string | undefined): kind is FieldKind => kind !== undefined && kind in texts.kinds;

export function FieldMappingForm(props: FieldMappingFormProps): ReactNode {
  const { id, mapping, options, types, reason, said, misread, onChange, onRemove } = props;
  const { jira, azure, direction, conflict, values } = mapping;
  const isNew = jira === '' && azure === '';
  const nameOf = (side: Side): string =>
    options[side].find(({ value }) => value === mapping[side])?.label ?? mapping[side];

  const field = (side: Side, label: string) => (
    <Field id={`${id}-${side}`} label={label} required error={said(side).error} warning={said(side).warning}>
      <Search
        id={`${id}-${side}`}
        value={mapping[side]}
        options={options[side]}
        placeholder={t.noField}
        invalid={said(side).error !== undefined}
        onChange={(picked) => {
          const kind = options[side].find(({ value }) => value === picked)?.kind;
          // A new row is compared as what its first field is.
          onChange({ [side]: picked, ...(isNew && isKind(kind) ? { kind } : {}) });
        }}
      />
    </Field>
  );

  const summary = [
    texts.directions[direction],
    ...(conflict === undefined ? [] : [texts.conflicts[conflict]]),
    ...(values === undefined ? [] : [t.valuePairs(values.length)]),
    ...(mapping.types === undefined ? [] : [t.forTypes(mapping.types)]),
  ];
  return (
    <Foldable
      title={isNew ? t.newField : `${nameOf('jira')} ↔ ${nameOf('azure')}`}
      summary={isNew ? [] : summary}
      note={reason?.reason}
      {...(reason === undefined ? {} : { lozenge: confidenceLozenge(reason) })}
      error={said().error !== undefined}
      warning={said().warning}
      openAtFirst={isNew}
      onRemove={onRemove}
    >
      <Stack space="space.100">
        <Columns>
          {field('jira', t.jiraField)}
          {field('azure', t.azureField)}
          <Field id={`${id}-kind`} label={t.kind} error={said('kind').error}>
            <Choice
              id={`${id}-kind`}
              value={mapping.kind}
              labels={texts.kinds}
              onChange={(kind) => onChange({ kind })}
            />
          </Field>
        </Columns>
        <Columns>
          <Field id={`${id}-direction`} label={t.fieldDirection} error={said('direction').error}>
            <Choice
              id={`${id}-direction`}
              value={direction}
              labels={texts.directions}
              onChange={(picked) => onChange({ direction: picked })}
            />
          </Field>
          <Field id={`${id}-conflict`} label={t.fieldConflict}>
            <Choice
              id={`${id}-conflict`}
              value={conflict ?? 'profile'}
              labels={conflicts}
              onChange={(picked) => onChange({ conflict: picked === 'profile' ? undefined : picked })}
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
        </Columns>
        <Columns>
          <UnmappedChoice
            id={`${id}-unmapped`}
            label={t.unmapped}
            value={mapping.unmapped}
            onDefault={() => onChange({ unmapped: undefined })}
            onChange={(unmapped) => onChange({ unmapped })}
          />
          <Field id={`${id}-types`} label={t.onlyTypes} hint={t.onlyTypesHint} error={said('types').error}>
            <Several
              id={`${id}-types`}
              value={mapping.types ?? []}
              options={types}
              placeholder={t.allTypes}
              onChange={(picked) => onChange({ types: picked.length === 0 ? undefined : picked })}
            />
          </Field>
        </Columns>
        {(mapping.createMissing === true || isPlanned(mapping)) && (
          <Checkbox
            id={`${id}-create`}
            label={t.createMissing}
            isChecked={mapping.createMissing === true}
            onChange={({ target }) => onChange({ createMissing: target.checked === true ? true : undefined })}
          />
        )}
        {direction !== 'both' && (
          <Checkbox
            id={`${id}-enforce`}
            label={t.enforce}
            isChecked={mapping.enforce}
            onChange={({ target }) => onChange({ enforce: target.checked === true })}
          />
        )}
        <Lines
          id={`${id}-values`}
          label={t.values}
          hint={t.valuesHint}
          value={values ?? []}
          format={formatPairs}
          parse={parsePairs}
          said={said('values')}
          onChange={(pairs) => onChange({ values: pairs.length === 0 ? undefined : pairs })}
          onMisread={(message) => misread('values', message)}
        />
      </Stack>
    </Foldable>
  );
}
