// Reads an issue's history: what each entry changed, and which of the newest entries is our own write. No I/O.

import type { FieldKind, FieldValue, HistoryEntry, Version } from '../sync/model.ts';
import { isDuration, systemKind } from './field-kinds.ts';
import type { HistoryItem, JiraHistory } from './schemas.ts';
import { isJiraDate, isJiraTime, parseJiraTime, toIso } from './times.ts';

/** Items that tell of children, not of fields: attachments, links, comments and logged work have events and versions of their own. */
const childItems: ReadonlySet<string> = new Set([
  'Attachment',
  'Link',
  'RemoteIssueLink',
  'RemoteWorkItemLink',
  'Comment',
  'WorklogId',
  'WorklogTimeSpent',
]);

const isFieldItem = (item: HistoryItem): boolean => !childItems.has(item.field);

/** 0 for an issue that nobody has changed since it was created. */
export const newestSeq = (histories: readonly JiraHistory[]): number => Math.max(0, ...histories.map(({ id }) => id));

/** The status is mapped per type and not in the profile's field list; a moved issue changes its type, key and project. */
const alwaysMapped: ReadonlySet<string> = new Set(['status', 'issuetype', 'project', 'Key']);

const isMapped = (item: HistoryItem, mapped: ReadonlyMap<string, FieldKind>): boolean =>
  isFieldItem(item) && (mapped.has(fieldIdOf(item)) || alwaysMapped.has(fieldIdOf(item)));

/** `status` and `assignee` stand in `field` of old entries that lack `fieldId`. */
const fieldIdOf = (item: HistoryItem): string => item.fieldId ?? item.field;

const timeOf = (history: JiraHistory): number => parseJiraTime(history.created) ?? 0;

/** Entries of the mapped fields (and the status) with an id above `afterSeq`, oldest first. */
export function historyEntries(
  histories: readonly JiraHistory[],
  afterSeq: number,
  mapped: ReadonlyMap<string, FieldKind>,
): readonly HistoryEntry[] {
  return histories
    .filter(({ id }) => id > afterSeq)
    .sort((a, b) => a.id - b.id)
    .flatMap((history) =>
      history.items
        .filter((item) => isMapped(item, mapped))
        .map((item): HistoryEntry => {
          const field = fieldIdOf(item);
          const kind = mapped.get(field);
          const from = decodeSide(field, kind, item.from, item.fromString);
          const to = decodeSide(field, kind, item.to, item.toString);
          return {
            field,
            seq: history.id,
            at: timeOf(history),
            byId: history.author?.id ?? '',
            ...(from === undefined ? {} : { from }),
            ...(to === undefined ? {} : { to }),
          };
        }),
    );
}

/** Undefined where the entry can't give the whole value back: rich text keeps no form, versions and components come one by one. */
function decodeSide(
  field: string,
  wanted: FieldKind | undefined,
  id: string | undefined,
  text: string | undefined,
): FieldValue | null | undefined {
  const kind = systemKind(field) ?? wanted;
  if (kind === 'richText' || ['fixVersions', 'versions', 'components'].includes(field)) return undefined;
  if ((id === undefined || id === '') && (text === undefined || text === '')) return null;
  switch (kind) {
    case 'number': {
      const number = Number(isDuration(field) ? (id ?? text) : (text ?? id));
      if (!Number.isFinite(number)) return undefined;
      return { kind: 'number', number: isDuration(field) ? number / 3600 : number };
    }
    case 'date': {
      const date = (id ?? text ?? '').slice(0, 10);
      return isJiraDate(date) ? { kind: 'date', date } : undefined;
    }
    case 'dateTime': {
      const time = id ?? text ?? '';
      return isJiraTime(time) ? { kind: 'dateTime', dateTime: toIso(time) } : undefined;
    }
    case 'user':
      return id === undefined ? undefined : { kind: 'user', user: { id, name: text ?? id } };
    case 'option': {
      // The sprints of an issue stand there together, the open one last.
      const last = /^\d+(?:, \d+)+$/.test(id ?? '') ? { id: lastOf(id), name: lastOf(text) } : undefined;
      if (last?.id !== undefined && last.name !== undefined)
        return { kind: 'option', option: { id: last.id, name: last.name } };
      return text === undefined
        ? undefined
        : { kind: 'option', option: id === undefined ? { name: text } : { id, name: text } };
    }
    case 'options':
      return decodeList(id, text);
    case 'url':
      return text === undefined ? undefined : { kind: 'url', url: text };
    case 'text':
      return text === undefined ? undefined : { kind: 'text', text };
    default:
      return undefined;
  }
}

const lastOf = (list: string | undefined): string | undefined => list?.split(', ').at(-1);

/** Labels come as one text with spaces; choices as `[id, id]` with their names joined by commas, which names may hold too. */
function decodeList(id: string | undefined, text: string | undefined): FieldValue | null | undefined {
  if (text === undefined) return undefined;
  const inner = /^\[(.*)\]$/.exec(id ?? '')?.[1];
  if (id === undefined || id === '') {
    const names = text.split(' ').filter((name) => name !== '');
    return names.length === 0 ? null : { kind: 'options', options: names.map((name) => ({ name })) };
  }
  if (inner === undefined) return undefined;
  const choices = inner.split(',').map((part) => part.trim());
  const names = text.split(',').map((part) => part.trim());
  if (choices.length !== names.length) return undefined;
  return { kind: 'options', options: choices.map((choice, index) => ({ id: choice, name: names[index] ?? choice })) };
}

/** What became of a write, as the answer's changelog tells it. */
export interface WriteProof {
  /** Where our write stands, only if nobody changed a mapped field between our read and it. */
  readonly version?: Version;
  /** What others changed between our read and our write. */
  readonly between: readonly HistoryEntry[];
  /** Written fields that others changed once more after our write: the answer shows their value, not ours. */
  readonly changedSince: ReadonlySet<string>;
}

export interface WrittenFields {
  /** Newest history id of the read that the write was planned from. */
  readonly baseSeq: number;
  /** Native field ids that were sent, `status` for a transition. */
  readonly fields: ReadonlySet<string>;
  readonly mapped: ReadonlyMap<string, FieldKind>;
  /** The writing account. */
  readonly accountId: string;
  /** `updated` of the answer. */
  readonly updated: number;
  /** The answer's changelog may lack entries between the read and the oldest that it shows. */
  readonly complete: boolean;
}

/** Entries of `histories` that change fields and came after the read, oldest first. */
export const newerHistories = (histories: readonly JiraHistory[], baseSeq: number): readonly JiraHistory[] =>
  histories.filter((history) => history.id > baseSeq && history.items.some(isFieldItem)).sort((a, b) => a.id - b.id);

/**
 * Finds our own entry among those after the read: the last one by our account that changes nothing but written fields (or fields
 * that the profile does not map, such as a resolution date). The person behind an API token may have edited too, which is why
 * the last counts: an earlier one by the same account then shows as `between`, and the pair is reconciled again.
 */
export function proveWrite(histories: readonly JiraHistory[], written: WrittenFields): WriteProof {
  const newer = newerHistories(histories, written.baseSeq);
  const { fields, mapped } = written;
  const touchesOurs = (history: JiraHistory) => history.items.some((item) => fields.has(fieldIdOf(item)));
  const onlyOurs = (history: JiraHistory) =>
    history.items.filter(isFieldItem).every((item) => fields.has(fieldIdOf(item)) || !mapped.has(fieldIdOf(item)));
  const byUs = (history: JiraHistory) => history.author?.id === written.accountId;

  const ours = newer.filter((history) => touchesOurs(history) && byUs(history)).at(-1);
  const before = ours ? newer.filter(({ id }) => id < ours.id) : newer;
  const after = ours ? newer.filter(({ id }) => id > ours.id) : [];
  const between = historyEntries(before, written.baseSeq, mapped);
  const changedSince = new Set(
    after.flatMap((history) => history.items.map(fieldIdOf)).filter((field) => fields.has(field)),
  );
  const clean =
    written.complete && before.every((history) => !touchesMapped(history, mapped)) && (!ours || onlyOurs(ours));
  if (!clean) return { between, changedSince };
  // Without an entry of our own the server had nothing to change: all stands as it was read.
  // An edit right after ours may carry the same millisecond: a version that ends before it keeps its event from looking like an echo.
  const version: Version =
    ours && after.length > 0
      ? { seq: ours.id, at: timeOf(ours) - 1 }
      : { seq: Math.max(written.baseSeq, newestSeq(histories)), at: written.updated };
  return { version, between, changedSince };
}

const touchesMapped = (history: JiraHistory, mapped: ReadonlyMap<string, FieldKind>): boolean =>
  history.items.some((item) => isFieldItem(item) && (mapped.has(fieldIdOf(item)) || alwaysMapped.has(fieldIdOf(item))));
