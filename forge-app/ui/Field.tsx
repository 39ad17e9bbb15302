// A form field: label, input, hint, and what is wrong with it.

import { ErrorMessage, HelperMessage, Label, RequiredAsterisk, Stack, Text } from '@forge/react';
import type { ReactNode } from 'react';

interface FieldProps {
  /** The input's `id`. */
  readonly id: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  /** Stands before the hint. */
  readonly warning?: string | undefined;
  readonly required?: boolean;
  readonly children: ReactNode;
}

export function Field({ id, label, hint, error, warning, required, children }: FieldProps): ReactNode {
  return (
    <Stack>
      <Label labelFor={id}>
        {label}
        {required && <RequiredAsterisk />}
      </Label>
      {children}
      {error !== undefined && <ErrorMessage>{error}</ErrorMessage>}
      {error === undefined && warning !== undefined && <Text color="color.text.warning">{warning}</Text>}
      {error === undefined && hint !== undefined && <HelperMessage>{hint}</HelperMessage>}
    </Stack>
  );
}
