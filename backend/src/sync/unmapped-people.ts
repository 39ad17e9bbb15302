// The people of an item who have no counterpart on the other side, and where it names them: what an admin maps.

import type { CommentSnapshot, ItemSnapshot, UserRef } from './model.ts';
import { otherSide } from './model.ts';
import { counterpartOf, type PeopleIndex } from './people.ts';
import type { RichText } from './rich-text.ts';
import { mentionsIn } from './richtext/mentions.ts';
import { allowsTo, type FieldRule, valueOn } from './rules.ts';

/** What `seenIn` calls a text, whichever field or comment it is. */
export const mentionPlace = 'mention';

export interface SeenPerson extends UserRef {
  /** Native ids of fields; `mentionPlace` for texts. */
  readonly seenIn: readonly string[];
}

/**
 * In fields: who has no counterpart, or none that may be chosen. In texts that travel: who has none, since the name of a
 * closed account can be mentioned all the same. `known` are the people of the item's side.
 */
export function unmappedPeople(
  rules: readonly FieldRule[],
  item: ItemSnapshot,
  comments: readonly CommentSnapshot[],
  people: PeopleIndex,
  known: readonly UserRef[],
): readonly SeenPerson[] {
  const target = otherSide(item.side);
  const found = new Map<string, SeenPerson>();
  const add = (user: UserRef, place: string) => {
    const seenIn = found.get(user.id)?.seenIn ?? [];
    if (!seenIn.includes(place)) found.set(user.id, { ...user, seenIn: [...seenIn, place] });
  };
  const texts: RichText[] = comments.map(({ body }) => body);
  for (const rule of rules) {
    const value = valueOn(rule, item);
    if (value === 'unavailable' || value === null || !allowsTo(rule.direction, target)) continue;
    if (value.kind === 'richText') texts.push(value);
    if (value.kind !== 'user') continue;
    const other = counterpartOf(people, target, value.user);
    if (other === undefined || other.active === false) add(value.user, rule.field[item.side]);
  }
  for (const person of new Map(texts.flatMap(mentionsIn).map((one) => [one.id, one])).values()) {
    if (counterpartOf(people, target, person) !== undefined) continue;
    add(known.find(({ id, mentionId }) => person.id === (mentionId ?? id)) ?? person, mentionPlace);
  }
  return [...found.values()];
}
