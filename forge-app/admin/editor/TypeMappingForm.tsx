// One pair of types: their states as lines, and fixed values for what no mapping fills.

import { Box, Button, Inline, Stack, xcss } from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { Catalogs, FixedBySide, Side, TypeMapping } from '../../contract.ts';
import { texts } from '../../texts.ts';
import { Field } from '../../ui/Field.tsx';
import { Search } from '../../ui/Search.tsx';
import { Columns } from './Columns.tsx';
import { Lines } from './Lines.tsx';
import { formatFixed, formatPairs, parseFixed, parsePairs } from './lines.ts';

interface TypeMappingFormProps {
  readonly id: string;
  readonly mapping: TypeMapping;
  readonly catalogs: Catalogs | null;
  readonly said: (part: string) => { readonly error?: string; readonly warning?: string };
  readonly misread: (part: string, message: string | null) => void;
  readonly onChange: (part: Partial<TypeMapping>) => void;
  /** Left out for the last one: a profile needs a type. */
  readonly onRemove?: () => void;
}

const t = texts.editor;
const card = xcss({
  borderColor: 'color.border',
  borderWidth: 'border.width',
  borderStyle: 'solid',
  borderRadius: 'radius.medium',
  padding: 'space.200',
});

export function TypeMappingForm(props: TypeMappingFormProps): ReactNode {
  const { id, mapping, catalogs, said, misread, onChange, onRemove } = props;
  const [more, setMore] = useState(hasFixed(mapping));

  const type = (side: Side, label: string) => (
    <Field id={`${id}-${side}`} label={label} required error={said(side).error} warning={said(side).warning}>
      <Search
        id={`${id}-${side}`}
        value={mapping[side]}
        options={(catalogs?.[side].types ?? []).map(({ name }) => ({ value: name, label: name }))}
        placeholder={t.noField}
        invalid={said(side).error !== undefined}
        onChange={(name) => onChange({ [side]: name })}
      />
    </Field>
  );
  const fixed = (part: 'defaults' | 'onTransition', side: Side, label: string) => (
    <Lines
      id={`${id}-${part}-${side}`}
      label={label}
      hint={t.fixedHint}
      value={mapping[part][side]}
      format={formatFixed}
      parse={parseFixed}
      said={said(`${part}.${side}`)}
      onChange={(values) => onChange({ [part]: { ...mapping[part], [side]: values } })}
      onMisread={(message) => misread(`${part}.${side}`, message)}
    />
  );

  return (
    <Box xcss={card}>
      <Stack space="space.100">
        <Columns>
          {type('jira', t.jiraType)}
          {type('azure', t.azureType)}
        </Columns>
        <Lines
          id={`${id}-states`}
          label={t.states}
          hint={t.statesHint}
          value={mapping.states}
          format={formatPairs}
          parse={parsePairs}
          said={said('states')}
          onChange={(states) => onChange({ states })}
          onMisread={(message) => misread('states', message)}
        />
        {more && (
          <Columns>
            {fixed('defaults', 'jira', t.defaultsJira)}
            {fixed('defaults', 'azure', t.defaultsAzure)}
          </Columns>
        )}
        {more && (
          <Columns>
            {fixed('onTransition', 'jira', t.transitionJira)}
            {fixed('onTransition', 'azure', t.transitionAzure)}
          </Columns>
        )}
        <Inline spread="space-between">
          {more ? null : (
            <Button appearance="subtle" spacing="compact" onClick={() => setMore(true)}>
              {t.moreOfType}
            </Button>
          )}
          {onRemove && (
            <Button appearance="subtle" spacing="compact" onClick={onRemove}>
              {texts.common.remove}
            </Button>
          )}
        </Inline>
      </Stack>
    </Box>
  );
}

const hasFixed = ({ defaults, onTransition }: TypeMapping): boolean =>
  [defaults, onTransition].some(({ jira, azure }: FixedBySide) => Object.keys({ ...jira, ...azure }).length > 0);
