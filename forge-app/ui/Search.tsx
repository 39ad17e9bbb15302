// One of many values, found by typing. What is chosen stays choosable even when the list doesn't have it.

import { Select } from '@forge/react';
import type { ReactNode } from 'react';

export interface SearchOption {
  readonly value: string;
  readonly label: string;
}

interface SearchProps {
  readonly id: string;
  /** Empty when nothing is chosen. */
  readonly value: string;
  readonly options: readonly SearchOption[];
  readonly placeholder: string;
  readonly invalid?: boolean;
  readonly loading?: boolean;
  readonly onChange: (value: string) => void;
  /** For lists that the backend searches. */
  readonly onType?: (text: string) => void;
}

export function Search(props: SearchProps): ReactNode {
  const { id, value, options, placeholder, invalid, loading, onChange, onType } = props;
  const known = options.find((option) => option.value === value);
  const chosen = value === '' ? null : (known ?? { value, label: value });
  return (
    <Select
      id={id}
      isSearchable
      placeholder={placeholder}
      isInvalid={invalid === true}
      isLoading={loading === true}
      options={[...(chosen === null || known ? [] : [chosen]), ...options]}
      value={chosen}
      onChange={(picked: SearchOption | null) => onChange(picked?.value ?? '')}
      {...(onType ? { onInputChange: (text: string) => onType(text) } : {})}
    />
  );
}
