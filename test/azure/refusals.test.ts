// Bodies as the service sends them; what its simulator can provoke is tested in writer.test.ts.

import { describe, expect, it } from 'vitest';
import { isStale, refusalsOf, type Sent } from '../../backend/src/azure/refusals.ts';

const sent: Sent = {
  fields: [
    { id: 'System.Title', name: 'Title' },
    { id: 'Custom.TitleLong', name: 'Title long' },
    { id: 'Microsoft.VSTS.Common.Priority', name: 'Priority' },
    { id: 'System.AssignedTo', name: 'Assigned To' },
  ],
  state: 'Closed',
};

const answer = (status: number, typeKey: string, message: string, flags?: readonly (readonly [string, string])[]) => ({
  status,
  detail: message,
  body: {
    message,
    typeKey,
    ...(flags === undefined
      ? {}
      : {
          customProperties: {
            RuleValidationErrors: flags.map(([fieldReferenceName, fieldStatusFlags]) => ({
              fieldReferenceName,
              fieldStatusFlags,
            })),
          },
        }),
  },
});

describe('a stale write', () => {
  it.each([
    [412, 'TestPatchOperationFailedException', 'VS403351: Test Operation for path /rev failed'],
    [412, '', ''],
    [409, 'WorkItemRevisionMismatchException', 'TF26071: This work item has been changed by someone else'],
    [400, 'WorkItemRevisionMismatchException', ''],
    [409, '', 'TF26071: This work item has been changed by someone else'],
  ])('is told by %d %s', (status, typeKey, message) => {
    expect(isStale(answer(status, typeKey, message))).toBe(true);
  });

  it('is not any other conflict', () => {
    expect(isStale(answer(409, 'RelationAlreadyExistsException', 'Relation already exists.'))).toBe(false);
  });
});

describe('a refused write', () => {
  it('of somebody whom the service does not know is told from one of another value', () => {
    const message = "The identity value 'x' for field 'Assigned To' is an unknown identity.";
    const refused = answer(400, 'RuleValidationException', message, [
      ['System.AssignedTo', 'hasValues, invalidListValue'],
      ['Microsoft.VSTS.Common.Priority', 'hasValues, limitedToValues, invalidListValue'],
    ]);
    expect(refusalsOf(refused, sent).map(({ error }) => error.code)).toEqual(['unassignable-user', 'invalid-value']);
  });

  it('names every field that its rules name', () => {
    const refused = answer(400, 'RuleValidationException', 'TF401320: Rule Error', [
      ['System.Title', 'required, invalidEmpty'],
      ['Custom.TitleLong', 'invalidTooLong'],
      ['Microsoft.VSTS.Common.Priority', 'hasValues, limitedToValues, invalidListValue'],
      ['System.State', 'hasValues, limitedToValues, allowsOldValue, invalidListValue'],
    ]);
    expect(refusalsOf(refused, sent).map(({ field, error }) => [field, error.code, error.value])).toEqual([
      ['System.Title', 'required-field', undefined],
      ['Custom.TitleLong', 'too-long', undefined],
      ['Microsoft.VSTS.Common.Priority', 'invalid-value', undefined],
      ['System.State', 'no-transition', 'Closed'],
    ]);
  });

  it.each([
    [
      'WorkItemTrackingFieldDefinitionNotFoundException',
      'TF51535: Cannot find field Custom.TitleLong.',
      'Custom.TitleLong',
      'unknown-field',
    ],
    [
      'WorkItemFieldInvalidException',
      "TF401326: Invalid field status 'ReadOnly' for field 'System.Title'.",
      'System.Title',
      'read-only',
    ],
    [
      'WorkItemFieldInvalidException',
      "TF401326: Invalid field status 'InvalidTooLong' for field 'System.Title'.",
      'System.Title',
      'too-long',
    ],
    [
      '',
      "The identity value 'x' for field 'Assigned To' is an unknown identity.",
      'System.AssignedTo',
      'unassignable-user',
    ],
    [
      '',
      "The field 'Priority' contains the value '9' that is not in the list of supported values",
      'Microsoft.VSTS.Common.Priority',
      'invalid-value',
    ],
  ])('without rules is read from its message: %s %s', (typeKey, message, field, code) => {
    expect(refusalsOf(answer(400, typeKey, message), sent)).toMatchObject([{ field, error: { code, field } }]);
  });

  it('of an unknown type names the type', () => {
    const refused = answer(404, 'WorkItemTypeNotFoundException', 'VS402323: Work item type Epos does not exist');
    expect(refusalsOf(refused, { ...sent, type: 'Epos' })).toMatchObject([
      { error: { code: 'unknown-type', value: 'Epos', level: 'item' } },
    ]);
  });

  it('that names nothing is of the whole item', () => {
    const refusals = refusalsOf(
      answer(400, 'VssPropertyValidationException', 'You must pass a valid patch document'),
      sent,
    );
    expect(refusals).toMatchObject([{ error: { code: 'invalid-value', level: 'item' } }]);
    expect(refusals[0]?.field).toBeUndefined();
  });
});
