// Effort in the units that fields count it in. Everything is compared in hours; Jira's own estimates, which are seconds in
// its API, arrive here as hours already.

import type { EffortUnit, ProfileSettings } from './profile.ts';

/** Jira's defaults: https://support.atlassian.com/jira-cloud-administration/docs/configure-time-tracking/ */
const usualTime = { hoursPerDay: 8, daysPerWeek: 5 };

export function hoursOf(unit: EffortUnit, time: ProfileSettings['workingTime'] = usualTime): number {
  switch (unit) {
    case 'minutes':
      return 1 / 60;
    case 'hours':
      return 1;
    case 'days':
      return time.hoursPerDay;
    case 'weeks':
      return time.hoursPerDay * time.daysPerWeek;
    default: {
      const never: never = unit;
      return never;
    }
  }
}

/** To a millionth, so that a value that went there and back is the same number. */
export const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;
