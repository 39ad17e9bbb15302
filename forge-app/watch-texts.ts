// The texts around running profiles: being told, drift, an undo, figures; all others are in texts.ts.

import type { FigureRange, KeptReason, NoticeChannel, SentNotice, WebhookFormat } from './contract-watch.ts';

const count = (n: number, one: string, many: string): string => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

const seconds = (ms: number): string => (ms / 1000).toLocaleString('en', { maximumFractionDigits: 1 });

export const watchTexts = {
  notifications: {
    title: 'Notifications',
    why: 'Be told outside this page when a profile stops or pauses by itself, when a field, state, type or person that it maps changed on either site, and from a week before a token ends. The messages hold names of profiles and connections and ids of fields, nothing of issues or work items.',
    webhook: 'Webhook',
    webhookSet: (host: string, format: string) => `Messages go to ${host} (${format}).`,
    url: 'Webhook URL',
    urlHint:
      'An https address of Slack, Microsoft Teams or a service of your own. It is kept encrypted and never shown again.',
    format: 'Format',
    formats: { json: 'Plain JSON', slack: 'Slack', teams: 'Microsoft Teams' } satisfies Record<WebhookFormat, string>,
    save: 'Save',
    replace: 'Replace',
    remove: 'Remove',
    test: 'Send test',
    keyTitle: 'Copy the signing key now: it is shown this once',
    keyWhy:
      'Each message carries X-Tandem-Signature: HMAC-SHA-256 of timestamp, full stop and body under this key. Slack and Teams don’t need it.',
    key: 'Signing key',
    issue: 'Jira issue',
    issueHint: 'Jira mails the reporter, assignee and watchers of this issue.',
    issueKey: 'Issue key',
    issueSet: (key: string) => `Jira notifies those who follow ${key}.`,
    saved: 'Notifications saved',
    removed: 'No longer told there',
    arrived: 'The test message arrived',
    failed: 'The test message did not arrive',
    failure: (code: string): string => failures[code] ?? `The receiver answered ${code.replace('http-', 'HTTP ')}.`,
    recent: 'Sent lately',
    channels: { webhook: 'Webhook', issue: 'Jira issue' } satisfies Record<NoticeChannel, string>,
    states: { waiting: 'On its way', arrived: 'Arrived', 'given-up': 'Given up' } satisfies Record<
      SentNotice['state'],
      string
    >,
    columns: { at: 'When', channel: 'To', title: 'Message', state: 'State' },
  },
  drift: {
    title: (profile: string) => `${profile} no longer fits its sites`,
    fix: 'Open the mapping',
    accept: 'Leave as it is',
    accepted: 'Noted',
    since: (time: string) => `Since ${time}`,
    more: (n: number) => `and ${n.toLocaleString('en')} more`,
  },
  figures: {
    open: 'Throughput and lag',
    title: (name: string) => `How ${name} keeps up`,
    range: 'Show',
    ranges: { hours: 'Last 6 hours', day: 'Last 24 hours', week: 'Last 7 days' } satisfies Record<FigureRange, string>,
    summary: (changes: number, failed: number) =>
      `${count(changes, 'change', 'changes')} carried over${failed === 0 ? '' : `, ${count(failed, 'attempt', 'attempts')} failed`}.`,
    throughput: 'Throughput',
    throughputWhy: 'Items created or updated, and attempts that failed',
    lag: 'Lag',
    lagWhy: (averageMs: number, longestMs: number) =>
      `Seconds from a change to its counterpart: ${seconds(averageMs)} on average, ${seconds(longestMs)} at most`,
    noLag: 'No edit was carried over in this time.',
    series: { changes: 'Carried over', failed: 'Failed', average: 'Average', longest: 'Longest' },
  },
  rebuild: {
    open: 'Rebuild pairs…',
    title: (name: string) => `Rebuild the pairs of ${name}?`,
    why: 'Tandem left a mark on each item that it made. From these marks it finds again which issue and which work item belong together. Nothing is written in Jira or Azure DevOps, and the profile stays stopped until you resume it.',
    looking: 'Reading the marks on both sites…',
    found: (n: number) => `${count(n, 'pair is', 'pairs are')} found again.`,
    unknown: 'The projects are too large to count the pairs here. The rebuilding reads all of them.',
    left: (keys: readonly string[]) =>
      `Without a pair stay ${keys.slice(0, 5).join(', ')}${keys.length > 5 ? ` and ${(keys.length - 5).toLocaleString('en')} more` : ''}.`,
    confirm: 'Rebuild pairs',
    started: 'The pairs are being rebuilt. Resume the profile when their number no longer grows.',
  },
  undo: {
    open: 'Undo initial sync',
    title: (name: string) => `Undo the initial sync of ${name}`,
    why: 'Removes what the last initial sync created and nobody touched since. Work items go to the recycle bin of Azure DevOps; Jira deletes issues for good. What somebody changed or commented stays.',
    looking: (n: number) => `Looked at ${count(n, 'item', 'items')}…`,
    nothing: 'The last initial sync created nothing that is still there.',
    removable: (n: number) => `${count(n, 'item', 'items')} can be removed`,
    kept: (n: number) => `${count(n, 'item stays', 'items stay')}`,
    show: 'Show',
    hide: 'Hide',
    of: (key: string, source: string) => `${key}, created for ${source}`,
    reasons: {
      touched: 'Somebody changed or commented it',
      gone: 'Not there any more, or hidden from Tandem',
      busy: 'Being synchronized at this moment',
      refused: 'Deleting it is not allowed',
    } satisfies Record<KeptReason, string>,
    more: (n: number) => `and ${n.toLocaleString('en')} more`,
    pausesFirst:
      'The profile is paused first. Change its mapping or filter before you resume it: it would create them again.',
    confirm: (n: number) => `Remove ${count(n, 'item', 'items')}`,
    removing: (done: number, all: number) => `Removed ${done.toLocaleString('en')} of ${all.toLocaleString('en')}`,
    done: (n: number) => `${count(n, 'item', 'items')} removed`,
  },
};

const failures: Readonly<Record<string, string>> = {
  unreachable: 'It could not be reached.',
  'not-set': 'Nothing is set there.',
  address: 'Its address is not allowed.',
  'invalid-value': 'Jira refused it: nobody else follows the issue, or outgoing mail is off.',
  forbidden: 'Jira does not send mail, or Tandem may not see the issue.',
  unauthorized: 'Tandem has no live token for Jira at this moment.',
};
