// Links between items, the link to the counterpart, and the fields that hold its key.

import { Checkbox, Stack, Textfield } from '@forge/react';
import type { ReactNode } from 'react';
import type { LinkSettings, Side } from '../../contract.ts';
import { texts } from '../../texts.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Field } from '../../ui/Field.tsx';
import { Columns } from './Columns.tsx';
import { Lines } from './Lines.tsx';
import { formatPairs, parsePairs } from './lines.ts';
import type { SectionProps } from './section-props.ts';

const t = texts.editor;

export function LinksSettings({ draft, change, said, misread }: SectionProps): ReactNode {
  const { links, counterpartKey } = draft.settings;
  const set = (part: Partial<LinkSettings>): void =>
    change((before) => ({
      ...before,
      settings: { ...before.settings, links: { ...before.settings.links, ...part } },
    }));
  const box = (name: 'enabled' | 'hierarchy' | 'remote', label: string) => (
    <Checkbox
      id={`links-${name}`}
      label={label}
      isChecked={links[name]}
      onChange={({ target }) => set({ [name]: target.checked === true })}
    />
  );
  const key = (side: Side, label: string) => (
    <Field id={`key-${side}`} label={label} hint={t.keyHint} error={said(`counterpartKey.${side}`).error}>
      <Textfield
        id={`key-${side}`}
        defaultValue={counterpartKey[side] ?? ''}
        onChange={({ target }) => {
          const typed = String(target.value ?? '').trim();
          change((before) => ({
            ...before,
            settings: {
              ...before.settings,
              counterpartKey: { ...before.settings.counterpartKey, [side]: typed === '' ? undefined : typed },
            },
          }));
        }}
      />
    </Field>
  );
  return (
    <Stack space="space.100">
      <Columns>
        <Stack space="space.050">
          {box('enabled', t.links)}
          {links.enabled && box('hierarchy', t.hierarchy)}
          {links.enabled && box('remote', t.remote)}
        </Stack>
        <Field id="links-direction" label={t.childDirection}>
          <Choice
            id="links-direction"
            value={links.direction}
            labels={texts.directions}
            onChange={(direction) => set({ direction })}
          />
        </Field>
        <Field id="links-counterpart" label={t.counterpart}>
          <Choice
            id="links-counterpart"
            value={links.counterpart}
            labels={t.counterparts}
            onChange={(counterpart) => set({ counterpart })}
          />
        </Field>
      </Columns>
      {links.enabled && (
        <Lines
          id="links-types"
          label={t.linkTypes}
          hint={t.linkTypesHint}
          value={links.types}
          format={formatPairs}
          parse={parsePairs}
          said={said('links.types')}
          onChange={(pairs) => set({ types: pairs.map((pair) => ({ ...known(links, pair), ...pair })) })}
          onMisread={(message) => misread({ path: 'links.types' }, message)}
        />
      )}
      <Columns>
        {key('jira', t.keyInJira)}
        {key('azure', t.keyInAzure)}
      </Columns>
    </Stack>
  );
}

/** The direction of a type is kept, though the line doesn't show it. */
const known = ({ types }: LinkSettings, pair: { readonly jira: string; readonly azure: string }) =>
  types.find(({ jira, azure }) => jira === pair.jira && azure === pair.azure);
