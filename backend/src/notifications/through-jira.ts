// Tells an admin through Jira's own notification of an issue, as the app.

import type { Transport } from '../http/transport.ts';
import { createJiraClient, type JiraConnection } from '../jira/client.ts';
import { notifyIssue } from '../jira/notify-issue.ts';
import type { Scope } from '../reconcile/ports.ts';
import type { ConfigStore } from '../store/config-store.ts';
import { SyncFailure } from '../sync/errors.ts';
import type { DeliveryDeps } from './deliver.ts';
import { wordsOf } from './events.ts';

export interface ThroughJiraDeps {
  readonly config: Pick<ConfigStore, 'listConnections'>;
  readonly openJira: (scope: Scope, connectionId: string) => Promise<JiraConnection>;
  readonly transport: Transport;
}

export function throughJira({ config, openJira, transport }: ThroughJiraDeps): DeliveryDeps['notifyIssue'] {
  return async (scope, key, { event }) => {
    const app = (await config.listConnections(scope)).find(({ side, auth }) => side === 'jira' && auth === 'app');
    if (!app) return { kind: 'failed', failure: 'no-connection', retry: true };
    try {
      await notifyIssue(createJiraClient(await openJira(scope, app.id), transport, 'notices'), key, wordsOf(event));
      return { kind: 'arrived' };
    } catch (thrown) {
      if (!(thrown instanceof SyncFailure)) throw thrown;
      const { code, retryAfterMs } = thrown.error;
      return { kind: 'failed', failure: code, retry: true, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    }
  };
}
