// The settings of a profile while they are edited, with all that its sections need; held against the live schemas on demand.

import { useState } from 'react';
import type { Catalogs, ProfileSettings, SettingsProblem, Suggestion, SuggestionReason } from '../../contract.ts';
import type { Action } from '../../ui/use-action.ts';
import { type Loaded, useLoad } from '../../ui/use-load.ts';
import { callAdmin } from '../call.ts';
import { isError } from './draft.ts';
import type { Reasons, SectionProps } from './section-props.ts';
import { useDraft } from './use-draft.ts';

interface EditorInput {
  readonly connectionId: string;
  readonly settings: ProfileSettings;
  /** Why it was suggested so. */
  readonly reasons: Suggestion['reasons'];
  /** Known already. */
  readonly problems: readonly SettingsProblem[];
}

export interface Editor {
  readonly settings: ProfileSettings;
  readonly problems: readonly SettingsProblem[];
  readonly section: SectionProps;
  readonly catalogs: Loaded<Catalogs>;
  /** The first error, asking the backend when the page itself finds none; `unknown` when it could not be asked. */
  readonly check: (action: Action) => Promise<SettingsProblem | 'unknown' | null>;
}

export function useEditor({ connectionId, settings: given, reasons, problems: known }: EditorInput): Editor {
  const { draft, settings, problems, section, check } = useDraft(given, known);
  const { jira, azure } = settings;
  const input = { jiraProject: jira.project, azureConnectionId: connectionId, azureProject: azure.project };
  const catalogs = useLoad('catalogs', () => callAdmin('catalogs', { input }));
  const [byRow] = useState(() => reasonsOf(given, reasons));
  return {
    settings,
    problems,
    catalogs,
    section: { connectionId, draft, catalogs: catalogs.value, reasons: byRow, problems, ...section },
    async check(action) {
      const own = check().find(isError);
      if (own) return own;
      const profile = { azureConnectionId: connectionId, settings };
      const checked = await action.run('check', () => callAdmin('validate', { profile }));
      if (checked === null) return 'unknown';
      return check(checked.value.problems).find(isError) ?? null;
    },
  };
}

function reasonsOf({ types, fields }: ProfileSettings, reasons: Suggestion['reasons']): Reasons {
  const byPath = new Map(reasons.map((reason) => [reason.path, reason]));
  const of = <T>(name: string, rows: readonly T[]): ReadonlyMap<T, SuggestionReason> =>
    new Map(
      rows.flatMap((row, index) => {
        const reason = byPath.get(`${name}.${index}`);
        return reason === undefined ? [] : [[row, reason] as const];
      }),
    );
  return { types: of('types', types), fields: of('fields', fields) };
}
