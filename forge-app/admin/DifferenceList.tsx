// What differs between two revisions of a profile's settings, path by path, before and after.

import { DynamicTable, Text } from '@forge/react';
import type { ReactNode } from 'react';
import type { SettingsDifference } from '../contract-editing.ts';
import { texts } from '../texts.ts';

const t = texts.history;

export function DifferenceList({ of }: { readonly of: readonly SettingsDifference[] }): ReactNode {
  if (of.length === 0) return <Text color="color.text.subtle">{t.same}</Text>;
  return <DynamicTable label={t.differences} head={head} rows={of.map(row)} />;
}

const head = {
  cells: [
    { key: 'path', content: t.columns.path, width: 34 },
    { key: 'before', content: t.columns.before, width: 33 },
    { key: 'after', content: t.columns.after, width: 33 },
  ],
};

const row = ({ path, before, after }: SettingsDifference) => ({
  key: path,
  cells: [
    { key: 'path', content: <Text>{path}</Text> },
    { key: 'before', content: <Value of={before} /> },
    { key: 'after', content: <Value of={after} /> },
  ],
});

// Stands in table cells, where @forge/react calls it as a function: it uses no hooks.
function Value({ of }: { readonly of: unknown }): ReactNode {
  if (of === null || of === undefined) return <Text color="color.text.subtle">{t.nothing}</Text>;
  return <Text maxLines={6}>{inWords(of)}</Text>;
}

/** `Done = Closed, To Do = New` for pairs, all else as it is written in a profile file. */
function inWords(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? t.nothing : value.map(inWords).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  const [jira, azure] = [entries.find(([key]) => key === 'jira'), entries.find(([key]) => key === 'azure')];
  if (entries.length === 2 && jira && azure && [jira, azure].every(([, part]) => typeof part === 'string')) {
    return `${jira[1]} = ${azure[1]}`;
  }
  return entries.map(([key, part]) => `${key}: ${inWords(part)}`).join(', ');
}
