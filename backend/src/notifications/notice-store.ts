// Where an admin is told, and what is on its way there, in PostgreSQL. A stop is put here by the statement that makes it
// (store/stop-notices.ts), so that neither is without the other.

import type { Scope } from '../reconcile/ports.ts';
import { numberOf, type Pool } from '../store/database.ts';
import type { SecretStore } from '../store/secrets.ts';
import { eventSchema, type NoticeEvent } from './events.ts';
import type { WebhookFormat } from './formats.ts';
import { newSigningKey } from './signature.ts';
import type { Webhook } from './webhook.ts';

export type Channel = 'webhook' | 'issue';

export interface Channels {
  /** Of the webhook the host alone: the rest of its address is a secret. */
  readonly webhook: { readonly host: string; readonly format: WebhookFormat } | null;
  readonly issueKey: string | null;
}

export interface StoredNotice {
  readonly id: string;
  readonly installationId: string;
  readonly channel: Channel;
  readonly event: NoticeEvent;
  /** Epoch ms. */
  readonly madeAt: number;
  readonly attempts: number;
  readonly endedAt: number | null;
  /** Why the last attempt failed; null once it arrived. */
  readonly failure: string | null;
}

export interface NoticeStore {
  channels(scope: Scope): Promise<Channels>;
  webhook(scope: Scope): Promise<Webhook | null>;
  /** Returns the new key that signs what goes there. What waits for an earlier webhook goes to this one. */
  setWebhook(scope: Scope, url: string, format: WebhookFormat): Promise<string>;
  /** What waits for it is dropped, as with `setIssue(scope, null)`. */
  removeWebhook(scope: Scope): Promise<void>;
  setIssue(scope: Scope, key: string | null): Promise<void>;
  /** The newest first. */
  recent(scope: Scope, limit: number): Promise<readonly StoredNotice[]>;
  /** Puts it in for each way in which the installation is told; once for one `key`, whoever asks again. */
  add(scope: Scope, key: string, event: NoticeEvent): Promise<void>;
  /** Puts in each token that ends within so many days of now, once. */
  addEndingTokens(days: number): Promise<void>;
  /** The oldest of each installation, at most `each` of one; the first of all before the second of any. */
  due(limit: number, each: number): Promise<readonly StoredNotice[]>;
  /** `failure`: it was given up. */
  end(id: string, failure: string | null): Promise<void>;
  tryAgain(id: string, failure: string, inMs: number): Promise<void>;
  /** Forgets what was told this long ago, and with it that it was told. */
  purge(): Promise<void>;
}

const day = 24 * 60 * 60_000;
const keptMs = 30 * day;

const urlPlace = 'notice_channels.webhook_url';
const keyPlace = 'notice_channels.webhook_key';

interface NoticeRow {
  readonly notice_id: string;
  readonly installation_id: string;
  readonly channel: Channel;
  readonly event: unknown;
  readonly made_at: string;
  readonly attempts: number;
  readonly ended_at: string | null;
  readonly failure: string | null;
}

/** What a newer version put in while both run is left to it. */
const noticesOf = (rows: readonly NoticeRow[]): readonly StoredNotice[] =>
  rows.flatMap((row) => {
    const { success, data: event } = eventSchema.safeParse(row.event);
    if (!success) return [];
    return {
      id: row.notice_id,
      installationId: row.installation_id,
      channel: row.channel,
      event,
      madeAt: numberOf(row.made_at),
      attempts: row.attempts,
      endedAt: row.ended_at === null ? null : numberOf(row.ended_at),
      failure: row.failure,
    };
  });

/** `pool` is the queue's: what is due is looked up for all installations at once. `now` in epoch ms. */
export function postgresNotices(pool: Pool, secrets: SecretStore, now: () => number): NoticeStore {
  const dropWaiting = (scope: Scope, channel: Channel) =>
    pool.query('delete from tandem.notices where installation_id = $1 and channel = $2 and ended_at is null', [
      scope.installationId,
      channel,
    ]);

  return {
    async channels({ installationId }) {
      const { rows } = await pool.query<{
        webhook_host: string | null;
        webhook_format: WebhookFormat | null;
        issue_key: string | null;
      }>('select webhook_host, webhook_format, issue_key from tandem.notice_channels where installation_id = $1', [
        installationId,
      ]);
      const [row] = rows;
      const { webhook_host: host = null, webhook_format: format = null, issue_key: issueKey = null } = row ?? {};
      return { webhook: host === null || format === null ? null : { host, format }, issueKey };
    },

    async webhook(scope) {
      const { rows } = await pool.query<{
        webhook_url_sealed: string | null;
        webhook_key_sealed: string | null;
        webhook_format: WebhookFormat | null;
      }>(
        'select webhook_url_sealed, webhook_key_sealed, webhook_format from tandem.notice_channels where installation_id = $1',
        [scope.installationId],
      );
      const { webhook_url_sealed: url, webhook_key_sealed: key, webhook_format: format } = rows[0] ?? {};
      if (!url || !key || !format) return null;
      return {
        url: await secrets.openText(scope, urlPlace, url),
        key: await secrets.openText(scope, keyPlace, key),
        format,
      };
    },

    async setWebhook(scope, url, format) {
      const key = newSigningKey();
      const [sealedUrl, sealedKey] = [
        await secrets.seal(scope, urlPlace, url),
        await secrets.seal(scope, keyPlace, key),
      ];
      await pool.query(
        `insert into tandem.notice_channels
           (installation_id, webhook_url_sealed, webhook_key_sealed, webhook_host, webhook_format)
         values ($1, $2, $3, $4, $5)
         on conflict (installation_id) do update set webhook_url_sealed = excluded.webhook_url_sealed,
           webhook_key_sealed = excluded.webhook_key_sealed, webhook_host = excluded.webhook_host,
           webhook_format = excluded.webhook_format`,
        [scope.installationId, sealedUrl, sealedKey, new URL(url).host, format],
      );
      return key;
    },

    async removeWebhook(scope) {
      await pool.query(
        `update tandem.notice_channels set webhook_url_sealed = null, webhook_key_sealed = null,
           webhook_host = null, webhook_format = null where installation_id = $1`,
        [scope.installationId],
      );
      await dropWaiting(scope, 'webhook');
    },

    async setIssue(scope, key) {
      await pool.query(
        `insert into tandem.notice_channels (installation_id, issue_key) values ($1, $2)
         on conflict (installation_id) do update set issue_key = excluded.issue_key`,
        [scope.installationId, key],
      );
      if (key === null) await dropWaiting(scope, 'issue');
    },

    async recent({ installationId }, limit) {
      const { rows } = await pool.query<NoticeRow>(
        'select * from tandem.notices where installation_id = $1 order by made_at desc, notice_id limit $2',
        [installationId, limit],
      );
      return noticesOf(rows);
    },

    async add({ installationId }, key, event) {
      await pool.query(
        `insert into tandem.notices (installation_id, channel, event_key, event, made_at, due_at)
         select installation_id, channel, $2, $3, $4::bigint, $4::bigint
         from tandem.notice_channels
           cross join lateral (values ('webhook', webhook_url_sealed is not null), ('issue', issue_key is not null))
             as way (channel, used)
         where used and installation_id = $1
         on conflict do nothing`,
        [installationId, key, JSON.stringify(event), now()],
      );
    },

    async addEndingTokens(days) {
      const at = now();
      const date = (time: number) => new Date(time).toISOString().slice(0, 10);
      await pool.query(
        `insert into tandem.notices (installation_id, channel, event_key, event, made_at, due_at)
         select installation_id, channel, 'token/' || connection_id || '/' || secret_expires_on,
           jsonb_build_object('kind', 'token-ends', 'connectionId', connection_id, 'connection', connection.name,
             'expiresOn', secret_expires_on), $1::bigint, $1::bigint
         from tandem.connections connection join tandem.notice_channels channels using (installation_id)
           join tandem.installations installation using (installation_id)
           cross join lateral (values ('webhook', webhook_url_sealed is not null), ('issue', issue_key is not null))
             as way (channel, used)
         where used and installation.status = 'active' and secret_expires_on between $2 and $3
         on conflict do nothing`,
        [at, date(at), date(at + days * day)],
      );
    },

    async due(limit, each) {
      const { rows } = await pool.query<NoticeRow>(
        `select * from (
           select notice.*, row_number() over (partition by installation_id order by due_at, notice_id) as turn
           from tandem.notices notice join tandem.installations installation using (installation_id)
           where ended_at is null and due_at <= $1 and installation.status = 'active'
         ) waiting where turn <= $3 order by turn, due_at, notice_id limit $2`,
        [now(), limit, each],
      );
      return noticesOf(rows);
    },

    async end(id, failure) {
      await pool.query('update tandem.notices set ended_at = $2, failure = $3 where notice_id = $1', [
        id,
        now(),
        failure,
      ]);
    },

    async tryAgain(id, failure, inMs) {
      await pool.query(
        'update tandem.notices set attempts = attempts + 1, due_at = $2, failure = $3 where notice_id = $1',
        [id, now() + inMs, failure],
      );
    },

    async purge() {
      await pool.query('delete from tandem.notices where made_at < $1', [now() - keptMs]);
    },
  };
}
