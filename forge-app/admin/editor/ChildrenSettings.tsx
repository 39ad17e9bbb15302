// Whether and which way comments and attachments travel, and what becomes of deleted ones.

import { Checkbox, Stack } from '@forge/react';
import type { ReactNode } from 'react';
import { texts } from '../../texts.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Field } from '../../ui/Field.tsx';
import { Columns } from './Columns.tsx';
import type { SectionProps } from './section-props.ts';

const t = texts.editor;
const conflicts = { profile: t.byProfile, ...texts.conflicts };
const restrictions = { profile: t.byProfile, skip: t.doNotSynchronize, sync: t.synchronize };

export function ChildrenSettings({ draft, change }: SectionProps): ReactNode {
  const { comments } = draft.settings;
  const set = <Name extends 'comments' | 'attachments'>(
    name: Name,
    part: Partial<(typeof draft.settings)[Name]>,
  ): void =>
    change((before) => ({
      ...before,
      settings: { ...before.settings, [name]: { ...before.settings[name], ...part } },
    }));
  const common = (name: 'comments' | 'attachments', label: string) => (
    <Stack space="space.050">
      <Checkbox
        id={`${name}-enabled`}
        label={label}
        isChecked={draft.settings[name].enabled}
        onChange={({ target }) => set(name, { enabled: target.checked === true })}
      />
      <Field id={`${name}-direction`} label={t.childDirection}>
        <Choice
          id={`${name}-direction`}
          value={draft.settings[name].direction}
          labels={texts.directions}
          onChange={(direction) => set(name, { direction })}
        />
      </Field>
      <Field id={`${name}-deleted`} label={t.childDeleted}>
        <Choice
          id={`${name}-deleted`}
          value={draft.settings[name].deleted}
          labels={{ leave: t.leaveCopy, delete: t.deleteCopy }}
          onChange={(deleted) => set(name, { deleted })}
        />
      </Field>
    </Stack>
  );
  return (
    <Columns>
      <Stack space="space.050">
        {common('comments', t.comments)}
        {comments.enabled && (
          <Field id="comments-conflict" label={t.commentsConflict}>
            <Choice
              id="comments-conflict"
              value={comments.conflict ?? 'profile'}
              labels={conflicts}
              onChange={(picked) => set('comments', { conflict: picked === 'profile' ? undefined : picked })}
            />
          </Field>
        )}
        {comments.enabled && (
          <Field id="comments-restricted" label={t.commentsRestricted}>
            <Choice
              id="comments-restricted"
              value={comments.restricted ?? 'profile'}
              labels={restrictions}
              onChange={(picked) => set('comments', { restricted: picked === 'profile' ? undefined : picked })}
            />
          </Field>
        )}
      </Stack>
      {common('attachments', t.attachments)}
    </Columns>
  );
}
