// Steps of a journey: https://developer.atlassian.com/platform/forge/ui-kit/components/progress-tracker/

import { ProgressTracker } from '@atlaskit/progress-tracker';
import type { ComponentProps } from 'react';
import type { Renderers } from '../render.tsx';

export const progress: Renderers = {
  ProgressTracker: ({ props }) => <ProgressTracker {...(props as unknown as ComponentProps<typeof ProgressTracker>)} />,
};
