// The shapes of profiles as files: see schemas.ts.

import { z } from '@hono/zod-openapi';
import { differencesShape } from './editing-schemas.ts';
import { settingsSchema } from './profile-schemas.ts';
import { idSchema } from './schemas.ts';

/** As much as the command line reads. */
const yaml = z.string().min(1).max(4_000_000);

export const profileFileAnswerSchema = z.object({ fileName: z.string(), yaml: z.string() }).openapi('ProfileFile');

export const fileInputSchema = z
  .strictObject({
    yaml,
    /** The profile that the file is compared with. */
    profileId: idSchema.optional(),
  })
  .openapi('ProfileFileInput');

export const importInputSchema = z
  .union([
    z.strictObject({ yaml, azureConnectionId: z.string() }),
    z.strictObject({ yaml, profileId: idSchema, revision: z.int() }),
  ])
  .openapi('ProfileFileImport');

export const checkedFileSchema = z
  .object({
    /** Null when the file can't be used. */
    settings: settingsSchema.nullable(),
    problems: z.array(
      z.object({
        /** `fields.3.azure`; empty for the whole file. */
        path: z.string(),
        line: z.int().nullable(),
        column: z.int().nullable(),
        level: z.enum(['error', 'warning']),
        message: z.string(),
      }),
    ),
    /** Against the named profile. */
    differences: differencesShape,
  })
  .openapi('CheckedProfileFile');
