// Boxes and stacks: https://developer.atlassian.com/platform/forge/ui-kit/components/box/

import { Box, Inline, Stack, xcss } from '@atlaskit/primitives';
import type { ComponentProps } from 'react';
import type { Renderers } from '../render.tsx';

type Xcss = Parameters<typeof xcss>[0];

export const layout: Renderers = {
  Box: ({ props, children }, render) => (
    <Box {...(props as ComponentProps<typeof Box>)} xcss={xcss((props.xcss ?? {}) as Xcss)}>
      {render(children)}
    </Box>
  ),
  Inline: ({ props, children }, render) => (
    <Inline {...(props as Omit<ComponentProps<typeof Inline>, 'children'>)}>{render(children)}</Inline>
  ),
  Stack: ({ props, children }, render) => (
    <Stack {...(props as Omit<ComponentProps<typeof Stack>, 'children'>)}>{render(children)}</Stack>
  ),
};
