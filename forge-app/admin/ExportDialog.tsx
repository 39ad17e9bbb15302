// A profile as a file's text, to be copied: a page of Forge can't save files.

import { Stack, Text, TextArea } from '@forge/react';
import type { ReactNode } from 'react';
import type { ProfileSummary } from '../contract.ts';
import type { ProfileFile } from '../contract-editing.ts';
import { texts } from '../texts.ts';
import { Field } from '../ui/Field.tsx';
import { Loading } from '../ui/Loading.tsx';
import { ReadDialog } from '../ui/ReadDialog.tsx';
import { useLoad } from '../ui/use-load.ts';
import { callAdmin } from './call.ts';

interface ExportDialogProps {
  readonly profile: ProfileSummary;
  readonly onClose: () => void;
}

const t = texts.files;

export function ExportDialog({ profile: { id, name }, onClose }: ExportDialogProps): ReactNode {
  const file = useLoad(id, () => callAdmin('exportProfile', { id }));
  return (
    <ReadDialog title={t.exportTitle(name)} width="large" onClose={onClose}>
      <Loading of={file}>
        {({ fileName, yaml }: ProfileFile) => (
          <Stack space="space.100">
            <Text>{t.exportWhy(fileName)}</Text>
            <Field id="export-yaml" label={fileName}>
              <TextArea id="export-yaml" defaultValue={yaml} minimumRows={18} isMonospaced isReadOnly />
            </Field>
          </Stack>
        )}
      </Loading>
    </ReadDialog>
  );
}
