// Puts files on a work item and takes them off again. Sending the content is upload.ts'.

import type { Writer } from '../reconcile/ports.ts';
import { SyncFailure, syncError } from '../sync/errors.ts';
import type { ItemSnapshot } from '../sync/model.ts';
import { type Answer, type AzureCall, type AzureClient, refusedFailure } from './client.ts';
import { isStale } from './refusals.ts';
import { attachedFile, attachmentId, attachmentOf, markerComment } from './relations.ts';
import { type UploadLimits, uploadFile } from './upload.ts';
import { workItemSchema } from './wire.ts';

interface AttachmentWriterOptions {
  readonly client: AzureClient;
  readonly project: string;
  readonly upload: UploadLimits;
  readonly patch: (
    id: string,
    document: readonly { readonly op: 'add' | 'remove' | 'test'; readonly path: string; readonly value?: unknown }[],
  ) => Promise<Answer>;
  readonly snapshot: (answer: Extract<Answer, { kind: 'ok' }>, operation: string) => Promise<ItemSnapshot>;
}

const operation = 'PATCH workitems/{id}';
/** Somebody may change the item between the look for the relation and its removal. */
const mostTries = 3;

export function attachmentWriter({
  client,
  project,
  upload,
  patch,
  snapshot,
}: AttachmentWriterOptions): Pick<Writer, 'addAttachment' | 'removeAttachment'> {
  return {
    async addAttachment(item, file, content, marker) {
      const url = await uploadFile(client, project, file, content, upload);
      // Without a comment the service shows the file with no size: MicrosoftDocs/azure-devops-docs issue 2607.
      const relation = { rel: attachedFile, url, attributes: { comment: markerComment(marker) } };
      const answer = await patch(item.id, [{ op: 'add', path: '/relations/-', value: relation }]);
      if (answer.kind === 'refused') throw refusedFailure(answer, { level: 'child' });
      const written = await snapshot(answer, operation);
      const added = written.attachments?.find(({ id }) => id === idOf({ url }));
      const missing = { ...relation, attributes: { ...relation.attributes, name: file.name, resourceSize: file.size } };
      return { attachment: added ?? attachmentOf(missing), item: written };
    },

    async removeAttachment(itemId, id) {
      for (let tries = 0; tries < mostTries; tries += 1) {
        const item = await client.answer(relationsOf(itemId));
        if (item.kind === 'refused') throw refusedFailure(item, { level: 'child' });
        const wire = client.parse(workItemSchema, item.http, 'GET workitems/{id}');
        const place = wire.relations?.findIndex((one) => one.rel === attachedFile && idOf(one) === id) ?? -1;
        if (place < 0) return null;
        // A place means another relation after any change, so the revision is held.
        const answer = await patch(itemId, [
          { op: 'test', path: '/rev', value: wire.rev },
          { op: 'remove', path: `/relations/${place}` },
        ]);
        if (answer.kind === 'ok') return snapshot(answer, operation);
        if (!isStale(answer)) throw refusedFailure(answer, { level: 'child' });
      }
      const stale = syncError('unavailable', { side: 'azure', level: 'child', value: 'stale' });
      throw new SyncFailure(stale, { mayHaveLanded: false });
    },
  };
}

const idOf = ({ url }: { readonly url: string }): string => attachmentId(url) ?? url;

const relationsOf = (id: string): AzureCall => ({
  operation: 'GET workitems/{id}',
  method: 'GET',
  path: ['wit', 'workitems', id],
  query: { $expand: 'relations' },
  endpoint: 'read',
  scope: 'Work Items (Read & write)',
});
