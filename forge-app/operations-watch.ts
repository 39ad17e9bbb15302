// The admin page's operations around running profiles: being told, drift, an undo, figures. A part of operations.ts.

import type {
  Adoption,
  FigurePoint,
  FigureRange,
  NoticeChannel,
  Notifications,
  ProfileDrift,
  SigningKey,
  TriedNotification,
  Undone,
  UndoPage,
  WebhookInput,
} from './contract-watch.ts';

interface Operation<Payload, Value> {
  readonly payload: Payload;
  readonly value: Value;
}

type Nothing = Readonly<Record<string, never>>;
interface ById {
  readonly id: string;
}

export interface WatchOperations {
  readonly notifications: Operation<Nothing, Notifications>;
  readonly setWebhook: Operation<{ readonly webhook: WebhookInput }, SigningKey>;
  readonly removeWebhook: Operation<Nothing, unknown>;
  readonly setNoticeIssue: Operation<{ readonly issue: { readonly key: string } }, unknown>;
  readonly removeNoticeIssue: Operation<Nothing, unknown>;
  readonly tryNotification: Operation<{ readonly channel: NoticeChannel }, TriedNotification>;
  readonly drift: Operation<Nothing, { readonly profiles: readonly ProfileDrift[] }>;
  readonly acceptDrift: Operation<ById, unknown>;
  readonly figures: Operation<ById & { readonly range: FigureRange }, { readonly points: readonly FigurePoint[] }>;
  readonly adoption: Operation<ById, Adoption>;
  /** Done by a job. */
  readonly adopt: Operation<ById, unknown>;
  readonly renewHookSecret: Operation<ById, unknown>;
  readonly undoPreview: Operation<ById & { readonly after?: string }, UndoPage>;
  /** At most 50 at once. */
  readonly undo: Operation<ById & { readonly pairs: readonly string[] }, Undone>;
}
