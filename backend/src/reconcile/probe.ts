// Looks whether a connection that paused its profile works again, and resumes it.

import type { ErrorCode } from '../sync/errors.ts';
import { sides } from '../sync/model.ts';
import type { EngineDeps, Scope } from './ports.ts';

/** Reasons that a working connection takes away; a pause by an admin or the brake is none. */
const probed: ReadonlySet<ErrorCode> = new Set(['unauthorized', 'connection-forbidden', 'unavailable']);

/** True when the profile was resumed. Throws nothing for a connection that still fails. */
export async function probeProfile(
  deps: EngineDeps,
  scope: Scope,
  profileId: string,
  reason: ErrorCode | null,
): Promise<boolean> {
  if (reason === null || !probed.has(reason)) return false;
  const profile = await deps.config.profile(scope, profileId);
  if (profile?.status !== 'paused') return false;
  const opened = await deps.openSides(profile);
  const checks = await Promise.all(sides.map((side) => opened[side].catalog.check()));
  const works = checks.every(
    (check) => check.authenticated && check.permissions.every(({ granted, optional }) => granted || optional),
  );
  if (!works) return false;
  await deps.config.setStatus(scope, profileId, 'enabled', null);
  await deps.queue.wake(scope, profileId);
  return true;
}
