// A dialog that only shows something: nothing is asked, and it ends with Close.

import { Button, Modal, ModalBody, ModalFooter, ModalHeader, ModalTitle } from '@forge/react';
import type { ReactNode } from 'react';
import { texts } from '../texts.ts';

interface ReadDialogProps {
  readonly title: string;
  /** `medium` unless said otherwise. */
  readonly width?: 'medium' | 'large' | 'x-large';
  readonly children: ReactNode;
  readonly onClose: () => void;
}

export const ReadDialog = ({ title, width = 'medium', children, onClose }: ReadDialogProps): ReactNode => (
  <Modal onClose={onClose} width={width}>
    <ModalHeader>
      <ModalTitle>{title}</ModalTitle>
    </ModalHeader>
    <ModalBody>{children}</ModalBody>
    <ModalFooter>
      <Button appearance="primary" onClick={onClose}>
        {texts.common.close}
      </Button>
    </ModalFooter>
  </Modal>
);
