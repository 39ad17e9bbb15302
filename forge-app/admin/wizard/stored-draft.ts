// What the wizard keeps of a profile that is being made: the settings as they are, complete or not, and the step. Pure.

import type { ProfileSettings } from '../../contract.ts';
import type { MappingStep } from './steps.ts';

export interface StoredSteps {
  readonly settings: ProfileSettings;
  readonly step: MappingStep;
}

export const stored = (settings: ProfileSettings, step: MappingStep): StoredSteps => ({ settings, step });

/** Null when nothing was kept, or not by the wizard. */
export function resumed(draft: unknown): { readonly settings: ProfileSettings; readonly step: unknown } | null {
  if (typeof draft !== 'object' || draft === null || !('settings' in draft)) return null;
  const { settings, step } = draft as { readonly settings: ProfileSettings; readonly step?: unknown };
  return Array.isArray(settings?.types) && Array.isArray(settings.fields) ? { settings, step } : null;
}
