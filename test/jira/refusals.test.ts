// Jira's sentences as codes that an admin can act on.

import { describe, expect, it } from 'vitest';
import { isStaleTransition, refusalsOf } from '../../backend/src/jira/refusals.ts';

const answer = (json: unknown, status = 400) => ({ status, header: () => null, text: JSON.stringify(json), json });
const refusals = (json: unknown, values: readonly string[] = []) =>
  refusalsOf(answer(json), new Set(['summary', 'timeestimate']), values);

describe('refused fields', () => {
  it.each([
    [
      'customfield_10016',
      "Field 'customfield_10016' cannot be set. It is not on the appropriate screen, or unknown.",
      'unknown-field',
    ],
    ['summary', "Summary can't exceed 255 characters.", 'too-long'],
    ['description', 'CONTENT_LIMIT_EXCEEDED', 'too-long'],
    ['customfield_1', 'The entered text is too long. It exceeds the allowed limit of 32,767 characters.', 'too-long'],
    ['summary', 'You must specify a summary of the issue.', 'required-field'],
    ['customfield_2', 'Team is required.', 'required-field'],
    ['resolution', 'Please select a resolution.', 'required-field'],
    ['issuetype', 'The issue type selected is invalid.', 'unknown-type'],
    ['priority', 'The priority selected is invalid.', 'invalid-value'],
    ['assignee', "User 'x' cannot be assigned issues.", 'unassignable-user'],
  ])('%s: %s', (field, message, code) => {
    expect(refusals({ errorMessages: [], errors: { [field]: message } })).toMatchObject([
      { field, error: { code, field, side: 'jira' } },
    ]);
  });

  it('are all named at once', () => {
    expect(refusals({ errors: { a: 'x', b: 'y' } }).map(({ field }) => field)).toEqual(['a', 'b']);
  });

  it('of time tracking are the estimates that were sent', () => {
    expect(refusals({ errors: { timetracking: 'no' } })).toMatchObject([{ field: 'timeestimate' }]);
  });

  it('never repeat what was sent', () => {
    const [refusal] = refusals({ errors: { labels: "The label 'two words' contains spaces which is invalid." } }, [
      'two words',
    ]);
    expect(refusal?.error.detail).toBe("The label '***' contains spaces which is invalid.");
  });
});

describe('refusals without a field', () => {
  it('are of the item', () => {
    expect(refusals({ errorMessages: ['You do not have permission.'], errors: {} })).toMatchObject([
      { error: { code: 'invalid-value', level: 'item', detail: 'You do not have permission.' } },
    ]);
  });
  it.each([
    ['an empty body', undefined],
    ['another form', { errors: ['x'] }],
  ])('with %s still say the status', (_, json) => {
    expect(refusals(json)).toMatchObject([{ error: { detail: 'HTTP 400' } }]);
  });
});

it('a transition that the status no longer offers is told from a refused one', () => {
  const stale =
    'It seems that you have tried to perform a workflow operation (Done) that is not valid for the current state of this issue';
  expect(isStaleTransition(answer({ errorMessages: [stale] }))).toBe(true);
  expect(isStaleTransition(answer({ errors: { resolution: 'Resolution is required.' } }))).toBe(false);
});
