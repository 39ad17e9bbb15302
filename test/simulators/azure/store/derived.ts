// Fields that follow from others: tree levels, counts, the parent. Worked out when a revision is made or shown.
import type { Fields, FieldValue, Project, Relation, Revision, WorkItem, World } from './model.ts';
import { latest } from './model.ts';
import { levelsOf, nodeByPath } from './tree.ts';

/** Area and iteration ids, node name and levels, of the paths in `fields`. */
export function treeFields(project: Project, fields: Fields): Record<string, FieldValue> {
  const derived: Record<string, FieldValue> = {};
  for (const [kind, name] of [
    ['area', 'Area'],
    ['iteration', 'Iteration'],
  ] as const) {
    const node = nodeByPath(project, kind, String(fields[`System.${name}Path`] ?? ''));
    if (node === undefined) continue;
    derived[`System.${name}Id`] = node.id;
    if (kind === 'area') derived['System.NodeName'] = node.name;
    levelsOf(node)
      .slice(0, 3)
      .forEach((level, index) => {
        derived[`System.${name}Level${index + 1}`] = level;
      });
  }
  return derived;
}

const PARENT = 'System.LinkTypes.Hierarchy-Reverse';

/** Links to items in the recycle bin do not show. */
export function visibleRelations(world: World, relations: readonly Relation[]): readonly Relation[] {
  if (relations.length === 0) return relations;
  const shown = relations.filter(
    ({ target }) => target === undefined || (world.items.has(target) && world.items.get(target)?.deleted === undefined),
  );
  return shown.length === relations.length ? relations : shown;
}

export function linkFields(relations: readonly Relation[]): Record<string, FieldValue> {
  const count = (of: (relation: Relation) => boolean): number => relations.filter(of).length;
  const parent = relations.find((relation) => relation.rel === PARENT)?.target;
  return {
    ...(parent === undefined ? {} : { 'System.Parent': parent }),
    'System.AttachedFileCount': count((one) => one.rel === 'AttachedFile'),
    'System.HyperLinkCount': count((one) => one.rel === 'Hyperlink'),
    'System.ExternalLinkCount': count((one) => one.rel === 'ArtifactLink'),
    'System.RelatedLinkCount': count((one) => one.target !== undefined),
  };
}

/** All fields of a revision, the derived ones included. */
export function allFields(world: World, item: WorkItem, revision: Revision): Record<string, FieldValue> {
  const isLatest = revision === latest(item);
  const comments = isLatest
    ? item.comments.filter((comment) => comment.versions.at(-1)?.isDeleted === false).length
    : item.comments.filter((comment) => comment.createdInRevision <= revision.rev).length;
  return {
    ...revision.fields,
    ...linkFields(visibleRelations(world, revision.relations)),
    'System.CommentCount': comments,
  };
}
