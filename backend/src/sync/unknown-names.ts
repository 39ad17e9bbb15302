// What an item names on its side that the stored catalogs know nothing of on the other: sprints, versions, components and
// nodes come and go, so that a catalog may be older than they are.

import { foldName } from './catalog.ts';
import { elementsOf } from './kinds.ts';
import { mapElement } from './mapping.ts';
import { type ItemSnapshot, otherSide } from './model.ts';
import { isCreatable } from './planning.ts';
import { allowsTo, type FieldRule, valueOn } from './rules.ts';

/** Each as a key of the field and the folded name. `missing`: the profile lets them be made. */
export function unknownNames(
  rules: readonly FieldRule[],
  item: ItemSnapshot,
): readonly { readonly key: string; readonly missing: boolean }[] {
  const target = otherSide(item.side);
  return rules
    .filter((rule) => isCreatable(rule.schema[target].field) && allowsTo(rule.direction, target))
    .flatMap((rule) => {
      const value = valueOn(rule, item);
      if (value === 'unavailable' || value === null) return [];
      return elementsOf(value).flatMap((element) => {
        const mapped = mapElement(rule, item.side, element);
        if (mapped.kind === 'value' && mapped.option.missing !== true) return [];
        return [{ key: `${rule.id} ${target} ${foldName(element.name)}`, missing: mapped.kind === 'value' }];
      });
    });
}
