// A few items of a preview, of all kinds or of one: what would be written, before and after, and why.

import { AdfRenderer, Box, DynamicTable, Inline, Link, SectionMessage, Stack, Text, xcss } from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { DrawnText, PreviewedItem, PreviewedWrite } from '../contract.ts';
import { texts } from '../texts.ts';
import { Choice } from '../ui/Choice.tsx';
import { Field } from '../ui/Field.tsx';
import { Foldable } from '../ui/Foldable.tsx';

type Action = PreviewedItem['action'];

const t = texts.preview;
const appearances = {
  create: 'new',
  link: 'inprogress',
  update: 'inprogress',
  nothing: 'default',
  skip: 'default',
  error: 'removed',
} as const;
const narrow = xcss({ width: '240px', maxWidth: '100%' });

export function PreviewSample({ items }: { readonly items: readonly PreviewedItem[] }): ReactNode {
  const [wanted, setWanted] = useState<Action | 'all'>('all');
  const present = [...new Set(items.map(({ action }) => action))];
  const shown = items.filter(({ action }) => wanted === 'all' || action === wanted);
  return (
    <Stack space="space.150">
      <Text color="color.text.subtle">{t.sample}</Text>
      {present.length > 1 && (
        <Box xcss={narrow}>
          <Field id="preview-filter" label={t.filter}>
            <Choice<Action | 'all'>
              id="preview-filter"
              value={wanted}
              labels={{ all: t.all, ...Object.fromEntries(present.map((action) => [action, t.actions[action]])) }}
              onChange={setWanted}
            />
          </Field>
        </Box>
      )}
      {shown.map((item, index) => (
        <Foldable
          key={`${item.jiraKey} ${item.azureId}`}
          title={titleOf(item)}
          lozenge={{ text: t.actions[item.action], appearance: appearances[item.action] }}
          summary={[
            ...(item.note === null ? [] : [item.action === 'create' ? t.becomes(item.note) : item.note]),
            ...(item.writes.length === 0 ? [] : [t.writes(item.writes.length)]),
          ]}
          labels={{ open: t.show, close: t.hide }}
          openAtFirst={index === 0}
        >
          <Detail of={item} />
        </Foldable>
      ))}
    </Stack>
  );
}

const titleOf = ({ jiraKey, azureId }: PreviewedItem): string =>
  [jiraKey, azureId === null ? null : texts.panel.workItem(azureId)].filter((name) => name !== null).join(' ↔ ');

function Detail({ of: { jiraUrl, azureUrl, writes, waitsFor, problems } }: { readonly of: PreviewedItem }): ReactNode {
  return (
    <Stack space="space.100">
      <Inline space="space.150">
        {jiraUrl !== null && <Open url={jiraUrl} text={t.openJira} />}
        {azureUrl !== null && <Open url={azureUrl} text={t.openAzure} />}
      </Inline>
      {problems.map(({ cause, remedy }) => (
        <SectionMessage key={cause} appearance="warning" title={cause}>
          <Text>{remedy}</Text>
        </SectionMessage>
      ))}
      {waitsFor.length > 0 && <Text>{t.waitsFor(waitsFor)}</Text>}
      {writes.length > 0 && <DynamicTable label={t.writesLabel} head={head} rows={writes.map(row)} />}
    </Stack>
  );
}

const Open = ({ url, text }: { readonly url: string; readonly text: string }): ReactNode => (
  <Text>
    <Link href={url} openNewTab>
      {text}
    </Link>
  </Text>
);

const head = {
  cells: [
    { key: 'field', content: t.columns.field, width: 22 },
    { key: 'before', content: t.columns.before, width: 26 },
    { key: 'after', content: t.columns.after, width: 32 },
    { key: 'why', content: t.columns.why, width: 20 },
  ],
};

const row = ({ side, field, before, after, drawn, why }: PreviewedWrite, index: number) => ({
  key: String(index),
  cells: [
    { key: 'field', content: <Text>{t.fieldOf(side, field)}</Text> },
    { key: 'before', content: <Value of={before} drawn={drawn?.before ?? null} /> },
    { key: 'after', content: <Value of={after} drawn={drawn?.after ?? null} /> },
    { key: 'why', content: <Text color="color.text.subtle">{why}</Text> },
  ],
});

// Stands in table cells, where @forge/react calls it as a function: it uses no hooks.
function Value({ of, drawn }: { readonly of: string | null; readonly drawn: DrawnText | null }): ReactNode {
  if (of === null && (drawn?.doc.content.length ?? 0) === 0) return <Text color="color.text.subtle">{t.empty}</Text>;
  if (drawn === null) return <Text maxLines={4}>{of}</Text>;
  return (
    <Stack space="space.050">
      <AdfRenderer
        document={drawn.doc as Parameters<typeof AdfRenderer>[0]['document']}
        replaceUnsupportedNode={unshown}
      />
      {drawn.cut && <Text color="color.text.subtle">{t.cut}</Text>}
    </Stack>
  );
}

/** The backend names what Forge can't show; of what is left, Forge is told to show nothing. */
const unshown = (): false => false;
