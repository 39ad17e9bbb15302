// The daily question to Atlassian about the accounts that are kept, held against an endpoint as strict as its description.

import { expect, it } from 'vitest';
import { reportPeople } from '../../forge-app/handlers/report-people.ts';
import { type RemoteCall, withBackend } from './forge-runtime.ts';

const json = (status: number, value: unknown) =>
  new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json' } });

interface Account {
  readonly accountId: string;
  readonly updatedAt: string;
}

/** At most 90 accounts, each once, with an instant; 204 where none was closed or changed. */
function atlassian({ method, body }: RemoteCall, changed: ReadonlyMap<string, string>): Response {
  const { accounts } = body as { accounts: readonly Account[] };
  const wrong =
    method !== 'POST' ||
    accounts.length === 0 ||
    accounts.length > 90 ||
    new Set(accounts.map(({ accountId }) => accountId)).size !== accounts.length ||
    accounts.some(({ updatedAt }) => !/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(updatedAt));
  if (wrong) return json(400, { errorType: 'BAD_REQUEST', errorMessage: 'invalid accounts' });
  const told = accounts.flatMap(({ accountId }) => {
    const status = changed.get(accountId);
    return status === undefined ? [] : [{ accountId, status }];
  });
  return told.length === 0 ? new Response(null, { status: 204 }) : json(200, { accounts: told });
}

const kept = (count: number): readonly Account[] =>
  Array.from({ length: count }, (_, index) => ({ accountId: `u${index}`, updatedAt: '2026-11-24T12:00:00.000Z' }));

const run = (accounts: readonly Account[], changed: ReadonlyMap<string, string>, status = 200) =>
  withBackend((call) => {
    if (call.path === '/forge/people/due') return json(status, { accounts });
    if (call.path === '/app/report-accounts') return atlassian(call, changed);
    return new Response(null, { status: 204 });
  }, reportPeople);

it('asks about all that are due, 90 at a time, and brings the answers back', async () => {
  const changed = new Map([
    ['u3', 'closed'],
    ['u150', 'updated'],
  ]);
  const calls = await run(kept(200), changed);
  expect(calls.map(({ path }) => path)).toEqual([
    '/forge/people/due',
    '/app/report-accounts',
    '/app/report-accounts',
    '/app/report-accounts',
    '/forge/people/reported',
  ]);
  expect(calls.at(-1)?.body).toEqual({
    asked: kept(200).map(({ accountId }) => accountId),
    updates: [
      { accountId: 'u3', status: 'closed' },
      { accountId: 'u150', status: 'updated' },
    ],
  });
});

it('asks nothing where nobody is due or the backend is away, and reports nothing that Atlassian refused', async () => {
  expect(await run([], new Map())).toHaveLength(1);
  expect(await run(kept(1), new Map(), 503)).toHaveLength(1);
  const refused: RemoteCall[] = [];
  await expect(
    withBackend((call) => {
      refused.push(call);
      return call.path === '/forge/people/due' ? json(200, { accounts: kept(1) }) : json(429, {});
    }, reportPeople),
  ).rejects.toBeDefined();
  expect(refused.map(({ path }) => path)).toEqual(['/forge/people/due', '/app/report-accounts']);
});
