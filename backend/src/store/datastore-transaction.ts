// Datastore's transactions, begun again when another one came in between: it tells so as ABORTED and did nothing.

import { setTimeout as delay } from 'node:timers/promises';
import type { Datastore, Key, Transaction } from '@google-cloud/datastore';
import { statusOf } from './grpc-status.ts';

/** ABORTED of gRPC. */
const aborted = 10;

/** Of what met another one. */
export const mostAttempts = 12;

/** The wait before the next one. Those that met once would meet again: the waits differ, and nothing tells of the other's end. */
export const waitApart = (attempt: number): Promise<void> => delay(Math.random() * Math.min(1_000, 10 * 2 ** attempt));

/**
 * `work` may run several times: nothing in it may reach beyond the transaction. What it throws ends the transaction. Its first
 * read begins the transaction by the way, so it must be answered before the next one is asked.
 */
export async function inTransaction<T>(
  datastore: Datastore,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const transaction = datastore.transaction();
    try {
      const result = await work(transaction);
      await transaction.commit();
      return result;
    } catch (error) {
      await transaction.rollback().catch(() => {});
      if (statusOf(error) !== aborted || attempt === mostAttempts) throw error;
      await waitApart(attempt);
    }
  }
}

/** The entities of the keys in their order; undefined for one that is not there. */
export async function getAll(
  from: Pick<Datastore, 'get'> | Pick<Transaction, 'get'>,
  keys: readonly Key[],
  symbol: symbol,
): Promise<readonly unknown[]> {
  if (keys.length === 0) return [];
  const [found] = await from.get([...keys]);
  const list: readonly Record<symbol, Key>[] = found;
  const byName = new Map(list.map((entity) => [entity[symbol]?.path.join('\n'), entity]));
  return keys.map((key) => byName.get(key.path.join('\n')));
}
