// Every way in which a Forge token can be wrong, and where its keys come from.

import { createHmac, createSign } from 'node:crypto';
import { CompactSign, exportJWK, exportPKCS8, exportSPKI, generateKeyPair, importPKCS8, SignJWT } from 'jose';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type ForgeVerifier,
  forgeVerifier,
  KeysUnavailable,
  remoteKeys,
  TokenRefused,
} from '../../backend/src/routes/forge-token.ts';
import { json, startServer, type TestServer } from '../http/server.ts';
import { appId } from './kit.ts';

const now = () => Math.floor(Date.now() / 1000);
const claims = {
  app: {
    id: appId,
    installationId: 'ari:cloud:ecosystem::installation/1',
    apiBaseUrl: 'https://api.atlassian.com/ex/jira/cloud-1',
    environment: { type: 'PRODUCTION', id: 'e1' },
    module: { type: 'core:function', key: 'resolver' },
  },
  context: { cloudId: 'cloud-1', moduleKey: 'tandem-admin', siteUrl: 'https://acme.atlassian.net' },
  principal: 'person-1',
};

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;
interface Change {
  readonly payload?: Record<string, unknown>;
  readonly without?: readonly string[];
  readonly header?: Record<string, unknown>;
  readonly key?: Keys['privateKey'];
}

let keys: Keys;
let stranger: Keys;
const servers: TestServer[] = [];
beforeAll(async () => {
  keys = await generateKeyPair('RS256', { extractable: true });
  stranger = await generateKeyPair('RS256');
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

function token({ payload = {}, without = [], header = {}, key = keys.privateKey }: Change = {}): Promise<string> {
  const all: Record<string, unknown> = {
    iss: 'forge/invocation-token',
    aud: appId,
    iat: now(),
    nbf: now(),
    exp: now() + 25,
    ...claims,
    ...payload,
  };
  for (const name of without) delete all[name];
  return new SignJWT(all).setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header } as { alg: string }).sign(key);
}

const jwk = async (pair: Keys, kid: string) => ({
  ...(await exportJWK(pair.publicKey)),
  kid,
  alg: 'RS256',
  use: 'sig',
});

/** Answers the sets in turn, the last one for ever. */
async function keyServer(sets: readonly (readonly object[])[]): Promise<TestServer> {
  const server = await startServer(({ number }, response) =>
    json(response, 200, { keys: sets[Math.min(number, sets.length) - 1] }),
  );
  servers.push(server);
  return server;
}

const verifierAt = (url: string, options: { timeoutMs?: number; cooldownMs?: number } = {}): ForgeVerifier =>
  forgeVerifier({ appId, environments: ['PRODUCTION'], keys: remoteKeys(url, options) });

async function verifier(): Promise<ForgeVerifier> {
  const server = await keyServer([[await jwk(keys, 'k1')]]);
  return verifierAt(server.origin);
}

const bearer = async (change?: Change) => `Bearer ${await token(change)}`;
const unsigned = (header: object, payload: object) =>
  `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`;

describe('a token', () => {
  it('tells who calls', async () => {
    expect(await (await verifier())(await bearer())).toEqual({
      cloudId: 'cloud-1',
      siteUrl: 'https://acme.atlassian.net',
      environment: 'PRODUCTION',
      forgeInstallationId: 'ari:cloud:ecosystem::installation/1',
      apiBaseUrl: 'https://api.atlassian.com/ex/jira/cloud-1',
      module: 'resolver',
      principal: 'person-1',
    });
  });

  it('of a backend function has neither context nor principal: the site is the last part of the API address', async () => {
    const verified = await (await verifier())(await bearer({ without: ['context', 'principal'] }));
    expect(verified).toMatchObject({ cloudId: 'cloud-1', siteUrl: null, principal: null });
  });

  it('may be late or early by the ten seconds that clocks differ', async () => {
    const verify = await verifier();
    await expect(verify(await bearer({ payload: { exp: now() - 5 } }))).resolves.toBeDefined();
    await expect(verify(await bearer({ payload: { nbf: now() + 5 } }))).resolves.toBeDefined();
  });

  it('may name the app among other audiences', async () => {
    await expect((await verifier())(await bearer({ payload: { aud: ['other', appId] } }))).resolves.toBeDefined();
  });
});

const wrong: readonly (readonly [string, () => Promise<string | undefined>])[] = [
  ['no header', async () => undefined],
  ['an empty header', async () => ''],
  ['another scheme', async () => `Basic ${Buffer.from('a:b').toString('base64')}`],
  ['a token without its scheme', () => token()],
  ['garbage', async () => 'Bearer garbage'],
  ['three parts of garbage', async () => 'Bearer a.b.c'],
  ['two tokens', async () => `${await bearer()}, ${await bearer()}`],
  [
    'a changed payload',
    async () => {
      const [header, , signature] = (await token()).split('.');
      const payload = Buffer.from(
        JSON.stringify({ ...claims, iss: 'forge/invocation-token', aud: appId, exp: now() + 25, iat: now() }),
      );
      return `Bearer ${header}.${payload.toString('base64url')}.${signature}`;
    },
  ],
  ['the signature of a stranger', () => bearer({ key: stranger.privateKey })],
  [
    'alg none',
    async () =>
      `Bearer ${unsigned({ alg: 'none', kid: 'k1' }, { ...claims, iss: 'forge/invocation-token', aud: appId, exp: now() + 25, iat: now() })}.`,
  ],
  [
    'alg none with a signature',
    async () => `Bearer ${unsigned({ alg: 'none', kid: 'k1' }, { ...claims, exp: now() + 25 })}.AAAA`,
  ],
  [
    'HS256 with the public key as the secret',
    async () => {
      const body = unsigned(
        { alg: 'HS256', kid: 'k1' },
        { ...claims, iss: 'forge/invocation-token', aud: appId, iat: now(), exp: now() + 25 },
      );
      const signature = createHmac('sha256', await exportSPKI(keys.publicKey))
        .update(body)
        .digest('base64url');
      return `Bearer ${body}.${signature}`;
    },
  ],
  [
    'a payload that is no JSON',
    async () =>
      `Bearer ${await new CompactSign(Buffer.from('hello')).setProtectedHeader({ alg: 'RS256', kid: 'k1' }).sign(keys.privateKey)}`,
  ],
  ['one that ended longer ago than clocks differ', () => bearer({ payload: { exp: now() - 30 } })],
  ['one that is not valid yet', () => bearer({ payload: { nbf: now() + 60 } })],
  ['no end', () => bearer({ without: ['exp'] })],
  ['no beginning', () => bearer({ without: ['iat'] })],
  ['another issuer', () => bearer({ payload: { iss: 'forge/other' } })],
  ['no issuer', () => bearer({ without: ['iss'] })],
  ['another audience', () => bearer({ payload: { aud: 'ari:cloud:ecosystem::app/other' } })],
  ['no audience', () => bearer({ without: ['aud'] })],
  ['another app', () => bearer({ payload: { app: { ...claims.app, id: 'ari:cloud:ecosystem::app/other' } } })],
  [
    'an environment that is not served here',
    () => bearer({ payload: { app: { ...claims.app, environment: { type: 'STAGING' } } } }),
  ],
  ['no app', () => bearer({ without: ['app'] })],
  ['no installation', () => bearer({ payload: { app: { ...claims.app, installationId: undefined } } })],
  ['no API address', () => bearer({ payload: { app: { ...claims.app, apiBaseUrl: undefined } } })],
  ['no environment', () => bearer({ payload: { app: { ...claims.app, environment: undefined } } })],
  [
    'no site, neither in the context nor in the API address',
    () =>
      bearer({ payload: { app: { ...claims.app, apiBaseUrl: 'https://api.atlassian.com' } }, without: ['context'] }),
  ],
  ['no name of its key', () => bearer({ header: { kid: undefined } })],
  ['the name of an unknown key', () => bearer({ header: { kid: 'k9' } })],
  ['the name of a path', () => bearer({ header: { kid: '../../k1' }, key: stranger.privateKey })],
  [
    'a stranger’s key in its own header',
    async () => bearer({ header: { jwk: await exportJWK(stranger.publicKey) }, key: stranger.privateKey }),
  ],
  [
    'the address of a stranger’s keys in its own header',
    async () => {
      const server = await keyServer([[await jwk(stranger, 'k1')]]);
      return bearer({ header: { jku: server.origin, x5u: server.origin }, key: stranger.privateKey });
    },
  ],
  ['an algorithm in other letters', () => withHeader({ alg: 'rs256', kid: 'k1' })],
  ['no algorithm', () => withHeader({ kid: 'k1' })],
  ['an extension that must be understood', () => withHeader({ alg: 'RS256', kid: 'k1', crit: ['exp'], exp: 0 })],
  [
    'an elliptic key',
    async () => bearer({ key: (await generateKeyPair('ES256')).privateKey, header: { alg: 'ES256' } }),
  ],
  ['five parts, as an encrypted one', async () => `${await bearer()}.a.b`],
  ['half of its signature', async () => (await bearer()).slice(0, -40)],
  ['no signature', async () => (await bearer()).replace(/[^.]+$/, '')],
  ['a signature that was padded', async () => `${await bearer()}==`],
  ['an end in words', () => bearer({ payload: { exp: new Date(Date.now() + 25_000).toISOString() } })],
  ['a beginning in words', () => bearer({ payload: { nbf: 'now' } })],
  ['several issuers', () => bearer({ payload: { iss: ['forge/invocation-token'] } })],
  ['an audience that only begins alike', () => bearer({ payload: { aud: `${appId}-2` } })],
  ['an app in words', () => bearer({ payload: { app: appId } })],
  ['an API address that is none', () => bearer({ payload: { app: { ...claims.app, apiBaseUrl: 'cloud-1' } } })],
  ['a site that is no text', () => bearer({ payload: { context: { cloudId: { $ne: null } } } })],
];

/** Signed well, whatever the header says. */
async function withHeader(header: object): Promise<string> {
  const all = { iss: 'forge/invocation-token', aud: appId, iat: now(), exp: now() + 25, ...claims };
  const body = unsigned(header, all);
  return `Bearer ${body}.${createSign('RSA-SHA256')
    .update(body)
    .sign(await exportPKCS8(keys.privateKey), 'base64url')}`;
}

describe('refused is', () => {
  it.each(wrong)('%s', async (_, header) => {
    await expect((await verifier())(await header())).rejects.toBeInstanceOf(TokenRefused);
  });
});

describe('the signature', () => {
  it('must be of the key that the token names, not of another one of the set', async () => {
    const second = await generateKeyPair('RS256');
    const server = await keyServer([[await jwk(keys, 'k1'), await jwk(second, 'k2')]]);
    const verify = verifierAt(server.origin);
    await expect(verify(await bearer({ header: { kid: 'k2' } }))).rejects.toBeInstanceOf(TokenRefused);
    await expect(verify(await bearer({ key: second.privateKey }))).rejects.toBeInstanceOf(TokenRefused);
    await expect(verify(await bearer({ key: second.privateKey, header: { kid: 'k2' } }))).resolves.toBeDefined();
  });
});

describe('the cases', () => {
  it('are counted, so that none is lost', () => {
    expect(new Set(wrong.map(([name]) => name)).size).toBe(wrong.length);
    expect(wrong.length).toBeGreaterThanOrEqual(48);
  });
});

describe('the algorithm', () => {
  it('is RS256 alone, also for keys that name none', async () => {
    const { alg: _, ...open } = await jwk(keys, 'k1');
    const server = await keyServer([[open]]);
    const verify = verifierAt(server.origin);
    await expect(verify(await bearer())).resolves.toBeDefined();
    const pem = await exportPKCS8(keys.privateKey);
    const other = await bearer({ key: await importPKCS8(pem, 'PS256'), header: { alg: 'PS256' } });
    await expect(verify(other)).rejects.toBeInstanceOf(TokenRefused);
  });
});

describe('the keys', () => {
  it('are fetched once', async () => {
    const server = await keyServer([[await jwk(keys, 'k1')]]);
    const verify = verifierAt(server.origin);
    await verify(await bearer());
    await verify(await bearer());
    expect(server.seen).toHaveLength(1);
  });

  it('may change: an unknown name is looked up again', async () => {
    const server = await keyServer([[await jwk(keys, 'k1')], [await jwk(keys, 'k1'), await jwk(stranger, 'k2')]]);
    const verify = verifierAt(server.origin, { cooldownMs: 0 });
    await verify(await bearer());
    await expect(verify(await bearer({ key: stranger.privateKey, header: { kid: 'k2' } }))).resolves.toBeDefined();
    await expect(verify(await bearer())).resolves.toBeDefined();
    expect(server.seen).toHaveLength(2);
  });

  it('are not asked for by every stranger', async () => {
    const server = await keyServer([[await jwk(keys, 'k1')]]);
    const verify = verifierAt(server.origin);
    for (const kid of ['a', 'b', 'c']) {
      await expect(verify(await bearer({ header: { kid } }))).rejects.toBeInstanceOf(TokenRefused);
    }
    expect(server.seen).toHaveLength(1);
  });

  it.each<[string, Parameters<typeof startServer>[0]]>([
    ['that answer 500', (_, response) => json(response, 500, {})],
    ['that redirect elsewhere', (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:9' }).end()],
    ['that are no JSON', (_, response) => response.end('<html>')],
    ['that are no set of keys', (_, response) => json(response, 200, { keys: 'none' })],
    ['that break off', (_, response) => response.destroy()],
    ['that take too long', () => {}],
  ])('%s are no fault of the caller', async (_, answer) => {
    const server = await startServer(answer);
    servers.push(server);
    const verify = verifierAt(server.origin, { timeoutMs: 200 });
    await expect(verify(await bearer())).rejects.toBeInstanceOf(KeysUnavailable);
  });

  it('that nobody serves are no fault of the caller', async () => {
    await expect(verifierAt('http://127.0.0.1:9')(await bearer())).rejects.toBeInstanceOf(KeysUnavailable);
  });

  it('are not needed to refuse what is no token', async () => {
    await expect(verifierAt('http://127.0.0.1:9')('Bearer x')).rejects.toBeInstanceOf(TokenRefused);
  });
});
