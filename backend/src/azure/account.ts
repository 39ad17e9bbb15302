// Whose token it is.

import type { UserRef } from '../sync/model.ts';
import { type AzureClient, whoAmI } from './client.ts';
import { connectionDataSchema } from './wire.ts';

/** The account as `createdBy` names it: by its unique name. Throws `unauthorized` for a token that the service doesn't know. */
export async function readAccount(client: AzureClient): Promise<UserRef> {
  const data = await client.call(whoAmI, connectionDataSchema);
  const user = data.authenticatedUser;
  const account = user.properties?.Account;
  const value =
    typeof account === 'object' && account !== null && '$value' in account && typeof account.$value === 'string'
      ? account.$value
      : undefined;
  const id = value || user.subjectDescriptor || user.id;
  const name = user.customDisplayName || user.providerDisplayName || id;
  return { id, name, ...(id.includes('@') ? { email: id } : {}) };
}
