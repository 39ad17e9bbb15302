// Once a day: asks Atlassian whether the accounts that the backend keeps were closed or changed, and tells it.

import { privacy } from '@forge/api';
import { callBackend } from '../backend.ts';

interface Due {
  readonly accounts: readonly { readonly accountId: string; readonly updatedAt: string }[];
}

/** What fails is done the next day. */
export async function reportPeople(): Promise<void> {
  const due = await callBackend<Due>({ method: 'POST', path: '/forge/people/due' });
  if (!due.ok || due.value.accounts.length === 0) return;
  const { accounts } = due.value;
  // In requests of 90, as the endpoint takes them.
  const updates = await privacy.reportPersonalData([...accounts]);
  const body = {
    asked: accounts.map(({ accountId }) => accountId),
    updates: updates.map(({ accountId, status }) => ({ accountId, status })),
  };
  await callBackend({ method: 'POST', path: '/forge/people/reported', body });
}
