// How the demo shows an item of either side, to its judge and to its page. Types only.

export interface Seen {
  readonly side: 'jira' | 'azure';
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly title: string;
  readonly state: string;
  readonly tags: readonly string[];
  readonly assignee: string | null;
  /** Epoch ms. */
  readonly updated: number;
  readonly comments: number;
  /** `name size`, sorted. */
  readonly files: readonly string[];
  readonly restricted: boolean;
  /** Native: ADF or HTML. */
  readonly description: unknown;
}

/** What the page shows of an item; a description is read when it is opened. */
export type Row = Omit<Seen, 'description'> & { readonly counterpart: string | null };

export interface Detail {
  readonly item: Omit<Seen, 'description'>;
  /** For a sandboxed frame: it is what users wrote. */
  readonly descriptionHtml: string;
  readonly comments: readonly { readonly author: string; readonly html: string; readonly at: string }[];
  /** States that one step leads to. */
  readonly nextStates: readonly string[];
}
