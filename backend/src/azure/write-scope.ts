// Writes what becomes of a work item when it or its counterpart leaves the profile's scope: marks, deletion and restoring.

import type { ScopeMark, Writer } from '../reconcile/ports.ts';
import { SyncFailure, syncError } from '../sync/errors.ts';
import type { ItemSnapshot } from '../sync/model.ts';
import { type Answer, type AzureClient, failureOf, refusedFailure } from './client.ts';
import { isStale } from './refusals.ts';
import { workItemSchema } from './wire.ts';

/** The tag on a work item whose counterpart was deleted. */
export const orphanTag = 'Counterpart deleted';
/** The tag on one whose counterpart left the profile's scope. */
export const leftTag = 'Counterpart out of scope';

const tagOf: Readonly<Record<ScopeMark, string>> = { deleted: orphanTag, left: leftTag };

interface Options {
  readonly client: AzureClient;
  readonly project: string;
  /** One JSON Patch of one item. */
  readonly patch: (
    id: string,
    document: readonly { readonly op: 'test' | 'replace'; readonly path: string; readonly value: unknown }[],
  ) => Promise<Answer>;
}

const scope = 'Work Items (Read & write)';

export function scopeWriter({
  client,
  project,
  patch,
}: Options): Pick<Writer, 'mark' | 'unmark' | 'remove' | 'restore'> {
  /** Changes the tags as they are now, once nobody comes between. */
  const changeTags = async (item: ItemSnapshot, change: (tags: readonly string[]) => readonly string[] | null) => {
    for (let tries = 0; tries < 3; tries += 1) {
      const current = await client.call(
        {
          operation: 'GET workitems/{id}',
          method: 'GET',
          path: ['wit', 'workitems', item.id],
          query: { $expand: 'relations' },
          endpoint: 'read',
          scope: 'Work Items (Read)',
        },
        workItemSchema,
      );
      const tags = String(current.fields['System.Tags'] ?? '')
        .split(';')
        .map((tag) => tag.trim())
        .filter((tag) => tag !== '');
      const wanted = change(tags);
      if (wanted === null) return;
      const answer = await patch(item.id, [
        { op: 'test', path: '/rev', value: current.rev },
        { op: 'replace', path: '/fields/System.Tags', value: wanted.join('; ') },
      ]);
      if (answer.kind === 'ok') return;
      if (!isStale(answer)) throw refusedFailure(answer);
    }
    throw new SyncFailure(syncError('unavailable', { side: 'azure', value: 'stale' }));
  };

  return {
    mark: (item, mark) =>
      changeTags(item, (tags) => (tags.some(isTag(tagOf[mark])) ? null : [...tags.filter(isNoMark), tagOf[mark]])),

    unmark: (item) => changeTags(item, (tags) => (tags.every(isNoMark) ? null : tags.filter(isNoMark))),

    async remove(item) {
      const answer = await client.answer({
        operation: 'DELETE workitems/{id}',
        method: 'DELETE',
        path: ['wit', 'workitems', item.id],
        project,
        endpoint: 'write',
        item: item.id,
        scope,
      });
      if (answer.kind === 'ok' || answer.status === 404) return null;
      return failureOf(answer, { level: 'item' });
    },

    async restore(id) {
      const answer = await client.answer({
        operation: 'PATCH recyclebin/{id}',
        method: 'PATCH',
        path: ['wit', 'recyclebin', id],
        project,
        body: { kind: 'json', value: { isDeleted: false } },
        endpoint: 'write',
        item: id,
        scope,
      });
      if (answer.kind === 'ok') return true;
      if (answer.status === 404) return false;
      throw refusedFailure(answer);
    },
  };
}

/** Azure DevOps compares tags without regard to case. */
const isTag = (wanted: string) => (tag: string) => tag.toLowerCase() === wanted.toLowerCase();

const isNoMark = (tag: string): boolean => !Object.values(tagOf).some((mark) => isTag(mark)(tag));
