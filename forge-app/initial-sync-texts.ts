// The texts of the initial sync: what is asked before it starts, how far it is; all others are in texts.ts.

import type { DateRange, InitialSync, InitialSyncCount, InitialSyncMode } from './contract.ts';

const count = (n: number, one: string, many: string): string => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

const days = ({ from, to }: DateRange): string =>
  from === null ? `changed until ${to}` : to === null ? `changed since ${from}` : `changed from ${from} to ${to}`;

export const initialSyncTexts = {
  title: 'Initial sync',
  startTitle: (name: string) => `Start the initial sync of ${name}?`,
  startWhy:
    'Items that exist on both sides are paired, the others get a counterpart. You can pause it, resume it and stop it at any time.',
  startConfirm: 'Start initial sync',
  mode: 'What it takes',
  modes: {
    unpaired: 'Items without a counterpart',
    're-sync': 'Items without a counterpart, and all pairs again',
  } satisfies Record<InitialSyncMode, string>,
  modeHints: {
    unpaired: 'Pairs that exist already are left as they are.',
    're-sync':
      'Both sides of every pair are read, and what differs is written: after a change of mappings, or a restore.',
  } satisfies Record<InitialSyncMode, string>,
  linking: 'Items that exist on both sides are paired',
  linkings: { rules: 'As the profile says', field: 'By a field that you choose, then as the profile says' },
  linkHint:
    'An issue and a work item are one when both fields hold the same value. What several items hold links none of them: they are told as errors.',
  linkField: { jira: 'Field in Jira', azure: 'Field in Azure DevOps' },
  ownName: { jira: 'The issue’s key', azure: 'The work item’s ID' },
  chooseField: 'Choose a field',
  fieldMissing: 'Choose a field of each side.',
  bothNames:
    'A key and an ID are never the same. On one side, choose the field that holds the key or ID of the other side.',
  from: 'Changed from',
  to: 'Changed until',
  rangeHint:
    'Optional. Days of the last change, in the profile’s time zone; what is outside waits until somebody changes it.',
  fromAfterTo: 'The first day is after the last one.',
  counting: 'Counting…',
  looksAt: ({ jira, azure, atLeast }: InitialSyncCount, pairs: number) =>
    `It looks at about ${count(jira, 'issue', 'issues')} and ${atLeast ? 'at least ' : ''}${count(azure, 'work item', 'work items')}; ${count(pairs, 'pair exists', 'pairs exist')} already.`,
  previewOfAll:
    'What it would do with all items, by the profile’s own rules; the choices above are not taken into account:',
  never: 'Existing items are not paired yet.',
  enableFirst: 'Enable the profile, then pair its existing items.',
  start: 'Start initial sync…',
  again: 'Run again…',
  pause: 'Pause initial sync',
  resume: 'Resume initial sync',
  stop: 'Stop initial sync',
  actions: 'Initial sync',
  progress: (sync: InitialSync) =>
    sync.queued === 0
      ? 'Looking for items to pair…'
      : `${(sync.done + sync.failed).toLocaleString('en')} of ${count(sync.queued, 'item', 'items')}${sync.phase === 'draining' ? '' : ' found so far'}`,
  rate: (n: number) => `${count(n, 'item', 'items')} a minute`,
  minutesLeft: (n: number) =>
    n < 90 ? `about ${count(n, 'minute', 'minutes')} left` : `about ${count(Math.round(n / 60), 'hour', 'hours')} left`,
  outcome: (sync: InitialSync) =>
    `${count(sync.done, 'item', 'items')} done${sync.failed === 0 ? '' : `, ${sync.failed.toLocaleString('en')} with errors`}`,
  took: ({ mode, linkBy, range }: InitialSync): readonly string[] => [
    ...(mode === 're-sync' ? ['all pairs again'] : []),
    ...(linkBy === null ? [] : [`linked by ${linkBy.jira} and ${linkBy.azure}`]),
    ...(range === null ? [] : [days(range)]),
  ],
  linked: (n: number) => `${count(n, 'existing pair', 'existing pairs')} linked`,
  ambiguous: (n: number) => `${count(n, 'item', 'items')} left alone: others held the same value`,
  status: {
    running: 'Running',
    paused: 'Paused',
    done: 'Done',
    stopped: 'Stopped',
    failed: 'Failed',
  } satisfies Record<InitialSync['status'], string>,
};
