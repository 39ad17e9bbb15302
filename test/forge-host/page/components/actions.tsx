// What is pressed.

import ButtonGroup from '@atlaskit/button/button-group';
import Button from '@atlaskit/button/default/button';
import LinkButton from '@atlaskit/button/link';
import type { ComponentProps, ReactNode } from 'react';
import type { ForgeNode } from '../forge-doc.ts';
import type { Renderers } from '../render.tsx';

/** Nothing of a click crosses the bridge. */
const clicked = ({ props }: ForgeNode) =>
  props.onClick === undefined ? {} : { onClick: () => (props.onClick as () => void)() };

const known = ({ props }: ForgeNode) => {
  const { appearance, spacing, isDisabled, isSelected, autoFocus, shouldFitContainer, type, testId } = props;
  return { appearance, spacing, isDisabled, isSelected, autoFocus, shouldFitContainer, type, testId } as ComponentProps<
    typeof Button
  >;
};

export const actions: Renderers = {
  Button: (node, render) => (
    <Button {...known(node)} {...clicked(node)}>
      {render(node.children)}
    </Button>
  ),
  LoadingButton: (node, render) => (
    <Button {...known(node)} {...clicked(node)} isLoading={node.props.isLoading === true}>
      {render(node.children)}
    </Button>
  ),
  LinkButton: (node, render) => {
    const { href, target, appearance, spacing } = node.props;
    return (
      <LinkButton
        {...({ appearance, spacing, target } as Omit<ComponentProps<typeof LinkButton>, 'href' | 'children'>)}
        {...clicked(node)}
        href={String(href)}
      >
        {render(node.children)}
      </LinkButton>
    );
  },
  ButtonGroup: ({ props, children }, render): ReactNode => (
    <ButtonGroup {...(props.label === undefined ? {} : { label: String(props.label) })}>{render(children)}</ButtonGroup>
  ),
};
