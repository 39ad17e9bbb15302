// What holds up or soon will hold up the whole site: tokens that end, services that ask to wait, hooks that were turned off.

import { Button, SectionMessage, Stack, Text } from '@forge/react';
import type { ReactNode } from 'react';
import type { Connection, SiteHealth } from '../contract.ts';
import { texts } from '../texts.ts';
import { Failure } from '../ui/Failure.tsx';
import { tell } from '../ui/flag.ts';
import { useAction } from '../ui/use-action.ts';
import { useTimes } from '../ui/use-times.ts';
import { callAdmin } from './call.ts';
import { TokenWarning } from './TokenWarning.tsx';

interface SiteHealthListProps {
  readonly connections: readonly Connection[];
  /** Null until it is known. */
  readonly health: SiteHealth | null;
  readonly reload: () => Promise<void>;
  readonly onConnection: (id: string) => void;
}

const t = texts.health;

export function SiteHealthList({ connections, health, reload, onConnection }: SiteHealthListProps): ReactNode {
  return (
    <Stack space="space.100">
      {connections.map((connection) => (
        <TokenWarning key={connection.id} connection={connection} onRenew={() => onConnection(connection.id)} />
      ))}
      {connections
        .filter(({ status }) => status === 'failing')
        .map(({ id, name, problem }) => (
          <SectionMessage key={id} appearance="error" title={t.connectionFails(name)}>
            <Stack space="space.100" alignInline="start">
              <Text>{problem === null ? t.permissionsMissing : `${problem.cause} ${problem.remedy}`}</Text>
              <Button onClick={() => onConnection(id)}>{t.openConnection}</Button>
            </Stack>
          </SectionMessage>
        ))}
      {health && <SiteFindings of={health} reload={reload} />}
    </Stack>
  );
}

function SiteFindings({ of, reload }: { readonly of: SiteHealth; readonly reload: () => Promise<void> }): ReactNode {
  const time = useTimes();
  const action = useAction();
  const renewHooks = async (id: string): Promise<void> => {
    if (await action.run(id, () => callAdmin('renewHooks', { id }))) tell(t.hooksRenewed);
    await reload();
  };
  return (
    <Stack space="space.100">
      {of.jiraToken === 'missing' && (
        <SectionMessage appearance="error" title={t.noJiraToken}>
          <Text>{t.noJiraTokenWhy}</Text>
        </SectionMessage>
      )}
      {of.jiraToken === 'ending' && (
        <SectionMessage appearance="warning" title={t.jiraTokenEnds}>
          <Text>{t.jiraTokenEndsWhy}</Text>
        </SectionMessage>
      )}
      {of.waits.map(({ side, connection, until }) => (
        <SectionMessage key={connection} appearance="warning" title={t.waits(side, connection, time(until))}>
          <Text>{t.waitsWhy}</Text>
        </SectionMessage>
      ))}
      {of.limited
        .filter(({ side }) => !of.waits.some((wait) => wait.side === side))
        .map(({ side, times }) => (
          <SectionMessage key={side} appearance="information" title={t.limited(side, times)}>
            <Text>{t.limitedWhy}</Text>
          </SectionMessage>
        ))}
      {of.hooks.map(({ profileId, profile, missing, problem }) => (
        <SectionMessage
          key={profileId}
          appearance="warning"
          title={problem === null ? t.hooksOff(profile, missing.length) : t.hooksUnknown(profile)}
        >
          <Stack space="space.100" alignInline="start">
            <Text>{problem === null ? t.hooksOffWhy : `${problem.cause} ${problem.remedy}`}</Text>
            {problem === null && (
              <Button isDisabled={action.busy !== null} onClick={() => void renewHooks(profileId)}>
                {t.renewHooks}
              </Button>
            )}
          </Stack>
        </SectionMessage>
      ))}
      <Failure error={action.error} />
    </Stack>
  );
}
