// Cuts a service hook's payload to hints: which item, which part of it, which version. Content is looked at for names of
// fields only and goes no further.

import { z } from 'zod';
import type { Hint } from '../reconcile/ports.ts';
import type { Aspect, Version } from '../sync/model.ts';
import { attachedFile, linkedId, relationIdentity } from './relations.ts';
import { commentVersionRefSchema, relationSchema } from './wire.ts';

const relationChangesSchema = z.object({
  added: z.array(relationSchema).nullish(),
  removed: z.array(relationSchema).nullish(),
  updated: z.array(relationSchema).nullish(),
});

const resourceSchema = z.object({
  /** The work item; with `workitem.updated` the number of the update. */
  id: z.number().optional(),
  workItemId: z.number().optional(),
  rev: z.number().optional(),
  url: z.string().optional(),
  fields: z.record(z.string(), z.unknown()).nullish(),
  relations: z.unknown().optional(),
  commentVersionRef: commentVersionRefSchema.nullish(),
  revision: z
    .object({
      id: z.number().optional(),
      rev: z.number().optional(),
      commentVersionRef: commentVersionRefSchema.nullish(),
    })
    .nullish(),
});
type Resource = z.infer<typeof resourceSchema>;

const payloadSchema = z.object({
  eventType: z.string(),
  resource: resourceSchema.nullish(),
  resourceContainers: z.object({ project: z.object({ id: z.string() }).nullish() }).nullish(),
});

export type HookEvent =
  | { readonly kind: 'hints'; readonly hints: readonly Hint[]; readonly projectId?: string }
  /** Of a kind that nothing listens to. */
  | { readonly kind: 'ignored' }
  /** Not a payload of the documented form; `detail` names the place and no value. */
  | { readonly kind: 'invalid'; readonly detail: string };

/**
 * Reads payloads of resource version 1.0 and later, complete or reduced: of a reduced one (`resourceDetailsToSend: minimal`
 * keeps `id`, `url` and `workItemId`) only the item is known, so its hint always leads to a read.
 */
export function readHookEvent(payload: unknown): HookEvent {
  const parsed = payloadSchema.safeParse(payload);
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path.map(String).join('.') || 'the body';
    return { kind: 'invalid', detail: `${path} is not of the documented form` };
  }
  const { eventType, resource, resourceContainers } = parsed.data;
  if (!handled.has(eventType)) return { kind: 'ignored' };
  const itemId = resource == null ? undefined : itemOf(eventType, resource);
  if (resource == null || itemId === undefined) return { kind: 'invalid', detail: 'resource names no work item' };
  const projectId = resourceContainers?.project?.id;
  const hints = hintsOf(eventType, resource).map((hint): Hint => ({ side: 'azure', itemId, ...hint }));
  return { kind: 'hints', hints, ...(projectId === undefined ? {} : { projectId }) };
}

export const hookEvents = [
  'workitem.created',
  'workitem.updated',
  'workitem.deleted',
  'workitem.restored',
  'workitem.commented',
] as const;

const handled: ReadonlySet<string> = new Set(hookEvents);

/** `workitem.updated` has the item in `workItemId`, in its revision, or in its address; the others in `id`. */
function itemOf(eventType: string, resource: Resource): string | undefined {
  const id =
    eventType === 'workitem.updated'
      ? resource.workItemId || resource.revision?.id || fromUrl(resource.url)
      : (resource.id ?? resource.workItemId ?? fromUrl(resource.url));
  return id === undefined || id === 0 || !Number.isSafeInteger(id) ? undefined : String(id);
}

function fromUrl(url: string | undefined): number | undefined {
  const digits = /\/workItems\/(\d{1,15})(?:[/?]|$)/i.exec(url ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}

type Cut = Pick<Hint, 'aspect' | 'version' | 'childId'>;

function hintsOf(eventType: string, resource: Resource): readonly Cut[] {
  switch (eventType) {
    case 'workitem.deleted':
      return [{ aspect: 'deleted' }];
    case 'workitem.restored':
      return [{ aspect: 'any' }];
    case 'workitem.commented':
      return [commentHint(resource)];
    case 'workitem.created':
      return resource.rev === undefined ? [{ aspect: 'any' }] : [{ aspect: 'fields', version: { seq: resource.rev } }];
    default:
      return updateHints(resource);
  }
}

function commentHint(resource: Resource): Cut {
  const ref = resource.commentVersionRef ?? resource.revision?.commentVersionRef;
  if (ref == null) return { aspect: 'comments' };
  return {
    aspect: 'comments',
    childId: String(ref.commentId),
    ...(ref.version === undefined ? {} : { version: { seq: ref.version } }),
  };
}

/** What every revision changes, whatever was edited. */
const bookkeeping =
  /^System\.(Rev|ChangedDate|ChangedBy|AuthorizedDate|AuthorizedAs|RevisedDate|PersonId|Watermark|CommentCount|History|Parent|(AttachedFile|HyperLink|ExternalLink|RelatedLink|RemoteLink)Count)$/;

/**
 * A link between work items may come without a new revision, so the revision says nothing of it: it is told by type and
 * target, which is there (`+`) or gone (`-`). Hyperlinks and the like are named by what people wrote, and have the revision.
 */
function linkHints(changed: z.infer<typeof relationChangesSchema>, version: Version | undefined): readonly Cut[] {
  const named = (sign: '+' | '-', relations: readonly { readonly rel: string; readonly url: string }[]) =>
    relations
      .filter(({ rel }) => rel !== attachedFile)
      .map((relation): Cut => {
        const target = linkedId(relation);
        if (target === undefined) return { aspect: 'links', ...(version === undefined ? {} : { version }) };
        return { aspect: 'links', childId: `${sign}${relationIdentity(relation.rel, target)}` };
      });
  const { added, removed, updated } = changed;
  const all = [...named('+', added ?? []), ...named('-', removed ?? []), ...named('+', updated ?? [])];
  return [...new Map(all.map((hint) => [hint.childId, hint])).values()];
}

function updateHints(resource: Resource): readonly Cut[] {
  const rev = resource.rev ?? resource.revision?.rev;
  const version: Version | undefined = rev === undefined ? undefined : { seq: rev };
  const names = Object.keys(resource.fields ?? {});
  const changed = relationChangesSchema.safeParse(resource.relations ?? {});
  const relations = [changed.data?.added, changed.data?.removed, changed.data?.updated].flatMap((list) => list ?? []);
  const hints: Cut[] = [];
  const add = (aspect: Aspect, more: Omit<Cut, 'aspect'> = {}) => hints.push({ aspect, ...more });

  if (names.some((name) => !bookkeeping.test(name))) add('fields', version === undefined ? {} : { version });
  // A new comment also comes as `workitem.commented`, which tells its version.
  const commented = names.includes('System.History') || names.includes('System.CommentCount');
  if (resource.commentVersionRef ?? resource.revision?.commentVersionRef) hints.push(commentHint(resource));
  if (relations.some((relation) => relation.rel === attachedFile)) {
    add('attachments', version === undefined ? {} : { version });
  }
  for (const hint of linkHints(changed.data ?? {}, version)) hints.push(hint);
  // Neither fields nor relations: an edited comment makes such an update, without a new revision. Only a read can tell.
  return hints.length > 0 || commented ? hints : [{ aspect: 'any' }];
}
