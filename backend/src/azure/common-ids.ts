// Where a profile's filter and a range of days are asked apart: the ids that both answers hold, page by page. Pure.

export interface CommonIds {
  readonly ids: readonly number[];
  /** After this id the next page begins; none where this was the last. */
  readonly next?: number;
}

/** The ids that are in every list; each is ascending, and full when it has `top` ids: then it may go on. */
export function commonIds(lists: readonly (readonly number[])[], top: number): CommonIds {
  const ends = lists.flatMap((list) => (list.length < top ? [] : (list.at(-1) ?? [])));
  const end = Math.min(...ends);
  const [first = [], ...others] = lists;
  const rest = others.map((list) => new Set(list));
  const ids = first.filter((id) => id <= end && rest.every((list) => list.has(id)));
  return end === Number.POSITIVE_INFINITY ? { ids } : { ids, next: end };
}
