// What could not be synchronized in a profile, grouped by cause, with what can be done about it.

import {
  Box,
  Button,
  EmptyState,
  Inline,
  Label,
  LoadingButton,
  ModalTransition,
  Select,
  Stack,
  Text,
  Toggle,
  xcss,
} from '@forge/react';
import { type ReactNode, useEffect, useState } from 'react';
import type { Answer, ErrorPage, ErrorRecord, ListedProfile, Side } from '../contract.ts';
import { texts } from '../texts.ts';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { Failure } from '../ui/Failure.tsx';
import { tell } from '../ui/flag.ts';
import { Loading } from '../ui/Loading.tsx';
import { TabHeader } from '../ui/TabHeader.tsx';
import { useAction } from '../ui/use-action.ts';
import { useLoad } from '../ui/use-load.ts';
import { callAdmin } from './call.ts';
import { ErrorFileDialog } from './ErrorFileDialog.tsx';
import { type Ask, ErrorGroupCard, type Wish } from './ErrorGroupCard.tsx';
import { groupErrors } from './group-errors.ts';
import { IgnoreDialog } from './IgnoreDialog.tsx';
import { withErrors } from './profile-state.ts';

interface ErrorsTabProps {
  readonly profiles: readonly ListedProfile[];
  /** The first one with errors when null. */
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
  /** Something was settled: the counts have changed. */
  readonly onChanged: () => Promise<void>;
}

const t = texts.errors;
/** After an action: Tandem needs a moment to try again. */
const settleMs = 1_500;
/** Of errors on a page: as many as the backend gives at once, so that what is done to all of a kind is done to all. */
const limit = '500';
const wide = xcss({ width: '360px' });

export function ErrorsTab({ profiles, selected, onSelect, onChanged }: ErrorsTabProps): ReactNode {
  const [turn, setTurn] = useState(0);
  const chosen =
    profiles.find(({ id }) => id === selected) ?? profiles.find((one) => withErrors(one) > 0) ?? profiles[0];
  if (chosen === undefined) return <EmptyState header={t.none} description={t.noProfiles} />;
  const option = ({ id, name }: ListedProfile) => ({ value: id, label: name });
  return (
    <Stack space="space.200">
      <TabHeader
        title={t.title}
        reload={async () => {
          await onChanged();
          setTurn(turn + 1);
        }}
      />
      {profiles.length > 1 && (
        <Box xcss={wide}>
          <Label labelFor="errors-profile">{t.profile}</Label>
          <Select
            id="errors-profile"
            value={option(chosen)}
            options={profiles.map(option)}
            onChange={(picked: { value: string }) => onSelect(picked.value)}
          />
        </Box>
      )}
      <ProfileErrors key={`${chosen.id} ${turn}`} profileId={chosen.id} onChanged={onChanged} />
    </Stack>
  );
}

interface ProfileErrorsProps {
  readonly profileId: string;
  readonly onChanged: () => Promise<void>;
}

function ProfileErrors({ profileId, onChanged }: ProfileErrorsProps): ReactNode {
  const first = useLoad(profileId, () => callAdmin('errors', { id: profileId, limit }));
  const [later, setLater] = useState<readonly ErrorPage[]>([]);
  const [withIgnored, setWithIgnored] = useState(false);
  const [settling, setSettling] = useState(0);
  const [file, setFile] = useState(false);
  const [asked, setAsked] = useState<{ readonly wish: Wish; readonly errors: readonly ErrorRecord[] } | null>(null);
  const action = useAction();

  const { reload } = first;
  useEffect(() => {
    if (settling === 0) return undefined;
    const timer = setTimeout(() => {
      setLater([]);
      void reload();
      void onChanged();
    }, settleMs);
    return () => clearTimeout(timer);
  }, [settling, reload, onChanged]);

  const done = (wish: Wish): void => {
    setAsked(null);
    tell(wish.kind === 'retry' ? t.retried : wish.kind === 'ignore' ? t.wasIgnored : t.chosen);
    setSettling((before) => before + 1);
  };
  // A retry does no harm; what overwrites a value, hides an error or makes many items is asked for first.
  const ask: Ask = (wish, errors) => {
    if (wish.kind !== 'retry' || leftAlone(errors) > 1) return setAsked({ wish, errors });
    void action.run('retry', () => carryOut(wish, errors)).then((ran) => ran && done(wish));
  };
  const more = async (after: string): Promise<void> => {
    const page = await action.run('more', () => callAdmin('errors', { id: profileId, after, limit }));
    if (page) setLater((before) => [...before, page.value]);
  };

  return (
    <Loading of={first}>
      {(page: ErrorPage) => {
        const all: readonly ErrorRecord[] = [page, ...later].flatMap(({ errors }) => errors);
        const ignored = all.filter((error) => error.ignored).length;
        const shown = all.filter((error) => withIgnored || !error.ignored);
        const groups = groupErrors(shown);
        const next = (later.at(-1) ?? page).next;
        return (
          <Stack space="space.200">
            <Failure error={action.error} />
            {groups.length === 0 && <EmptyState header={t.none} description={t.noneWhy} />}
            {all.length > 0 && (
              <Inline alignInline="end" space="space.100">
                <Button onClick={() => setFile(true)}>{t.download}</Button>
                {groups.length > 1 && (
                  <Button isDisabled={action.busy !== null} onClick={() => ask({ kind: 'retry' }, shown)}>
                    {t.retryEverything}
                  </Button>
                )}
              </Inline>
            )}
            {groups.map((group) => (
              <ErrorGroupCard key={group.key} group={group} busy={action.busy} ask={ask} />
            ))}
            <Inline spread="space-between" alignBlock="center">
              {ignored > 0 ? (
                <Inline alignBlock="center" space="space.050">
                  <Toggle
                    id="errors-ignored"
                    isChecked={withIgnored}
                    onChange={() => setWithIgnored((before) => !before)}
                  />
                  <Label labelFor="errors-ignored">{t.showIgnored(ignored)}</Label>
                </Inline>
              ) : null}
              {next !== null && <Text color="color.text.subtle">{t.partly(all.length)}</Text>}
              {next !== null && (
                <LoadingButton isLoading={action.busy === 'more'} onClick={() => more(next)}>
                  {texts.common.loadMore}
                </LoadingButton>
              )}
            </Inline>
            <ModalTransition>
              {file && <ErrorFileDialog profileId={profileId} onClose={() => setFile(false)} />}
              {asked?.wish.kind === 'use' && (
                <ConfirmDialog
                  {...wordsOf(asked.wish.side, asked.errors.length)}
                  appearance="warning"
                  act={() => carryOut(asked.wish, asked.errors)}
                  onDone={() => done(asked.wish)}
                  onClose={() => setAsked(null)}
                />
              )}
              {asked?.wish.kind === 'retry' && (
                <ConfirmDialog
                  title={t.retryTitle(leftAlone(asked.errors))}
                  text={t.retryWhy}
                  confirm={t.retry}
                  appearance="warning"
                  act={() => carryOut(asked.wish, asked.errors)}
                  onDone={() => done(asked.wish)}
                  onClose={() => setAsked(null)}
                />
              )}
              {asked?.wish.kind === 'ignore' && (
                <IgnoreDialog
                  count={asked.errors.length}
                  act={(reason) => carryOut({ kind: 'ignore', reason }, asked.errors)}
                  onDone={() => done(asked.wish)}
                  onClose={() => setAsked(null)}
                />
              )}
            </ModalTransition>
          </Stack>
        );
      }}
    </Loading>
  );
}

/** How many were left alone by an initial sync: a retry gives each a counterpart of its own, though it may have a twin. */
const leftAlone = (errors: readonly ErrorRecord[]): number =>
  errors.filter(({ code }) => code === 'ambiguous-link').length;

/** The backend takes so many at once. */
const atOnce = 500;

async function carryOut(wish: Wish, errors: readonly ErrorRecord[]): Promise<Answer<unknown>> {
  for (let start = 0; start < errors.length; start += atOnce) {
    const refs = errors.slice(start, start + atOnce).map(({ ref }) => ref);
    const answer = await send(wish, refs);
    if (!answer.ok) return answer;
  }
  return { ok: true, value: null };
}

function send(wish: Wish, refs: readonly string[]): Promise<Answer<unknown>> {
  switch (wish.kind) {
    case 'retry':
      return callAdmin('retryErrors', { refs });
    case 'ignore':
      return callAdmin('ignoreErrors', { refs, ...(wish.reason === undefined ? {} : { reason: wish.reason }) });
    case 'use':
      return callAdmin('chooseSide', { refs, side: wish.side });
    default:
      return wish satisfies never;
  }
}

const wordsOf = (
  side: Side,
  n: number,
): { readonly title: string; readonly text: string; readonly confirm: string } => ({
  title: t.choiceTitle(side, n),
  text: t.choiceWhy(side),
  confirm: side === 'jira' ? t.useJira : t.useAzure,
});
