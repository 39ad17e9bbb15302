// Where requests may go: https, listed hosts by whole labels, no private addresses unless the operator named that origin.

import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import { SyncFailure, syncError } from '../sync/errors.ts';
import type { Side } from '../sync/model.ts';

export interface AddressPolicy {
  /** `dev.azure.com` means that host alone; `.atlassian.net` any host beneath it. */
  readonly api: readonly string[];
  /** Hosts that attachments are fetched from, by redirect and without credentials. */
  readonly media: readonly string[];
  /**
   * Origins that the operator allows by name, whatever their scheme and address: `http://127.0.0.1:8082`. Their redirects to
   * another port of the same host are followed too, as the simulators' media hosts take any free one.
   */
  readonly origins: readonly string[];
}

/** The two services' own hosts; Atlassian: "IP addresses and domains for Atlassian cloud products", Microsoft: "Allowed domain URLs". */
export const publicAddresses: AddressPolicy = {
  api: ['.atlassian.net', 'api.atlassian.com', 'dev.azure.com', '.visualstudio.com', '.dev.azure.com'],
  media: [
    'api.media.atlassian.com',
    '.media.atlassian.com',
    '.atlassian.net',
    '.blob.core.windows.net',
    '.vsassets.io',
  ],
  origins: [],
};

/** `webhook`: any public host, as an admin names it; no credentials of a service ever go there. */
export type AddressList = 'api' | 'media' | 'webhook';

/** Throws `forbidden` with the reason when the policy does not let a request go there. */
export function checkAddress(url: URL, policy: AddressPolicy, list: AddressList, side: Side): void {
  const why = refusalOf(url, policy, list);
  if (why === null) return;
  throw new SyncFailure(
    syncError('forbidden', {
      side,
      level: 'connection',
      retry: 'on-admin',
      value: 'address',
      detail: `Requests to ${url.host === '' ? 'this address' : url.host} are not allowed: ${why}.`,
    }),
    { mayHaveLanded: false },
  );
}

/** Why no request may go there; null when it may, as far as the address tells: its name is looked up as it is reached. */
export function refusalOf(url: URL, policy: AddressPolicy, list: AddressList): string | null {
  if (url.username !== '' || url.password !== '') return 'an address must not carry credentials';
  if (isNamed(url, policy, list)) return null;
  if (url.protocol !== 'https:') return 'only https is';
  const host = url.hostname.toLowerCase().replace(/\.$/, '');
  if (isIP(host.replace(/^\[|\]$/g, '')) !== 0) return 'it is an address and not a host name';
  if (!isListed(host, policy, list)) {
    return list === 'webhook' ? 'the host is not a public name' : `the host is not in the list of ${list} hosts`;
  }
  return url.port === '' || url.port === '443' ? null : 'only port 443 is';
}

const isListed = (host: string, policy: AddressPolicy, list: AddressList): boolean =>
  list === 'webhook' ? host.includes('.') : policy[list].some((entry) => hostMatches(host, entry));

const isNamed = (url: URL, { origins }: AddressPolicy, list: AddressList): boolean =>
  origins.includes(url.origin) ||
  (list === 'media' && origins.some((origin) => URL.canParse(origin) && new URL(origin).hostname === url.hostname));

export function hostMatches(host: string, entry: string): boolean {
  return entry.startsWith('.') ? host.endsWith(entry) && host.length > entry.length : host === entry;
}

const privateAddresses = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  privateAddresses.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  // Loopback and the two forms, besides the mapped one, in which an IPv4 address ends.
  ['::', 96],
  ['::ffff:0:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  // Teredo, 6to4: an IPv4 address stands in them.
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  privateAddresses.addSubnet(network, prefix, 'ipv6');
}

/** True for loopback, private, link-local, shared, benchmark, multicast and reserved addresses (IANA's special-purpose registries, RFC 6890), mapped ones and tunnels included. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return privateAddresses.check(address, 'ipv4');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return privateAddresses.check(mapped, 'ipv4');
  return family === 0 || privateAddresses.check(address, 'ipv6');
}

/**
 * Resolves a name and refuses it when any of its addresses is private. The check and the connection use one answer, so that a
 * name that is answered otherwise the next time gains nothing.
 */
const publicLookup =
  (resolve: typeof lookup): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 0);
      const first = found[0];
      if (!first || found.some((entry) => isPrivateAddress(entry.address))) {
        return callback(Object.assign(new Error('private address'), { code: 'ENOTFOUND' }), '', 0);
      }
      if (options.all) return callback(null, found);
      callback(null, first.address, first.family);
    });
  };

export interface Dispatchers {
  of(url: URL, list: AddressList): Dispatcher;
  close(): Promise<void>;
}

/** Connection pools: one that refuses private addresses, and one for the origins that the operator named. */
export function makeDispatchers(policy: AddressPolicy, resolve: typeof lookup = lookup): Dispatchers {
  const settings = { connectTimeout: 10_000, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 4_000 } as const;
  const guarded = new Agent({
    ...settings,
    connect: { lookup: publicLookup(resolve), timeout: settings.connectTimeout },
  });
  const named = new Agent({ ...settings, connect: { timeout: settings.connectTimeout } });
  return {
    of: (url, list) => (isNamed(url, policy, list) ? named : guarded),
    close: async () => {
      await Promise.all([guarded.close(), named.close()]);
    },
  };
}
