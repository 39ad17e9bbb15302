// Signs Forge Invocation Tokens as Forge does, with a key pair of its own: the backend is told its JWKS address by a setting.
// Claims: https://developer.atlassian.com/platform/forge/remote/essentials/#the-forge-invocation-token--fit-

import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose';

export interface InstalledApp {
  /** The whole ARI; the tokens' audience. */
  readonly appId: string;
  readonly installationId: string;
  readonly environment: { readonly type: 'DEVELOPMENT' | 'STAGING' | 'PRODUCTION'; readonly id: string };
  readonly cloudId: string;
  readonly siteUrl: string;
  /** Ends in the cloud id. */
  readonly apiBaseUrl: string;
}

/** What calls: a module of the manifest, for a person at a page or for nobody. */
export interface Invocation {
  readonly module: { readonly type: string; readonly key: string };
  /** Account id; only calls that a page started have one. */
  readonly principal?: string;
  /** Functions that no page started get no context. */
  readonly withContext: boolean;
}

export interface Issuer {
  readonly jwks: JSONWebKeySet;
  mint(app: InstalledApp, invocation: Invocation): Promise<string>;
}

const lifeSeconds = 25;

/** `now` in milliseconds since the epoch. */
export async function createIssuer(now: () => number = Date.now): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const kid = randomUUID();
  return {
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }] },
    mint(app, { module, principal, withContext }) {
      const at = Math.floor(now() / 1000);
      const { appId, installationId, environment, apiBaseUrl, cloudId, siteUrl } = app;
      return new SignJWT({
        app: { id: appId, installationId, apiBaseUrl, environment, module, appVersion: '1.0.0' },
        ...(withContext ? { context: { cloudId, moduleKey: module.key, siteUrl } } : {}),
        ...(principal === undefined ? {} : { principal }),
      })
        .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
        .setIssuer('forge/invocation-token')
        .setAudience(appId)
        .setIssuedAt(at)
        .setNotBefore(at)
        .setExpirationTime(at + lifeSeconds)
        .setJti(randomUUID())
        .sign(privateKey);
    },
  };
}
