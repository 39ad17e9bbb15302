// Words: text, headings, links, code, lists.

import Heading from '@atlaskit/heading';
import Link from '@atlaskit/link';
import { Text } from '@atlaskit/primitives';
import type { ComponentProps } from 'react';
import type { Renderers } from '../render.tsx';

export const writing: Renderers = {
  Text: ({ props, children }, render) => (
    <Text as="p" {...(props as Omit<ComponentProps<typeof Text>, 'children'>)}>
      {render(children)}
    </Text>
  ),
  Heading: ({ props, children }, render) => (
    <Heading {...(props as unknown as Omit<ComponentProps<typeof Heading>, 'children'>)}>{render(children)}</Heading>
  ),
  Link: ({ props, children }, render) => (
    <Link
      href={String(props.href)}
      {...(props.openNewTab ? { target: '_blank' } : {})}
      {...(props.onClick ? { onClick: () => (props.onClick as () => void)() } : {})}
    >
      {render(children)}
    </Link>
  ),
  Code: ({ children }, render) => (
    <code
      style={{
        font: 'var(--ds-font-code)',
        background: 'var(--ds-background-neutral)',
        padding: '2px 4px',
        borderRadius: 3,
      }}
    >
      {render(children)}
    </code>
  ),
  List: ({ props, children }, render) =>
    props.type === 'ordered' ? <ol>{render(children)}</ol> : <ul style={{ margin: 0 }}>{render(children)}</ul>,
  ListItem: ({ children }, render) => <li>{render(children)}</li>,
};
