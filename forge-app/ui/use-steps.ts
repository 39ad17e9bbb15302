// Labels of a chart's time axis, in the zone and language of the person who looks.

import { useProductContext } from '@forge/react';
import { formatStep } from './times.ts';

/** `withDay`: for steps over more than a day. */
export function useSteps(withDay: boolean): (instant: string) => string {
  const context = useProductContext();
  return (instant) => formatStep(instant, withDay, { timezone: context?.timezone, locale: context?.locale });
}
