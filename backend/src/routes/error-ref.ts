// Names one error for the pages, which send it back to retry, ignore or settle it. Opaque to them, and proof of nothing: what
// it names is looked up within the caller's installation.

import { z } from 'zod';

const errorRefSchema = z.union([
  z.strictObject({ pair: z.string(), record: z.string(), subject: z.string().optional() }),
  z.strictObject({ profile: z.string(), side: z.enum(['jira', 'azure']), item: z.string(), record: z.string() }),
]);

/** Of a pair, or of an item that has none. */
export type ErrorRef = z.infer<typeof errorRefSchema>;

export const errorRef = (ref: ErrorRef): string => Buffer.from(JSON.stringify(ref)).toString('base64url');

/** Null for what is no reference. */
export function readErrorRef(text: string): ErrorRef | null {
  try {
    return errorRefSchema.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))).data ?? null;
  } catch {
    return null;
  }
}
