// A previewed item as people read it, line by line. No I/O.

import { showPlan } from '../sync/diff.ts';
import { describeError, type SyncError } from '../sync/errors.ts';
import type { PreviewEntry } from './preview-all.ts';
import { childrenPlan, leftWords } from './preview-count.ts';

export const titleOf = ({ ids, keys }: PreviewEntry): string =>
  [keys.jira ?? ids.jira, keys.azure ?? ids.azure].filter((name) => name !== null && name !== undefined).join(' ↔ ');

export function linesOf({ action }: PreviewEntry): readonly string[] {
  if (action.kind === 'left') return [`left alone: ${leftWords[action.reason]}`];
  if (action.kind === 'unreadable') return [errorWords(action.error)];
  const shown = [showPlan(action.plan), showPlan(childrenPlan(action))].filter((text) => text !== '');
  const names = action.waitsFor.map(({ name }) => name);
  const lines = [
    ...(action.pairs ? ['both exist already: they are paired'] : []),
    ...shown.flatMap((text) => text.split('\n').map((line) => line.replace(/^ {2}/, ''))),
    ...(names.length > 0
      ? [`waits for a counterpart of ${names.join(', ')}: what links to it or names it follows`]
      : []),
  ];
  return lines.length === 0 ? ['nothing to write'] : lines;
}

function errorWords(error: SyncError): string {
  const { cause, remedy } = describeError(error);
  return `! ${error.code}: ${cause} ${remedy}`;
}
