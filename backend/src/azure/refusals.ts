// What the service refused of a write, by field. Reads its rule errors; decides nothing about retries.

import type { Refusal } from '../reconcile/ports.ts';
import { type ErrorCode, syncError } from '../sync/errors.ts';
import { failureOf, type Refused } from './client.ts';
import type { WireError } from './wire.ts';

/** What was sent, for naming the field that an error means and a state that could not be reached. */
export interface Sent {
  /** Reference names, with the names that people see. */
  readonly fields: readonly { readonly id: string; readonly name: string }[];
  readonly state?: string;
  readonly type?: string;
}

/**
 * True when the write was refused because the item is no longer as it was read. A failed `test /rev` is a 412
 * (github.com/microsoft/azure-devops-mcp/pull/1526, tried live; VS403351); two writes at one moment end in TF26071,
 * WorkItemRevisionMismatchException, which Azure DevOps Server answers with 409.
 */
export const isStale = ({ status, body }: Refused): boolean =>
  status === 412 ||
  body.typeKey === 'WorkItemRevisionMismatchException' ||
  body.typeKey === 'TestPatchOperationFailedException' ||
  (status === 409 && body.message.includes('TF26071'));

/** One refusal per field that the answer names; one without a field when it names none. */
export function refusalsOf(refused: Refused, sent: Sent): readonly Refusal[] {
  if (refused.body.typeKey === 'WorkItemTypeNotFoundException') {
    return [
      { error: syncError('unknown-type', { side: 'azure', ...given({ value: sent.type }), detail: refused.detail }) },
    ];
  }
  const rules = refused.body.customProperties?.RuleValidationErrors ?? [];
  const byRule = rules.flatMap((rule) => ruleRefusal(rule, refused, sent));
  if (byRule.length > 0) return byRule;
  const field = namedField(refused.body.message, sent);
  if (field === undefined) {
    return [{ error: failureOf(refused, sent.type === undefined ? {} : { value: sent.type }) }];
  }
  const code: ErrorCode =
    refused.body.typeKey === 'WorkItemTrackingFieldDefinitionNotFoundException' ||
    /TF51535|Cannot find field/i.test(refused.body.message)
      ? 'unknown-field'
      : field === 'System.State'
        ? 'no-transition'
        : codeOfFlags(refused.body.message);
  return [refusal(field, code, refused.detail, sent)];
}

type RuleError = NonNullable<NonNullable<WireError['customProperties']>['RuleValidationErrors']>[number];

function ruleRefusal(rule: RuleError, { body: { message }, detail }: Refused, sent: Sent): readonly Refusal[] {
  const field = rule.fieldReferenceName ?? '';
  if (field === '') return [];
  // Who is unknown is told by the message alone; to the rule it is a value that no list holds.
  const unknown = isUnknownPerson(message) && namedField(message, sent) === field;
  const code = unknown ? 'unassignable-user' : codeOfFlags(rule.fieldStatusFlags ?? rule.errorMessage ?? '');
  // A state that can't be reached is one that its list of allowed values does not hold.
  const refusedState = field === 'System.State' && sent.state !== undefined && code === 'invalid-value';
  return [refusal(field, refusedState ? 'no-transition' : code, detail, sent)];
}

/** The flags of the service's field status, in any case: `required, invalidEmpty`, `InvalidTooLong`; or its words. */
function codeOfFlags(flags: string): ErrorCode {
  if (isUnknownPerson(flags)) return 'unassignable-user';
  if (/invalidEmpty|\brequired\b.*\bempty\b/i.test(flags)) return 'required-field';
  if (/readOnly/i.test(flags)) return 'read-only';
  if (/invalidTooLong|too long|exceeds the maximum/i.test(flags)) return 'too-long';
  return 'invalid-value';
}

/** Closed accounts are unknown too, except where they stand already. */
const isUnknownPerson = (message: string): boolean =>
  /identity value .* is an (?:unknown|ambiguous) identity/is.test(message);

function refusal(field: string, code: ErrorCode, detail: string, sent: Sent): Refusal {
  const value = code === 'no-transition' ? sent.state : undefined;
  return {
    field,
    error: syncError(code, { side: 'azure', field, ...given({ value }), ...(detail === '' ? {} : { detail }) }),
  };
}

const given = (values: { readonly value: string | undefined }) =>
  values.value === undefined ? {} : { value: values.value };

/** The sent field that a message names: by its reference name first, the longest first, then by the name people see. */
function namedField(message: string, sent: Sent): string | undefined {
  const names = [
    ...sent.fields.map((field) => ({ id: field.id, text: field.id })),
    ...sent.fields.map((field) => ({ id: field.id, text: field.name })),
    ...(sent.state === undefined ? [] : [{ id: 'System.State', text: 'System.State' }]),
  ].filter(({ text }) => text !== '');
  const plain = names.filter(({ text }) => text.includes('.')).sort((a, b) => b.text.length - a.text.length);
  const found = plain.find(({ text }) => message.includes(text));
  if (found !== undefined) return found.id;
  return names.find(({ text }) => message.includes(`'${text}'`) || message.includes(`field ${text}`))?.id;
}
