// A text of several lines that stands for a list; what can't be read is told with its line.

import { TextArea } from '@forge/react';
import type { ReactNode } from 'react';
import { texts } from '../../texts.ts';
import { Field } from '../../ui/Field.tsx';
import type { Said } from './draft.ts';
import type { Parsed } from './lines.ts';

interface LinesProps<T> {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: T;
  readonly format: (value: T) => string;
  readonly parse: (text: string) => Parsed<T>;
  readonly said: Said;
  readonly onChange: (value: T) => void;
  readonly onMisread: (message: string | null) => void;
}

const mostRows = 12;

export function Lines<T>(props: LinesProps<T>): ReactNode {
  const { id, label, hint, value, format, parse, said, onChange, onMisread } = props;
  const text = format(value);
  const take = (typed: string): void => {
    const parsed = parse(typed);
    if (parsed.ok) onChange(parsed.value);
    onMisread(parsed.ok ? null : texts.editor.badLine(parsed.line, parsed.text));
  };
  return (
    <Field id={id} label={label} hint={hint} error={said.error} warning={said.warning}>
      <TextArea
        id={id}
        defaultValue={text}
        minimumRows={Math.min(mostRows, Math.max(2, text.split('\n').length))}
        resize="vertical"
        isInvalid={said.error !== undefined}
        onChange={({ target }) => take(String(target.value ?? ''))}
      />
    </Field>
  );
}
