// How sure a suggestion is, as a lozenge. Pure.

import type { SuggestionReason } from '../../contract.ts';
import { texts } from '../../texts.ts';

const appearances = { high: 'success', medium: 'inprogress', low: 'moved' } as const;

export const confidenceLozenge = ({ confidence }: SuggestionReason) => ({
  text: texts.editor.confidence[confidence],
  appearance: appearances[confidence],
});
