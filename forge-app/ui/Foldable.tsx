// A row of a long list: one line that says what it holds, and a form below it on demand.

import { Box, Button, ButtonGroup, Inline, Lozenge, Stack, Text, xcss } from '@forge/react';
import { type ComponentProps, type ReactNode, useState } from 'react';
import { texts } from '../texts.ts';

interface FoldableProps {
  readonly title: string;
  /** What a reader wants to know without opening it. */
  readonly summary: readonly string[];
  readonly lozenge?: {
    readonly text: string;
    readonly appearance: NonNullable<ComponentProps<typeof Lozenge>['appearance']>;
  };
  /** Why it is as it is. */
  readonly note?: string | undefined;
  /** Of the button that opens it, and that closes it. */
  readonly labels?: { readonly open: string; readonly close: string };
  /** An error keeps it open: it has to be seen. */
  readonly error?: boolean;
  readonly warning?: string | undefined;
  readonly openAtFirst?: boolean;
  readonly onRemove?: (() => void) | undefined;
  readonly children: ReactNode;
}

const card = xcss({
  borderColor: 'color.border',
  borderWidth: 'border.width',
  borderStyle: 'solid',
  borderRadius: 'radius.medium',
  paddingBlock: 'space.100',
  paddingInline: 'space.150',
});
const words = xcss({ maxWidth: '820px', overflow: 'hidden' });

export function Foldable(props: FoldableProps): ReactNode {
  const { title, summary, lozenge, note, error = false, warning, openAtFirst = false, onRemove, children } = props;
  const labels = props.labels ?? { open: texts.common.edit, close: texts.common.done };
  const [wanted, setWanted] = useState(openAtFirst);
  const open = wanted || error;
  return (
    <Box xcss={card}>
      <Stack space="space.100">
        <Inline spread="space-between" alignBlock="center" space="space.200" shouldWrap>
          <Box xcss={words}>
            <Inline space="space.150" rowSpace="space.0" alignBlock="center" shouldWrap>
              {lozenge && <Lozenge appearance={lozenge.appearance}>{lozenge.text}</Lozenge>}
              <Text weight="medium">{title}</Text>
              {summary.length > 0 && <Text color="color.text.subtle">{summary.join(' · ')}</Text>}
            </Inline>
            {note !== undefined && (
              <Text size="small" color="color.text.subtle">
                {note}
              </Text>
            )}
            {!open && warning !== undefined && <Text color="color.text.warning">{warning}</Text>}
          </Box>
          <ButtonGroup label={title}>
            {!error && (
              <Button appearance="subtle" spacing="compact" onClick={() => setWanted(!wanted)}>
                {open ? labels.close : labels.open}
              </Button>
            )}
            {onRemove && (
              <Button appearance="subtle" spacing="compact" onClick={onRemove}>
                {texts.common.remove}
              </Button>
            )}
          </ButtonGroup>
        </Inline>
        {open && children}
      </Stack>
    </Box>
  );
}
