// Every text that people read in the app, in one place (the editor's own are in a file beside this one). Jira's and Azure DevOps' own words for their things.

import type { ConflictPolicy, Direction, FieldKind, PreviewedItem, Side } from './contract.ts';
import { editorTexts } from './editor-texts.ts';
import { errorTexts } from './error-texts.ts';
import { failureTexts } from './failure-texts.ts';
import { initialSyncTexts } from './initial-sync-texts.ts';
import { panelTexts } from './panel-texts.ts';
import { timelineTexts } from './timeline-texts.ts';
import { watchTexts } from './watch-texts.ts';
import { wizardTexts } from './wizard-texts.ts';

const count = (n: number, one: string, many: string): string => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

export const texts = {
  ...watchTexts,
  failures: failureTexts,
  common: {
    save: 'Save',
    cancel: 'Cancel',
    close: 'Close',
    edit: 'Edit',
    remove: 'Remove',
    delete: 'Delete',
    loading: 'Loading',
    refresh: 'Refresh',
    done: 'Done',
    loadMore: 'Load more',
    required: 'Needed.',
    never: 'never',
  },
  sides: { jira: 'Jira', azure: 'Azure DevOps' } satisfies Record<Side, string>,
  directions: {
    both: 'Both ways',
    'jira-to-azure': 'Jira → Azure DevOps',
    'azure-to-jira': 'Azure DevOps → Jira',
  } satisfies Record<Direction, string>,
  conflicts: {
    jira: 'Jira wins',
    azure: 'Azure DevOps wins',
    newest: 'Newest edit wins',
    ask: 'Ask',
  } satisfies Record<ConflictPolicy, string>,
  kinds: {
    text: 'Text',
    richText: 'Rich text',
    number: 'Number',
    date: 'Date',
    dateTime: 'Date and time',
    option: 'One option',
    options: 'Several options',
    user: 'Person',
    url: 'URL',
    boolean: 'Yes or no',
  } satisfies Record<FieldKind, string>,
  tabs: {
    profiles: 'Profiles',
    connections: 'Connections',
    errors: (n: number) => (n === 0 ? 'Errors' : `Errors (${n.toLocaleString('en')})`),
    timelines: 'Find an item',
  },

  connections: {
    title: 'Connections to Azure DevOps',
    add: 'Add connection',
    none: 'No connection yet',
    noneWhy: 'A connection says how to reach one Azure DevOps organization. Add one, then create a profile with it.',
    columns: {
      name: 'Name',
      url: 'Organization',
      status: 'Status',
      expires: 'Token ends',
      usedBy: 'Used by',
      actions: '',
    },
    status: { ok: 'Works', failing: 'Fails', unknown: 'Not tested' },
    unused: 'No profile',
    test: 'Test',
    testing: (name: string) => `Test of ${name}`,
    addTitle: 'Add a connection',
    editTitle: (name: string) => `Edit ${name}`,
    saveTested: 'Test and save',
    name: 'Name',
    url: 'Organization URL',
    urlHint: 'Such as https://dev.azure.com/acme',
    pat: 'Personal access token',
    patHint:
      'In Azure DevOps: User settings, Personal access tokens, New Token, Custom defined. Tick “Work Items: Read & write” and “Project and Team: Read”; and, after “Show all scopes”, “Graph: Read”, by which people are found. Kept encrypted, never shown again.',
    patKept: 'Leave empty to keep the stored token.',
    patNeeded: 'Enter the personal access token.',
    patForUrl: 'Another organization needs its own token.',
    expires: 'Token ends on',
    expiresHint: 'The date that Azure DevOps showed when the token was made: Azure DevOps does not tell it to apps.',
    noDate: 'Not given',
    expired: (date: string) => `${date}, expired`,
    expiresSoon: (date: string, days: number) =>
      `${date}, ${days === 0 ? 'today' : `in ${count(days, 'day', 'days')}`}`,
    works: (account: string | null) => (account === null ? 'The connection works' : `Connected as ${account}`),
    lacks: (account: string | null) =>
      account === null ? 'Permissions are missing' : `Connected as ${account}, but permissions are missing`,
    endsTitle: (name: string, date: string, days: number) =>
      days < 0
        ? `The token of ${name} ended on ${date}`
        : days === 0
          ? `The token of ${name} ends today`
          : `The token of ${name} ends in ${count(days, 'day', 'days')}, on ${date}`,
    endsWhy:
      'Without a valid token nothing is synchronized. Make a new one in Azure DevOps, with the same scopes, and enter it in the connection.',
    renew: 'Enter a new token',
    checked:
      'What Tandem needs in the organization. For changes to arrive at once, the token’s owner must also be a Project Administrator (permission “Edit subscriptions”); otherwise Tandem looks for changes every few minutes.',
    granted: 'Granted',
    missing: 'Missing',
    missingOptional: 'Missing, not needed',
    newSecret: 'New secret',
    newSecretTitle: (name: string) => `New secret for the service hooks of ${name}?`,
    newSecretWhy:
      'Azure DevOps proves with this secret that a message comes from it. All service hooks of the connection are registered anew with a new one; what was sent with the old one is still taken for a day.',
    newSecretConfirm: 'Make a new secret',
    newSecretMade: 'The service hooks are being registered with a new secret',
    deleteTitle: (name: string) => `Delete ${name}?`,
    deleteWhy: 'The stored token is erased. Nothing changes in Azure DevOps.',
    saved: 'Connection saved',
    deleted: 'Connection deleted',
  },

  profiles: {
    title: 'Profiles',
    add: 'Create profile',
    none: 'No profile yet',
    noneWhy: 'A profile keeps one Jira project and one Azure DevOps project the same. Tandem suggests how they map.',
    state: {
      draft: 'Draft',
      running: 'Running',
      paused: 'Paused',
      attention: 'Needs attention',
    },
    syncing: (percent: number) => `Initial sync ${percent} %`,
    between: (jira: string, azure: string, connection: string) =>
      `Jira ${jira} ↔ Azure DevOps ${azure} · ${connection}`,
    enable: 'Enable…',
    pause: 'Pause',
    resume: 'Resume…',
    preview: 'Preview',
    previewTitle: (name: string) => `What ${name} would do now`,
    previewWhy: 'If everything were synchronized now. Nothing is written.',
    enableTitle: (name: string) => `Enable ${name}?`,
    enableWhy:
      'From then on changes and new items travel by themselves. Items that exist already wait for the initial sync, which you start yourself. This is what both together would do:',
    enableConfirm: 'Enable',
    resumeTitle: (name: string) => `Resume ${name}?`,
    resumeWhy: 'What changed in the meantime travels now. This is what would be done:',
    resumeConfirm: 'Resume',
    why: 'Why, and what waits',
    continueSetup: 'Continue setup',
    setupUnfinished: 'Not enabled yet: nothing is synchronized.',
    find: 'Find a profile',
    findHint: 'By its name or one of its projects',
    noneFound: 'No profile is called so.',
    showMore: (n: number) => `Show ${count(n, 'more profile', 'more profiles')}`,
    settingsHistory: 'History',
    moreOf: (name: string) => `More of ${name}`,
    duplicate: 'Duplicate',
    export: 'Export',
    import: 'Import',
    pairs: (n: number) => count(n, 'pair', 'pairs'),
    inStep: (n: number, all: number) =>
      all === 0
        ? 'No pairs yet'
        : n === all
          ? `${count(all, 'pair', 'pairs')}, all in step`
          : `${n.toLocaleString('en')} of ${count(all, 'pair', 'pairs')} in step`,
    creating: (n: number) => `${n.toLocaleString('en')} being created`,
    orphaned: (n: number) => `${n.toLocaleString('en')} with one side deleted or out of scope`,
    lastChange: (time: string) => `last change about ${time}`,
    failing: (n: number) => count(n, 'item with errors', 'items with errors'),
    noErrors: 'No errors',
    deleteTitle: (name: string) => `Delete ${name}?`,
    deleteWhy:
      'The two projects stop being kept the same. Issues and work items stay as they are; Tandem forgets which belong together.',
    enabled: 'Profile enabled',
    paused: 'Profile paused',
    deleted: 'Profile deleted',
    saved: 'Profile saved',
    created: 'Profile created. Continue its setup to enable it.',
  },

  health: {
    title: 'Needs attention on this site',
    notLookedAt: 'Whether anything needs attention could not be looked up',
    connectionFails: (name: string) => `The connection ${name} does not work`,
    permissionsMissing: 'Permissions are missing: test the connection to see which.',
    openConnection: 'Open the connection',
    noJiraToken: 'Tandem has no valid token for Jira',
    noJiraTokenWhy:
      'Forge brings a new one every few minutes; what people change until then waits. If this stays, check in the Forge developer console that the app’s schedules run.',
    jiraTokenEnds: 'Tandem’s token for Jira ends within ten minutes',
    jiraTokenEndsWhy: 'Forge brings a new one by itself. If this stays, check that the app’s schedules run.',
    waits: (side: Side, connection: string, until: string) =>
      `${side === 'jira' ? 'Jira' : `Azure DevOps (${connection})`} asks Tandem to wait until ${until}`,
    waitsWhy: 'Its limit of requests is reached. Nothing is lost: what waits goes on by itself afterwards.',
    limited: (side: Side, times: number) =>
      `Tandem reached the limit of ${side === 'jira' ? 'Jira' : 'Azure DevOps'} ${count(times, 'time', 'times')} in the last two hours`,
    limitedWhy: 'It goes more slowly by itself. If this stays, other apps or scripts may use the same limit.',
    hooksOff: (profile: string, n: number) =>
      `Azure DevOps no longer tells Tandem of changes in ${profile} (${n} of its service hooks)`,
    hooksOffWhy:
      'Azure DevOps turns off a service hook after repeated failures, and somebody may have deleted one. Changes still arrive, a few minutes late.',
    hooksUnknown: (profile: string) => `The service hooks of ${profile} could not be looked at`,
    renewHooks: 'Register them again',
    hooksRenewed: 'The service hooks are being registered',
  },

  initialSync: initialSyncTexts,

  preview: {
    loading: 'Reading both projects…',
    failed: 'There is no preview',
    without: (label: string) => `${label} without a preview`,
    looked: (n: number) => `${count(n, 'item', 'items')} looked at`,
    counts: {
      create: (n: number) => `${n.toLocaleString('en')} to create`,
      link: (n: number) => `${n.toLocaleString('en')} to pair`,
      update: (n: number) => `${n.toLocaleString('en')} to update`,
      transition: (n: number) => `${n.toLocaleString('en')} to transition`,
      comment: (n: number) => count(n, 'comment', 'comments'),
      attachment: (n: number) => count(n, 'attachment', 'attachments'),
      itemLink: (n: number) => count(n, 'link', 'links'),
      skip: (n: number) => `${n.toLocaleString('en')} left alone`,
      error: (n: number) => `${n.toLocaleString('en')} with errors`,
    },
    nothing: 'Nothing to write: both sides agree.',
    incomplete: (n: number) =>
      `The projects are large: only the first ${count(n, 'item', 'items')} could be looked at here. On the command line, “tandem plan” looks at all of them.`,
    twinsUnknown:
      'There was no time to find items that exist on both sides. The initial sync finds them: some that are counted as new will be paired.',
    sample: 'A few of them, with every write:',
    filter: 'Show',
    all: 'All kinds',
    actions: {
      create: 'New',
      link: 'Pair',
      update: 'Update',
      nothing: 'Nothing',
      skip: 'Left alone',
      error: 'Error',
    } satisfies Record<PreviewedItem['action'], string>,
    becomes: (type: string) => `becomes a new ${type}`,
    writes: (n: number) => count(n, 'write', 'writes'),
    writesLabel: 'Writes, field by field',
    waitsFor: (keys: readonly string[]) =>
      `Links to ${keys.join(', ')}, and what texts say of them, follow once they have a counterpart.`,
    show: 'Show writes',
    hide: 'Hide',
    openJira: 'Open in Jira',
    openAzure: 'Open in Azure DevOps',
    columns: { field: 'Written', before: 'Before', after: 'After', why: 'Because' },
    fieldOf: (side: Side, field: string) => `${field} in ${side === 'jira' ? 'Jira' : 'Azure DevOps'}`,
    empty: '(empty)',
    cut: 'The text goes on; its end is left out here.',
  },

  stop: {
    title: (name: string) => `${name} has stopped itself`,
    since: (time: string) => `Stopped ${time}. Nothing is lost: what people change meanwhile waits.`,
    brake: (done: number, limit: number, minutes: number) =>
      `The profile allows ${count(limit, 'deletion or closing', 'deletions or closings')} within ${count(minutes, 'minute', 'minutes')}; ${count(done, 'was', 'were')} done in the last ${minutes.toLocaleString('en')}.`,
    waiting: (n: number, deleted: number) =>
      n === 0
        ? 'No item waits.'
        : `${count(n, 'item waits', 'items wait')}${deleted === 0 ? '' : `, ${deleted.toLocaleString('en')} of them deleted`}:`,
    more: (n: number) => `and ${n.toLocaleString('en')} more`,
    deletedIn: (side: Side) => `Deleted in ${side === 'jira' ? 'Jira' : 'Azure DevOps'}`,
    changed: 'Waits',
    consequence: (limit: number) =>
      `Resuming does to their counterparts what the profile’s policies say, up to ${limit.toLocaleString('en')} more before it stops again. To leave them alone, change the policies first.`,
    stay: 'Stay stopped',
    resume: 'Resume',
  },

  editor: editorTexts,

  projects: {
    search: 'Type to search',
    failed: 'The projects could not be listed',
    more: 'There are more: type a part of the name.',
  },

  wizard: wizardTexts,

  timelines: timelineTexts,

  history: {
    title: (name: string) => `History of ${name}`,
    back: 'Back to profiles',
    revision: (n: number) => `Revision ${n.toLocaleString('en')}`,
    created: 'created',
    changes: (n: number) => count(n, 'change', 'changes'),
    by: 'Saved by',
    byTandem: 'Saved by no person',
    show: 'Show',
    hide: 'Hide',
    same: 'Nothing differs.',
    differences: 'What differs',
    nothing: '(nothing)',
    columns: { path: 'Setting', before: 'Before', after: 'After' },
  },

  files: {
    exportTitle: (name: string) => `Export ${name}`,
    exportWhy: (fileName: string) =>
      `Copy this text and keep it as ${fileName}. It holds no token and no secret; “tandem profile” and Import read it.`,
    importTitle: 'Import a profile',
    importWhy: 'Paste a profile file. It becomes a draft: nothing is synchronized before you enable it.',
    connection: 'Connection to Azure DevOps',
    choose: 'Choose…',
    content: 'Content of the file (YAML)',
    wrong: (n: number) => (n === 1 ? 'One thing must be corrected' : `${n} things must be corrected`),
    problem: (line: number | null, path: string, message: string) =>
      [line === null ? '' : `Line ${line}`, path]
        .filter((part) => part !== '')
        .join(', ')
        .concat(': ', message),
    import: 'Import',
  },

  errors: errorTexts,

  panel: panelTexts,
};
