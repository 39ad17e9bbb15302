// Tests a stored connection and shows what was found.

import { Button, Modal, ModalBody, ModalFooter, ModalHeader, ModalTitle } from '@forge/react';
import type { ReactNode } from 'react';
import type { Connection } from '../contract.ts';
import { texts } from '../texts.ts';
import { Loading } from '../ui/Loading.tsx';
import { useLoad } from '../ui/use-load.ts';
import { CheckResult } from './CheckResult.tsx';
import { callAdmin } from './call.ts';

interface ConnectionTestProps {
  readonly connection: Connection;
  readonly onClose: () => void;
}

export function ConnectionTest({ connection: { id, name }, onClose }: ConnectionTestProps): ReactNode {
  const check = useLoad(id, () => callAdmin('testStoredConnection', { id }));
  return (
    <Modal onClose={onClose}>
      <ModalHeader>
        <ModalTitle>{texts.connections.testing(name)}</ModalTitle>
      </ModalHeader>
      <ModalBody>
        <Loading of={check}>{(found) => <CheckResult check={found} />}</Loading>
      </ModalBody>
      <ModalFooter>
        <Button appearance="primary" onClick={onClose}>
          {texts.common.close}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
