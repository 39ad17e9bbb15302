// Times in the zone and language of the person who looks, as Jira knows them.

import { useProductContext } from '@forge/react';
import { formatTime } from './times.ts';

export function useTimes(): (instant: string) => string {
  const context = useProductContext();
  const zone = context ? { timezone: context.timezone, locale: context.locale } : {};
  return (instant) => formatTime(instant, zone);
}
