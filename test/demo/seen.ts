// How the demo shows an item of either side, to its judge and to its page. Types only.

export type Side = 'jira' | 'azure';

export interface Seen {
  readonly side: Side;
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly title: string;
  readonly state: string;
  readonly priority: string | null;
  readonly tags: readonly string[];
  readonly assignee: Person | null;
  /** Epoch ms. */
  readonly updated: number;
  readonly comments: number;
  readonly files: readonly SeenFile[];
  readonly restricted: boolean;
  /** What Tandem's marker names: the id of the item on the other side from which it made this one. */
  readonly madeFrom: string | null;
  /** Native: ADF or HTML. */
  readonly description: unknown;
}

/** The id is what the side takes for an assignee: an account id, a unique name. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

export interface SeenFile {
  readonly name: string;
  readonly size: number;
}

/** What the page lists; a description is read when the item is opened. */
export interface Row extends Omit<Seen, 'description' | 'restricted' | 'madeFrom'> {
  /** Id on the other side. */
  readonly counterpart: string | null;
}

export interface Comment {
  readonly author: string;
  readonly html: string;
  /** ISO 8601. */
  readonly at: string;
}

export interface Detail {
  readonly row: Row;
  /** What users wrote: for a frame that runs nothing. */
  readonly descriptionHtml: string;
  /** Newest first. */
  readonly comments: readonly Comment[];
  /** States that one step leads to. */
  readonly nextStates: readonly string[];
}

/** What may be chosen on a side. */
export interface Choices {
  readonly types: readonly string[];
  readonly priorities: readonly string[];
  readonly people: readonly Person[];
}

export interface Edit {
  readonly title?: string | undefined;
  readonly state?: string | undefined;
  readonly priority?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  /** The person's id; null for nobody. */
  readonly assignee?: string | null | undefined;
  readonly descriptionHtml?: string | undefined;
  readonly comment?: string | undefined;
}

/** What changed in an item since it was last looked at. */
export type Part = 'new' | 'title' | 'state' | 'priority' | 'tags' | 'assignee' | 'description' | 'comments' | 'files';

/** An item as it is now, after a change. */
export interface Change {
  readonly row: Row;
  readonly parts: readonly Part[];
  /** Milliseconds after the change on the other side that it follows; null when it follows none. */
  readonly followedMs: number | null;
}

export interface Status {
  readonly project: { readonly jira: string; readonly azure: string };
  /** Of an initial sync that has not ended. */
  readonly progress: { readonly done: number; readonly queued: number } | null;
  readonly profile: string | null;
  readonly pairs: number;
  readonly errors: number;
  /** Of Tandem, since the start. */
  readonly calls: { readonly jira: number; readonly azure: number };
  /** Median of the last changes that were followed. */
  readonly medianMs: number | null;
  readonly followed: number;
  readonly backendUp: boolean;
}
