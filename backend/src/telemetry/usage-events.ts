// What the app's pages may tell of their use: a page and an action of closed lists and how long it took. No free text and
// nobody's id, so that nothing personal fits in.

import { z } from 'zod';

const pages = [
  'home',
  'connections',
  'profiles',
  'wizard',
  'editor',
  'preview',
  'initial-sync',
  'errors',
  'people',
  'timeline',
  'history',
  'panel',
] as const;

const actions = [
  'open',
  'leave',
  'next',
  'back',
  'search',
  'test',
  'create',
  'save',
  'delete',
  'duplicate',
  'import',
  'export',
  'download',
  'compare',
  'preview',
  'enable',
  'pause',
  'resume',
  'start',
  'stop',
  'retry',
  'ignore',
  'choose',
  'sync-now',
  'link',
  'unlink',
  'undo',
] as const;

/** A page left open over night says no more than one left open for an hour. */
const longestMs = 60 * 60 * 1000;

export const usageEventSchema = z.strictObject({
  page: z.enum(pages),
  action: z.enum(actions),
  /** Whole milliseconds. */
  durationMs: z.int().min(0).max(longestMs),
});
export type UsageEvent = z.infer<typeof usageEventSchema>;
