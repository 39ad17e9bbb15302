// The head of a tab: its title, refreshing, and what can be added.

import { ButtonGroup, Heading, Inline, LoadingButton } from '@forge/react';
import { type ReactNode, useState } from 'react';
import { texts } from '../texts.ts';

interface TabHeaderProps {
  readonly title: string;
  readonly reload: () => Promise<void>;
  readonly children?: ReactNode;
}

export function TabHeader({ title, reload, children }: TabHeaderProps): ReactNode {
  const [busy, setBusy] = useState(false);
  const refresh = async (): Promise<void> => {
    setBusy(true);
    await reload();
    setBusy(false);
  };
  return (
    <Inline spread="space-between" alignBlock="center" space="space.200">
      <Heading size="medium" as="h2">
        {title}
      </Heading>
      <ButtonGroup label={title}>
        <LoadingButton appearance="subtle" isLoading={busy} onClick={refresh}>
          {texts.common.refresh}
        </LoadingButton>
        {children}
      </ButtonGroup>
    </Inline>
  );
}
