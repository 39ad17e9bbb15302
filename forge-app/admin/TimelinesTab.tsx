// Finds an item by its Jira key or work item number, and shows its counterpart, what happened to it, why, and when.

import {
  Box,
  EmptyState,
  Form,
  Heading,
  Inline,
  Link,
  LoadingButton,
  Lozenge,
  SectionMessage,
  Stack,
  Text,
  Textfield,
  xcss,
} from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { Decision, FoundTimeline } from '../contract-timeline.ts';
import { texts } from '../texts.ts';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { useAction } from '../ui/use-action.ts';
import { useTimes } from '../ui/use-times.ts';
import { callAdmin } from './call.ts';

const t = texts.timelines;
const search = xcss({ width: '320px', maxWidth: '100%' });
const line = xcss({
  backgroundColor: 'elevation.surface.sunken',
  borderRadius: 'radius.small',
  paddingBlock: 'space.100',
  paddingInline: 'space.150',
});
const appearances = { creating: 'inprogress', paired: 'success', orphaned: 'moved' } as const;

export function TimelinesTab(): ReactNode {
  const [typed, setTyped] = useState('');
  const [found, setFound] = useState<readonly FoundTimeline[] | null>(null);
  const action = useAction();
  const submit = async (): Promise<void> => {
    const item = typed.trim();
    if (item === '') return;
    const answer = await action.run('find', () => callAdmin('timelines', { item }));
    setFound(answer?.value.timelines ?? null);
  };
  return (
    <Stack space="space.200">
      <Heading size="medium" as="h2">
        {t.title}
      </Heading>
      <Form onSubmit={submit}>
        <Stack space="space.100" alignInline="start">
          <Box xcss={search}>
            <Field id="timeline-item" label={t.item} hint={t.itemHint}>
              <Textfield id="timeline-item" onChange={({ target }) => setTyped(String(target.value ?? ''))} />
            </Field>
          </Box>
          <LoadingButton appearance="primary" type="submit" isLoading={action.busy !== null}>
            {t.find}
          </LoadingButton>
        </Stack>
      </Form>
      <Failure error={action.error} />
      {found?.length === 0 && <EmptyState header={t.none} description={t.noneWhy} />}
      {found?.map((timeline) => (
        <Timeline key={timeline.pairId} of={timeline} />
      ))}
    </Stack>
  );
}

function Timeline({ of }: { readonly of: FoundTimeline }): ReactNode {
  const { jiraKey, azureId, jiraUrl, azureUrl, profile, status, syncedAt, problems, decisions } = of;
  const time = useTimes();
  return (
    <Stack space="space.150">
      <Inline space="space.150" alignBlock="center" shouldWrap>
        <Lozenge appearance={appearances[status]}>{t.status[status]}</Lozenge>
        <Open text={jiraKey ?? t.noIssue} url={jiraUrl} />
        <Text>↔</Text>
        <Open text={azureId === null ? t.noWorkItem : texts.panel.workItem(azureId)} url={azureUrl} />
        <Text color="color.text.subtle">
          {[
            texts.panel.profile(profile),
            syncedAt === null ? texts.panel.notSynced : texts.panel.synced(time(syncedAt)),
          ].join(' · ')}
        </Text>
      </Inline>
      {problems.map(({ cause, remedy, subject }) => (
        <SectionMessage key={`${cause} ${subject}`} appearance="warning" title={cause}>
          {subject !== null && <Text>{texts.errors.subject(subject)}</Text>}
          <Text>{remedy}</Text>
        </SectionMessage>
      ))}
      {decisions.length === 0 && <Text color="color.text.subtle">{t.nothingYet}</Text>}
      {decisions.map((decision) => (
        <Decided key={JSON.stringify(decision)} of={decision} />
      ))}
    </Stack>
  );
}

function Decided({ of }: { readonly of: Decision }): ReactNode {
  const { at, what, seen, operations, rules, codes, more } = of;
  const time = useTimes();
  return (
    <Box xcss={line}>
      <Stack space="space.050">
        <Inline space="space.100" alignBlock="center" shouldWrap>
          <Text color="color.text.subtle">{time(at)}</Text>
          <Text weight="medium">{t.what(what)}</Text>
          {seen.length > 0 && <Text color="color.text.subtle">{t.seen(seen)}</Text>}
        </Inline>
        {operations.map((operation) => (
          <Text key={JSON.stringify(operation)}>{t.operation(operation)}</Text>
        ))}
        {byRule(rules).map(([rule, mappings]) => (
          <Text key={rule} color="color.text.subtle" size="small">
            {t.rule(rule, mappings)}
          </Text>
        ))}
        {codes.map(({ code, subject }) => (
          <Text key={`${code} ${subject}`} color="color.text.danger">
            {t.code(code, subject)}
          </Text>
        ))}
        {more > 0 && <Text color="color.text.subtle">{t.more(more)}</Text>}
      </Stack>
    </Box>
  );
}

function byRule(rules: Decision['rules']): readonly (readonly [string, readonly string[]])[] {
  const groups = new Map<string, string[]>();
  for (const { mapping, rule } of rules) groups.set(rule, [...(groups.get(rule) ?? []), mapping]);
  return [...groups];
}

const Open = ({ text, url }: { readonly text: string; readonly url: string | null }): ReactNode => (
  <Text>
    {url === null ? (
      text
    ) : (
      <Link href={url} openNewTab>
        {text}
      </Link>
    )}
  </Text>
);
