// The side-neutral form of what a person can put on an issue or a work item. Adapters make it, the core reads it.
// Plain data only: no behaviour, no API shapes.

export type Side = 'jira' | 'azure';
export const sides = ['jira', 'azure'] as const satisfies readonly Side[];

export const otherSide = (side: Side): Side => (side === 'jira' ? 'azure' : 'jira');

/** One value per side. */
export type BySide<T> = { readonly [side in Side]: T };

/** What kind of thing a field holds, whatever its native type is called. */
export type FieldKind =
  | 'text'
  | 'richText'
  | 'number'
  | 'date'
  | 'dateTime'
  | 'option'
  | 'options'
  | 'user'
  | 'url'
  | 'boolean';

/** A person as a side knows them. `id` is the account id in Jira and the unique name or descriptor in Azure DevOps. */
export interface UserRef {
  readonly id: string;
  readonly name: string;
  /** Absent where the site hides it. */
  readonly email?: string;
  readonly active?: boolean;
  /** False for one whom issues of the project can't be assigned to. */
  readonly assignable?: boolean;
  /** What a mention in a text names, where it is not the id: Azure DevOps' identity GUID, in lower case. */
  readonly mentionId?: string;
}

/** One choice of a select list, a priority, a version, a label or a tag. */
export interface OptionRef {
  /** The native id, where the side has one. */
  readonly id?: string;
  readonly name: string;
  /** Of a sprint, version or iteration, where the side tells them. */
  readonly dates?: OptionDates;
  /** Not there yet: whoever writes it makes it first. */
  readonly missing?: true;
}

/** Days, `YYYY-MM-DD`, both included. */
export interface OptionDates {
  readonly start?: string;
  readonly end?: string;
}

/**
 * A field's value; `null` where a value is expected means that the field is empty.
 * `date` is `YYYY-MM-DD`; `dateTime` is ISO 8601 in UTC; rich text keeps its native form, ADF as parsed JSON.
 */
export type FieldValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'richText'; readonly format: 'adf'; readonly adf: unknown }
  | { readonly kind: 'richText'; readonly format: 'html' | 'markdown'; readonly text: string }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'date'; readonly date: string }
  | { readonly kind: 'dateTime'; readonly dateTime: string }
  | { readonly kind: 'option'; readonly option: OptionRef }
  | { readonly kind: 'options'; readonly options: readonly OptionRef[] }
  | { readonly kind: 'user'; readonly user: UserRef }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'boolean'; readonly boolean: boolean };

/** The parts of an item that have a version of their own. */
export type Aspect = 'fields' | 'comments' | 'attachments' | 'links';
export const aspects = ['fields', 'comments', 'attachments', 'links'] as const satisfies readonly Aspect[];

/**
 * How far an aspect of an item has come. Fields: `seq` is Jira's newest history id or Azure's `rev`, `at` the item's
 * `updated`/`ChangedDate` (epoch milliseconds). Comments: `seq` is Azure's comment version, `at` its modified time.
 * Attachments and links: `set` is the fingerprint of the sorted id set.
 */
export interface Version {
  readonly seq?: number;
  readonly at?: number;
  readonly set?: string;
}

export interface CommentSnapshot {
  readonly id: string;
  readonly body: FieldValue & { readonly kind: 'richText' };
  readonly author: UserRef;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: Version;
  readonly url: string;
  /** Jira's visibility or an internal comment of a service project: kept on its side unless the profile says otherwise. */
  readonly restricted: boolean;
  /** The marker that Tandem left on a comment which it made: the source comment's id and the token. */
  readonly marker?: Marker;
}

export interface AttachmentSnapshot {
  readonly id: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly mediaType?: string;
  /** The API address of the content. */
  readonly url: string;
  readonly createdAt: string;
  readonly author?: UserRef;
  /** Jira's media file id, which ADF media nodes name; absent until it was asked for. */
  readonly mediaId?: string;
  readonly marker?: Marker;
  /** Shown by a text and not among the item's attachments, as Azure's editor leaves images: `size` is not known. */
  readonly inline?: true;
}

/** What is remembered of a file that is the same on both sides, beside the two ids. */
export interface FileRecord {
  /** Jira's media id, by which texts name the file. */
  readonly mediaId?: string;
  /** Keyed fingerprint of the content as it went across. */
  readonly content?: string;
  /** Azure's file is shown by a text and is not among the attachments. */
  readonly inline?: true;
}

/** Stand for a Jira link type where the link is of another kind: an issue's parent, and a link to an address elsewhere. */
export const parentLink = 'parent';
export const webLink = 'web';

export interface LinkSnapshot {
  /** Stable within the item: Jira's link id, or Azure's relation type and target. */
  readonly id: string;
  /** Native link type: a Jira link type's name (or `parentLink`, `webLink`) or an Azure relation's reference name. */
  readonly type: string;
  readonly direction: 'outward' | 'inward';
  /** The linked item's native id, or the address of a remote link. */
  readonly target: string;
  /** Type, direction and target, all as ids: the same for a link that was removed and made again. */
  readonly identity: string;
  /** The linked issue's key, where the side tells it. */
  readonly targetKey?: string;
  /** What people call a link to an address. */
  readonly title?: string;
  /** Azure: its place among the relations of this read, by which a patch names it. */
  readonly place?: number;
}

/** What Tandem leaves on each thing that it creates, so that a lost answer never makes a second one. */
export interface Marker {
  /** `tandem1.<nonce>.<mac>`: see sync/marker.ts. */
  readonly token: string;
  readonly sourceId: string;
}

/** An item as one read of its side returned it. */
export interface ItemSnapshot {
  readonly side: Side;
  /** Issue id or work item id: what never changes. */
  readonly id: string;
  /** What people say: `TAN-12`, or the work item's number. */
  readonly key: string;
  /** The page that a person would open. */
  readonly url: string;
  readonly projectKey: string;
  /** Native type name (`Story`, `User Story`). */
  readonly type: string;
  /** Native status or state name. */
  readonly state: string;
  /** By native field id (`summary`, `customfield_10010`, `System.Title`). A field that the side does not return is absent; an empty one is `null`. */
  readonly fields: Readonly<Record<string, FieldValue | null>>;
  readonly versions: Readonly<Partial<Record<Aspect, Version>>>;
  /** Undefined when this read did not ask for them. */
  readonly comments?: readonly CommentSnapshot[];
  /** Only these ids were asked for: one that `comments` lacks is gone. Absent: `comments` are all there are. */
  readonly commentsAsked?: readonly string[];
  readonly attachments?: readonly AttachmentSnapshot[];
  readonly links?: readonly LinkSnapshot[];
  readonly createdBy?: UserRef;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** True for an issue with a security level: not synchronized unless the profile says so. */
  readonly restricted: boolean;
  /** The source's page, where the marker tells it. */
  readonly markerUrl?: string;
  readonly marker?: Marker;
  /** How many comments the item has, where a read tells without the comments (Azure's `System.CommentCount`). */
  readonly commentCount?: number;
  /** What the state may change to, where an answer told it along with the item; absent: to be asked for. */
  readonly transitions?: readonly TransitionOption[];
}

export interface TransitionOption {
  readonly id: string;
  readonly name: string;
  readonly to: string;
  /** Native ids of fields that its screen requires and that have no default. */
  readonly required: readonly string[];
  /** All fields of its screen; absent where the side has no screens. */
  readonly screen?: readonly string[];
}

/** One change of one field as the side's own history tells it. */
export interface HistoryEntry {
  /** Native field id. */
  readonly field: string;
  /** Jira's history id or Azure's `rev`. */
  readonly seq: number;
  /** Epoch milliseconds by the server's clock. */
  readonly at: number;
  readonly byId: string;
  /** Undefined where the history can't give the value back (rich text in Jira). */
  readonly from?: FieldValue | null;
  readonly to?: FieldValue | null;
}
