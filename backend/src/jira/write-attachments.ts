// Puts files on an issue and takes them off again.

import { decode } from '../http/decode.ts';
import type { AttachmentWritten } from '../reconcile/ports.ts';
import { SyncFailure, syncError } from '../sync/errors.ts';
import type { ItemSnapshot } from '../sync/model.ts';
import { type JiraCall, segment } from './client.ts';
import { multipartFile, type UploadFile } from './multipart.ts';
import { attachmentsSchema } from './schemas.ts';
import { attachmentSnapshot } from './snapshot.ts';
import { refusedChild } from './write-children.ts';
import type { WriterOptions } from './writer.ts';

/** Long uploads end after an hour; one that stands still ends much earlier. */
const uploadTimeoutMs = 60 * 60_000;

/** Jira keeps no properties on attachments: a lost answer is settled by name, size and content. */
export async function addAttachment(
  { client }: WriterOptions,
  item: ItemSnapshot,
  file: UploadFile,
  content: ReadableStream<Uint8Array>,
): Promise<AttachmentWritten> {
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
  return { attachment: attachmentSnapshot(attachment) };
}

/** Needs "Delete all attachments", or "Delete own attachments" for what the account uploaded itself. */
export async function removeAttachment({ client }: WriterOptions, itemId: string, attachmentId: string): Promise<null> {
  const call: JiraCall = {
    operation: 'DELETE attachment/{id}',
    method: 'DELETE',
    path: `attachment/${segment(attachmentId)}`,
    endpoint: 'write',
    item: itemId,
  };
  const answer = await client.send(call);
  if (answer.status >= 400 && answer.status !== 404) throw refusedChild(call, answer, attachmentId);
  return null;
}
