// The connections to Azure DevOps: list, add, test, edit, delete.

import {
  Button,
  ButtonGroup,
  DynamicTable,
  EmptyState,
  Lozenge,
  ModalTransition,
  Stack,
  Text,
  Tooltip,
} from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { Connection } from '../contract.ts';
import { texts } from '../texts.ts';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { tell } from '../ui/flag.ts';
import { TabHeader } from '../ui/TabHeader.tsx';
import { daysUntil } from '../ui/times.ts';
import { ConnectionForm } from './ConnectionForm.tsx';
import { ConnectionTest } from './ConnectionTest.tsx';
import { callAdmin } from './call.ts';
import { soonDays } from './TokenWarning.tsx';

interface ConnectionsTabProps {
  readonly connections: readonly Connection[];
  readonly reload: () => Promise<void>;
  readonly adding: boolean;
  readonly setAdding: (adding: boolean) => void;
  /** The one whose token is to be entered anew. */
  readonly renewing: string | null;
  readonly onRenewed: () => void;
}

type Dialog = { readonly kind: 'edit' | 'test' | 'secret' | 'delete'; readonly connection: Connection };

const t = texts.connections;

export function ConnectionsTab(props: ConnectionsTabProps): ReactNode {
  const { connections, reload, adding, setAdding, renewing, onRenewed } = props;
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = (): void => {
    setDialog(null);
    setAdding(false);
    onRenewed();
  };
  const done = (said: string): void => {
    close();
    tell(said);
    void reload();
  };

  const edited =
    dialog?.kind === 'edit' ? dialog.connection : connections.find((connection) => connection.id === renewing);

  const row = (connection: Connection) => ({
    key: connection.id,
    cells: [
      { key: 'name', content: <LongText>{connection.name}</LongText> },
      { key: 'url', content: <LongText>{connection.url}</LongText> },
      { key: 'status', content: <Status of={connection} /> },
      { key: 'expires', content: <Expiry date={connection.expiresOn} /> },
      { key: 'usedBy', content: <LongText>{connection.usedBy.join(', ') || t.unused}</LongText> },
      {
        key: 'actions',
        content: (
          <ButtonGroup label={connection.name}>
            <Button spacing="compact" onClick={() => setDialog({ kind: 'test', connection })}>
              {t.test}
            </Button>
            <Button spacing="compact" onClick={() => setDialog({ kind: 'edit', connection })}>
              {texts.common.edit}
            </Button>
            <Button spacing="compact" onClick={() => setDialog({ kind: 'secret', connection })}>
              {t.newSecret}
            </Button>
            <Button spacing="compact" onClick={() => setDialog({ kind: 'delete', connection })}>
              {texts.common.delete}
            </Button>
          </ButtonGroup>
        ),
      },
    ],
  });

  return (
    <Stack space="space.200">
      {connections.length > 0 && (
        <TabHeader title={t.title} reload={reload}>
          <Button appearance="primary" onClick={() => setAdding(true)}>
            {t.add}
          </Button>
        </TabHeader>
      )}
      {connections.length === 0 ? (
        <Stack alignInline="center" space="space.100">
          <EmptyState header={t.none} description={t.noneWhy} />
          <Button appearance="primary" onClick={() => setAdding(true)}>
            {t.add}
          </Button>
        </Stack>
      ) : (
        <DynamicTable label={t.title} head={head} rows={connections.map(row)} />
      )}
      <ModalTransition>
        {(adding || edited) && (
          <ConnectionForm {...(edited ? { connection: edited } : {})} onDone={() => done(t.saved)} onClose={close} />
        )}
        {dialog?.kind === 'test' && (
          <ConnectionTest
            connection={dialog.connection}
            onClose={() => {
              close();
              void reload();
            }}
          />
        )}
        {dialog?.kind === 'secret' && (
          <ConfirmDialog
            title={t.newSecretTitle(dialog.connection.name)}
            text={t.newSecretWhy}
            confirm={t.newSecretConfirm}
            appearance="warning"
            act={() => callAdmin('renewHookSecret', { id: dialog.connection.id })}
            onDone={() => done(t.newSecretMade)}
            onClose={close}
          />
        )}
        {dialog?.kind === 'delete' && (
          <ConfirmDialog
            title={t.deleteTitle(dialog.connection.name)}
            text={t.deleteWhy}
            confirm={texts.common.delete}
            act={() => callAdmin('deleteConnection', { id: dialog.connection.id })}
            onDone={() => done(t.deleted)}
            onClose={close}
          />
        )}
      </ModalTransition>
    </Stack>
  );
}

const head = {
  cells: [
    { key: 'name', content: t.columns.name, width: 14 },
    { key: 'url', content: t.columns.url, width: 18 },
    { key: 'status', content: t.columns.status, width: 15 },
    { key: 'expires', content: t.columns.expires, width: 12 },
    { key: 'usedBy', content: t.columns.usedBy, width: 13 },
    { key: 'actions', content: t.columns.actions, width: 28 },
  ],
};

// The components below stand in table cells, where @forge/react calls them as functions: they use no hooks.

function LongText({ children }: { readonly children: string }): ReactNode {
  return (
    <Tooltip content={children}>
      <Text maxLines={2}>{children}</Text>
    </Tooltip>
  );
}

const appearances = { ok: 'success', failing: 'removed', unknown: 'default' } as const;

function Status({ of }: { readonly of: Connection }): ReactNode {
  const lozenge = <Lozenge appearance={appearances[of.status]}>{t.status[of.status]}</Lozenge>;
  if (of.problem === null) return lozenge;
  const { cause, remedy } = of.problem;
  return (
    <Stack space="space.025" alignInline="start">
      {lozenge}
      <Text size="small">{cause}</Text>
      <Text size="small" color="color.text.subtle">
        {remedy}
      </Text>
    </Stack>
  );
}

function Expiry({ date }: { readonly date: string | null }): ReactNode {
  if (date === null) return <Text color="color.text.subtlest">{t.noDate}</Text>;
  const days = daysUntil(date, new Date());
  if (days < 0) return <Text color="color.text.danger">{t.expired(date)}</Text>;
  if (days <= soonDays) return <Text color="color.text.warning">{t.expiresSoon(date, days)}</Text>;
  return <Text>{date}</Text>;
}
