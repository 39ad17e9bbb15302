// Where in the wizard an admin is.

import { Heading, ProgressTracker, Stack, Text } from '@forge/react';
import type { ReactNode } from 'react';
import { texts } from '../../texts.ts';
import { type StepName, steps } from './steps.ts';

interface WizardProgressProps {
  readonly title: string;
  readonly at: StepName;
}

const t = texts.wizard;

export function WizardProgress({ title, at }: WizardProgressProps): ReactNode {
  const present = steps.indexOf(at);
  return (
    <Stack space="space.200">
      <Heading size="medium" as="h2">
        {title}
      </Heading>
      <ProgressTracker
        label={t.progress}
        items={steps.map((name, index) => ({
          id: name,
          label: t.steps[name],
          percentageComplete: index < present ? 100 : 0,
          status: index === present ? 'current' : index < present ? 'visited' : 'unvisited',
        }))}
      />
      <Stack space="space.050">
        <Heading size="small" as="h3">
          {t.heading(present + 1, steps.length, t.steps[at])}
        </Heading>
        <Text color="color.text.subtle">{t.explain[at]}</Text>
      </Stack>
    </Stack>
  );
}
