// Form fields. Events cross the bridge as plain data.

import { DatePicker } from '@atlaskit/datetime-picker';
import { ErrorMessage, HelperMessage, Label, RequiredAsterisk, ValidMessage } from '@atlaskit/form';
import Select from '@atlaskit/select';
import TextArea from '@atlaskit/textarea';
import Textfield from '@atlaskit/textfield';
import Toggle from '@atlaskit/toggle';
import type { ChangeEvent, ComponentProps, FocusEvent } from 'react';
import { type ForgeNode, serialise } from '../forge-doc.ts';
import type { Renderers } from '../render.tsx';

type Handler = (event: unknown) => void;

/** The handlers of an input, each given a plain copy of the event. */
function handlers({ props }: ForgeNode) {
  const { onChange, onBlur, onFocus } = props as Readonly<Record<string, Handler | undefined>>;
  type Event = ChangeEvent<HTMLInputElement & HTMLTextAreaElement> & FocusEvent<HTMLInputElement & HTMLTextAreaElement>;
  const passed = (handler: Handler | undefined) => handler && ((event: Event) => handler(serialise(event)));
  return Object.fromEntries(
    Object.entries({ onChange: passed(onChange), onBlur: passed(onBlur), onFocus: passed(onFocus) }).filter(
      ([, handler]) => handler !== undefined,
    ),
  );
}

export const inputs: Renderers = {
  Label: ({ props, children }, render) => <Label htmlFor={String(props.labelFor)}>{render(children)}</Label>,
  RequiredAsterisk: () => <RequiredAsterisk />,
  HelperMessage: ({ children }, render) => <HelperMessage>{render(children)}</HelperMessage>,
  ErrorMessage: ({ children }, render) => <ErrorMessage>{render(children)}</ErrorMessage>,
  ValidMessage: ({ children }, render) => <ValidMessage>{render(children)}</ValidMessage>,
  Textfield: (node) => <Textfield {...(node.props as ComponentProps<typeof Textfield>)} {...handlers(node)} />,
  TextArea: (node) => <TextArea {...(node.props as ComponentProps<typeof TextArea>)} {...handlers(node)} />,
  Toggle: (node) => <Toggle {...(node.props as ComponentProps<typeof Toggle>)} {...handlers(node)} />,
  Checkbox: (node) => {
    const { id, name, value, isChecked, defaultChecked, isDisabled, label } = node.props;
    return (
      <label style={{ display: 'inline-flex', gap: 8, alignItems: 'center' }}>
        <input
          type="checkbox"
          id={id as string}
          name={name as string}
          value={value as string}
          disabled={isDisabled === true}
          {...(isChecked === undefined ? { defaultChecked: defaultChecked === true } : { checked: isChecked === true })}
          {...handlers(node)}
        />
        {String(label ?? '')}
      </label>
    );
  },
  Select: ({ props }) => {
    const { id, inputId, isRequired: _, ...rest } = props;
    return (
      <Select
        {...(rest as ComponentProps<typeof Select>)}
        inputId={(id ?? inputId) as string}
        // Inside a modal or a table the list must not be cut.
        menuPortalTarget={document.body}
        styles={{ menuPortal: (base) => ({ ...base, zIndex: 9999 }) }}
      />
    );
  },
  DatePicker: ({ props }) => <DatePicker {...(props as ComponentProps<typeof DatePicker>)} />,
  Form: ({ props, children }, render) => (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        (props.onSubmit as () => void)();
      }}
    >
      {render(children)}
    </form>
  ),
  FormSection: ({ children }, render) => <div style={{ marginTop: 24 }}>{render(children)}</div>,
  FormFooter: ({ children }, render) => (
    <div style={{ marginTop: 24, display: 'flex', justifyContent: 'flex-end', gap: 8 }}>{render(children)}</div>
  ),
};
