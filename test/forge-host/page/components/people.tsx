// A person by account id: https://developer.atlassian.com/platform/forge/ui-kit/components/user/
// The product asks Jira for the name; here the host does.

import { type ReactNode, useEffect, useState } from 'react';
import type { Renderers } from '../render.tsx';

function Named({ accountId }: { readonly accountId: string }): ReactNode {
  const [name, setName] = useState('');
  useEffect(() => {
    void fetch(`/bridge/people/${encodeURIComponent(accountId)}`)
      .then((answer) => answer.text())
      .then(setName);
  }, [accountId]);
  return <span>{name}</span>;
}

export const people: Renderers = {
  User: ({ props }) => <Named accountId={String(props.accountId)} />,
};
