// How things stand: messages, states, progress.

import Badge from '@atlaskit/badge';
import Heading from '@atlaskit/heading';
import Lozenge from '@atlaskit/lozenge';
import ProgressBar from '@atlaskit/progress-bar';
import SectionMessage from '@atlaskit/section-message';
import Spinner from '@atlaskit/spinner';
import Tooltip from '@atlaskit/tooltip';
import type { ComponentProps } from 'react';
import type { Renderers } from '../render.tsx';

export const feedback: Renderers = {
  SectionMessage: ({ props, children }, render) => (
    <SectionMessage {...(props as Omit<ComponentProps<typeof SectionMessage>, 'children'>)}>
      {render(children)}
    </SectionMessage>
  ),
  Lozenge: ({ props, children }, render) => (
    <Lozenge {...(props as ComponentProps<typeof Lozenge>)}>{render(children)}</Lozenge>
  ),
  Badge: ({ props, children }, render) => (
    <Badge {...(props as Omit<ComponentProps<typeof Badge>, 'children'>)}>{render(children) as string}</Badge>
  ),
  ProgressBar: ({ props }) => <ProgressBar {...(props as ComponentProps<typeof ProgressBar>)} />,
  Spinner: ({ props }) => <Spinner {...(props as ComponentProps<typeof Spinner>)} />,
  Tooltip: ({ props, children }, render) => (
    <Tooltip content={String(props.content)} tag="span">
      {render(children)}
    </Tooltip>
  ),
  EmptyState: ({ props }) => (
    <div style={{ textAlign: 'center', padding: '48px 24px 16px', maxWidth: 460, margin: '0 auto' }}>
      <Heading size="medium" as="h2">
        {String(props.header)}
      </Heading>
      <p style={{ margin: '12px 0 0' }}>{String(props.description ?? '')}</p>
    </div>
  ),
};
