// Modal dialogs: https://developer.atlassian.com/platform/forge/ui-kit/components/modal/

import ModalDialog, { ModalBody, ModalFooter, ModalHeader, ModalTitle, ModalTransition } from '@atlaskit/modal-dialog';
import type { ComponentProps } from 'react';
import type { Renderers } from '../render.tsx';

export const dialogs: Renderers = {
  ModalTransition: ({ children }, render) => <ModalTransition>{render(children)}</ModalTransition>,
  Modal: ({ props, children }, render) => {
    const { onClose, title, width, label } = props;
    return (
      <ModalDialog
        width={(width ?? 'medium') as NonNullable<ComponentProps<typeof ModalDialog>['width']>}
        shouldScrollInViewport
        {...(label === undefined ? {} : { label: String(label) })}
        onClose={() => (onClose as (() => void) | undefined)?.()}
      >
        {title === undefined ? null : (
          <ModalHeader hasCloseButton>
            <ModalTitle isMultiline>{String(title)}</ModalTitle>
          </ModalHeader>
        )}
        {render(children)}
      </ModalDialog>
    );
  },
  ModalHeader: ({ children }, render) => <ModalHeader>{render(children)}</ModalHeader>,
  ModalTitle: ({ children }, render) => <ModalTitle isMultiline>{render(children)}</ModalTitle>,
  ModalBody: ({ children }, render) => <ModalBody>{render(children)}</ModalBody>,
  ModalFooter: ({ children }, render) => <ModalFooter>{render(children)}</ModalFooter>,
};
