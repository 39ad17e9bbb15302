// Takes an initial sync back: what it made and nobody touched is listed, counted, confirmed and removed; the rest is named.

import {
  Button,
  LoadingButton,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  ModalTitle,
  SectionMessage,
  Stack,
  Text,
} from '@forge/react';
import type { ReactNode } from 'react';
import type { ProfileSummary } from '../contract.ts';
import type { MadeCounterpart } from '../contract-watch.ts';
import { texts } from '../texts.ts';
import { Failure } from '../ui/Failure.tsx';
import { Foldable } from '../ui/Foldable.tsx';
import { useUndo } from './use-undo.ts';

interface UndoDialogProps {
  readonly profile: ProfileSummary;
  /** Something may have been removed. */
  readonly onClose: () => void;
}

const t = texts.undo;
const shownItems = 50;
const labels = { open: t.show, close: t.hide };

export function UndoDialog({ profile: { id, name, status }, onClose }: UndoDialogProps): ReactNode {
  const { made, state, removed, error, lookAgain, start } = useUndo(id, status === 'enabled');
  const kept = made.filter((one) => one.kept !== null);
  const removable = made.filter((one) => one.kept === null);
  return (
    <Modal onClose={onClose} width="large">
      <ModalHeader>
        <ModalTitle appearance="danger">{t.title(name)}</ModalTitle>
      </ModalHeader>
      <ModalBody>
        <Stack space="space.150">
          <Text>{t.why}</Text>
          <Failure error={error} {...(state === 'unknown' ? { retry: lookAgain } : {})} />
          {state === 'looking' && <Text color="color.text.subtle">{t.looking(made.length)}</Text>}
          {state === 'removing' && <Text>{t.removing(removed, removable.length)}</Text>}
          {state === 'done' && (
            <SectionMessage appearance="success">
              <Text>{t.done(removed)}</Text>
            </SectionMessage>
          )}
          {state === 'found' && made.length === 0 && <Text>{t.nothing}</Text>}
          {state !== 'done' && removable.length > 0 && (
            <Foldable title={t.removable(removable.length)} summary={[]} labels={labels}>
              <Items of={removable} />
            </Foldable>
          )}
          {kept.length > 0 && (
            <Foldable title={t.kept(kept.length)} summary={[]} labels={labels} openAtFirst>
              <Items of={kept} />
            </Foldable>
          )}
          {state === 'found' && removable.length > 0 && <Text color="color.text.subtle">{t.pausesFirst}</Text>}
        </Stack>
      </ModalBody>
      <ModalFooter>
        <Button appearance="subtle" onClick={onClose}>
          {state === 'done' ? texts.common.close : texts.common.cancel}
        </Button>
        {state !== 'done' && state !== 'unknown' && removable.length > 0 && (
          <LoadingButton appearance="danger" isLoading={state !== 'found'} onClick={start}>
            {t.confirm(removable.length)}
          </LoadingButton>
        )}
      </ModalFooter>
    </Modal>
  );
}

function Items({ of }: { readonly of: readonly MadeCounterpart[] }): ReactNode {
  return (
    <Stack space="space.050">
      {of.slice(0, shownItems).map(({ pairId, side, key, sourceKey, kept }) => (
        <Text key={pairId}>
          {t.of(side === 'azure' ? texts.panel.workItem(key) : key, side === 'jira' ? `#${sourceKey}` : sourceKey)}
          {kept === null ? '' : `: ${t.reasons[kept]}`}
        </Text>
      ))}
      {of.length > shownItems && <Text color="color.text.subtle">{t.more(of.length - shownItems)}</Text>}
    </Stack>
  );
}
