// Fields side by side, of equal width; below each other where there is no room.

import { Box, Inline, xcss } from '@forge/react';
import { Children, type ReactNode } from 'react';

const column = xcss({ flexGrow: 1, width: '220px', maxWidth: '100%' });

export function Columns({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <Inline space="space.150" rowSpace="space.100" shouldWrap alignBlock="start">
      {Children.map(children, (child) => (child ? <Box xcss={column}>{child}</Box> : null))}
    </Inline>
  );
}
