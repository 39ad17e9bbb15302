// Every text that people read in the app, in one place.

export const texts = {
  failures: {
    unreachable: 'Tandem could not be reached. Nothing was changed.',
    unavailable: 'Tandem has a problem of its own at the moment.',
    unexplained: (status: number) => `Tandem refused the request (HTTP ${status}).`,
  },
};
