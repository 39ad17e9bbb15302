// The nine steps of the wizard, in order; six of them are sections of the settings. Pure.

import type { SectionName } from '../editor/sections.tsx';

export const steps = [
  'connection',
  'projects',
  'scope',
  'types',
  'states',
  'fields',
  'people',
  'policies',
  'preview',
] as const satisfies readonly (SectionName | 'connection' | 'projects' | 'preview')[];
export type StepName = (typeof steps)[number];

/** Those that are about settings: reached once projects are chosen, and what a draft resumes at. */
export type MappingStep = Exclude<StepName, 'connection' | 'projects'>;

export const isMappingStep = (name: unknown): name is MappingStep =>
  steps.some((step) => step === name) && name !== 'connection' && name !== 'projects';

const mappingSteps = steps.filter(isMappingStep);

export const stepAfter = (step: MappingStep): MappingStep => mappingSteps[mappingSteps.indexOf(step) + 1] ?? step;

/** Null before the first. */
export const stepBefore = (step: MappingStep): MappingStep | null =>
  mappingSteps[mappingSteps.indexOf(step) - 1] ?? null;
