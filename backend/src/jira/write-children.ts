// Writes comments and attachments to an issue.

import { decode } from '../http/decode.ts';
import { maskDetail, sentValues } from '../http/mask.ts';
import type { HttpAnswer } from '../http/transport.ts';
import { type ErrorCode, SyncFailure, syncError } from '../sync/errors.ts';
import type { AttachmentSnapshot, CommentSnapshot, FieldValue, ItemSnapshot, Marker } from '../sync/model.ts';
import { type JiraCall, segment } from './client.ts';
import { commentProperty } from './markers.ts';
import { multipartFile, type UploadFile } from './multipart.ts';
import { refusalsOf } from './refusals.ts';
import { attachmentsSchema, commentSchema } from './schemas.ts';
import { attachmentSnapshot, commentSnapshot } from './snapshot.ts';
import type { WriterOptions } from './writer.ts';

type RichText = FieldValue & { readonly kind: 'richText' };

/** Long uploads end after half an hour. */
const uploadTimeoutMs = 30 * 60_000;

export async function addComment(
  { client, context }: WriterOptions,
  itemId: string,
  body: RichText,
  marker: Marker,
): Promise<CommentSnapshot> {
  const call: JiraCall = {
    operation: 'POST issue/{id}/comment',
    method: 'POST',
    path: `issue/${segment(itemId)}/comment`,
    json: { body: adfOf(body), properties: [{ key: commentProperty, value: marker }] },
    endpoint: 'write',
    item: itemId,
  };
  const answer = await client.send(call);
  if (answer.status >= 400) throw refusedChild(call, answer);
  const comment = commentSnapshot(context, itemId, decode(commentSchema, answer, 'jira', call.operation));
  client.markers.remember(comment.id, marker);
  return { ...comment, marker };
}

export async function updateComment(
  { client, context }: WriterOptions,
  itemId: string,
  commentId: string,
  body: RichText,
  marker: Marker | null,
): Promise<CommentSnapshot> {
  const call: JiraCall = {
    operation: 'PUT issue/{id}/comment/{id}',
    method: 'PUT',
    path: `issue/${segment(itemId)}/comment/${segment(commentId)}`,
    json: { body: adfOf(body), ...(marker ? { properties: [{ key: commentProperty, value: marker }] } : {}) },
    endpoint: 'write',
    item: itemId,
  };
  const answer = await client.send(call);
  if (answer.status >= 400) throw refusedChild(call, answer, commentId);
  return {
    ...commentSnapshot(context, itemId, decode(commentSchema, answer, 'jira', call.operation)),
    ...(marker ? { marker } : {}),
  };
}

/** Jira keeps no properties on attachments: a lost answer is settled by name, size and author. */
export async function addAttachment(
  { client }: WriterOptions,
  item: ItemSnapshot,
  file: UploadFile,
  content: ReadableStream<Uint8Array>,
): Promise<AttachmentSnapshot> {
  const call: JiraCall = {
    operation: 'POST issue/{id}/attachments',
    method: 'POST',
    path: `issue/${segment(item.id)}/attachments`,
    headers: { 'x-atlassian-token': 'no-check' },
    body: multipartFile('file', file, content),
    endpoint: 'media',
    item: item.id,
    timeoutMs: uploadTimeoutMs,
  };
  const answer = await client.send(call);
  if (answer.status === 413) {
    throw new SyncFailure(
      syncError('too-large', {
        side: 'jira',
        value: `${file.size} bytes`,
        detail: 'Jira refused the size of the file.',
      }),
      { mayHaveLanded: false },
    );
  }
  if (answer.status >= 400) throw refusedChild(call, answer);
  const [attachment] = decode(attachmentsSchema, answer, 'jira', call.operation);
  if (attachment === undefined) throw refusedChild(call, answer);
  return attachmentSnapshot(attachment);
}

function adfOf(body: RichText): unknown {
  if (body.format === 'adf') return body.adf;
  throw new SyncFailure(
    syncError('internal', { side: 'jira', level: 'child', detail: 'A comment for Jira must be ADF.' }),
  );
}

export function refusedChild(call: JiraCall, answer: HttpAnswer, childId?: string): SyncFailure {
  const values = sentValues({
    ...(call.json === undefined ? {} : { body: { kind: 'json', value: call.json } }),
    url: new URL('https://jira.invalid/'),
  });
  const refusal = refusalsOf(answer, new Set(), values)[0];
  const code: ErrorCode = answer.status === 404 ? 'unreachable' : (refusal?.error.code ?? 'invalid-value');
  return new SyncFailure(
    syncError(code, {
      side: 'jira',
      level: 'child',
      detail: maskDetail(`${call.operation}: HTTP ${answer.status}. ${refusal?.error.detail ?? ''}`, []),
      ...(childId === undefined ? {} : { field: childId }),
    }),
    { mayHaveLanded: false },
  );
}
