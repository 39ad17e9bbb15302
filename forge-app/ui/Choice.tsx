// One of a few known values.

import { Select } from '@forge/react';
import type { ReactNode } from 'react';

interface ChoiceProps<T extends string> {
  readonly id: string;
  readonly value: T;
  /** What is left out can't be chosen. */
  readonly labels: Readonly<Partial<Record<T, string>>>;
  readonly onChange: (value: T) => void;
}

export function Choice<T extends string>({ id, value, labels, onChange }: ChoiceProps<T>): ReactNode {
  const options = Object.entries<string | undefined>(labels).map(([key, label]) => ({
    value: key,
    label: label ?? key,
  }));
  return (
    <Select
      id={id}
      isSearchable={false}
      options={options}
      value={options.find((option) => option.value === value)}
      onChange={(picked: { readonly value: T }) => onChange(picked.value)}
    />
  );
}
