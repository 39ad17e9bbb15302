// Sends a notice to the address that an admin gave: any public https host, without redirects, bounded in time and size, and
// never with a credential of ours.

import { fetch } from 'undici';
import { type AddressPolicy, type Dispatchers, refusalOf } from '../http/addresses.ts';
import type { Notice } from './events.ts';
import { type WebhookFormat, webhookBody } from './formats.ts';
import { signature } from './signature.ts';

export interface Webhook {
  readonly url: string;
  readonly format: WebhookFormat;
  /** Signs what goes there. */
  readonly key: string;
}

/** `failure` is a code: what the receiver said is nobody's to keep. `retry: false`: it would be refused again. */
export type Delivered =
  | { readonly kind: 'arrived' }
  | { readonly kind: 'failed'; readonly failure: string; readonly retry: boolean; readonly retryAfterMs?: number };

export type SendWebhook = (webhook: Webhook, notice: Notice) => Promise<Delivered>;

export interface WebhookOptions {
  readonly addresses: AddressPolicy;
  readonly dispatchers: Pick<Dispatchers, 'of'>;
  /** Epoch ms. */
  readonly now: () => number;
}

const timeoutMs = 10_000;
const longestWaitMs = 60 * 60_000;

export function webhookSender({ addresses, dispatchers, now }: WebhookOptions): SendWebhook {
  return async ({ url: text, format, key }, notice) => {
    const url = new URL(text);
    if (refusalOf(url, addresses, 'webhook') !== null) return { kind: 'failed', failure: 'address', retry: false };
    const body = webhookBody(format, notice);
    const seconds = Math.floor(now() / 1000);
    try {
      const answer = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        dispatcher: dispatchers.of(url, 'webhook'),
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Tandem',
          'x-tandem-event': notice.event.kind,
          'x-tandem-delivery': notice.id,
          'x-tandem-timestamp': String(seconds),
          'x-tandem-signature': signature(key, seconds, body),
        },
        body,
      });
      await answer.body?.cancel();
      return outcomeOf(answer.status, answer.headers.get('retry-after'));
    } catch {
      return { kind: 'failed', failure: 'unreachable', retry: true };
    }
  };
}

function outcomeOf(status: number, retryAfter: string | null): Delivered {
  if (status >= 200 && status < 300) return { kind: 'arrived' };
  const failure = `http-${status}`;
  const seconds = Number(retryAfter ?? Number.NaN);
  if (!Number.isFinite(seconds) || seconds < 0) return { kind: 'failed', failure, retry: true };
  return { kind: 'failed', failure, retry: true, retryAfterMs: Math.min(longestWaitMs, seconds * 1000) };
}
