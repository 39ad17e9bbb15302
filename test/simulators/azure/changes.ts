// The one table of what a change moves: whether it makes a revision (and so moves `rev`, ChangedDate and the revisions feed),
// whether it makes an update without one, which feeds tell of it, and which service hook event does.
//
// Sources: work item updates that carry only `relations` keep their `rev`
// (https://learn.microsoft.com/rest/api/azure/devops/wit/updates/list); links and discussions have reporting feeds of their
// own (.../wit/reporting-work-item-links/get, .../wit/work-item-revisions-discussions/read-reporting-discussions);
// events at https://learn.microsoft.com/azure/devops/service-hooks/events#work-item-created. What these pages leave open
// (an edited comment, the far end of a link) is the cautious reading: a client has to live with it either way.

export type WorkItemEventType =
  | 'workitem.created'
  | 'workitem.updated'
  | 'workitem.deleted'
  | 'workitem.restored'
  | 'workitem.commented';

export type Feed = 'revisions' | 'links' | 'discussions';

export interface Effect {
  readonly newRevision: boolean;
  readonly movesChangedDate: boolean;
  readonly newUpdate: boolean;
  readonly feeds: readonly Feed[];
  readonly events: readonly WorkItemEventType[];
}

export const EFFECTS = {
  created: {
    newRevision: true,
    movesChangedDate: true,
    newUpdate: true,
    feeds: ['revisions'],
    events: ['workitem.created'],
  },
  fieldsChanged: {
    newRevision: true,
    movesChangedDate: true,
    newUpdate: true,
    feeds: ['revisions'],
    events: ['workitem.updated'],
  },
  /** An attachment, hyperlink or artifact link added, changed or removed. */
  resourceLinkChanged: {
    newRevision: true,
    movesChangedDate: true,
    newUpdate: true,
    feeds: ['revisions'],
    events: ['workitem.updated'],
  },
  /** A link to a work item, on the item that was written to. */
  linkChangedHere: {
    newRevision: true,
    movesChangedDate: true,
    newUpdate: true,
    feeds: ['revisions', 'links'],
    events: ['workitem.updated'],
  },
  /** The same link on its far end. */
  linkChangedThere: {
    newRevision: false,
    movesChangedDate: false,
    newUpdate: true,
    feeds: ['links'],
    events: ['workitem.updated'],
  },
  commentAdded: {
    newRevision: true,
    movesChangedDate: true,
    newUpdate: true,
    feeds: ['revisions', 'discussions'],
    events: ['workitem.updated', 'workitem.commented'],
  },
  commentEdited: {
    newRevision: false,
    movesChangedDate: false,
    newUpdate: true,
    feeds: ['discussions'],
    events: ['workitem.updated'],
  },
  commentDeleted: {
    newRevision: false,
    movesChangedDate: false,
    newUpdate: true,
    feeds: ['discussions'],
    events: ['workitem.updated'],
  },
  reactionChanged: { newRevision: false, movesChangedDate: false, newUpdate: false, feeds: [], events: [] },
  deleted: {
    newRevision: true,
    movesChangedDate: true,
    newUpdate: true,
    feeds: ['revisions'],
    events: ['workitem.deleted'],
  },
  restored: {
    newRevision: true,
    movesChangedDate: true,
    newUpdate: true,
    feeds: ['revisions'],
    events: ['workitem.restored'],
  },
  /** Gone for good: nothing tells but the recycle bin's silence. */
  destroyed: { newRevision: false, movesChangedDate: false, newUpdate: false, feeds: [], events: [] },
  /** A renamed tag or node shows in items at once, without a trace on them. */
  tagRenamed: { newRevision: false, movesChangedDate: false, newUpdate: false, feeds: [], events: [] },
  nodeRenamed: { newRevision: false, movesChangedDate: false, newUpdate: false, feeds: [], events: [] },
} as const satisfies Record<string, Effect>;

export type ChangeKind = keyof typeof EFFECTS;
