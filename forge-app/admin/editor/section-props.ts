// What each section of a profile's editor gets. Types only.

import type { Catalogs, FieldMapping, SettingsProblem, SuggestionReason, TypeMapping } from '../../contract.ts';
import type { Draft, Place, Said } from './draft.ts';

/** Of rows that are as they were suggested: one that was changed has no reason any more. */
export interface Reasons {
  readonly types: ReadonlyMap<TypeMapping, SuggestionReason>;
  readonly fields: ReadonlyMap<FieldMapping, SuggestionReason>;
}

export interface SectionProps {
  readonly connectionId: string;
  readonly draft: Draft;
  readonly change: (change: (draft: Draft) => Draft) => void;
  readonly remove: (rows: 'types' | 'fields', key: number) => void;
  readonly catalogs: Catalogs | null;
  readonly reasons: Reasons;
  readonly problems: readonly SettingsProblem[];
  /** What to say at a path of the settings, such as `fields.3.azure`. */
  readonly said: (path: string) => Said;
  /** Lines that can't be read as yet; null when they can. */
  readonly misread: (place: Place, message: string | null) => void;
}
