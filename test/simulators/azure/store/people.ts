// Finding people by what a client may write for them, and what each may do.
import { areaWriteDenied, permissionNeeded, workItemNotFound } from '../errors.ts';
import type { Permission, Person, Rights, WorkItem, World } from './model.ts';
import { latest } from './model.ts';

export type Resolution =
  | { readonly kind: 'found'; readonly person: Person }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'ambiguous' };

/** Takes `Display <mail>`, a unique name, a descriptor, an id, or a display name that only one person has. */
export function resolvePerson(world: World, text: string): Resolution {
  const wanted = text.trim();
  const bracketed = /<([^<>]+)>\s*$/.exec(wanted)?.[1];
  const exact = (bracketed ?? wanted).toLowerCase();
  const everyone = [...world.people.values()];
  const person = everyone.find(
    (one) =>
      one.uniqueName.toLowerCase() === exact ||
      one.id.toLowerCase() === exact ||
      one.descriptor.toLowerCase() === exact,
  );
  if (person !== undefined) return { kind: 'found', person };
  if (bracketed !== undefined) return { kind: 'unknown' };
  const named = everyone.filter((one) => one.displayName.toLowerCase() === exact);
  const [only] = named;
  if (only === undefined) return { kind: 'unknown' };
  return named.length === 1 ? { kind: 'found', person: only } : { kind: 'ambiguous' };
}

export function personById(world: World, id: string): Person {
  const person = world.people.get(id);
  if (person === undefined) throw new Error(`nobody has the id ${id}`);
  return person;
}

export function rightsOf(world: World, personId: string): Rights {
  let rights = world.rights.get(personId);
  if (rights === undefined) {
    rights = { permissions: new Set(), deniedRead: new Set(), deniedWrite: new Set(), deniedItems: new Set() };
    world.rights.set(personId, rights);
  }
  return rights;
}

const covers = (denied: ReadonlySet<string>, areaPath: string): boolean => {
  if (denied.size === 0) return false;
  const path = areaPath.toLowerCase();
  for (const area of denied) if (path === area || path.startsWith(`${area}\\`)) return true;
  return false;
};

export const mayReadArea = (world: World, personId: string, areaPath: string): boolean =>
  !covers(rightsOf(world, personId).deniedRead, areaPath);

export function mayRead(world: World, personId: string, item: WorkItem): boolean {
  const rights = rightsOf(world, personId);
  if (rights.deniedItems.has(item.id)) return false;
  return !covers(rights.deniedRead, String(latest(item).fields['System.AreaPath'] ?? ''));
}

/** The item, or the 404 that the service gives for missing, deleted and hidden ones alike. */
export function readable(world: World, personId: string, id: number): WorkItem {
  const item = world.items.get(id);
  if (item === undefined || item.deleted !== undefined || !mayRead(world, personId, item)) throw workItemNotFound(id);
  return item;
}

export function demandAreaWrite(world: World, personId: string, areaPath: string): void {
  const rights = rightsOf(world, personId);
  if (covers(rights.deniedRead, areaPath) || covers(rights.deniedWrite, areaPath)) throw areaWriteDenied();
}

const PERMISSION_NAMES: Readonly<Record<Permission, string>> = {
  bypassRules: 'Bypass rules on work item updates',
  suppressNotifications: 'Suppress notifications for work item updates',
  deleteWorkItems: 'Delete and restore work items',
  destroyWorkItems: 'Permanently delete work items',
  editProcess: 'Edit process',
  editNodes: 'Edit this node',
  editSubscriptions: 'Edit subscription',
  editAnyComment: 'Edit work items in this node',
};

export function demand(world: World, personId: string, permission: Permission): void {
  if (rightsOf(world, personId).permissions.has(permission)) return;
  throw permissionNeeded(personById(world, personId).displayName, PERMISSION_NAMES[permission]);
}
