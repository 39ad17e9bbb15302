// What happens where both sides, or none, decide.

import { Stack, Textfield } from '@forge/react';
import type { ReactNode } from 'react';
import type { Policies } from '../../contract.ts';
import { texts } from '../../texts.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Field } from '../../ui/Field.tsx';
import { Columns } from './Columns.tsx';
import type { SectionProps } from './section-props.ts';
import { UnmappedChoice } from './UnmappedChoice.tsx';

const t = texts.editor;
const { mark, close, delete: deleted, keep } = t.outcomes;
/** What becomes of the counterpart of an item that leaves the profile's scope. */
type ScopePolicy = 'deleted' | 'archived' | 'leftFilter' | 'leftProject' | 'typeChanged';
const seedings = { jira: t.seedJira, azure: t.seedAzure, ask: t.seedAsk };

export function PoliciesSection({ draft, change, said, misread }: SectionProps): ReactNode {
  const { policies, timeZone } = draft.settings;
  const set = (part: Partial<Policies>): void =>
    change((before) => ({
      ...before,
      settings: { ...before.settings, policies: { ...before.settings.policies, ...part } },
    }));
  const scope = <Name extends ScopePolicy>(name: Name, label: string, labels: Record<Policies[Name], string>) => (
    <Field id={`policy-${name}`} label={label}>
      <Choice<Policies[Name]>
        id={`policy-${name}`}
        value={policies[name]}
        labels={labels}
        onChange={(picked) => set({ [name]: picked })}
      />
    </Field>
  );
  const brake = (name: 'limit' | 'windowMinutes', label: string) => {
    const path = `policies.brake.${name}`;
    return (
      <Field id={`brake-${name}`} label={label} error={said(path).error}>
        <Textfield
          id={`brake-${name}`}
          type="number"
          min={1}
          defaultValue={String(policies.brake[name])}
          isInvalid={said(path).error !== undefined}
          onChange={({ target }) => {
            const typed = Number(target.value);
            const right = Number.isSafeInteger(typed) && typed >= 1;
            if (right) set({ brake: { ...policies.brake, [name]: typed } });
            misread({ path }, right ? null : t.badNumber);
          }}
        />
      </Field>
    );
  };
  return (
    <Stack space="space.150">
      <Columns>
        <Field id="policy-conflict" label={t.conflict}>
          <Choice
            id="policy-conflict"
            value={policies.conflict}
            labels={texts.conflicts}
            onChange={(conflict) => set({ conflict })}
          />
        </Field>
        {policies.conflict === 'newest' && (
          <Field id="policy-winner" label={t.winner}>
            <Choice
              id="policy-winner"
              value={policies.winner}
              labels={{ jira: texts.conflicts.jira, azure: texts.conflicts.azure }}
              onChange={(winner) => set({ winner })}
            />
          </Field>
        )}
        <Field id="policy-seeding" label={t.seedingPolicy}>
          <Choice
            id="policy-seeding"
            value={policies.seeding}
            labels={seedings}
            onChange={(seeding) => set({ seeding })}
          />
        </Field>
      </Columns>
      <Columns>
        <Field id="policy-link" label={t.linkExisting}>
          <Choice
            id="policy-link"
            value={policies.linkExisting}
            labels={{ title: t.linkByTitle, none: t.linkNone }}
            onChange={(linkExisting) => set({ linkExisting })}
          />
        </Field>
        <Field id="policy-type" label={t.unmappedType}>
          <Choice
            id="policy-type"
            value={policies.unmappedType}
            labels={{ skip: t.skip, error: t.error }}
            onChange={(unmappedType) => set({ unmappedType })}
          />
        </Field>
        <UnmappedChoice
          id="policy-value"
          label={t.unmappedValue}
          value={policies.unmappedValue}
          onChange={(unmappedValue) => set({ unmappedValue })}
        />
      </Columns>
      <Columns>
        {scope('deleted', t.whenDeleted, { mark, close, delete: deleted })}
        {scope('archived', t.whenArchived, { mark, close, delete: deleted, keep })}
        {scope('leftFilter', t.whenLeftFilter, { mark, close, delete: deleted, keep })}
      </Columns>
      <Columns>
        {scope('leftProject', t.whenLeftProject, {
          follow: t.outcomes.followProject,
          mark,
          close,
          delete: deleted,
        })}
        {scope('typeChanged', t.whenTypeChanged, {
          follow: t.outcomes.followType,
          keep,
          error: t.outcomes.error,
          mark,
          close,
          delete: deleted,
        })}
      </Columns>
      <Columns>
        <Field id="policy-restricted" label={t.restricted}>
          <Choice
            id="policy-restricted"
            value={policies.restricted}
            labels={{ skip: t.doNotSynchronize, sync: t.synchronize }}
            onChange={(restricted) => set({ restricted })}
          />
        </Field>
        {brake('limit', t.brakeLimit)}
        {brake('windowMinutes', t.brakeWindow)}
        <Field id="profile-zone" label={t.timeZone} hint={t.timeZoneHint} error={said('timeZone').error}>
          <Textfield
            id="profile-zone"
            defaultValue={timeZone}
            isInvalid={said('timeZone').error !== undefined}
            onChange={({ target }) =>
              change((before) => ({
                ...before,
                settings: { ...before.settings, timeZone: String(target.value ?? '').trim() },
              }))
            }
          />
        </Field>
      </Columns>
    </Stack>
  );
}
