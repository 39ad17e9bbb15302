import { describe, expect, it } from 'vitest';
import { inStep, progressOf, stateOf } from '../../forge-app/admin/profile-state.ts';
import type { InitialSync, ListedProfile } from '../../forge-app/contract.ts';

const sync: InitialSync = {
  mode: 'unpaired',
  linkBy: null,
  range: null,
  status: 'running',
  phase: 'draining',
  startedAt: '2026-11-24T10:00:00.000Z',
  finishedAt: null,
  seen: 1000,
  queued: 1000,
  done: 620,
  failed: 10,
  linked: 0,
  ambiguous: 0,
  itemsPerMinute: 90,
  secondsLeft: 247,
};
const profile: Omit<ListedProfile, 'lastChangeAt'> = {
  id: 'p',
  name: 'Team',
  status: 'enabled',
  reason: null,
  jiraProject: 'TAN',
  azureProject: 'Tandem',
  azureConnectionId: 'c',
  pairs: { paired: 10, creating: 0, orphaned: 0, failing: 0 },
  initialSync: null,
  revision: 1,
  itemErrors: 0,
};
const failing = { ...profile.pairs, failing: 3 };
const reason = { cause: 'The token ended.', remedy: 'Enter a new one.' };

describe('the state of a profile', () => {
  it.each([
    ['draft', { status: 'draft' }],
    ['running', {}],
    ['attention', { pairs: failing }],
    ['attention', { itemErrors: 2 }],
    ['syncing', { initialSync: sync, pairs: failing }],
    ['running', { initialSync: { ...sync, status: 'done' } }],
    ['running', { initialSync: { ...sync, status: 'paused' } }],
    ['paused', { status: 'paused', pairs: failing }],
    ['attention', { status: 'paused', reason }],
    ['attention', { status: 'stopped', initialSync: sync }],
  ] as const)('is %s with %j', (state, part) => {
    expect(stateOf({ ...profile, ...part })).toBe(state);
  });

  it('counts as in step what has no error', () => {
    expect(inStep({ pairs: failing })).toBe(7);
    expect(inStep({ pairs: { ...failing, paired: 1 } })).toBe(0);
  });
});

describe('the progress of an initial sync', () => {
  it('is the share of the items found, and the time left as the backend measured it', () => {
    expect(progressOf(sync)).toEqual({ percent: 63, minutesLeft: 5 });
    expect(progressOf({ ...sync, done: 989, secondsLeft: 0 })).toEqual({ percent: 99, minutesLeft: 1 });
    // A page that was queued twice counts twice.
    expect(progressOf({ ...sync, done: 1010 })).toMatchObject({ percent: 100 });
  });

  it('tells no time before there is a rate, and nothing at all before there are items', () => {
    expect(progressOf({ ...sync, secondsLeft: null })).toEqual({ percent: 63, minutesLeft: null });
    expect(progressOf({ ...sync, done: 0, failed: 0, queued: 0 })).toMatchObject({ percent: 0 });
  });
});
