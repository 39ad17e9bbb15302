// Relations of a save: which kinds there are, what is refused (duplicates, cycles, a second parent), and the far ends.

import { type RelationType, relationType } from '../data/relations.ts';
import { fieldInvalid, invalidArgument, linkInvalid, relationExists, workItemNotFound } from '../errors.ts';
import { dateText, FAR_FUTURE } from './clock-text.ts';
import { latest, type Relation, type RelationChanges, type WorkItem, type World } from './model.ts';
import type { RelationInput, WorkingRelation } from './patch.ts';
import { readable } from './people.ts';

/** After https://learn.microsoft.com/azure/devops/organizations/settings/work/object-limits */
export interface LinkLimits {
  readonly linksPerItem: number;
  readonly attachmentsPerItem: number;
}

export const LINK_LIMITS: LinkLimits = { linksPerItem: 1000, attachmentsPerItem: 100 };

export interface LinkContext {
  readonly world: World;
  readonly personId: string;
  /** 0 for an item that does not exist yet. */
  readonly itemId: number;
  readonly at: number;
  readonly limits: LinkLimits;
  /** Negative ids of a batch to the items made for them. */
  readonly temporaryIds: ReadonlyMap<number, number>;
}

export function applyRelations(
  context: LinkContext,
  before: readonly Relation[],
  working: readonly WorkingRelation[],
): { readonly relations: readonly Relation[]; readonly changes: RelationChanges } {
  const kept = new Set(working.flatMap((entry) => (entry.kind === 'existing' ? [entry.relation] : [])));
  const removed = before.filter((relation) => !kept.has(relation));
  const relations: Relation[] = [];
  const added: Relation[] = [];
  const updated: Relation[] = [];
  for (const entry of working) {
    if (entry.kind === 'existing') {
      const changed = entry.attributes !== entry.relation.attributes;
      const relation = changed ? { ...entry.relation, attributes: { ...entry.attributes } } : entry.relation;
      if (changed) updated.push(relation);
      relations.push(relation);
    } else {
      const relation = newRelation(context, entry.input, relations);
      relations.push(relation);
      added.push(relation);
    }
  }
  demandLimits(relations, context.limits);
  return { relations, changes: { added, removed, updated } };
}

function demandLimits(relations: readonly Relation[], limits: LinkLimits): void {
  const attachments = relations.filter((relation) => relation.rel === 'AttachedFile').length;
  if (attachments > limits.attachmentsPerItem) {
    throw fieldInvalid(`TF237124: A work item can have at most ${limits.attachmentsPerItem} attachments.`);
  }
  if (relations.length - attachments > limits.linksPerItem) {
    throw fieldInvalid(`VS403310: A work item can have at most ${limits.linksPerItem} links.`);
  }
}

const WORK_ITEM_URL = /\/_apis\/wit\/workitems\/(\d+)\/?$/i;
const ATTACHMENT_URL = /\/_apis\/wit\/attachments\/([0-9a-f-]{36})(?:[/?].*)?$/i;

function newRelation(context: LinkContext, input: RelationInput, existing: readonly Relation[]): Relation {
  const type = relationType(input.rel);
  if (type === undefined) throw invalidArgument(`Unrecognized relation type ${input.rel}.`);
  const comment = input.attributes.comment;
  if (comment !== undefined && comment !== null && typeof comment !== 'string') {
    throw invalidArgument('The comment of a relation must be a string.');
  }
  if (typeof comment === 'string' && comment.length > 255) {
    throw invalidArgument('The comment of a relation can have at most 255 characters.');
  }
  return type.topology === 'resource'
    ? resourceRelation(context, type, input, existing)
    : workItemLink(context, type, input, existing);
}

function resourceRelation(
  { world, at }: LinkContext,
  type: RelationType,
  input: RelationInput,
  existing: readonly Relation[],
): Relation {
  const { rel, url, attributes } = resolveResource(world, type, input);
  if (existing.some((one) => one.rel === rel && one.url?.toLowerCase() === url.toLowerCase())) throw relationExists();
  world.counters.relation += 1;
  const when = dateText(at);
  return {
    rel,
    url,
    attributes: {
      authorizedDate: when,
      id: world.counters.relation,
      resourceCreatedDate: when,
      resourceModifiedDate: when,
      revisedDate: FAR_FUTURE,
      ...attributes,
    },
  };
}

function resolveResource(world: World, type: RelationType, input: RelationInput): RelationInput {
  const comment = input.attributes.comment;
  const said = typeof comment === 'string' ? { comment } : {};
  const name = input.attributes.name;
  const named = typeof name === 'string' ? { name } : {};
  switch (type.referenceName) {
    case 'AttachedFile': {
      const attachment = world.attachments.get(ATTACHMENT_URL.exec(input.url)?.[1]?.toLowerCase() ?? '');
      if (attachment === undefined || attachment.content.size < attachment.total) {
        throw fieldInvalid('TF237095: The attachment that the relation names does not exist or is not complete.', 404);
      }
      return {
        rel: type.referenceName,
        url: input.url.replace(/\?.*$/, ''),
        attributes: { resourceSize: attachment.content.size, ...said, name: attachment.fileName, ...named },
      };
    }
    case 'Hyperlink':
      if (!URL.canParse(input.url) || input.url.length > 2083) {
        throw invalidArgument('The url of a Hyperlink relation must be an absolute URL of at most 2083 characters.');
      }
      return { rel: type.referenceName, url: input.url, attributes: said };
    default:
      if (!input.url.toLowerCase().startsWith('vstfs:///')) {
        throw invalidArgument('The url of an ArtifactLink relation must begin with vstfs:///.');
      }
      return { rel: type.referenceName, url: input.url, attributes: { ...said, ...named } };
  }
}

function workItemLink(
  context: LinkContext,
  type: RelationType,
  input: RelationInput,
  existing: readonly Relation[],
): Relation {
  const target = targetOf(context, input.url);
  if (target === context.itemId) throw linkInvalid('TF237093: A work item cannot be linked to itself.', 600271);
  if (existing.some((one) => one.rel === type.referenceName && one.target === target)) throw relationExists();
  const there = readable(context.world, context.personId, target);
  demandSingleParent(context, type, existing, there);
  demandNoCycle(context, type, target);
  const comment = input.attributes.comment;
  return {
    rel: type.referenceName,
    target,
    attributes: {
      isLocked: false,
      ...(typeof comment === 'string' && comment !== '' ? { comment } : {}),
      name: type.name,
    },
  };
}

function targetOf(context: LinkContext, url: string): number {
  const id = /^-?\d+$/.test(url) ? Number(url) : Number(/\/(-\d+)$/.exec(url)?.[1] ?? WORK_ITEM_URL.exec(url)?.[1]);
  if (id < 0) {
    const made = context.temporaryIds.get(id);
    if (made === undefined) throw workItemNotFound(id);
    return made;
  }
  if (!Number.isSafeInteger(id)) throw invalidArgument(`The url ${url} does not name a work item.`);
  return id;
}

/** TF201036: of a tree, an item has one Parent (or one Duplicate Of), whichever end the link is written from. */
function demandSingleParent(
  { itemId }: LinkContext,
  type: RelationType,
  existing: readonly Relation[],
  there: WorkItem,
): void {
  const refuse = (a: number, b: number, parentName: string): never => {
    throw linkInvalid(
      `TF201036: You cannot add a ${type.name} link between work items ${a} and ${b} because a work item can have only one ${parentName} link.`,
    );
  };
  if (type.topology !== 'tree') return;
  if (type.single) {
    if (existing.some((one) => one.rel === type.referenceName)) refuse(itemId, there.id, type.name);
    return;
  }
  const opposite = type.opposite;
  if (opposite === undefined) return;
  if (latest(there).relations.some((one) => one.rel === opposite)) {
    refuse(itemId, there.id, relationType(opposite)?.name ?? opposite);
  }
}

/** TF201035: following links of the same kind from the target must not lead back here. */
function demandNoCycle({ world, itemId }: LinkContext, type: RelationType, target: number): void {
  if (type.topology === 'network' || itemId === 0) return;
  const seen = new Set<number>();
  const open = [target];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === itemId) {
      throw linkInvalid(
        `TF201035: You cannot add a ${type.name} link between work items ${itemId} and ${target} because it would create a circular relationship.`,
      );
    }
    if (seen.has(at)) continue;
    seen.add(at);
    const item = world.items.get(at);
    if (item === undefined) continue;
    for (const relation of latest(item).relations) {
      if (relation.rel === type.referenceName && relation.target !== undefined) open.push(relation.target);
    }
  }
}

/** The same link as the other item shows it. */
export function farEnd(relation: Relation, from: number): Relation {
  const type = relationType(relation.rel);
  const opposite = type?.opposite;
  if (opposite === undefined) throw new Error(`${relation.rel} has no far end`);
  return {
    rel: opposite,
    target: from,
    attributes: { ...relation.attributes, name: relationType(opposite)?.name ?? opposite },
  };
}
