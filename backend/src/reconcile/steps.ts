// Every step after which a process may die while it synchronizes a pair. The crash tests walk this list and kill a
// real process at each one, so a new write to a store or a service belongs here.

export const steps = [
  'item-read',
  'pair-claimed',
  'counterpart-created',
  'pair-completed',
  'both-read',
  'write-intent-recorded',
  'fields-written',
  'transition-done',
  'transition-committed',
  'comment-intent-recorded',
  'comment-written',
  'comment-deleted',
  'comment-committed',
  'attachment-intent-recorded',
  'attachment-written',
  'attachment-deleted',
  'attachment-committed',
  'link-intent-recorded',
  'link-written',
  'link-committed',
  'late-recorded',
  'late-put-back',
  'leave-recorded',
  'counterpart-deleted',
  'counterpart-restored',
  'orphan-marked',
  'mark-removed',
  'notice-written',
  'handed-over',
  'type-changed',
  'result-committed',
] as const;

export type Step = (typeof steps)[number];
