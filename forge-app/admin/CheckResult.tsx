// What a test of a connection found: who it acts as, each permission by name, and what to do when it fails.

import { Inline, Lozenge, SectionMessage, Stack, Text } from '@forge/react';
import type { ReactNode } from 'react';
import type { ConnectionCheck } from '../contract.ts';
import { texts } from '../texts.ts';

const t = texts.connections;

export const works = ({ problem, permissions }: ConnectionCheck): boolean =>
  problem === null && permissions.every(({ granted, optional }) => granted || optional === true);

function Permission({ granted, optional }: { readonly granted: boolean; readonly optional: boolean }): ReactNode {
  if (granted) return <Lozenge appearance="success">{t.granted}</Lozenge>;
  return <Lozenge appearance={optional ? 'moved' : 'removed'}>{optional ? t.missingOptional : t.missing}</Lozenge>;
}

export function CheckResult({ check }: { readonly check: ConnectionCheck }): ReactNode {
  const { problem, account, permissions } = check;
  return (
    <Stack space="space.150">
      {problem === null ? (
        <SectionMessage
          appearance={works(check) ? 'success' : 'warning'}
          title={works(check) ? t.works(account) : t.lacks(account)}
        >
          <Text>{t.checked}</Text>
        </SectionMessage>
      ) : (
        <SectionMessage appearance="error" title={problem.cause}>
          <Text>{problem.remedy}</Text>
          {problem.detail !== undefined && <Text color="color.text.subtle">{problem.detail}</Text>}
        </SectionMessage>
      )}
      {permissions.map(({ name, granted, optional }) => (
        <Inline key={name} spread="space-between" space="space.200" alignBlock="center">
          <Text>{name}</Text>
          <Permission granted={granted} optional={optional === true} />
        </Inline>
      ))}
    </Stack>
  );
}
