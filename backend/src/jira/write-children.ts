// Writes comments to an issue, and tells what Jira's refusal of a child means.

import { decode } from '../http/decode.ts';
import { maskDetail, sentValues } from '../http/mask.ts';
import type { HttpAnswer } from '../http/transport.ts';
import { type ErrorCode, type SyncError, SyncFailure, syncError } from '../sync/errors.ts';
import type { CommentSnapshot, FieldValue, Marker } from '../sync/model.ts';
import { type JiraCall, segment } from './client.ts';
import { commentProperty } from './markers.ts';
import { refusalsOf } from './refusals.ts';
import { commentSchema } from './schemas.ts';
import { commentSnapshot } from './snapshot.ts';
import type { WriterOptions } from './writer.ts';

type RichText = FieldValue & { readonly kind: 'richText' };

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

function adfOf(body: RichText): unknown {
  if (body.format === 'adf') return body.adf;
  throw new SyncFailure(
    syncError('internal', { side: 'jira', level: 'child', detail: 'A comment for Jira must be ADF.' }),
  );
}

export async function deleteComment({ client }: WriterOptions, itemId: string, commentId: string): Promise<void> {
  const call: JiraCall = {
    operation: 'DELETE issue/{id}/comment/{id}',
    method: 'DELETE',
    path: `issue/${segment(itemId)}/comment/${segment(commentId)}`,
    endpoint: 'write',
    item: itemId,
  };
  const answer = await client.send(call);
  if (answer.status >= 400 && answer.status !== 404) throw refusedChild(call, answer, commentId);
}

export function refusedChild(call: JiraCall, answer: HttpAnswer, childId?: string): SyncFailure {
  const values = sentValues({
    ...(call.json === undefined ? {} : { body: { kind: 'json', value: call.json } }),
    url: new URL('https://jira.invalid/'),
  });
  const refusal = refusalsOf(answer, new Set(), values)[0];
  const code: ErrorCode = answer.status === 404 ? 'unreachable' : codeOf(refusal?.error, answer.text);
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

/** A lacking permission on one comment is a 400 with a sentence: "You do not have permission to edit the comment with id: 1." */
const codeOf = (error: SyncError | undefined, answered: string): ErrorCode =>
  /not have (?:the )?permission/i.test(answered) ? 'forbidden' : (error?.code ?? 'invalid-value');
