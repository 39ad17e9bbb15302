// The counterpart's key in a field of its own: written once, put back when edited, sent with the creation.

import { describe, expect, it } from 'vitest';
import { counterpartKeyWrite, createdKeyWrite } from '../../backend/src/sync/counterpart-key.ts';
import type { FieldValue } from '../../backend/src/sync/model.ts';
import { key, profile, text } from './kit.ts';

const context = { profile: profile({ counterpartKey: { azure: 'Custom.JiraKey' } }), key };
const write = (value: FieldValue | null | undefined, held = {}) =>
  counterpartKeyWrite(
    context,
    'azure',
    { id: '7', fields: value === undefined ? {} : { 'Custom.JiraKey': value } },
    'TAN-12',
    held,
  );

describe('the counterpart’s key', () => {
  it.each<readonly [string, FieldValue | null | undefined, boolean]>([
    ['is written where it is missing', null, true],
    ['is put back where it was edited', text('TAN-1'), true],
    ['stays where it stands', text('TAN-12'), false],
    ['is no matter of a type without the field', undefined, false],
  ])('%s', (_, value, written) => {
    expect(write(value)?.write.after).toEqual(written ? text('TAN-12') : undefined);
  });

  it('is not sent again where the service refused it', () => {
    const first = write(null);
    const value = first?.write.fingerprint ?? '';
    expect(write(null, { 'counterpart~Custom.JiraKey': { value, rule: '' } })).toBeUndefined();
    expect(first?.outcome).toMatchObject({ mapping: 'counterpart~Custom.JiraKey', writes: ['azure'] });
  });

  it('goes along with the creation of a type that has the field, and nowhere without a setting', () => {
    const field = { id: 'Custom.JiraKey', name: 'Jira key', kind: 'text', required: false, readOnly: false } as const;
    const type = (name: string, fields: readonly (typeof field)[]) => ({
      id: name,
      name,
      subtask: false,
      states: [],
      fields,
    });
    const schema = { side: 'azure', types: [type('Bug', [field]), type('Task', [])], people: [] } as const;
    const catalogs = { jira: { ...schema, side: 'jira' as const }, azure: schema };
    const made = (name: string) => createdKeyWrite({ ...context, catalogs }, 'azure', name, 'TAN-12')?.after;
    expect([made('Bug'), made('Task')]).toEqual([text('TAN-12'), undefined]);
    expect(createdKeyWrite({ ...context, catalogs }, 'jira', 'Bug', '7')).toBeUndefined();
  });
});
