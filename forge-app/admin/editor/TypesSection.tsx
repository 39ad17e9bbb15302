// Which types belong together.

import { Button, Inline, Stack } from '@forge/react';
import type { ReactNode } from 'react';
import { texts } from '../../texts.ts';
import { addType, changeRow } from './draft.ts';
import type { SectionProps } from './section-props.ts';
import { TypeMappingForm } from './TypeMappingForm.tsx';

const t = texts.editor;

export function TypesSection({ draft, change, remove, catalogs, reasons, said, misread }: SectionProps): ReactNode {
  return (
    <Stack space="space.150">
      {draft.types.map(({ key, value }, index) => (
        <TypeMappingForm
          key={key}
          id={`type-${key}`}
          mapping={value}
          catalogs={catalogs}
          reason={reasons.types.get(value)}
          said={(part) => said(part === undefined ? `types.${index}` : `types.${index}.${part}`)}
          misread={(part, message) => misread({ rows: 'types', key, part }, message)}
          onChange={(part) => change((before) => ({ ...before, types: changeRow(before.types, key, part) }))}
          onRemove={draft.types.length > 1 ? () => remove('types', key) : undefined}
        />
      ))}
      <Inline>
        <Button onClick={() => change(addType)}>{t.addType}</Button>
      </Inline>
    </Stack>
  );
}
