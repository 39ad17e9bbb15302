// All problems of the settings in one place beside the button that they block, each with where it stands.

import { List, ListItem, SectionMessage } from '@forge/react';
import type { ReactNode } from 'react';
import type { ProfileSettings, SettingsProblem } from '../../contract.ts';
import { texts } from '../../texts.ts';
import { isError } from './draft.ts';

interface ProblemListProps {
  readonly problems: readonly SettingsProblem[];
  readonly settings: ProfileSettings;
}

const t = texts.editor;

export function ProblemList({ problems, settings }: ProblemListProps): ReactNode {
  const errors = problems.filter(isError);
  const shown = errors.length > 0 ? errors : problems;
  if (shown.length === 0) return null;
  return (
    <SectionMessage
      appearance={errors.length > 0 ? 'error' : 'warning'}
      title={errors.length > 0 ? t.invalid(errors.length) : t.warnings(shown.length)}
    >
      <List type="unordered">
        {shown.map(({ path, message }) => (
          <ListItem key={`${path} ${message}`}>{`${placeOf(path, settings)}${message}`}</ListItem>
        ))}
      </List>
    </SectionMessage>
  );
}

/** `fields.3.azure` as the field's name on the page. */
function placeOf(path: string, settings: ProfileSettings): string {
  const [section, index] = path.split('.');
  const row = section === 'types' || section === 'fields' ? settings[section][Number(index)] : undefined;
  if (row === undefined) return '';
  const name = [row.jira, row.azure].filter((half) => half !== '').join(' ↔ ');
  const heading = section === 'types' ? t.sections.types : t.sections.fields;
  return name === '' ? `${heading}, ${Number(index) + 1}: ` : `${heading}, ${name}: `;
}
