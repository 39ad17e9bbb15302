// All errors of a profile as a file's text, to be copied: a page of Forge can't save files.

import { Stack, Text, TextArea } from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { Answer, ErrorPage, ErrorRecord } from '../contract.ts';
import { texts } from '../texts.ts';
import { Choice } from '../ui/Choice.tsx';
import { Field } from '../ui/Field.tsx';
import { Loading } from '../ui/Loading.tsx';
import { ReadDialog } from '../ui/ReadDialog.tsx';
import { useLoad } from '../ui/use-load.ts';
import { callAdmin } from './call.ts';
import { errorFile, type FileFormat } from './error-table.ts';

interface ErrorFileDialogProps {
  readonly profileId: string;
  readonly onClose: () => void;
}

const t = texts.errors;
const pageSize = '500';
/** Beyond it a text field is no place for them; the command line has no such end. */
const most = 5_000;

export function ErrorFileDialog({ profileId, onClose }: ErrorFileDialogProps): ReactNode {
  const [format, setFormat] = useState<FileFormat>('csv');
  const all = useLoad(profileId, () => loadAll(profileId));
  return (
    <ReadDialog title={t.fileTitle} width="x-large" onClose={onClose}>
      <Loading of={all}>
        {(errors: readonly ErrorRecord[]) => (
          <Stack space="space.100">
            <Text>{t.fileWhy(errors.length, errors.length >= most)}</Text>
            <Field id="errors-format" label={t.fileFormat}>
              <Choice id="errors-format" value={format} labels={t.fileFormats} onChange={setFormat} />
            </Field>
            <Field id="errors-file" label={t.fileContent}>
              <TextArea
                key={format}
                id="errors-file"
                defaultValue={errorFile(errors, format)}
                minimumRows={16}
                isMonospaced
                isReadOnly
              />
            </Field>
          </Stack>
        )}
      </Loading>
    </ReadDialog>
  );
}

async function loadAll(id: string): Promise<Answer<readonly ErrorRecord[]>> {
  const found: ErrorRecord[] = [];
  let after: string | null = null;
  do {
    const page: Answer<ErrorPage> = await callAdmin('errors', {
      id,
      limit: pageSize,
      ...(after === null ? {} : { after }),
    });
    if (!page.ok) return page;
    found.push(...page.value.errors);
    after = page.value.next;
  } while (after !== null && found.length < most);
  return { ok: true, value: found };
}
