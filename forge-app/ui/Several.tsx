// Some of many known values.

import { Select } from '@forge/react';
import type { ReactNode } from 'react';

interface SeveralProps {
  readonly id: string;
  readonly value: readonly string[];
  readonly options: readonly string[];
  readonly placeholder: string;
  readonly onChange: (value: readonly string[]) => void;
}

const optionOf = (name: string) => ({ value: name, label: name });

export function Several({ id, value, options, placeholder, onChange }: SeveralProps): ReactNode {
  // What is chosen stays choosable even when the list doesn't have it.
  const names = [...new Set([...options, ...value])];
  return (
    <Select
      id={id}
      isMulti
      placeholder={placeholder}
      options={names.map(optionOf)}
      value={value.map(optionOf)}
      onChange={(picked: readonly { readonly value: string }[] | null) =>
        onChange((picked ?? []).map((option) => option.value))
      }
    />
  );
}
