// The texts about errors; all others are in texts.ts.

import type { IgnoreReason, Side } from './contract.ts';

const count = (n: number, one: string, many: string): string => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

const ignoreReasons = {
  intended: 'It is meant to be so',
  known: 'Somebody takes care of it',
  later: 'It will be looked at later',
  unimportant: 'It is not worth the effort',
} satisfies Record<IgnoreReason, string>;

export const errorTexts = {
  title: 'Errors',
  profile: 'Profile',
  none: 'Nothing is wrong',
  noneWhy: 'What Tandem cannot synchronize is listed here, with its cause and what to do.',
  noProfiles: 'Errors appear here once a profile is enabled.',
  items: (n: number) => count(n, 'item', 'items'),
  retry: 'Retry',
  retryAll: 'Retry all',
  ignore: 'Ignore',
  ignoreAll: 'Ignore all',
  useJira: 'Use Jira',
  useAzure: 'Use Azure DevOps',
  partly: (n: number) => `The first ${n.toLocaleString('en')} errors; “all” means these.`,
  showIgnored: (n: number) => `Show ${n.toLocaleString('en')} ignored`,
  ignored: (reason: IgnoreReason | null) => (reason === null ? 'Ignored' : `Ignored: ${ignoreReasons[reason]}`),
  reason: 'Why',
  reasons: ignoreReasons,
  download: 'Download',
  fileTitle: 'Errors as a file',
  fileWhy: (n: number, cut: boolean) =>
    `${cut ? 'The first ' : ''}${count(n, 'error', 'errors')}. Copy the text into a file: pages of Forge can’t save one.`,
  fileFormat: 'Format',
  fileFormats: { csv: 'Table (CSV)', json: 'JSON' },
  fileContent: 'Content',
  remedy: 'What to do: ',
  /** A mapping as its two fields, a comment, attachment or link as what it is. */
  subject: (subject: string) => {
    const [, kind, id = ''] = /^(comment|attachment|link):(.*)$/s.exec(subject) ?? [];
    return kind === undefined
      ? subject.split('~').join(' ↔ ')
      : `${kind} ${id.replace(/^System\.LinkTypes\./, '').replace('|', ' ')}`;
  },
  since: (time: string, times: number) => `since ${time}${times > 1 ? `, ${times.toLocaleString('en')} times` : ''}`,
  next: (time: string) => `next attempt ${time}`,
  whole: 'The whole profile',
  retryEverything: 'Retry all errors',
  has: (side: Side, field: string) =>
    `${side === 'jira' ? 'Jira' : 'Azure DevOps'} has${field === '' ? '' : ` in ${field}`}:`,
  unreadable: 'The values can’t be read: an item or the mapping is gone.',
  reading: 'Reading both values…',
  notRead: 'The values could not be read',
  moreLines: (n: number) => `and ${count(n, 'more line', 'more lines')}`,
  useJiraAll: 'Use Jira for all',
  useAzureAll: 'Use Azure DevOps for all',
  choiceTitle: (side: Side, n: number) =>
    `Use the ${n === 1 ? 'value' : 'values'} of ${side === 'jira' ? 'Jira' : 'Azure DevOps'} for ${count(n, 'item', 'items')}?`,
  choiceWhy: (side: Side) =>
    `What ${side === 'jira' ? 'Azure DevOps' : 'Jira'} has in this field is overwritten. Its history keeps the old values.`,
  retryTitle: (n: number) => `Give ${count(n, 'item', 'items')} a counterpart of their own?`,
  retryWhy:
    'The initial sync left these items alone, since several hold the same value. A retry creates a new item on the other side for each, even where a twin exists there.',
  ignoreTitle: (n: number) => (n === 1 ? 'Ignore this error?' : `Ignore these ${n.toLocaleString('en')} errors?`),
  ignoreWhy:
    'No longer counted or listed; what it holds up stays as it is on both sides. What is ignored can be shown again below the list, and goes away when its cause does.',
  showItems: (n: number) => `Show all ${n.toLocaleString('en')}`,
  retried: 'Tandem tries again now',
  wasIgnored: 'Ignored until it changes',
  chosen: 'The value is being taken over',
};
