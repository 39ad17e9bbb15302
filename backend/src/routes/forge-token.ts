// Verifies a Forge Invocation Token: who calls the backend is what its claims say and nothing else.
// https://developer.atlassian.com/platform/forge/remote/essentials/#the-forge-invocation-token--fit-

import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';

const issuer = 'forge/invocation-token';
/** A token lives about 25 s: clocks may differ by this much. */
const clockToleranceSeconds = 10;

const claimsSchema = z.object({
  app: z.object({
    id: z.string(),
    installationId: z.string(),
    apiBaseUrl: z.url(),
    environment: z.object({ type: z.string(), id: z.string().optional() }),
    module: z.object({ type: z.string().optional(), key: z.string().optional() }).nullish(),
  }),
  /** Absent on calls from a backend function. */
  context: z
    .object({ cloudId: z.string().optional(), siteUrl: z.string().optional(), moduleKey: z.string().optional() })
    .nullish(),
  principal: z.string().nullish(),
});

export interface ForgeClaims {
  readonly cloudId: string;
  readonly siteUrl: string | null;
  readonly environment: string;
  readonly forgeInstallationId: string;
  readonly apiBaseUrl: string;
  readonly module: string | null;
  /** Absent where no person called; a hint for logs, never proof of a right. */
  readonly principal: string | null;
}

/** Why a token was refused; never says more to the caller than that it was. */
export class TokenRefused extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'TokenRefused';
  }
}

/** The keys could not be fetched: the caller should try again. */
export class KeysUnavailable extends Error {
  constructor(cause: unknown) {
    super('The keys of Forge could not be fetched.', { cause });
    this.name = 'KeysUnavailable';
  }
}

export interface VerifierOptions {
  /** The whole ARI of the app. */
  readonly appId: string;
  readonly environments: readonly string[];
  readonly keys: JWTVerifyGetKey;
}

export type ForgeVerifier = (authorization: string | undefined) => Promise<ForgeClaims>;

export interface KeyOptions {
  /** Of one request for the keys, in ms. */
  readonly timeoutMs?: number;
  /** An unknown key id makes the keys be asked for again, at most this often, in ms. */
  readonly cooldownMs?: number;
}

/** The keys at an address, kept while they serve; a key id that is not among them asks again. */
export const remoteKeys = (url: string, options: KeyOptions = {}): JWTVerifyGetKey =>
  createRemoteJWKSet(new URL(url), {
    timeoutDuration: options.timeoutMs ?? 5_000,
    cooldownDuration: options.cooldownMs ?? 10_000,
  });

export function forgeVerifier({ appId, environments, keys }: VerifierOptions): ForgeVerifier {
  /** Forge names its key in every token; without a name any key of the set would do. */
  const namedKey: JWTVerifyGetKey = (header, token) => {
    if (header.kid === undefined) throw new TokenRefused('the token names no key');
    return keys(header, token);
  };
  return async (authorization) => {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw new TokenRefused('no bearer token');
    const { payload } = await jwtVerify(token, namedKey, {
      issuer,
      audience: appId,
      // RS256 alone: neither `none` nor a public key used as a shared secret passes.
      algorithms: ['RS256'],
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ['exp', 'iat'],
    }).catch((error: unknown) => {
      if (error instanceof TokenRefused) throw error;
      throw keysFailed(error)
        ? new KeysUnavailable(error)
        : new TokenRefused('the token was not accepted', { cause: error });
    });
    const claims = claimsSchema.safeParse(payload);
    if (!claims.success) throw new TokenRefused('the claims are not those of a Forge Invocation Token');
    const { app, context, principal } = claims.data;
    if (app.id !== appId) throw new TokenRefused('the token is of another app');
    if (!environments.includes(app.environment.type)) throw new TokenRefused('the environment is not served here');
    const cloudId = context?.cloudId ?? new URL(app.apiBaseUrl).pathname.split('/').filter(Boolean).at(-1);
    if (!cloudId) throw new TokenRefused('the token names no site');
    return {
      cloudId,
      siteUrl: context?.siteUrl ?? null,
      environment: app.environment.type,
      forgeInstallationId: app.installationId,
      apiBaseUrl: app.apiBaseUrl,
      module: app.module?.key ?? context?.moduleKey ?? null,
      principal: principal ?? null,
    };
  };
}

/**
 * Whether the keys are at fault and not the token. An address that answers anything but a key set gives the library's
 * general error; one that does not answer, an error that is none of the library's.
 */
export const keysFailed = (error: unknown): boolean =>
  error instanceof errors.JOSEError
    ? ['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'].includes(error.code)
    : error instanceof Error;
