// What the simulated site holds. Records are replaced, never changed, so that an older one can stand for a search index that lags.

import type { Content } from '../kernel/content.ts';

export type AccountId = string;

/** An Atlassian Document Format node; adf.ts knows which are valid. */
export interface AdfNode {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly content?: readonly AdfNode[];
  readonly marks?: readonly AdfMark[];
  readonly text?: string;
  readonly version?: number;
}

export interface AdfMark {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
}

export interface Person {
  readonly accountId: AccountId;
  readonly displayName: string;
  readonly email: string;
  /** Hidden from everyone but the person and the site's administrators, as the person's privacy settings say. */
  readonly emailHidden: boolean;
  /** IANA name. */
  readonly timeZone: string;
  readonly accountType: 'atlassian' | 'app';
  readonly active: boolean;
  readonly groups: readonly string[];
}

export interface Token {
  readonly accountId: AccountId;
  /** `api-token` goes with the e-mail in Basic auth; the others are Bearer tokens of an app, as itself or as a user. */
  readonly kind: 'api-token' | 'app-system' | 'app-user';
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** By field id: ids for things that have one, `yyyy-MM-dd` for dates, milliseconds for instants, ADF for rich text. */
export type FieldValues = Readonly<Record<string, unknown>>;

export interface IssueRecord {
  readonly id: number;
  readonly projectId: number;
  /** Of the key. */
  readonly number: number;
  readonly typeId: string;
  readonly statusId: string;
  readonly created: number;
  readonly updated: number;
  readonly statusChanged: number;
  readonly creator: AccountId;
  readonly values: FieldValues;
}

export interface ChangeItem {
  readonly field: string;
  readonly fieldId?: string;
  readonly fieldtype: 'jira' | 'custom';
  readonly from: string | null;
  readonly fromString: string | null;
  readonly to: string | null;
  readonly toString: string | null;
}

export interface History {
  readonly id: number;
  readonly author: AccountId;
  readonly created: number;
  readonly items: readonly ChangeItem[];
}

export interface Visibility {
  readonly type: 'group' | 'role';
  readonly value: string;
}

export interface CommentRecord {
  readonly id: number;
  readonly issueId: number;
  readonly author: AccountId;
  readonly updateAuthor: AccountId;
  readonly created: number;
  readonly updated: number;
  readonly body: AdfNode;
  readonly visibility?: Visibility;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface AttachmentRecord {
  readonly id: number;
  readonly issueId: number;
  readonly author: AccountId;
  readonly created: number;
  readonly filename: string;
  readonly mimeType: string;
  readonly content: Content;
  /** The file's id at the media host, which `media` nodes name. */
  readonly mediaId: string;
}

export interface LinkRecord {
  readonly id: number;
  readonly typeId: string;
  /** The issue at whose page the link reads with the type's outward words: source "blocks" destination. */
  readonly sourceId: number;
  readonly destinationId: number;
}

export interface RemoteLinkRecord {
  readonly id: number;
  readonly issueId: number;
  readonly globalId?: string;
  readonly application?: Readonly<Record<string, unknown>>;
  readonly relationship?: string;
  readonly object: Readonly<Record<string, unknown>>;
}

export interface WorklogRecord {
  readonly id: number;
  readonly issueId: number;
  readonly author: AccountId;
  readonly updateAuthor: AccountId;
  readonly created: number;
  readonly updated: number;
  readonly started: number;
  readonly seconds: number;
  readonly comment?: AdfNode;
}

export interface MailRecord {
  /** Its key. */
  readonly issue: string;
  readonly subject: string;
  readonly textBody: string;
  readonly htmlBody: string;
  readonly to: readonly AccountId[];
}

export interface VersionRecord {
  readonly id: string;
  readonly projectId: number;
  readonly name: string;
  readonly description: string;
  readonly archived: boolean;
  readonly released: boolean;
  readonly startDate?: string;
  readonly releaseDate?: string;
}

export interface ComponentRecord {
  readonly id: string;
  readonly projectId: number;
  readonly name: string;
  readonly description: string;
  readonly leadAccountId?: AccountId;
}

export interface BoardRecord {
  readonly id: number;
  readonly projectId: number;
  readonly name: string;
  readonly type: 'scrum' | 'kanban';
}

export interface SprintRecord {
  readonly id: number;
  readonly boardId: number;
  readonly name: string;
  readonly state: 'future' | 'active' | 'closed';
  readonly goal: string;
  readonly created: number;
  readonly start?: number;
  readonly end?: number;
  readonly completed?: number;
}

export interface ProjectRecord {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly leadAccountId: AccountId;
  readonly archived: boolean;
}
