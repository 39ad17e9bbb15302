// Errors of one cause: the cause and remedy once, then the items, with both values where a person has to choose.

import { Box, Button, ButtonGroup, Heading, Inline, Lozenge, Stack, Text, xcss } from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { ErrorRecord, ErrorValues, IgnoreReason, Side } from '../contract.ts';
import { texts } from '../texts.ts';
import { LoadFailure } from '../ui/LoadFailure.tsx';
import { useLoad } from '../ui/use-load.ts';
import { callAdmin } from './call.ts';
import { ErrorItem } from './ErrorItem.tsx';
import type { ErrorGroup } from './group-errors.ts';

/** What an admin wants done about errors. */
export type Wish =
  | { readonly kind: 'retry' }
  /** The reason is asked for. */
  | { readonly kind: 'ignore'; readonly reason?: IgnoreReason }
  | { readonly kind: 'use'; readonly side: Side };

/** Does it, after asking where that is due. */
export type Ask = (wish: Wish, errors: readonly ErrorRecord[]) => void;

interface ErrorGroupCardProps {
  readonly group: ErrorGroup;
  /** The action under way: no second one starts beside it. */
  readonly busy: string | null;
  readonly ask: Ask;
}

const t = texts.errors;
const card = xcss({
  borderColor: 'color.border',
  borderWidth: 'border.width',
  borderStyle: 'solid',
  borderRadius: 'radius.medium',
  padding: 'space.200',
});
const words = xcss({ maxWidth: '760px' });
const shownAtFirst = 5;
/** Whose values the backend reads at once. */
const valuesAtOnce = 50;

export function ErrorGroupCard({ group, busy, ask }: ErrorGroupCardProps): ReactNode {
  const [all, setAll] = useState(false);
  const { cause, remedy, subject, errors } = group;
  const shown = all ? errors : errors.slice(0, shownAtFirst);
  const disabled = busy !== null;
  const asking = shown.filter(({ choosable }) => choosable).slice(0, valuesAtOnce);
  const refs = asking.map(({ ref }) => ref);
  const values = useLoad(refs.join(' '), async () =>
    refs.length === 0 ? { ok: true, value: { values: [] } } : callAdmin('errorValues', { refs }),
  );
  const names = values.value?.values.find(({ fields }) => fields !== null)?.fields ?? null;
  const choosable = errors.filter((error) => error.choosable);
  const valuesOf = ({ ref }: ErrorRecord): ErrorValues | null =>
    values.value?.values.find((one) => one.ref === ref) ?? null;
  return (
    <Box xcss={card}>
      <Stack space="space.150">
        <Inline spread="space-between" space="space.200" rowSpace="space.100" shouldWrap>
          <Box xcss={words}>
            <Stack space="space.050">
              <Inline space="space.100" alignBlock="center" shouldWrap>
                <Heading size="xsmall" as="h3">
                  {cause}
                </Heading>
                {subject !== null && (
                  <Lozenge maxWidth="360px">
                    {names === null ? t.subject(subject) : `${names.jira} ↔ ${names.azure}`}
                  </Lozenge>
                )}
              </Inline>
              <Text>
                {t.remedy}
                {remedy}
              </Text>
            </Stack>
          </Box>
          {errors.length > 1 && (
            <ButtonGroup label={cause}>
              {choosable.length > 1 && (
                <Button isDisabled={disabled} onClick={() => ask({ kind: 'use', side: 'jira' }, choosable)}>
                  {t.useJiraAll}
                </Button>
              )}
              {choosable.length > 1 && (
                <Button isDisabled={disabled} onClick={() => ask({ kind: 'use', side: 'azure' }, choosable)}>
                  {t.useAzureAll}
                </Button>
              )}
              <Button isDisabled={disabled} onClick={() => ask({ kind: 'retry' }, errors)}>
                {t.retryAll}
              </Button>
              <Button isDisabled={disabled} onClick={() => ask({ kind: 'ignore' }, errors)}>
                {t.ignoreAll}
              </Button>
            </ButtonGroup>
          )}
        </Inline>
        {shown.map((error) => (
          <ErrorItem key={error.ref} error={error} values={valuesOf(error)} disabled={disabled} ask={ask} />
        ))}
        {refs.length > 0 && values.loading && values.value === null && (
          <Text color="color.text.subtle">{t.reading}</Text>
        )}
        <LoadFailure of={values} title={t.notRead} />
        {shown.length < errors.length && (
          <Inline>
            <Button appearance="subtle" spacing="compact" onClick={() => setAll(true)}>
              {t.showItems(errors.length)}
            </Button>
          </Inline>
        )}
      </Stack>
    </Box>
  );
}
