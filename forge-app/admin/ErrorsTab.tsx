// What could not be synchronized in a profile, grouped by cause, with what can be done about it.

import { Box, EmptyState, Inline, Label, LoadingButton, Select, Stack, Toggle, xcss } from '@forge/react';
import { type ReactNode, useEffect, useState } from 'react';
import type { Answer, ErrorPage, ErrorRecord, ProfileSummary } from '../contract.ts';
import { texts } from '../texts.ts';
import { Failure } from '../ui/Failure.tsx';
import { Loading } from '../ui/Loading.tsx';
import { TabHeader } from '../ui/TabHeader.tsx';
import { useAction } from '../ui/use-action.ts';
import { useLoad } from '../ui/use-load.ts';
import { callAdmin } from './call.ts';
import { ErrorGroupCard } from './ErrorGroupCard.tsx';
import { groupErrors } from './group-errors.ts';

interface ErrorsTabProps {
  readonly profiles: readonly ProfileSummary[];
  /** The first one with errors when null. */
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
  /** Something was settled: the counts have changed. */
  readonly onChanged: () => Promise<void>;
}

const t = texts.errors;
/** After an action: Tandem needs a moment to try again. */
const settleMs = 1_500;
const wide = xcss({ width: '360px' });

export function ErrorsTab({ profiles, selected, onSelect, onChanged }: ErrorsTabProps): ReactNode {
  const [turn, setTurn] = useState(0);
  const chosen =
    profiles.find(({ id }) => id === selected) ?? profiles.find(({ pairs }) => pairs.failing > 0) ?? profiles[0];
  if (chosen === undefined) return <EmptyState header={t.none} description={t.noProfiles} />;
  const option = ({ id, name }: ProfileSummary) => ({ value: id, label: name });
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
  const first = useLoad(profileId, () => callAdmin('errors', { id: profileId }));
  const [later, setLater] = useState<readonly ErrorPage[]>([]);
  const [withIgnored, setWithIgnored] = useState(false);
  const [settling, setSettling] = useState(0);
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

  const act = async (name: string, work: () => Promise<Answer<unknown>>): Promise<void> => {
    if (await action.run(name, work)) setSettling((before) => before + 1);
  };
  const more = async (after: string): Promise<void> => {
    const page = await action.run('more', () => callAdmin('errors', { id: profileId, after }));
    if (page) setLater((before) => [...before, page.value]);
  };

  return (
    <Loading of={first}>
      {(page: ErrorPage) => {
        const all: readonly ErrorRecord[] = [page, ...later].flatMap(({ errors }) => errors);
        const ignored = all.filter((error) => error.ignored).length;
        const groups = groupErrors(all.filter((error) => withIgnored || !error.ignored));
        const next = (later.at(-1) ?? page).next;
        return (
          <Stack space="space.200">
            <Failure error={action.error} />
            {groups.length === 0 && <EmptyState header={t.none} description={t.noneWhy} />}
            {groups.map((group) => (
              <ErrorGroupCard key={group.key} group={group} busy={action.busy} act={act} />
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
              {next !== null && (
                <LoadingButton isLoading={action.busy === 'more'} onClick={() => more(next)}>
                  {texts.common.loadMore}
                </LoadingButton>
              )}
            </Inline>
          </Stack>
        );
      }}
    </Loading>
  );
}
