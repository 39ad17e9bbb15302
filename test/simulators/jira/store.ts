// Holds the site's data. It checks nothing and tells nobody: rules are edit.ts's work, events are effects.ts's.
import type { FieldDef } from './fields/definitions.ts';
import { CUSTOM_FIELDS, SPRINT_FIELD, SYSTEM_FIELDS } from './fields/definitions.ts';
import type {
  AttachmentRecord,
  BoardRecord,
  CommentRecord,
  ComponentRecord,
  History,
  IssueRecord,
  LinkRecord,
  MailRecord,
  Person,
  ProjectRecord,
  RemoteLinkRecord,
  SprintRecord,
  Token,
  VersionRecord,
  WorklogRecord,
} from './model.ts';
import { LINK_TYPES, type LinkType } from './site.ts';

const FIRST_IDS = {
  issue: 10_001,
  comment: 10_001,
  attachment: 10_001,
  link: 10_001,
  remoteLink: 10_001,
  worklog: 10_001,
  history: 10_001,
  version: 10_001,
  component: 10_001,
  field: 10_100,
  task: 1,
  board: 1,
  sprint: 1,
} as const;

type IdKind = keyof typeof FIRST_IDS;

/** A property that an app declared, so that JQL can search it. */
export interface DeclaredProperty {
  readonly key: string;
  readonly path: string;
  readonly type: 'string' | 'number' | 'text' | 'date' | 'user';
}

export class Store {
  readonly people = new Map<string, Person>();
  readonly tokens = new Map<string, Token>();
  readonly projects = new Map<number, ProjectRecord>();
  readonly issues = new Map<number, IssueRecord>();
  readonly comments = new Map<number, readonly CommentRecord[]>();
  readonly attachments = new Map<number, AttachmentRecord>();
  /** Of all files that ever were there: a text may go on showing one that was deleted. */
  readonly mediaIds = new Set<string>();
  readonly links = new Map<number, LinkRecord>();
  readonly remoteLinks = new Map<number, readonly RemoteLinkRecord[]>();
  readonly worklogs = new Map<number, readonly WorklogRecord[]>();
  readonly histories = new Map<number, readonly History[]>();
  readonly properties = new Map<number, Readonly<Record<string, unknown>>>();
  readonly watchers = new Map<number, readonly string[]>();
  /** Asked for by the operation that notifies of an issue, the oldest first. */
  readonly mails: MailRecord[] = [];
  readonly versions = new Map<string, VersionRecord>();
  readonly components = new Map<string, ComponentRecord>();
  readonly boards = new Map<number, BoardRecord>();
  readonly sprints = new Map<number, SprintRecord>();
  readonly linkTypes = new Map<string, LinkType>();
  readonly fields = new Map<string, FieldDef>();
  readonly declaredProperties = new Map<string, DeclaredProperty[]>();
  readonly tasks = new Map<string, Readonly<Record<string, unknown>>>();

  readonly #byKey = new Map<string, number>();
  readonly #commentIssue = new Map<number, number>();
  readonly #attachmentsOf = new Map<number, readonly number[]>();
  readonly #linksOf = new Map<number, readonly number[]>();
  readonly #children = new Map<number, Set<number>>();
  readonly #lastNumber = new Map<number, number>();
  #ids: number[] | undefined;
  readonly #nextId: Record<IdKind, number> = { ...FIRST_IDS };

  constructor() {
    this.reset();
  }

  /** Back to a site without projects. People and their tokens stay. */
  reset(): void {
    this.mails.length = 0;
    const all: { clear(): void }[] = [
      this.projects,
      this.issues,
      this.comments,
      this.attachments,
      this.links,
      this.remoteLinks,
      this.worklogs,
      this.histories,
      this.properties,
      this.watchers,
      this.versions,
      this.components,
      this.boards,
      this.sprints,
      this.linkTypes,
      this.fields,
      this.declaredProperties,
      this.tasks,
      this.#byKey,
      this.#commentIssue,
      this.#attachmentsOf,
      this.#linksOf,
      this.#children,
      this.#lastNumber,
    ];
    for (const map of all) map.clear();
    Object.assign(this.#nextId, FIRST_IDS);
    this.#ids = undefined;
    for (const field of [...SYSTEM_FIELDS, ...CUSTOM_FIELDS, SPRINT_FIELD]) this.fields.set(field.id, field);
    for (const type of LINK_TYPES) this.linkTypes.set(type.id, type);
  }

  nextId(kind: IdKind): number {
    const id = this.#nextId[kind];
    this.#nextId[kind] = id + 1;
    return id;
  }

  /** Numbers of deleted issues are not given again. */
  nextNumber(projectId: number): number {
    const number = (this.#lastNumber.get(projectId) ?? 0) + 1;
    this.#lastNumber.set(projectId, number);
    return number;
  }

  keyOf(issue: IssueRecord): string {
    return `${this.projects.get(issue.projectId)?.key ?? '?'}-${issue.number}`;
  }

  /** By id or key; keys in any case, as Jira takes them. */
  findIssue(idOrKey: string): IssueRecord | undefined {
    if (/^\d+$/.test(idOrKey)) return this.issues.get(Number(idOrKey));
    const id = this.#byKey.get(idOrKey.toUpperCase());
    return id === undefined ? undefined : this.issues.get(id);
  }

  putIssue(issue: IssueRecord): void {
    const before = this.issues.get(issue.id);
    if (before === undefined) {
      if ((this.#ids?.at(-1) ?? 0) < issue.id) this.#ids?.push(issue.id);
      else this.#ids = undefined;
    }
    this.issues.set(issue.id, issue);
    this.#byKey.set(this.keyOf(issue), issue.id);
    const was = parentOf(before);
    const is = parentOf(issue);
    if (was === is) return;
    if (was !== undefined) this.#children.get(was)?.delete(issue.id);
    if (is !== undefined) {
      const children = this.#children.get(is) ?? new Set();
      children.add(issue.id);
      this.#children.set(is, children);
    }
  }

  /** All ids, ascending. */
  issueIds(): readonly number[] {
    this.#ids ??= [...this.issues.keys()].sort((a, b) => a - b);
    return this.#ids;
  }

  childrenOf(issueId: number): readonly IssueRecord[] {
    const found: IssueRecord[] = [];
    for (const id of this.#children.get(issueId) ?? []) {
      const child = this.issues.get(id);
      if (child !== undefined) found.push(child);
    }
    return found;
  }

  /** Gone for good, with all that hangs on it; children keep standing, without a parent. */
  removeIssue(issue: IssueRecord): void {
    for (const child of this.childrenOf(issue.id)) {
      const { parent: _, ...values } = child.values;
      this.putIssue({ ...child, values });
    }
    const parent = parentOf(issue);
    if (parent !== undefined) this.#children.get(parent)?.delete(issue.id);
    for (const comment of this.commentsOf(issue.id)) this.#commentIssue.delete(comment.id);
    for (const id of this.#attachmentsOf.get(issue.id) ?? []) this.attachments.delete(id);
    for (const link of this.linksOf(issue.id)) this.removeLink(link);
    this.#byKey.delete(this.keyOf(issue));
    this.#ids = undefined;
    const perIssue: Map<number, unknown>[] = [
      this.issues,
      this.comments,
      this.remoteLinks,
      this.worklogs,
      this.histories,
      this.properties,
      this.watchers,
      this.#attachmentsOf,
      this.#linksOf,
      this.#children,
    ];
    for (const map of perIssue) map.delete(issue.id);
  }

  commentsOf(issueId: number): readonly CommentRecord[] {
    return this.comments.get(issueId) ?? [];
  }

  findComment(id: number): CommentRecord | undefined {
    const issueId = this.#commentIssue.get(id);
    return issueId === undefined ? undefined : this.commentsOf(issueId).find((comment) => comment.id === id);
  }

  putComment(comment: CommentRecord): void {
    const list = this.commentsOf(comment.issueId);
    const known = this.#commentIssue.has(comment.id);
    const next = known ? list.map((old) => (old.id === comment.id ? comment : old)) : [...list, comment];
    this.comments.set(comment.issueId, next);
    this.#commentIssue.set(comment.id, comment.issueId);
  }

  removeComment(comment: CommentRecord): void {
    const rest = this.commentsOf(comment.issueId).filter(({ id }) => id !== comment.id);
    this.comments.set(comment.issueId, rest);
    this.#commentIssue.delete(comment.id);
  }

  attachmentsOf(issueId: number): readonly AttachmentRecord[] {
    return (this.#attachmentsOf.get(issueId) ?? []).flatMap((id) => this.attachments.get(id) ?? []);
  }

  addAttachment(attachment: AttachmentRecord): void {
    this.attachments.set(attachment.id, attachment);
    this.mediaIds.add(attachment.mediaId);
    const ids = this.#attachmentsOf.get(attachment.issueId) ?? [];
    this.#attachmentsOf.set(attachment.issueId, [...ids, attachment.id]);
  }

  removeAttachment(attachment: AttachmentRecord): void {
    this.attachments.delete(attachment.id);
    const ids = this.#attachmentsOf.get(attachment.issueId) ?? [];
    this.#attachmentsOf.set(
      attachment.issueId,
      ids.filter((id) => id !== attachment.id),
    );
  }

  linksOf(issueId: number): readonly LinkRecord[] {
    return (this.#linksOf.get(issueId) ?? []).flatMap((id) => this.links.get(id) ?? []);
  }

  addLink(link: LinkRecord): void {
    this.links.set(link.id, link);
    for (const end of new Set([link.sourceId, link.destinationId])) {
      this.#linksOf.set(end, [...(this.#linksOf.get(end) ?? []), link.id]);
    }
  }

  removeLink(link: LinkRecord): void {
    this.links.delete(link.id);
    for (const end of [link.sourceId, link.destinationId]) {
      const ids = this.#linksOf.get(end);
      if (ids !== undefined) {
        this.#linksOf.set(
          end,
          ids.filter((id) => id !== link.id),
        );
      }
    }
  }

  addHistory(issueId: number, history: History): void {
    this.histories.set(issueId, [...(this.histories.get(issueId) ?? []), history]);
  }
}

function parentOf(issue: IssueRecord | undefined): number | undefined {
  const parent = issue?.values.parent;
  return typeof parent === 'number' ? parent : undefined;
}
