// Hints of single attachments, judged by what the store knows, before any side is read: the events of our own copies and
// deletions end here.

import { otherSide } from '../sync/model.ts';
import type { ProfileContext } from './context.ts';
import type { Hint, Pair } from './ports.ts';

/** The hints that this pair has to look at. `+`: the file is there; `-`: it is gone. */
export async function ownFileHints(
  { deps, scope }: ProfileContext,
  pair: Pair,
  hints: readonly Hint[],
): Promise<readonly Hint[]> {
  const told = (hint: Hint) => {
    const [, sign, id] = /^([+-])(.+)$/.exec(hint.childId ?? '') ?? [];
    return hint.aspect !== 'attachments' || id === undefined ? undefined : { side: hint.side, id, sign };
  };
  const names = hints.flatMap((hint) => told(hint) ?? []);
  if (names.length === 0) return hints;
  const records = await deps.state.findChildren(scope, pair.id, 'attachment', names);
  return hints.filter((hint) => {
    const file = told(hint);
    if (file === undefined) return true;
    const record = records.find(({ source, sourceId, targetId }) =>
      source === file.side ? sourceId === file.id : targetId === file.id && otherSide(source) === file.side,
    );
    const isWhole = record?.targetId !== undefined;
    return file.sign === '+' ? !isWhole : record !== undefined;
  });
}
