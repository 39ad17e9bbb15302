// A preview as a page shows it: how many of what, then a few items with every write.

import { Inline, Lozenge, SectionMessage, Stack, Text } from '@forge/react';
import type { ReactNode } from 'react';
import type { PreviewCounts, ProfilePreview } from '../contract.ts';
import { texts } from '../texts.ts';
import { PreviewSample } from './PreviewSample.tsx';

const t = texts.preview;
const counted = [
  'create',
  'link',
  'update',
  'transition',
  'comment',
  'attachment',
  'itemLink',
  'skip',
  'error',
] as const;

export const writesAnything = (counts: PreviewCounts): boolean =>
  counted.some((name) => name !== 'skip' && name !== 'error' && counts[name] > 0);

export function PreviewedItems({
  of: { counts, complete, twinsKnown, sample },
}: {
  readonly of: ProfilePreview;
}): ReactNode {
  return (
    <Stack space="space.150">
      <Text weight="medium">{t.looked(counts.items)}</Text>
      <Inline space="space.100" rowSpace="space.100" shouldWrap>
        {counted
          .filter((name) => counts[name] > 0)
          .map((name) => (
            <Lozenge key={name} appearance={name === 'error' ? 'removed' : name === 'skip' ? 'default' : 'inprogress'}>
              {t.counts[name](counts[name])}
            </Lozenge>
          ))}
        {!writesAnything(counts) && <Text>{t.nothing}</Text>}
      </Inline>
      {!complete && (
        <SectionMessage appearance="information">
          <Text>{t.incomplete(counts.items)}</Text>
        </SectionMessage>
      )}
      {!twinsKnown && (
        <SectionMessage appearance="information">
          <Text>{t.twinsUnknown}</Text>
        </SectionMessage>
      )}
      {sample.length > 0 && <PreviewSample items={sample} />}
    </Stack>
  );
}
