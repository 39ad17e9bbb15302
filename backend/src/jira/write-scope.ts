// Writes what becomes of an issue when it or its counterpart leaves the profile's scope: marks and deletion. Jira has no
// recycle bin: https://support.atlassian.com/jira-software-cloud/docs/delete-an-issue/

import type { ScopeMark, Writer } from '../reconcile/ports.ts';
import type { ItemSnapshot } from '../sync/model.ts';
import { type JiraCall, type JiraClient, segment, unexpected } from './client.ts';
import { orphanProperty } from './markers.ts';
import { refusedChild } from './write-children.ts';

/** The label that says that an issue's counterpart was deleted: searchable, and seen on boards. */
export const orphanLabel = 'tandem-orphaned';
/** The label on an issue whose counterpart left the profile's scope. */
export const leftLabel = 'tandem-out-of-scope';

const labelOf: Readonly<Record<ScopeMark, string>> = { deleted: orphanLabel, left: leftLabel };

export function scopeWriter(client: JiraClient): Pick<Writer, 'mark' | 'unmark' | 'remove' | 'restore'> {
  const changeLabels = (item: ItemSnapshot, changes: readonly { readonly add?: string; readonly remove?: string }[]) =>
    client.send({
      operation: 'PUT issue/{id}',
      method: 'PUT',
      path: `issue/${segment(item.id)}`,
      json: { update: { labels: changes } },
      endpoint: 'write',
      item: item.id,
    });

  const property = (item: ItemSnapshot, method: 'PUT' | 'DELETE', json?: object): JiraCall => ({
    operation: `${method} issue/{id}/properties/{key}`,
    method,
    path: `issue/${segment(item.id)}/properties/${segment(orphanProperty)}`,
    ...(json === undefined ? {} : { json }),
    endpoint: 'write',
    item: item.id,
  });

  return {
    /** The label; where the screen does not offer labels, an issue property, which only searches see. */
    async mark(item, mark) {
      if ((await changeLabels(item, [{ add: labelOf[mark] }])).status < 400) return;
      const call = property(item, 'PUT', { orphaned: true });
      const answer = await client.send(call);
      if (answer.status >= 400) throw refusedChild(call, answer);
    },

    async unmark(item) {
      const removals = Object.values(labelOf).map((label) => ({ remove: label }));
      if ((await changeLabels(item, removals)).status < 400) return;
      const call = property(item, 'DELETE');
      const answer = await client.send(call);
      if (answer.status >= 400 && answer.status !== 404) throw refusedChild(call, answer);
    },

    /** With sub-tasks Jira refuses, unless they were to go as well: they are pairs of their own. */
    async remove(item) {
      const call: JiraCall = {
        operation: 'DELETE issue/{id}',
        method: 'DELETE',
        path: `issue/${segment(item.id)}`,
        endpoint: 'write',
        item: item.id,
      };
      const answer = await client.send(call);
      if (answer.status < 400 || answer.status === 404) return null;
      if (answer.status >= 500) throw unexpected(call, answer);
      return { ...refusedChild(call, answer).error, level: 'item' };
    },

    restore: async () => false,
  };
}
