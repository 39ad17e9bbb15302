// The address of an organization as an admin types it: of the right form, and one that Tandem may call at all.

import { parseOrganization } from '../azure/organization.ts';
import { type AddressPolicy, checkAddress } from '../http/addresses.ts';
import { SyncFailure } from '../sync/errors.ts';
import { invalidField } from './problem.ts';

/** In its one spelling. Throws a Problem that says how an address looks, or why this one is not allowed. */
export function organizationUrl(text: string, addresses: AddressPolicy): string {
  try {
    // The address as typed: credentials in it are dropped by the parser and must not pass unnoticed.
    checkAddress(new URL(text), addresses, 'api', 'azure');
    return parseOrganization(text).url;
  } catch (error) {
    const detail = error instanceof SyncFailure ? error.error.detail : undefined;
    throw invalidField('url', detail ?? 'use an address such as https://dev.azure.com/acme.');
  }
}
