// Says early that the token of a connection ends: afterwards its profiles stand still.

import { Button, SectionMessage, Stack, Text } from '@forge/react';
import type { ReactNode } from 'react';
import type { Connection } from '../contract.ts';
import { texts } from '../texts.ts';
import { daysUntil } from '../ui/times.ts';

interface TokenWarningProps {
  readonly connection: Connection;
  readonly onRenew: () => void;
}

const t = texts.connections;
/** A token that ends within so many days is told of. */
export const soonDays = 14;

export function TokenWarning({ connection: { name, expiresOn }, onRenew }: TokenWarningProps): ReactNode {
  if (expiresOn === null) return null;
  const days = daysUntil(expiresOn, new Date());
  if (days > soonDays) return null;
  return (
    <SectionMessage appearance={days < 0 ? 'error' : 'warning'} title={t.endsTitle(name, expiresOn, days)}>
      <Stack space="space.100" alignInline="start">
        <Text>{t.endsWhy}</Text>
        <Button onClick={onRenew}>{t.renew}</Button>
      </Stack>
    </SectionMessage>
  );
}
