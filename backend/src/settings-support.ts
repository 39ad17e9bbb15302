// Settings of the support routes: who may ask, and by whose tokens. A part of settings.ts, which reads them with the others.

import { z } from 'zod';

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== ''),
);

export const supportShape = {
  /** What the identity tokens of support are made for: the address of this service. Without it there are no support routes. */
  TANDEM_SUPPORT_AUDIENCE: z.string().min(1).optional(),
  /** E-mail addresses of the Google accounts that may ask. */
  TANDEM_SUPPORT_PEOPLE: list
    .refine((people) => people.every((person) => z.email().safeParse(person).success), {
      error: 'must be a list of e-mail addresses, with commas between',
    })
    .optional(),
  /** Where Google's keys are. */
  TANDEM_SUPPORT_JWKS_URL: z
    .string()
    .refine((text) => /^(https:|http:\/\/(127\.0\.0\.1|localhost)[:/])/.test(text) && URL.canParse(text), {
      error: ({ input }) => `${JSON.stringify(input)} is not an address with https (http is for this machine only)`,
    })
    .default('https://www.googleapis.com/oauth2/v3/certs'),
};

export interface SupportSettings {
  readonly audience: string;
  /** In lower case. */
  readonly people: readonly string[];
  readonly jwksUrl: string;
}

type SupportData = z.infer<z.ZodObject<typeof supportShape>>;

/** Null: there are no support routes. */
export const supportSettings = (data: SupportData): SupportSettings | null =>
  data.TANDEM_SUPPORT_AUDIENCE !== undefined && data.TANDEM_SUPPORT_PEOPLE !== undefined
    ? {
        audience: data.TANDEM_SUPPORT_AUDIENCE,
        people: data.TANDEM_SUPPORT_PEOPLE,
        jwksUrl: data.TANDEM_SUPPORT_JWKS_URL,
      }
    : null;

export const supportContradictions = (data: SupportData): readonly string[] =>
  (data.TANDEM_SUPPORT_AUDIENCE === undefined) === (data.TANDEM_SUPPORT_PEOPLE === undefined)
    ? []
    : ['TANDEM_SUPPORT_AUDIENCE: and TANDEM_SUPPORT_PEOPLE mean nothing without each other'];
