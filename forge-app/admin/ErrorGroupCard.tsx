// Errors of one cause: the cause and remedy once, then the items.

import { Box, Button, ButtonGroup, Heading, Inline, Lozenge, Stack, Text, xcss } from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { Answer } from '../contract.ts';
import { texts } from '../texts.ts';
import { callAdmin } from './call.ts';
import { ErrorItem } from './ErrorItem.tsx';
import type { ErrorGroup } from './group-errors.ts';

export type Act = (name: string, work: () => Promise<Answer<unknown>>) => Promise<void>;

interface ErrorGroupCardProps {
  readonly group: ErrorGroup;
  /** The action under way: no second one starts beside it. */
  readonly busy: string | null;
  readonly act: Act;
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
/** The backend takes so many at once. */
const atOnce = 500;

export function ErrorGroupCard({ group, busy, act }: ErrorGroupCardProps): ReactNode {
  const [all, setAll] = useState(false);
  const { cause, remedy, subject, errors } = group;
  const shown = all ? errors : errors.slice(0, shownAtFirst);
  const refs = errors.slice(0, atOnce).map(({ ref }) => ref);
  const disabled = busy !== null;
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
                {subject !== null && <Lozenge maxWidth="360px">{t.subject(subject)}</Lozenge>}
              </Inline>
              <Text>
                {t.remedy}
                {remedy}
              </Text>
            </Stack>
          </Box>
          {errors.length > 1 && (
            <ButtonGroup label={cause}>
              <Button isDisabled={disabled} onClick={() => act('retry', () => callAdmin('retryErrors', { refs }))}>
                {t.retryAll}
              </Button>
              <Button isDisabled={disabled} onClick={() => act('ignore', () => callAdmin('ignoreErrors', { refs }))}>
                {t.ignoreAll}
              </Button>
            </ButtonGroup>
          )}
        </Inline>
        {shown.map((error) => (
          <ErrorItem key={error.ref} error={error} disabled={disabled} act={act} />
        ))}
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
