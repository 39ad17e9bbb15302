// Tests a stored connection and shows what was found.

import type { ReactNode } from 'react';
import type { Connection } from '../contract.ts';
import { texts } from '../texts.ts';
import { Loading } from '../ui/Loading.tsx';
import { ReadDialog } from '../ui/ReadDialog.tsx';
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
    <ReadDialog title={texts.connections.testing(name)} onClose={onClose}>
      <Loading of={check}>{(found) => <CheckResult check={found} />}</Loading>
    </ReadDialog>
  );
}
