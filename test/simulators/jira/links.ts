// Links between issues: made and removed with an entry in both ends' changelogs.
import type { Caller } from './caller.ts';
import { leaveTraces, tell } from './effects.ts';
import { notFound } from './errors.ts';
import type { ChangeItem, IssueRecord, LinkRecord } from './model.ts';
import { requirePermission } from './permissions.ts';
import { known, type LinkType } from './site.ts';
import type { World } from './world.ts';

/** Source "blocks" destination. Making a link that exists already changes nothing and fails nowhere. */
export function createLink(
  world: World,
  caller: Caller,
  typeId: string,
  sourceId: number,
  destinationId: number,
): void {
  const { store } = world;
  const source = store.issues.get(sourceId);
  const destination = store.issues.get(destinationId);
  if (source === undefined || destination === undefined)
    throw notFound('Issue does not exist or you do not have permission to see it.');
  requirePermission(world, caller, 'LINK_ISSUES', source);
  requirePermission(world, caller, 'LINK_ISSUES', destination);
  const same = (link: LinkRecord): boolean =>
    link.typeId === typeId && link.sourceId === sourceId && link.destinationId === destinationId;
  if (store.linksOf(sourceId).some(same)) return;
  const link: LinkRecord = { id: store.nextId('link'), typeId, sourceId, destinationId };
  store.addLink(link);
  traces(world, caller, 'link.create', link);
}

export function removeLink(world: World, caller: Caller, link: LinkRecord): void {
  world.store.removeLink(link);
  traces(world, caller, 'link.delete', link);
}

function traces(world: World, caller: Caller, operation: 'link.create' | 'link.delete', link: LinkRecord): void {
  const type = known(world.store.linkTypes, link.typeId);
  const ends = [
    { id: link.sourceId, other: link.destinationId, words: type.outward },
    { id: link.destinationId, other: link.sourceId, words: type.inward },
  ];
  tell(world, caller, operation, { link });
  for (const { id, other, words } of ends) {
    const issue = world.store.issues.get(id);
    const counterpart = world.store.issues.get(other);
    if (issue === undefined || counterpart === undefined) continue;
    const items = [linkItem(world, counterpart, words, operation === 'link.create')];
    const stored = leaveTraces(world, caller, operation, issue, items);
    tell(world, caller, 'issue.edit', { issue: stored, items });
  }
}

function linkItem(world: World, other: IssueRecord, words: string, added: boolean): ChangeItem {
  const key = world.store.keyOf(other);
  const side = { id: key, text: `This issue ${words} ${key}` };
  return {
    field: 'Link',
    fieldId: 'issuelinks',
    fieldtype: 'jira',
    from: added ? null : side.id,
    fromString: added ? null : side.text,
    to: added ? side.id : null,
    toString: added ? side.text : null,
  };
}

export function findLinkType(world: World, named: Readonly<Record<string, unknown>>): LinkType {
  const found = [...world.store.linkTypes.values()].find(({ id, name }) =>
    named.id === undefined ? name === named.name : id === String(named.id),
  );
  if (found === undefined) {
    const words = named.id === undefined ? `name '${String(named.name ?? null)}'` : `id '${String(named.id)}'`;
    throw notFound(`No issue link type with ${words} found.`);
  }
  return found;
}
