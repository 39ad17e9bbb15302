// One pair of types, and fixed values for what no mapping fills. Their states are in a form of their own.

import { Button, Inline, Stack } from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { Catalogs, FixedBySide, Side, SuggestionReason, TypeMapping } from '../../contract.ts';
import { texts } from '../../texts.ts';
import { Field } from '../../ui/Field.tsx';
import { Foldable } from '../../ui/Foldable.tsx';
import { Search } from '../../ui/Search.tsx';
import { Columns } from './Columns.tsx';
import { confidenceLozenge } from './confidence.ts';
import type { Said } from './draft.ts';
import { Lines } from './Lines.tsx';
import { formatFixed, parseFixed } from './lines.ts';

interface TypeMappingFormProps {
  readonly id: string;
  readonly mapping: TypeMapping;
  readonly catalogs: Catalogs | null;
  /** Why it was suggested. */
  readonly reason: SuggestionReason | undefined;
  /** Of the whole mapping without a part. */
  readonly said: (part?: string) => Said;
  readonly misread: (part: string, message: string | null) => void;
  readonly onChange: (part: Partial<TypeMapping>) => void;
  /** Left out for the last one: a profile needs a type. */
  readonly onRemove: (() => void) | undefined;
}

const t = texts.editor;
/** All but the states. */
const ownParts = ['jira', 'azure', 'defaults', 'onTransition'];

export function TypeMappingForm(props: TypeMappingFormProps): ReactNode {
  const { id, mapping, catalogs, reason, said, misread, onChange, onRemove } = props;
  const { jira, azure, states, defaults, onTransition } = mapping;
  const isNew = jira === '' && azure === '';
  const fixedCount = [defaults, onTransition].reduce((sum, values) => sum + fixedIn(values), 0);
  const wrong = ownParts.some((part) => said(part).error !== undefined);
  const [more, setMore] = useState(fixedCount > 0);

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
    <Foldable
      title={isNew ? t.newType : `${jira} ↔ ${azure}`}
      summary={isNew ? [] : [t.statePairs(states.length), ...(fixedCount === 0 ? [] : [t.fixedValues(fixedCount)])]}
      note={reason?.reason}
      {...(reason === undefined ? {} : { lozenge: confidenceLozenge(reason) })}
      error={wrong}
      warning={ownParts.map((part) => said(part).warning).find((text) => text !== undefined)}
      openAtFirst={isNew}
      onRemove={onRemove}
    >
      <Stack space="space.100">
        <Columns>
          {type('jira', t.jiraType)}
          {type('azure', t.azureType)}
        </Columns>
        {(more || wrong) && (
          <Columns>
            {fixed('defaults', 'jira', t.defaultsJira)}
            {fixed('defaults', 'azure', t.defaultsAzure)}
          </Columns>
        )}
        {(more || wrong) && (
          <Columns>
            {fixed('onTransition', 'jira', t.transitionJira)}
            {fixed('onTransition', 'azure', t.transitionAzure)}
          </Columns>
        )}
        {!more && !wrong && (
          <Inline>
            <Button appearance="subtle" spacing="compact" onClick={() => setMore(true)}>
              {t.moreOfType}
            </Button>
          </Inline>
        )}
      </Stack>
    </Foldable>
  );
}

const fixedIn = ({ jira, azure }: FixedBySide): number => Object.keys(jira).length + Object.keys(azure).length;
