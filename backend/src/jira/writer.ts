// Writes to Jira for one profile: creates with the marker, guarded edits, transitions. Comments and files are in write-children.ts.

import { decode } from '../http/decode.ts';
import { sentValues } from '../http/mask.ts';
import type { HttpAnswer } from '../http/transport.ts';
import type { ItemDraft, Refusal, UpdateOutcome, Writer } from '../reconcile/ports.ts';
import { SyncFailure, syncError } from '../sync/errors.ts';
import type { FieldValue, HistoryEntry, ItemSnapshot, Version } from '../sync/model.ts';
import type { ProfileSettings } from '../sync/profile.ts';
import { changeOption } from './change-option.ts';
import { historyEntries, newerHistories, proveWrite } from './changelog.ts';
import { type JiraClient, segment, unexpected } from './client.ts';
import { encodeFields, type FieldToWrite, makeMissing } from './encode-fields.ts';
import { changeLinks } from './links.ts';
import { issueMarkerValue, issueProperty } from './markers.ts';
import { isStaleTransition, refusalsOf } from './refusals.ts';
import { createdIssueSchema, issueSchema, type JiraIssue, transitionsSchema } from './schemas.ts';
import { fieldsToRead, issueToItem, type SnapshotContext } from './snapshot.ts';
import { transitionOptions } from './transitions.ts';
import { addAttachment, removeAttachment } from './write-attachments.ts';
import { addComment, deleteComment, updateComment } from './write-children.ts';
import { scopeWriter } from './write-scope.ts';

export interface WriterOptions {
  readonly client: JiraClient;
  readonly profileId: string;
  readonly settings: ProfileSettings;
  readonly context: SnapshotContext;
}

export function createWriter(options: WriterOptions): Writer {
  const { client, context, settings, profileId } = options;

  return {
    async create(draft) {
      const { fields, refusals } = await makeMissing(client, settings.jira.project, draft.fields);
      if (refusals.length > 0) return { kind: 'refused', refusals };
      const encoded = await encodeFields(client, fields, 'set');
      const json = {
        ...encoded,
        fields: {
          ...encoded.fields,
          project: { key: settings.jira.project },
          issuetype: { name: draft.type },
          ...(draft.parent === undefined ? {} : { parent: { id: draft.parent } }),
        },
        properties: [{ key: issueProperty, value: issueMarkerValue(draft.marker, profileId, draft.sourceUrl) }],
      };
      const operation = 'POST issue';
      const answer = await client.send({ operation, method: 'POST', path: 'issue', json, endpoint: 'write' });
      if (answer.status >= 400) return { kind: 'refused', refusals: refused(answer, draft.fields, json) };
      const { id } = decode(createdIssueSchema, answer, 'jira', operation);
      return { kind: 'created', item: createdItem(await readBack(id, true), draft) };
    },

    async update(base, wanted) {
      if (wanted.length === 0) return { kind: 'written', item: base, between: [], ...versionOf(base) };
      const { fields, refusals } = await makeMissing(client, settings.jira.project, wanted);
      if (refusals.length > 0) return { kind: 'refused', refusals };
      const json = await encodeFields(client, fields, 'edit');
      const answer = await client.send({
        operation: 'PUT issue/{id}',
        method: 'PUT',
        path: `issue/${segment(base.id)}`,
        query: { returnIssue: true, expand: 'changelog' },
        json,
        endpoint: 'write',
        item: base.id,
      });
      if (answer.status === 404) throw gone(base.id);
      if (answer.status === 409) return { kind: 'stale' };
      if (answer.status >= 400) return { kind: 'refused', refusals: refused(answer, fields, json) };
      const returned = issueSchema.safeParse(answer.json);
      // Older sites answer 204 without the issue.
      return await written(base, fields, returned.success ? returned.data : await readBack(base.id, false));
    },

    async transitions(item) {
      const { transitions } = await client.get(transitionsSchema, {
        operation: 'GET issue/{id}/transitions',
        method: 'GET',
        path: `issue/${segment(item.id)}/transitions`,
        query: { expand: 'transitions.fields' },
        endpoint: 'read',
      });
      return transitionOptions(transitions);
    },

    async transition(base, option, fields, goesOn = false) {
      const encoded = await encodeFields(client, fields, 'set');
      const json = { transition: { id: option.id }, ...(fields.length === 0 ? {} : encoded) };
      const answer = await client.send({
        operation: 'POST issue/{id}/transitions',
        method: 'POST',
        path: `issue/${segment(base.id)}/transitions`,
        json,
        endpoint: 'write',
        item: base.id,
      });
      if (answer.status === 404) throw gone(base.id);
      if (answer.status === 409 || (answer.status >= 400 && isStaleTransition(answer))) return { kind: 'stale' };
      if (answer.status >= 400) return { kind: 'refused', refusals: refused(answer, fields, json) };
      return await written(base, fields, await readBack(base.id, goesOn), option.to);
    },

    addComment: (itemId, body, marker) => addComment(options, itemId, body, marker),
    deleteComment: (itemId, commentId) => deleteComment(options, itemId, commentId),
    updateComment: (itemId, commentId, body, marker) => updateComment(options, itemId, commentId, body, marker),
    addAttachment: (item, file, content) => addAttachment(options, item, file, content),
    removeAttachment: (itemId, attachmentId) => removeAttachment(options, itemId, attachmentId),
    changeLinks: (base, changes) =>
      changeLinks(
        { client, written: (item, issue) => written(item, [{ field: 'parent', value: null }], issue) },
        base,
        changes,
      ),
    changeNode: (change) => changeOption(client, change),
    ...scopeWriter(client),

    /** Jira changes the type only where the workflow and the fields stay: the rest is its Move, which has no call. */
    async retype(base, type) {
      const json = { fields: { issuetype: { name: type } } };
      const answer = await client.send({
        operation: 'PUT issue/{id}',
        method: 'PUT',
        path: `issue/${segment(base.id)}`,
        json,
        endpoint: 'write',
        item: base.id,
      });
      if (answer.status < 400) return { kind: 'done' };
      if (answer.status === 404) throw gone(base.id);
      if (answer.status === 409) return { kind: 'stale' };
      const [refusal] = refused(answer, [], json);
      return { kind: 'refused', error: refusal?.error ?? syncError('invalid-value', { side: 'jira' }) };
    },
  };

  /** The issue straight after a write that answers nothing. When this fails the write has landed all the same. */
  async function readBack(id: string, withTransitions: boolean): Promise<JiraIssue> {
    const expand = withTransitions ? 'changelog,transitions.fields' : 'changelog';
    try {
      return await client.get(issueSchema, {
        operation: 'GET issue/{id}',
        method: 'GET',
        path: `issue/${segment(id)}`,
        query: { fields: fieldsToRead(context, false).join(','), expand, properties: issueProperty },
        endpoint: 'read',
      });
    } catch (cause) {
      if (cause instanceof SyncFailure) throw new SyncFailure(cause.error, { cause, mayHaveLanded: true });
      throw cause;
    }
  }

  /** The issue as created. What others changed before it was read is left for the next run: our own values stand in the answer. */
  function createdItem(issue: JiraIssue, draft: ItemDraft): ItemSnapshot {
    const item = issueToItem(context, issue, { comments: false });
    const histories = newerHistories(issue.changelog?.histories ?? [], 0);
    const first = histories[0];
    if (first === undefined) return item;
    const entries = historyEntries(histories, 0, context.mapped);
    const { transitions: _, ...rest } = item;
    return {
      ...rest,
      ...stateBefore(item, entries),
      fields: restore(item.fields, draft.fields, new Set(entries.map(({ field }) => field))),
      versions: { ...item.versions, fields: { seq: first.id - 1, at: Date.parse(item.createdAt) - 1 } },
    };
  }

  async function written(
    base: ItemSnapshot,
    fields: readonly FieldToWrite[],
    issue: JiraIssue,
    /** The status that a transition led to. */
    state?: string,
  ): Promise<UpdateOutcome> {
    const { transitions, ...item } = issueToItem(context, issue, { comments: false });
    const baseSeq = base.versions.fields?.seq ?? 0;
    const histories = issue.changelog?.histories ?? [];
    const total = issue.changelog?.total ?? histories.length;
    const proof = proveWrite(histories, {
      baseSeq,
      fields: new Set([...fields.map(({ field }) => field), ...(state === undefined ? [] : ['status'])]),
      mapped: context.mapped,
      accountId: await client.accountId(),
      updated: Date.parse(item.updatedAt),
      complete:
        base.versions.fields?.seq !== undefined &&
        (histories.length >= total || histories.some(({ id }) => id <= baseSeq)),
    });
    return {
      kind: 'written',
      item: {
        ...item,
        ...(state !== undefined && proof.changedSince.has('status')
          ? { state }
          : transitions === undefined
            ? {}
            : { transitions }),
        fields: restore(item.fields, fields, proof.changedSince),
        versions: { ...item.versions, ...(proof.version === undefined ? {} : { fields: proof.version }) },
      },
      between: proof.between,
      ...(proof.version === undefined ? {} : { version: proof.version }),
    };
  }
}

/** Fields that others changed after our write show what we sent: their edit is then seen as one by the next run. */
function restore(
  answered: ItemSnapshot['fields'],
  sent: readonly FieldToWrite[],
  changed: ReadonlySet<string>,
): Readonly<Record<string, FieldValue | null>> {
  const restored = sent.filter(({ field }) => changed.has(field)).map(({ field, value }) => [field, value] as const);
  return restored.length === 0 ? answered : { ...answered, ...Object.fromEntries(restored) };
}

/** The status that a new issue had before somebody moved it. */
function stateBefore(item: ItemSnapshot, entries: readonly HistoryEntry[]): { readonly state: string } {
  const first = entries.find(({ field }) => field === 'status');
  return { state: first?.from?.kind === 'option' ? first.from.option.name : item.state };
}

const versionOf = (item: ItemSnapshot): { readonly version?: Version } =>
  item.versions.fields === undefined ? {} : { version: item.versions.fields };

const gone = (id: string) =>
  new SyncFailure(syncError('unreachable', { side: 'jira', detail: `Issue ${id} does not exist or cannot be seen.` }), {
    mayHaveLanded: false,
  });

function refused(answer: HttpAnswer, fields: readonly FieldToWrite[], json: unknown): readonly Refusal[] {
  if (answer.status === 404) throw unexpected({ operation: 'POST issue' }, answer);
  const values = sentValues({ body: { kind: 'json', value: json }, url: new URL('https://jira.invalid/') });
  const sprint = fields.find(
    ({ field, value }) => value?.kind === 'option' && typeof sentField(json, field) === 'number',
  );
  return refusalsOf(answer, new Set(fields.map(({ field }) => field)), values, sprint?.field);
}

/** Of all choices only a sprint is sent as a bare number. */
const sentField = (json: unknown, field: string): unknown =>
  typeof json === 'object' &&
  json !== null &&
  'fields' in json &&
  typeof json.fields === 'object' &&
  json.fields !== null
    ? (json.fields as Readonly<Record<string, unknown>>)[field]
    : undefined;
