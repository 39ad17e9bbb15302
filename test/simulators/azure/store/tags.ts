// The project's tags: made by use, renamed and deleted as a whole.
import { dateText } from './clock-text.ts';
import { guidOf } from './ids.ts';
import { type FieldValue, latest, type Tag, type World } from './model.ts';
import { splitTags } from './values.ts';

export function noteTags(world: World, tags: FieldValue | undefined, at: number): void {
  for (const name of splitTags(tags)) {
    const key = name.toLowerCase();
    if (!world.tags.has(key)) world.tags.set(key, { id: guidOf(`tag:${key}`), name, lastUpdated: at });
  }
}

export function findTag(world: World, idOrName: string): Tag | undefined {
  const wanted = idOrName.toLowerCase();
  return world.tags.get(wanted) ?? [...world.tags.values()].find((tag) => tag.id === wanted);
}

/** `undefined` removes the tag everywhere. Items show the change at once and keep their revision. */
export function renameTag(world: World, tag: Tag, name: string | undefined, at: number): void {
  world.tags.delete(tag.name.toLowerCase());
  for (const item of world.items.values()) {
    const revision = latest(item);
    const names = splitTags(revision.fields['System.Tags']);
    if (!names.some((one) => one.toLowerCase() === tag.name.toLowerCase())) continue;
    const renamed = names.flatMap((one) => {
      if (one.toLowerCase() !== tag.name.toLowerCase()) return [one];
      return name === undefined ? [] : [name];
    });
    const { 'System.Tags': _old, ...fields } = revision.fields;
    item.revisions[item.revisions.length - 1] = {
      ...revision,
      fields: renamed.length === 0 ? fields : { ...fields, 'System.Tags': renamed.join('; ') },
    };
  }
  if (name === undefined) return;
  tag.name = name;
  tag.lastUpdated = at;
  world.tags.set(name.toLowerCase(), tag);
}

export const tagJson = (tag: Tag, base: string): unknown => ({
  id: tag.id,
  name: tag.name,
  lastUpdated: dateText(tag.lastUpdated),
  url: `${base}/_apis/wit/tags/${tag.id}`,
});
