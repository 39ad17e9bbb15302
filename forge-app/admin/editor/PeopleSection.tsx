// Who is who: how many people are found by e-mail, who is not, and what becomes of a person without a counterpart.

import { Box, Button, Inline, Label, SectionMessage, Stack, Text, xcss } from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { ValuePair } from '../../contract.ts';
import type { MatchedPerson, PeopleMatch } from '../../contract-editing.ts';
import { texts } from '../../texts.ts';
import { Loading } from '../../ui/Loading.tsx';
import { Search } from '../../ui/Search.tsx';
import { useLoad } from '../../ui/use-load.ts';
import { callAdmin } from '../call.ts';
import { toSettings } from './draft.ts';
import { Lines } from './Lines.tsx';
import { formatPairs, parsePairs } from './lines.ts';
import type { SectionProps } from './section-props.ts';
import { UnmappedChoice } from './UnmappedChoice.tsx';

const t = texts.editor;
const shownAtFirst = 15;
const name = xcss({ width: '280px' });
const choice = xcss({ width: '340px' });

export function PeopleSection({ connectionId, draft, change, said, misread }: SectionProps): ReactNode {
  const { users, policies } = draft.settings;
  const [turn, setTurn] = useState(0);
  const settings = toSettings(draft);
  const match = useLoad('people', () =>
    callAdmin('matchPeople', { profile: { azureConnectionId: connectionId, settings } }),
  );
  const setUsers = (next: readonly ValuePair[]): void =>
    change((before) => ({ ...before, settings: { ...before.settings, users: next } }));
  return (
    <Stack space="space.200">
      <Loading of={match}>
        {(found: PeopleMatch) => (
          <Unmatched
            of={found}
            users={users}
            onPair={(pair) => {
              setUsers([...users.filter(({ jira }) => jira !== pair.jira), ...(pair.azure === '' ? [] : [pair])]);
              setTurn(turn + 1);
            }}
          />
        )}
      </Loading>
      <UnmappedChoice
        id="policy-user"
        label={t.unmappedUser}
        value={policies.unmappedUser}
        onChange={(unmappedUser) =>
          change((before) => ({
            ...before,
            settings: { ...before.settings, policies: { ...before.settings.policies, unmappedUser } },
          }))
        }
      />
      <Lines
        key={turn}
        id="profile-people"
        label={t.people}
        hint={t.peopleHint}
        value={users}
        format={formatPairs}
        parse={parsePairs}
        said={said('users')}
        onChange={setUsers}
        onMisread={(message) => misread({ path: 'users' }, message)}
      />
    </Stack>
  );
}

interface UnmatchedProps {
  readonly of: PeopleMatch;
  readonly users: readonly ValuePair[];
  /** An empty Azure side takes the pair away. */
  readonly onPair: (pair: ValuePair) => void;
}

function Unmatched({ of: { matched, unmatched }, users, onPair }: UnmatchedProps): ReactNode {
  const [all, setAll] = useState(false);
  const { people, total } = unmatched.jira;
  const shown = all ? people : people.slice(0, shownAtFirst);
  const options = unmatched.azure.people.map((person) => ({ value: person.id, label: labelOf(person) }));
  return (
    <Stack space="space.100">
      <SectionMessage
        appearance={total === 0 ? 'success' : 'information'}
        title={t.peopleMatched(matched.byEmail + matched.byProfile, total)}
      >
        <Text>{total === 0 ? t.everybodyMatched : t.peopleWhy}</Text>
      </SectionMessage>
      {shown.map((person, index) => (
        <Inline key={person.id} space="space.150" alignBlock="center" shouldWrap>
          <Box xcss={name}>
            <Label labelFor={`person-${index}`}>{labelOf(person)}</Label>
          </Box>
          <Box xcss={choice}>
            <Search
              id={`person-${index}`}
              value={users.find(({ jira }) => jira === person.id)?.azure ?? ''}
              options={[{ value: '', label: t.nobody }, ...options]}
              placeholder={t.nobody}
              onChange={(azure) => onPair({ jira: person.id, azure })}
            />
          </Box>
        </Inline>
      ))}
      {shown.length < people.length && (
        <Inline>
          <Button appearance="subtle" spacing="compact" onClick={() => setAll(true)}>
            {t.showPeople(people.length)}
          </Button>
        </Inline>
      )}
      {people.length < total && <Text color="color.text.subtle">{t.peopleCut(people.length, total)}</Text>}
      {unmatched.azure.total > 0 && (
        <Text color="color.text.subtle">
          {t.azureUnmatched(
            unmatched.azure.total,
            unmatched.azure.people.slice(0, shownAtFirst).map((person) => person.name),
          )}
        </Text>
      )}
    </Stack>
  );
}

const labelOf = ({ name: called, email }: MatchedPerson): string => (email === null ? called : `${called} (${email})`);
