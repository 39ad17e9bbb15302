// What the simulated organization consists of. Plain data: how it changes is save.ts's work, how it looks outside render.ts's.
import type { Content } from '../../kernel/content.ts';
import type { FieldDefinition } from '../data/fields.ts';
import type { TypeDefinition } from '../data/types.ts';

export interface Person {
  /** A GUID, as identities have. */
  readonly id: string;
  readonly descriptor: string;
  readonly displayName: string;
  readonly uniqueName: string;
  /** IANA zone; decides what `@today` is. */
  readonly timeZone: string;
  readonly active: boolean;
}

export type Permission =
  | 'bypassRules'
  | 'suppressNotifications'
  | 'deleteWorkItems'
  | 'destroyWorkItems'
  | 'editProcess'
  | 'editNodes'
  | 'editSubscriptions'
  | 'editAnyComment';

/** What a person may do; areas are denied with all below them, written in lower case. */
export interface Rights {
  readonly permissions: Set<Permission>;
  readonly deniedRead: Set<string>;
  readonly deniedWrite: Set<string>;
  readonly deniedItems: Set<number>;
}

export interface Pat {
  readonly token: string;
  readonly personId: string;
  /** Such as `vso.work_write`; `*` is full access. */
  readonly scopes: readonly string[];
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

export interface Project {
  readonly id: string;
  name: string;
  description: string;
  readonly areas: TreeNode;
  readonly iterations: TreeNode;
  readonly teams: Team[];
  readonly properties: Map<string, unknown>;
  /** Milliseconds since the epoch. */
  updatedAt: number;
}

export interface Team {
  readonly id: string;
  name: string;
  description: string;
  readonly members: { readonly personId: string; readonly isAdmin: boolean }[];
  backlogIteration: TreeNode;
  readonly iterations: TreeNode[];
  defaultArea: TreeNode;
  workingDays: string[];
  bugsBehavior: 'off' | 'asRequirements' | 'asTasks';
}

export interface TreeNode {
  readonly id: number;
  readonly identifier: string;
  readonly kind: 'area' | 'iteration';
  name: string;
  parent: TreeNode | undefined;
  readonly children: TreeNode[];
  /** Midnight UTC, as the service writes iteration dates. */
  startDate: string | undefined;
  finishDate: string | undefined;
}

export interface IdentityValue {
  /** A Person's id. */
  readonly identity: string;
}

export type FieldValue = string | number | boolean | IdentityValue;
export type Fields = Readonly<Record<string, FieldValue>>;
export type TextFormat = 'html' | 'markdown';

export interface Relation {
  readonly rel: string;
  /** The other work item; absent for attachments, hyperlinks and artifacts. */
  readonly target?: number;
  /** Absent for links to work items, whose URL follows from the target. */
  readonly url?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface Revision {
  readonly rev: number;
  readonly at: number;
  readonly watermark: number;
  readonly fields: Fields;
  /** Replaced, without a new revision, when the other end of a link changes. */
  relations: readonly Relation[];
  readonly formats: Readonly<Record<string, TextFormat>>;
}

export interface Update {
  readonly id: number;
  readonly rev: number;
  readonly at: number;
  readonly by: string;
  readonly fields?: Readonly<Record<string, { readonly oldValue?: FieldValue; readonly newValue?: FieldValue }>>;
  readonly relations?: RelationChanges;
}

export interface RelationChanges {
  readonly added: readonly Relation[];
  readonly removed: readonly Relation[];
  readonly updated: readonly Relation[];
}

export interface CommentVersion {
  readonly version: number;
  readonly text: string;
  readonly format: TextFormat;
  readonly at: number;
  readonly by: string;
  readonly isDeleted: boolean;
}

export interface Comment {
  readonly id: number;
  readonly workItemId: number;
  readonly createdInRevision: number;
  readonly versions: CommentVersion[];
  /** Reaction to the people who gave it. */
  readonly reactions: Map<string, Set<string>>;
}

export interface WorkItem {
  readonly id: number;
  readonly revisions: Revision[];
  readonly updates: Update[];
  readonly comments: Comment[];
  deleted: { readonly at: number; readonly by: string } | undefined;
}

export interface Attachment {
  readonly id: string;
  readonly fileName: string;
  readonly createdBy: string;
  readonly at: number;
  /** Chunked uploads grow until `total` is reached. */
  content: Content;
  total: number;
}

export interface Tag {
  readonly id: string;
  name: string;
  lastUpdated: number;
}

/** A rule of the process beyond the type's own, as an administrator adds them. */
export interface ProcessRule {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** All must hold; none means always. */
  readonly when: readonly { readonly field: string; readonly value: string }[];
  readonly action: 'required' | 'readOnly';
  readonly field: string;
}

export interface FeedEntry {
  readonly watermark: number;
  readonly at: number;
  readonly itemId: number;
  readonly rev: number;
}

export interface LinkFeedEntry {
  readonly watermark: number;
  readonly at: number;
  readonly by: string;
  readonly rel: string;
  readonly source: number;
  readonly target: number;
  readonly comment: string;
  readonly isActive: boolean;
}

export interface DiscussionFeedEntry {
  readonly watermark: number;
  readonly at: number;
  readonly itemId: number;
  readonly rev: number;
  readonly comment: Comment;
}

export interface World {
  readonly organization: string;
  readonly organizationId: string;
  readonly projects: Project[];
  readonly people: Map<string, Person>;
  readonly rights: Map<string, Rights>;
  readonly pats: Map<string, Pat>;
  readonly fields: Map<string, FieldDefinition>;
  readonly types: Map<string, TypeDefinition>;
  readonly rules: ProcessRule[];
  readonly nodes: Map<number, TreeNode>;
  readonly items: Map<number, WorkItem>;
  readonly attachments: Map<string, Attachment>;
  readonly tags: Map<string, Tag>;
  readonly commentsById: Map<number, Comment>;
  readonly revisionFeed: FeedEntry[];
  readonly linkFeed: LinkFeedEntry[];
  readonly discussionFeed: DiscussionFeedEntry[];
  readonly counters: { item: number; comment: number; node: number; watermark: number; relation: number };
}

/** The latest revision; every item has one. */
export function latest(item: WorkItem): Revision {
  const revision = item.revisions.at(-1);
  if (revision === undefined) throw new Error(`work item ${item.id} has no revision`);
  return revision;
}

export const isIdentity = (value: FieldValue | undefined): value is IdentityValue => typeof value === 'object';
