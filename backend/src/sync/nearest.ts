// Suggests what somebody may have meant by a name that does not exist.

/** The closest candidates, up to three that are equally close; none when nothing is near. */
export function nearest(name: string, candidates: readonly string[]): readonly string[] {
  const wanted = fold(name);
  const scored = [...new Set(candidates)]
    .map((candidate) => ({ candidate, distance: distanceTo(wanted, fold(candidate)) }))
    .filter(
      ({ candidate, distance }) => distance <= Math.max(2, Math.floor(Math.max(wanted.length, candidate.length) / 3)),
    );
  scored.sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1));
  const closest = scored.filter(({ distance }) => distance === scored[0]?.distance);
  return closest.slice(0, 3).map(({ candidate }) => candidate);
}

const fold = (name: string) =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, '');

/** Levenshtein distance; a name that holds the other counts as near. */
function distanceTo(a: string, b: string): number {
  if (a.length > 2 && b.length > 2 && (a.includes(b) || b.includes(a))) return 1;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
