// What an admin is told outside the page, as data and in words: names that an admin chose, codes and dates, nothing of items.

import { z } from 'zod';
import { describeError, type ErrorCode, errorCodes } from '../sync/errors.ts';

const codes = Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]];

const reasonSchema = z.object({
  code: z.enum(codes),
  side: z.enum(['jira', 'azure']).optional(),
  value: z.string().optional(),
});

export const eventSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('profile-stopped'),
    profileId: z.string(),
    profile: z.string(),
    /** A paused one goes on by itself once the reason is gone. */
    status: z.enum(['paused', 'stopped']),
    reason: reasonSchema,
  }),
  z.object({
    kind: z.literal('token-ends'),
    connectionId: z.string(),
    connection: z.string(),
    /** As the admin typed it: `YYYY-MM-DD`. */
    expiresOn: z.string(),
  }),
  z.object({
    kind: z.literal('profile-drifted'),
    profileId: z.string(),
    profile: z.string(),
    changes: z.int(),
    /** Items fail, or will, until it is mended. */
    fails: z.boolean(),
    /** Ids of fields and names of types that the mapping has; not all where there are many. */
    places: z.array(z.string()),
  }),
  z.object({ kind: z.literal('test') }),
]);
export type NoticeEvent = z.infer<typeof eventSchema>;

export interface Notice {
  /** The same in a notice that comes again. */
  readonly id: string;
  readonly event: NoticeEvent;
  /** Epoch ms. */
  readonly madeAt: number;
  readonly siteUrl: string | null;
}

export interface Words {
  readonly title: string;
  readonly lines: readonly string[];
}

export function wordsOf(event: NoticeEvent): Words {
  switch (event.kind) {
    case 'profile-stopped': {
      const { code, side, value } = event.reason;
      const { level, retry } = errorCodes[code];
      const { cause, remedy } = describeError({
        code,
        level,
        retry,
        ...(side === undefined ? {} : { side }),
        ...(value === undefined ? {} : { value }),
      });
      const what = event.status === 'paused' ? 'paused' : 'stopped';
      return { title: `Tandem ${what} the profile “${event.profile}”`, lines: [cause, remedy] };
    }
    case 'token-ends':
      return {
        title: `The token of the connection “${event.connection}” ends on ${event.expiresOn}`,
        lines: [
          'After that day Azure DevOps refuses it, and the profiles that use it pause.',
          'Make a new personal access token in Azure DevOps and enter it for the connection.',
        ],
      };
    case 'profile-drifted': {
      const { profile, changes, fails, places } = event;
      return {
        title: `The profile “${profile}” no longer fits its sites`,
        lines: [
          `${changes === 1 ? 'A change was' : `${changes} changes were`} found in what it maps: ${places.join('; ')}.`,
          fails
            ? 'Items fail until the mapping is changed: Tandem’s page in Jira says how.'
            : 'Tandem’s page in Jira says what changed, and leads to the mapping.',
        ],
      };
    }
    case 'test':
      return {
        title: 'A test message of Tandem',
        lines: [
          'Notifications of profiles that stop or no longer fit their sites and of tokens about to end arrive here.',
        ],
      };
    default: {
      const never: never = event;
      return never;
    }
  }
}
