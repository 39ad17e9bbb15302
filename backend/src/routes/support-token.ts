// Who of support calls: an identity token signed by Google for this service, of a person on the list.
// https://cloud.google.com/docs/authentication/get-id-token, https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken

import { type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import { KeysUnavailable, keysFailed, TokenRefused } from './forge-token.ts';

const issuers = ['https://accounts.google.com', 'accounts.google.com'];
/** Clocks may differ by this much. */
const clockToleranceSeconds = 10;

const claimsSchema = z.object({ email: z.email().max(320), email_verified: z.literal(true) });

export interface SupportVerifierOptions {
  /** What the token must have been made for. */
  readonly audience: string;
  /** E-mail addresses, in lower case. */
  readonly people: readonly string[];
  readonly keys: JWTVerifyGetKey;
}

/** Answers the person's e-mail address. Throws TokenRefused or KeysUnavailable. */
export type SupportVerifier = (authorization: string | undefined) => Promise<string>;

export function supportVerifier({ audience, people, keys }: SupportVerifierOptions): SupportVerifier {
  return async (authorization) => {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw new TokenRefused('no bearer token');
    const { payload } = await jwtVerify(token, keys, {
      issuer: issuers,
      audience,
      algorithms: ['RS256'],
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ['exp', 'iat'],
    }).catch((error: unknown) => {
      throw keysFailed(error)
        ? new KeysUnavailable(error)
        : new TokenRefused('the token was not accepted', { cause: error });
    });
    const claims = claimsSchema.safeParse(payload);
    if (!claims.success) throw new TokenRefused('the token names no verified address');
    const email = claims.data.email.toLowerCase();
    if (!people.includes(email)) throw new TokenRefused('the person is not on the list');
    return email;
  };
}
