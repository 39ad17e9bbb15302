// Where an Azure DevOps organization lives: its address as people enter it, and the hosts that answer for it. No calls.

import { SyncFailure, syncError } from '../sync/errors.ts';

export interface Organization {
  readonly name: string;
  /** The organization's address without a trailing slash: scopes claims and starts every call. */
  readonly url: string;
  /** The host that answers for identities and the graph; the same address where one server does everything. */
  readonly identityUrl: string;
}

/**
 * Takes `https://dev.azure.com/org`, the older `https://org.visualstudio.com`, or any other address whose first path segment
 * is the organization (a simulator). Extra path, query and case of the host are dropped: two spellings give one `url`.
 * Hosts: learn.microsoft.com "Allowed IP addresses and domain URLs"; the graph's is named in its own reference.
 */
export function parseOrganization(text: string): Organization {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) throw invalid();
  const host = url.hostname.toLowerCase();
  const legacy = /^([a-z0-9][a-z0-9-]*)\.visualstudio\.com$/.exec(host)?.[1];
  if (legacy !== undefined) {
    return {
      name: legacy,
      url: `https://${legacy}.visualstudio.com`,
      identityUrl: `https://${legacy}.vssps.visualstudio.com`,
    };
  }
  const segment = url.pathname.split('/').find((part) => part !== '');
  if (segment === undefined) throw invalid();
  const name = decodeURIComponent(segment);
  const path = `/${encodeURIComponent(name)}`;
  return {
    name,
    url: `${url.origin}${path}`,
    identityUrl: host === 'dev.azure.com' ? `https://vssps.dev.azure.com${path}` : `${url.origin}${path}`,
  };
}

const invalid = () =>
  new SyncFailure(
    syncError('unreachable', {
      side: 'azure',
      level: 'connection',
      retry: 'on-admin',
      value: 'url',
      detail:
        'The address of the organization must look like https://dev.azure.com/organization or https://organization.visualstudio.com.',
    }),
  );

/** The page of a work item that a person would open. */
export const workItemPage = (organization: Organization, project: string, id: string): string =>
  `${organization.url}/${encodeURIComponent(project)}/_workitems/edit/${id}`;
