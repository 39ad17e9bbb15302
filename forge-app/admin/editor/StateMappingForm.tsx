// The states of one pair of types, side by side: what each becomes on the other side. As text too, for many at once.

import { Box, Button, Inline, Stack, Text, xcss } from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { Catalogs, Side, TypeMapping, ValuePair } from '../../contract.ts';
import { texts } from '../../texts.ts';
import { Field } from '../../ui/Field.tsx';
import { Foldable } from '../../ui/Foldable.tsx';
import { Search } from '../../ui/Search.tsx';
import { Columns } from './Columns.tsx';
import type { Said } from './draft.ts';
import { Lines } from './Lines.tsx';
import { formatPairs, parsePairs } from './lines.ts';
import { becomes, letBecome, letBecomeNothing } from './state-pairs.ts';

interface StateMappingFormProps {
  readonly id: string;
  readonly mapping: TypeMapping;
  readonly catalogs: Catalogs | null;
  readonly said: Said;
  readonly openAtFirst: boolean;
  readonly onChange: (pairs: readonly ValuePair[]) => void;
  readonly onMisread: (message: string | null) => void;
}

const t = texts.editor;
const otherOf = { jira: 'azure', azure: 'jira' } as const satisfies Record<Side, Side>;
const column = xcss({ width: '100%' });
const notMapped = '';

export function StateMappingForm(props: StateMappingFormProps): ReactNode {
  const { id, mapping, catalogs, said, openAtFirst, onChange, onMisread } = props;
  const { jira, azure, states } = mapping;
  const workflows = { jira: workflowOf(catalogs, 'jira', jira), azure: workflowOf(catalogs, 'azure', azure) };
  const known = workflows.jira.states.length > 0 && workflows.azure.states.length > 0;
  const [asText, setAsText] = useState(false);
  const open = said.warning === undefined ? [] : [said.warning];

  const side = (from: Side, title: string) => (
    <Box xcss={column}>
      <Stack space="space.050">
        <Text weight="medium">{title}</Text>
        {workflows[from].states.map((state, index) => {
          const target = becomes(states, from, state) ?? notMapped;
          const lost = workflows[otherOf[from]].unreachable.includes(target);
          return (
            <Field
              key={state}
              id={`${id}-${from}-${index}`}
              label={state}
              warning={target === notMapped ? t.stateUnmapped : lost ? t.stateUnreachable(target) : undefined}
            >
              <Search
                id={`${id}-${from}-${index}`}
                value={target}
                options={[
                  { value: notMapped, label: t.stateNothing },
                  ...workflows[otherOf[from]].states.map((name) => ({
                    value: name,
                    label: workflows[otherOf[from]].unreachable.includes(name) ? t.unreachableOption(name) : name,
                  })),
                ]}
                placeholder={t.stateNothing}
                onChange={(picked) =>
                  onChange(
                    picked === notMapped
                      ? letBecomeNothing(states, from, state)
                      : letBecome(states, from, state, picked),
                  )
                }
              />
            </Field>
          );
        })}
      </Stack>
    </Box>
  );

  return (
    <Foldable
      title={`${jira} ↔ ${azure}`}
      summary={[t.statePairs(states.length)]}
      error={said.error !== undefined}
      warning={open.join(' ') || undefined}
      openAtFirst={openAtFirst}
    >
      <Stack space="space.100">
        {known && !asText && (
          <Columns>
            {side('jira', t.jiraBecomes(jira))}
            {side('azure', t.azureBecomes(azure))}
          </Columns>
        )}
        {(asText || !known || said.error !== undefined) && (
          <Lines
            id={`${id}-text`}
            label={t.states}
            hint={t.statesHint}
            value={states}
            format={formatPairs}
            parse={parsePairs}
            said={said}
            onChange={onChange}
            onMisread={onMisread}
          />
        )}
        {known && (
          <Inline>
            <Button appearance="subtle" spacing="compact" onClick={() => setAsText(!asText)}>
              {asText ? t.sideBySide : t.asText}
            </Button>
          </Inline>
        )}
      </Stack>
    </Foldable>
  );
}

const workflowOf = (catalogs: Catalogs | null, side: Side, name: string) => {
  const type = catalogs?.[side].types.find((one) => one.name.toLowerCase() === name.toLowerCase());
  return { states: type?.states ?? [], unreachable: type?.unreachable ?? [] };
};
