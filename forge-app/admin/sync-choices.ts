// What an admin chooses before an initial sync: checked as it is typed, and turned into what the backend takes. Pure.

import type { InitialSyncInput, InitialSyncMode } from '../contract.ts';
import { texts } from '../texts.ts';
import type { FieldOption } from './editor/field-options.ts';

export interface SyncChoices {
  readonly mode: InitialSyncMode;
  readonly linking: 'rules' | 'field';
  /** Field ids; empty while nothing is chosen. */
  readonly jira: string;
  readonly azure: string;
  /** Days; empty for none. */
  readonly from: string;
  readonly to: string;
}

export const noChoices: SyncChoices = { mode: 'unpaired', linking: 'rules', jira: '', azure: '', from: '', to: '' };

/** What each side calls the name of an item itself. */
export const ownName = { jira: 'issuekey', azure: 'System.Id' } as const;

const t = texts.initialSync;

export function wrongChoices({ linking, jira, azure, from, to }: SyncChoices): {
  readonly linkBy?: string;
  readonly range?: string;
} {
  const linkBy =
    linking === 'rules'
      ? undefined
      : jira === '' || azure === ''
        ? t.fieldMissing
        : jira === ownName.jira && azure === ownName.azure
          ? t.bothNames
          : undefined;
  return {
    ...(linkBy === undefined ? {} : { linkBy }),
    ...(from !== '' && to !== '' && from > to ? { range: t.fromAfterTo } : {}),
  };
}

export const inputOf = ({ mode, linking, jira, azure, from, to }: SyncChoices): InitialSyncInput => ({
  mode,
  linkBy: linking === 'rules' ? null : { jira, azure },
  range: from === '' && to === '' ? null : { from: from || null, to: to || null },
});

const comparable: ReadonlySet<string> = new Set(['text', 'number', 'url']);

/** Fields that hold one value which can be compared, after the item's own name. */
export const linkOptions = (side: 'jira' | 'azure', fields: readonly FieldOption[]): readonly FieldOption[] => [
  { value: ownName[side], label: t.ownName[side], kind: 'text' },
  ...fields.filter(({ kind, value }) => comparable.has(kind) && value !== ownName[side]),
];
