// How a pair and its children lie in PostgreSQL's columns. No statements: those are in postgres-state-store.ts.

import type { ChildPair, ErrorRecord, Pair, PairPatch } from '../reconcile/ports.ts';
import { jsonb, numberOf, numberOrNull } from './database.ts';

/** A row of tandem.pairs; bigint columns come as text. */
export interface PairRow {
  readonly installation_id: string;
  readonly pair_id: string;
  readonly profile_id: string;
  readonly status: Pair['status'];
  readonly source: Pair['source'];
  readonly jira_id: string | null;
  readonly azure_id: string | null;
  readonly jira_key: string | null;
  readonly azure_key: string | null;
  readonly errors: readonly ErrorRecord[];
  readonly detail: PairDetail;
  readonly retry_attempts: number | null;
  readonly retry_due_at: string | null;
  readonly dirty_at_fence: string | null;
  readonly synced_at: string | null;
  readonly fence: string;
  readonly lease_expires_at: string | null;
}

/** The parts of a pair that have a column of their own because something looks for them. */
type Queried =
  | 'id'
  | 'installationId'
  | 'profileId'
  | 'status'
  | 'source'
  | 'ids'
  | 'keys'
  | 'errors'
  | 'retry'
  | 'dirty'
  | 'syncedAt';

export type PairDetail = Omit<Pair, Queried>;

export const pairOf = (row: PairRow): Pair => ({
  ...row.detail,
  id: row.pair_id,
  installationId: row.installation_id,
  profileId: row.profile_id,
  status: row.status,
  source: row.source,
  ids: { jira: row.jira_id, azure: row.azure_id },
  keys: { jira: row.jira_key, azure: row.azure_key },
  errors: row.errors,
  retry: row.retry_due_at === null ? null : { attempts: row.retry_attempts ?? 0, dueAt: numberOf(row.retry_due_at) },
  dirty: row.dirty_at_fence !== null,
  syncedAt: numberOrNull(row.synced_at),
});

type Column = readonly [column: string, value: string | number | null];

/**
 * The columns that a patch sets, and the part of `detail` that it replaces. Not `dirty`, whose column depends on the
 * fence, and not `children`, `forgotten` and `decisions`, which are rows of their own.
 */
export function columnsOf(patch: PairPatch): {
  readonly columns: readonly Column[];
  readonly detail: Partial<PairDetail>;
} {
  const {
    status,
    source,
    ids,
    keys,
    errors,
    retry,
    dirty: _,
    syncedAt,
    children: __,
    forgotten: ___,
    decisions: ____,
    ...detail
  } = patch;
  const columns: Column[] = [];
  if (status !== undefined) columns.push(['status', status]);
  if (source !== undefined) columns.push(['source', source]);
  if (ids !== undefined) columns.push(['jira_id', ids.jira], ['azure_id', ids.azure]);
  if (keys !== undefined) columns.push(['jira_key', keys.jira], ['azure_key', keys.azure]);
  if (errors !== undefined) columns.push(['errors', jsonb(errors)]);
  if (retry !== undefined)
    columns.push(['retry_attempts', retry?.attempts ?? null], ['retry_due_at', retry?.dueAt ?? null]);
  if (syncedAt !== undefined) columns.push(['synced_at', syncedAt]);
  if (detail.intent !== undefined) columns.push(['token', detail.intent.token]);
  return { columns, detail };
}

export interface ChildRow {
  readonly kind: ChildPair['kind'];
  readonly source: ChildPair['source'];
  readonly source_id: string;
  readonly target_id: string | null;
  readonly token: string;
  readonly source_version: ChildPair['sourceVersion'];
  readonly target_version: ChildPair['targetVersion'] | null;
  readonly bodies: ChildPair['bodies'] | null;
  readonly intent_at: string;
  readonly file: ChildPair['file'] | null;
}

export const childOf = (row: ChildRow): ChildPair => ({
  kind: row.kind,
  source: row.source,
  sourceId: row.source_id,
  ...(row.target_id === null ? {} : { targetId: row.target_id }),
  token: row.token,
  sourceVersion: row.source_version,
  ...(row.target_version ? { targetVersion: row.target_version } : {}),
  ...(row.bodies ? { bodies: row.bodies } : {}),
  intentAt: numberOf(row.intent_at),
  ...(row.file ? { file: row.file } : {}),
});

/** Children as the JSON array that `jsonb_to_recordset` reads. */
export const childrenJson = (children: readonly ChildPair[]): string =>
  jsonb(
    children.map((child) => ({
      kind: child.kind,
      source: child.source,
      source_id: child.sourceId,
      target_id: child.targetId ?? null,
      token: child.token,
      source_version: child.sourceVersion,
      target_version: child.targetVersion ?? null,
      bodies: child.bodies ?? null,
      intent_at: child.intentAt,
      file: child.file ?? null,
    })),
  ) ?? '[]';
