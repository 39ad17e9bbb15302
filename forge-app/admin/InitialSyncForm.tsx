// What is asked before an initial sync starts: what it takes, by what items are paired, and of which days.

import { Box, DatePicker, Inline, Stack, Text, xcss } from '@forge/react';
import type { ReactNode } from 'react';
import type { ProfileSummary } from '../contract.ts';
import { texts } from '../texts.ts';
import { Choice } from '../ui/Choice.tsx';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { Search } from '../ui/Search.tsx';
import { useLoad } from '../ui/use-load.ts';
import { callAdmin } from './call.ts';
import { fieldOptions } from './editor/field-options.ts';
import { inputOf, linkOptions, type SyncChoices, wrongChoices } from './sync-choices.ts';

interface InitialSyncFormProps {
  readonly profile: ProfileSummary;
  readonly choices: SyncChoices;
  /** It was tried to start: what is missing is said. */
  readonly tried: boolean;
  readonly onChange: (choices: SyncChoices) => void;
}

const t = texts.initialSync;
const half = xcss({ width: '360px' });

export function InitialSyncForm({ profile, choices, tried, onChange }: InitialSyncFormProps): ReactNode {
  const wrong = wrongChoices(choices);
  return (
    <Stack space="space.150">
      <Field id="sync-mode" label={t.mode} hint={t.modeHints[choices.mode]}>
        <Choice
          id="sync-mode"
          value={choices.mode}
          labels={t.modes}
          onChange={(mode) => onChange({ ...choices, mode })}
        />
      </Field>
      <Field id="sync-linking" label={t.linking} hint={choices.linking === 'field' ? t.linkHint : undefined}>
        <Choice
          id="sync-linking"
          value={choices.linking}
          labels={t.linkings}
          onChange={(linking) => onChange({ ...choices, linking })}
        />
      </Field>
      {choices.linking === 'field' && (
        <LinkFieldsForm
          profile={profile}
          choices={choices}
          error={tried ? wrong.linkBy : undefined}
          onChange={onChange}
        />
      )}
      <Inline space="space.200" rowSpace="space.100" shouldWrap>
        <Box xcss={half}>
          <Field id="sync-from" label={t.from} hint={t.rangeHint} error={wrong.range}>
            {day('sync-from', choices.from, (from) => onChange({ ...choices, from }))}
          </Field>
        </Box>
        <Box xcss={half}>
          <Field id="sync-to" label={t.to}>
            {day('sync-to', choices.to, (to) => onChange({ ...choices, to }))}
          </Field>
        </Box>
      </Inline>
      {wrong.range === undefined && <Counts profile={profile} choices={choices} />}
      <Text>{t.previewOfAll}</Text>
    </Stack>
  );
}

const day = (id: string, value: string, onChange: (day: string) => void): ReactNode => (
  <DatePicker
    id={id}
    value={value}
    dateFormat="YYYY-MM-DD"
    placeholder="YYYY-MM-DD"
    onChange={(next) => onChange(next ?? '')}
  />
);

interface LinkFieldsFormProps {
  readonly profile: ProfileSummary;
  readonly choices: SyncChoices;
  readonly error: string | undefined;
  readonly onChange: (choices: SyncChoices) => void;
}

function LinkFieldsForm({ profile, choices, error, onChange }: LinkFieldsFormProps): ReactNode {
  const { jiraProject, azureProject, azureConnectionId } = profile;
  const input = { jiraProject, azureProject, azureConnectionId };
  const catalogs = useLoad('catalogs', () => callAdmin('catalogs', { input }));
  const field = (side: 'jira' | 'azure'): ReactNode => (
    <Box xcss={half}>
      <Field id={`sync-link-${side}`} label={t.linkField[side]} error={side === 'jira' ? error : undefined} required>
        <Search
          id={`sync-link-${side}`}
          value={choices[side]}
          options={linkOptions(side, fieldOptions(catalogs.value?.[side]))}
          placeholder={t.chooseField}
          invalid={error !== undefined}
          loading={catalogs.loading}
          onChange={(id) => onChange({ ...choices, [side]: id })}
        />
      </Field>
    </Box>
  );
  return (
    <Stack space="space.100">
      <Failure error={catalogs.error} retry={() => void catalogs.reload()} />
      <Inline space="space.200" rowSpace="space.100" shouldWrap>
        {field('jira')}
        {field('azure')}
      </Inline>
    </Stack>
  );
}

function Counts({ profile, choices }: Pick<InitialSyncFormProps, 'profile' | 'choices'>): ReactNode {
  const { id, pairs } = profile;
  const { range } = inputOf(choices);
  const options = { mode: 'unpaired', linkBy: null, range } as const;
  const found = useLoad(JSON.stringify(range), () => callAdmin('countInitialSync', { id, options }));
  if (found.error !== null) return <Failure error={found.error} retry={() => void found.reload()} />;
  return (
    <Text color="color.text.subtle">{found.value === null ? t.counting : t.looksAt(found.value, pairs.paired)}</Text>
  );
}
