// One of many values, found by typing; of thousands only those that match are handed to the list, which draws each of its options.
// What is chosen stays choosable even when the list doesn't have it.

import { Select } from '@forge/react';
import { type ReactNode, useState } from 'react';

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

/** Beyond it a list is drawn too slowly to open. */
const mostDrawn = 100;

export function Search(props: SearchProps): ReactNode {
  const [typed, setTyped] = useState('');
  const { id, value, options, placeholder, invalid, loading, onChange, onType } = props;
  const listed = options.length <= mostDrawn ? options : options.filter(matches(typed)).slice(0, mostDrawn);
  const known = listed.find((option) => option.value === value);
  const chosen =
    value === '' ? null : (known ?? options.find((option) => option.value === value) ?? { value, label: value });
  return (
    <Select
      id={id}
      isSearchable
      placeholder={placeholder}
      isInvalid={invalid === true}
      isLoading={loading === true}
      options={[...(chosen === null || known ? [] : [chosen]), ...listed]}
      value={chosen}
      onChange={(picked: SearchOption | null) => onChange(picked?.value ?? '')}
      onInputChange={(text: string) => {
        setTyped(text);
        onType?.(text);
      }}
    />
  );
}

const matches = (typed: string): ((option: SearchOption) => boolean) => {
  const wanted = typed.trim().toLowerCase();
  return ({ label }) => label.toLowerCase().includes(wanted);
};
