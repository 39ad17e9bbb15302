// Where requests may go.

import type { lookup } from 'node:dns';
import { isIP } from 'node:net';
import { fetch } from 'undici';
import { describe, expect, it } from 'vitest';
import {
  type AddressList,
  checkAddress,
  isPrivateAddress,
  makeDispatchers,
  publicAddresses,
} from '../../backend/src/http/addresses.ts';

const allowed = (url: string, list: AddressList = 'api', origins: readonly string[] = []): boolean => {
  try {
    checkAddress(new URL(url), { ...publicAddresses, origins }, list, 'jira');
    return true;
  } catch {
    return false;
  }
};

describe('allowed addresses', () => {
  it.each([
    'https://acme.atlassian.net/rest/api/3/myself',
    'https://api.atlassian.com/ex/jira/1/rest',
    'https://dev.azure.com/acme/_apis',
    'https://acme.visualstudio.com/_apis',
    'https://ACME.atlassian.net./x',
  ])('include %s', (url) => expect(allowed(url)).toBe(true));

  it.each([
    ['plain http', 'http://acme.atlassian.net/'],
    ['a name that only ends alike', 'https://evilatlassian.net/'],
    ['a name that only begins alike', 'https://acme.atlassian.net.evil.example/'],
    ['the bare suffix', 'https://atlassian.net/'],
    ['a loopback address', 'https://127.0.0.1/'],
    ['an IPv6 address', 'https://[::1]/'],
    ['a decimal address', 'https://2130706433/'],
    ['localhost', 'https://localhost/'],
    ['another port', 'https://acme.atlassian.net:8443/'],
    ['credentials in the address', 'https://a:b@acme.atlassian.net/'],
    ['another scheme', 'file:///etc/passwd'],
    ['a media host', 'https://api.media.atlassian.com/file'],
  ])('exclude %s', (_, url) => expect(allowed(url)).toBe(false));

  it('of media include the media host and exclude the API gateway', () => {
    expect(allowed('https://api.media.atlassian.com/file', 'media')).toBe(true);
    expect(allowed('https://api.atlassian.com/x', 'media')).toBe(false);
  });

  it('of webhooks include any public host over https, and nothing that is not one', () => {
    expect(allowed('https://hooks.example.com/services/1', 'webhook')).toBe(true);
    for (const url of ['http://hooks.example.com/', 'https://10.0.0.1/', 'https://localhost/', 'https://intranet/']) {
      expect(allowed(url, 'webhook'), url).toBe(false);
    }
    expect(allowed('https://hooks.example.com:8443/', 'webhook')).toBe(false);
  });

  it('include an origin that the operator named, and no other port of it', () => {
    expect(allowed('http://127.0.0.1:8082/x', 'api', ['http://127.0.0.1:8082'])).toBe(true);
    expect(allowed('http://127.0.0.1:8083/x', 'api', ['http://127.0.0.1:8082'])).toBe(false);
    expect(allowed('http://u:p@127.0.0.1:8082/x', 'api', ['http://127.0.0.1:8082'])).toBe(false);
  });
});

describe('private addresses', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    '::',
    'fd00::1',
    'fe80::1',
    '::ffff:10.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::a00:1',
    '64:ff9b:1::a00:1',
    '2002:a00:1::1',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    'fec0::1',
    '203.0.113.9',
    '::127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:0:127.0.0.1',
    '192.88.99.1',
    '2001:20::1',
    '3fff::1',
    '5f00::1',
  ])('include %s', (address) => expect(isPrivateAddress(address)).toBe(true));
  it.each(['104.192.142.18', '13.107.42.18', '2401:1d80:3000::1', '2001:4860:4860::8888', '::ffff:104.192.142.18'])(
    'exclude %s',
    (address) => expect(isPrivateAddress(address)).toBe(false),
  );
});

describe('a name that is looked up', () => {
  const url = new URL('https://acme.atlassian.net/rest');
  const answering = (answers: readonly (readonly string[])[]) => {
    let asked = 0;
    const resolve = (_host: string, _options: object, callback: (error: null, found: object[]) => void) => {
      const found = answers[Math.min(asked, answers.length - 1)] ?? [];
      asked += 1;
      callback(
        null,
        found.map((address) => ({ address, family: isIP(address) })),
      );
    };
    return { resolve: resolve as unknown as typeof lookup, asked: () => asked };
  };
  const attempt = async (resolve: typeof lookup) => {
    const dispatchers = makeDispatchers(publicAddresses, resolve);
    const signal = AbortSignal.timeout(300);
    const code = await fetch(url, { dispatcher: dispatchers.of(url, 'api'), signal }).then(
      () => 'reached',
      (error: Error & { cause?: { code?: string } }) => error.cause?.code ?? error.name,
    );
    await dispatchers.close();
    return code;
  };

  it.each([
    ['a private address', ['127.0.0.1']],
    ['the address of the machine’s own metadata', ['169.254.169.254']],
    ['a private address beside a public one', ['104.192.142.18', '10.0.0.1']],
    ['a mapped private address', ['::ffff:127.0.0.1']],
    ['nothing', []],
  ])('is refused when it is answered with %s', async (_, found) => {
    expect(await attempt(answering([found]).resolve)).toBe('ENOTFOUND');
  });

  it('is asked once for a connection, so that a second answer is never used', async () => {
    const { resolve, asked } = answering([['10.0.0.1'], ['104.192.142.18']]);
    expect(await attempt(resolve)).toBe('ENOTFOUND');
    expect(asked()).toBe(1);
  });
});
