// The two values between which an admin chooses, side by side, as they stand on the sites now.

import { Box, Inline, Stack, Text, xcss } from '@forge/react';
import type { ReactNode } from 'react';
import type { ErrorValues, Side } from '../contract.ts';
import { texts } from '../texts.ts';

const t = texts.errors;
const half = xcss({
  backgroundColor: 'elevation.surface',
  borderColor: 'color.border',
  borderWidth: 'border.width',
  borderStyle: 'solid',
  borderRadius: 'radius.small',
  padding: 'space.100',
  flexGrow: 1,
  width: '320px',
  maxWidth: '100%',
});
/** Of a long text: both are compared by their beginnings, and the items are a click away. */
const mostLines = 12;

export function BothValues({ of }: { readonly of: ErrorValues }): ReactNode {
  if (!of.readable) return <Text color="color.text.subtle">{t.unreadable}</Text>;
  const value = (side: Side) => (
    <Box xcss={half}>
      <Stack space="space.050">
        <Text weight="medium">{t.has(side, of.fields?.[side] ?? '')}</Text>
        <Value of={of[side]} />
      </Stack>
    </Box>
  );
  return (
    <Inline space="space.100" rowSpace="space.100" shouldWrap alignBlock="stretch">
      {value('jira')}
      {value('azure')}
    </Inline>
  );
}

function Value({ of }: { readonly of: string | null }): ReactNode {
  if (of === null) return <Text color="color.text.subtle">{texts.preview.empty}</Text>;
  const lines = of.split('\n');
  const shown = lines.slice(0, mostLines);
  return (
    <Stack>
      {shown.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text, which may be alike.
        <Text key={index}>{line}</Text>
      ))}
      {lines.length > shown.length && <Text color="color.text.subtle">{t.moreLines(lines.length - shown.length)}</Text>}
    </Stack>
  );
}
