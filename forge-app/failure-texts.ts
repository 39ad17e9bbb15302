// What is said when a call of a page fails by more than what was asked for: what happened, then what to do. The backend's own
// refusals come with their words.

export const failureTexts = {
  title: 'That did not work',
  notLoaded: 'This could not be loaded',
  retry: 'Try again',
  unreachable: 'Tandem could not be reached. Try again in a minute; if it stays, tell those who run Tandem.',
  tooSlow: 'Tandem did not answer in time. Try again in a minute: the services that it asks may be slow at the moment.',
  unavailable:
    'Tandem has a problem of its own at the moment. Try again in a minute; if it stays, tell those who run Tandem.',
  notAccepted:
    'Tandem does not accept what Jira says of this page. Reload the page; if that does not help, tell those who run Tandem.',
  unexplained: (status: number) => `Tandem refused the request (HTTP ${status}).`,
  /** The answer was lost, not known to be a no. */
  perhapsDone: 'It may have been done all the same: refresh before you try again.',
  /** The page got nothing from Jira itself. */
  noAnswer:
    'Jira does not answer this page. If your session has ended, sign in to Jira in another tab, then try again: what you typed here is kept.',
  outdated: (time: string) => `What is shown here is as of ${time}.`,
  slow: 'This takes longer than usual…',
};
