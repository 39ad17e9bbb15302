// Writes work items: implements the engine's Writer for Azure DevOps. Every change of an item is one JSON Patch, guarded by
// the revision that was read.

import type { CreateOutcome, Refusal, UpdateOutcome, Writer } from '../reconcile/ports.ts';
import { SyncFailure, syncError } from '../sync/errors.ts';
import type { FieldValue, ItemSnapshot, Marker } from '../sync/model.ts';
import { type Answer, type AzureCall, type AzureClient, commentsVersion, refusedFailure } from './client.ts';
import { withCommentMarker, withMarkdownMarker } from './comment-marker.ts';
import { encodeField } from './fields.ts';
import { changeLinks } from './links.ts';
import { changeNode, makeNode } from './nodes.ts';
import { workItemPage } from './organization.ts';
import { isStale, refusalsOf, type Sent } from './refusals.ts';
import { markerRelation } from './relations.ts';
import type { AzureSchema } from './schema.ts';
import { type SnapshotContext, toComment, toSnapshot } from './snapshot.ts';
import type { UploadLimits } from './upload.ts';
import { commentSchema, workItemSchema } from './wire.ts';
import { attachmentWriter } from './write-attachments.ts';
import { scopeWriter } from './write-scope.ts';

export interface WriterOptions {
  readonly client: AzureClient;
  readonly context: () => Promise<SnapshotContext>;
  readonly project: string;
  /** IANA zone in which a day begins. */
  readonly timeZone: string;
  readonly upload: UploadLimits;
}

interface CommentText {
  readonly text: string;
  readonly format: 'html' | 'markdown';
}

interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'test';
  readonly path: string;
  readonly value?: unknown;
}

type Writes = readonly { readonly field: string; readonly value: FieldValue | null }[];

export function createWriter(options: WriterOptions): Writer {
  const { client, project } = options;
  const scope = 'Work Items (Read & write)';

  const patch = (document: readonly PatchOperation[]) =>
    ({ kind: 'json', value: document, contentType: 'application/json-patch+json' }) as const;

  const patchItem = (id: string, document: readonly PatchOperation[]): Promise<Answer> =>
    client.answer({
      operation: 'PATCH workitems/{id}',
      method: 'PATCH',
      path: ['wit', 'workitems', id],
      query: { $expand: 'relations' },
      body: patch(document),
      endpoint: 'write',
      item: id,
      scope,
    });

  const snapshotOf = async (answer: Extract<Answer, { kind: 'ok' }>, operation: string): Promise<ItemSnapshot> =>
    toSnapshot(client.parse(workItemSchema, answer.http, operation), await options.context());

  const sentOf = (schema: AzureSchema, type: string, writes: Writes, more: Pick<Sent, 'state' | 'type'>): Sent => ({
    fields: writes.map(({ field }) => ({ id: field, name: schema.field(field, type)?.name ?? '' })),
    ...more,
  });

  const update: Writer['update'] = async (base, fields, state): Promise<UpdateOutcome> => {
    const { schema } = await options.context();
    const rev = base.versions.fields?.seq;
    if (rev === undefined) throw new TypeError('An update needs the revision that its item was read at.');
    const { operations, refusals } = encodeAll(schema, base.type, fields, options.timeZone, base.projectKey);
    const unmade = refusals.length > 0 ? refusals : await makeMissing(client, project, fields);
    if (unmade.length > 0) return { kind: 'refused', refusals: unmade };
    const document: PatchOperation[] = [{ op: 'test', path: '/rev', value: rev }, ...operations];
    if (state !== undefined) document.push({ op: 'add', path: '/fields/System.State', value: state });
    const answer = await patchItem(base.id, document);
    if (answer.kind === 'refused') {
      if (isStale(answer)) return { kind: 'stale' };
      if (answer.status === 404) throw refusedFailure(answer);
      return { kind: 'refused', refusals: refusalsOf(answer, sentOf(schema, base.type, fields, given({ state }))) };
    }
    const item = await snapshotOf(answer, 'PATCH workitems/{id}');
    const now = item.versions.fields;
    // The test held, so nothing came before; the next number, or the same for a write that changed nothing, shows that
    // nothing came after it either.
    const proven = now?.seq === rev + 1 || now?.seq === rev;
    return { kind: 'written', item, ...(proven && now !== undefined ? { version: now } : {}), between: [] };
  };

  /**
   * The format is named, or the comment would keep the one that it has. Clients of 7.1-preview.4 send it so (powershellgallery.com,
   * ado.core 1.0.16, Update-ADOWorkItemComment); Microsoft's page of 7.0 lists no such parameter of an update.
   */
  const writeComment = async (
    call: Pick<AzureCall, 'operation' | 'method' | 'path'>,
    itemId: string,
    { text, format }: CommentText,
  ) => {
    const answer = await client.answer({
      ...call,
      project,
      query: { format },
      body: { kind: 'json', value: { text } },
      version: commentsVersion,
      endpoint: 'write',
      item: itemId,
      scope,
    });
    if (answer.kind === 'refused') throw refusedFailure(answer, { level: 'child' });
    const comment = client.parse(commentSchema, answer.http, call.operation);
    return toComment(comment, workItemPage(client.organization, project, itemId));
  };

  const marked = (itemId: string, body: FieldValue & { kind: 'richText' }, marker: Marker | null): CommentText => {
    if (body.format === 'adf') {
      const detail = 'A comment is written as HTML or Markdown.';
      const error = syncError('invalid-value', { side: 'azure', level: 'child', detail });
      throw new SyncFailure(error, { mayHaveLanded: false });
    }
    const { text, format } = body;
    if (marker === null) return { text, format };
    const page = workItemPage(client.organization, project, itemId);
    const mark = format === 'html' ? withCommentMarker : withMarkdownMarker;
    return { text: mark(text, marker, page), format };
  };

  return {
    async create(draft): Promise<CreateOutcome> {
      const { schema } = await options.context();
      const filled = draft.fields.filter(({ value }) => value !== null);
      const { operations, refusals } = encodeAll(schema, draft.type, filled, options.timeZone, project);
      const unmade = refusals.length > 0 ? refusals : await makeMissing(client, project, filled);
      if (unmade.length > 0) return { kind: 'refused', refusals: unmade };
      const answer = await client.answer({
        operation: 'POST workitems/{type}',
        method: 'POST',
        path: ['wit', 'workitems', `$${draft.type}`],
        project,
        query: { $expand: 'relations' },
        body: patch([
          ...operations,
          { op: 'add', path: '/relations/-', value: markerRelation(draft.sourceUrl, draft.marker) },
        ]),
        endpoint: 'write',
        scope,
      });
      if (answer.kind === 'ok') return { kind: 'created', item: await snapshotOf(answer, 'POST workitems/{type}') };
      return {
        kind: 'refused',
        refusals: refusalsOf(answer, sentOf(schema, draft.type, filled, { type: draft.type })),
      };
    },

    update,

    async transitions(item) {
      const { schema } = await options.context();
      const targets = schema.type(item.type)?.transitions?.[item.state] ?? [];
      return targets.filter((to) => to !== item.state).map((to) => ({ id: to, name: to, to, required: [] }));
    },

    transition: (base, option, fields) => update(base, fields, option.to),

    async deleteComment(itemId, commentId) {
      const answer = await client.answer({
        operation: 'DELETE workItems/{id}/comments/{commentId}',
        method: 'DELETE',
        path: ['wit', 'workItems', itemId, 'comments', commentId],
        project,
        version: commentsVersion,
        endpoint: 'write',
        item: itemId,
        scope,
      });
      if (answer.kind === 'refused' && answer.status !== 404) throw refusedFailure(answer, { level: 'child' });
    },

    addComment: async (itemId, body, marker) =>
      writeComment(
        { operation: 'POST workItems/{id}/comments', method: 'POST', path: ['wit', 'workItems', itemId, 'comments'] },
        itemId,
        marked(itemId, body, marker),
      ),

    updateComment: async (itemId, commentId, body, marker) =>
      writeComment(
        {
          operation: 'PATCH workItems/{id}/comments/{commentId}',
          method: 'PATCH',
          path: ['wit', 'workItems', itemId, 'comments', commentId],
        },
        itemId,
        marked(itemId, body, marker),
      ),

    changeLinks: (base, changes) =>
      changeLinks(
        {
          patch: patchItem,
          snapshot: (answer) => snapshotOf(answer, 'PATCH workitems/{id}'),
          address: (id) => `${client.organization.url}/_apis/wit/workItems/${id}`,
        },
        base,
        changes,
      ),

    async retype(base, type, state) {
      const { schema } = await options.context();
      const rev = base.versions.fields?.seq;
      if (rev === undefined) throw new TypeError('A new type needs the revision that its item was read at.');
      const answer = await patchItem(base.id, [
        { op: 'test', path: '/rev', value: rev },
        { op: 'add', path: '/fields/System.WorkItemType', value: type },
        ...(state === undefined ? [] : [{ op: 'add', path: '/fields/System.State', value: state } as const]),
      ]);
      if (answer.kind === 'ok') return { kind: 'done' };
      if (isStale(answer)) return { kind: 'stale' };
      if (answer.status === 404 && answer.body.typeKey !== 'WorkItemTypeNotFoundException')
        throw refusedFailure(answer);
      const [refusal] = refusalsOf(answer, sentOf(schema, type, [], { type, ...given({ state }) }));
      return { kind: 'refused', error: refusal?.error ?? syncError('invalid-value', { side: 'azure' }) };
    },

    ...attachmentWriter({ client, project, patch: patchItem, upload: options.upload, snapshot: snapshotOf }),

    changeNode: (change) => changeNode(client, project, change),
    ...scopeWriter({ client, project, patch: patchItem }),
  };
}

const given = (values: { readonly state: string | undefined }) =>
  values.state === undefined ? {} : { state: values.state };

/** With `add` the service only adds tags, so that none would ever leave: https://github.com/bluebasher/WorkItemUpdater/issues/92 */
const TAGS = 'System.Tags';

/** Areas and iterations that the values name and that are not there; what could not be made, by field. */
async function makeMissing(client: AzureClient, project: string, writes: Writes): Promise<readonly Refusal[]> {
  const refusals: Refusal[] = [];
  for (const { field, value } of writes) {
    if (value?.kind !== 'option' || value.option.missing !== true) continue;
    const error = await makeNode(client, project, field, value.option);
    if (error !== null) refusals.push({ field, error });
  }
  return refusals;
}

function encodeAll(schema: AzureSchema, type: string, writes: Writes, timeZone: string, root: string) {
  const operations: PatchOperation[] = [];
  const refusals: Refusal[] = [];
  for (const { field, value } of writes) {
    const path = `/fields/${pointer(field)}`;
    if (value === null && schema.field(field, type)?.native === 'treePath') {
      operations.push({ op: 'add', path, value: root });
      continue;
    }
    if (value === null) {
      operations.push(field === TAGS ? { op: 'replace', path, value: '' } : { op: 'remove', path });
      continue;
    }
    const encoded = encodeField(field, schema.field(field, type), value, timeZone);
    if (encoded.kind === 'refused') {
      refusals.push({ field, error: encoded.error });
      continue;
    }
    operations.push({ op: field === TAGS ? 'replace' : 'add', path, value: encoded.value });
    if (encoded.format === 'markdown') {
      operations.push({ op: 'add', path: `/multilineFieldsFormat/${pointer(field)}`, value: 'Markdown' });
    }
  }
  return { operations, refusals };
}

/** RFC 6901, section 3. */
const pointer = (segment: string): string => segment.replaceAll('~', '~0').replaceAll('/', '~1');
